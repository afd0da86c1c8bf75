/* SPDX-License-Identifier: MIT */
/*
 * What a poll of one device brought -> a sample for every channel of it.
 *
 * Asks nobody: poller.c fills in the replies. Used by the thread of the bus alone.
 */
#ifndef SENSORS_DEVICE_H
#define SENSORS_DEVICE_H

#include "bus.h"
#include "guard.h"
#include "readplan.h"

struct device {
	const struct device_conf *conf;
	struct readplan plan; /* split where the device refused to be read together */
	struct health health;
	/* a request that is never answered must not cost the others of its device their values */
	struct health requests[READPLAN_REQUESTS_MAX];
	struct guard guards[PROFILE_ROWS_MAX];
	enum why identified; /* WHY_NONE: the right device answered when it was asked last */
	int identity_code;
	int64_t identify_ms; /* monotonic: the identity register is read then, or later */
	unsigned openings;   /* of the link, when it was read */
};

/* The replies to the requests of one poll. */
struct poll {
	bool answered;    /* at least one request was */
	enum why failure; /* the first one of the device's own */
	int code;
	enum why whys[READPLAN_REQUESTS_MAX];
	int64_t at_ms[READPLAN_REQUESTS_MAX]; /* station time at which the reply was complete */
	uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
};

void device_init(struct device *device, const struct device_conf *conf, int64_t now_ms);

/* The request that need not be made in this poll, as it would only read an identity that was read
 * not long ago; -1: none. */
int device_request_to_skip(const struct device *device, unsigned openings, int64_t now_ms);

/* Judges the identity register, if the poll has read it, and says when to read it next. */
void device_identify(struct device *device, const struct poll *poll, unsigned openings,
		     int64_t now_ms);

/* One sample for every channel of a device that was not asked. */
void device_emit_failure(const struct device *device, const struct bus_env *env, enum why why);

/* One sample for every channel, out of the replies. */
void device_emit_rows(struct device *device, const struct bus_env *env, const struct poll *poll);

/* True if every request of the poll was answered. */
bool device_is_complete(const struct device *device, const struct poll *poll);

#endif
