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
#include "owed.h"
#include "readplan.h"

struct device {
	const struct device_conf *conf;
	struct readplan plan; /* split where the device refused to be read together */
	bool split, on_trial; /* on_trial: it is tried whole again after a split */
	int64_t whole_ms;     /* monotonic: not before */
	int64_t keep_ms;      /* how long the next split lasts */
	struct owed owed;
	bool fence_taken;      /* the device has answered one */
	int fences_unanswered; /* in a row */
	int64_t fence_ms;      /* monotonic: no fence before */
	struct health health;
	bool hurried, unhurried; /* how it was asked what it has not answered since it did last */
	/* a request that is never answered must not cost the others of its device their values */
	struct health requests[READPLAN_REQUESTS_MAX];
	bool fresh[READPLAN_REQUESTS_MAX]; /* it was answered when it was made last */
	struct guard guards[PROFILE_ROWS_MAX];
	/* WHY_NONE: the right device, with what is expected of it, answered when it was asked last
	 */
	enum why identified;
	struct bus_proof identity, expects[PROFILE_EXPECTS_MAX];
	int64_t identify_ms; /* station time: these registers are read then, or later */
	unsigned openings;   /* of the link, when they were read */
	bool lived;          /* what must change was read */
	uint64_t alive_bits;
	int64_t alive_ms;           /* station time since when it holds that */
	struct bus_reading reading; /* what the newest poll brought, for people */
};

/* The replies to the requests of one poll. */
struct poll {
	bool answered;    /* at least one request was */
	enum why failure; /* the first one of the device's own */
	int code;
	enum why whys[READPLAN_REQUESTS_MAX];
	bool asked[READPLAN_REQUESTS_MAX];
	/* not asked for the sake of another request: of its rows there is nothing to say */
	bool held[READPLAN_REQUESTS_MAX];
	int64_t at_ms[READPLAN_REQUESTS_MAX]; /* station time at which the reply was complete */
	uint16_t replies[READPLAN_REQUESTS_MAX][READPLAN_REGISTERS_MAX];
};

/* Nothing has been asked yet. */
void poll_begin(struct poll *poll);

void device_init(struct device *device, const struct device_conf *conf, int64_t now_ms);

/* The requests of a device as they are made when nothing is known of it yet. */
void device_plan(const struct device_conf *conf, struct readplan *ret);

/* Marks the requests that need not be made in this poll, as they would only read what never changes
 * and was read not long ago. False: there are none. */
bool device_skip_proofs(const struct device *device, unsigned openings, int64_t now_ms, bool *skip);

/* The request whose turn it is, out of those that are not asked: what failed last comes last, so
 * that one which is never answered keeps none from its turn. -1: none is left. */
int device_next_request(const struct device *device, const bool *asked);

/* True if a request must wait, as an answer to another one might be taken for its own. */
bool device_must_hold(struct device *device, int request, int64_t now_ms);

/* A short request that is to be made first, as one of the plan's waits: its answer says that
 * nothing is under way any more (readplan_fence). False if none waits, or the device does not take
 * it. */
bool device_fence(struct device *device, int64_t now_ms, struct request *ret);

/* What came of it. */
void device_note_fence(struct device *device, enum why why, int64_t now_ms);

/* Asks for the parts of a request from now on, for a while; false if it has none. */
bool device_split(struct device *device, int request, int64_t now_ms);

/*
 * After a poll: what a device meets with silence while it answers another request is taken for
 * refused, and what is split for long is tried whole again.
 */
void device_review_plan(struct device *device, const struct poll *poll, int64_t now_ms);

/* Judges identity and expectations, as far as the poll has read them, and says when to read them
 * next. */
void device_identify(struct device *device, const struct poll *poll, unsigned openings,
		     int64_t now_ms);

/* What the register holds that is not as it must be: of the identity, or of an expectation, and
 * which. */
int device_proof_code(const struct device *device, int *ret_expect);

/* One sample for every channel of a device that was not asked. */
void device_emit_failure(struct device *device, const struct bus_env *env, enum why why);

/* One sample for every channel, out of the replies, but for those whose request was held. */
void device_emit_rows(struct device *device, const struct bus_env *env, const struct poll *poll);

/* True if every request of the poll was answered. */
bool device_is_complete(const struct device *device, const struct poll *poll);

#endif
