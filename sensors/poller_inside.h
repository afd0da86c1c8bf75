/* SPDX-License-Identifier: MIT */
/*
 * The inside of poller.h: poller.c decides whom a poll asks and judges what it brought,
 * poller_ask.c makes the requests and keeps the link, poller_outcome.c tells of their health.
 */
#ifndef SENSORS_POLLER_INSIDE_H
#define SENSORS_POLLER_INSIDE_H

#include "device.h"
#include "poller.h"

#define POLLER_BACKOFF_MIN_MS 1000

struct poller {
	const struct bus_conf *conf;
	const struct bus_env *env;
	int index;
	const atomic_bool *stopping;
	struct master master;
	struct health health;
	bool proven;           /* the link has served a request since it was opened */
	int64_t backoff_ms;    /* how long the next failure of the link keeps it closed */
	int64_t retry_ms;      /* monotonic: the link is not opened before */
	int64_t next_probe_ms; /* monotonic: no dead device is asked before */
	int64_t answered_ms;   /* monotonic: when one answered last; 0: none has */
	struct poll poll;
	int n_devices;
	struct device devices[];
};

int64_t poller_now_ms(const struct poller *poller);
bool poller_is_stopping(const struct poller *poller);

/* A device that says it cannot answer now: it costs the line no more than one that answers, and may
 * be able to at the next poll. To a read an acknowledgement brings nothing either. */
bool poller_is_busy(enum why why, int code);

/* Takes the outcome of a poll and tells of a change of health; device -1: the bus itself. */
void poller_take_outcome(struct poller *poller, int device, enum why why, int code);

/* True if a request can be made now. */
bool poller_open_link(struct poller *poller);

/* Makes the requests of a poll of the device, whose replies come into poller->poll. */
void poller_ask(struct poller *poller, struct device *device);

#endif
