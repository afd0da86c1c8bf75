/* SPDX-License-Identifier: MIT */
/*
 * The health of one device or bus from the outcomes of its polls, and when to ask it again. Pure.
 *
 * ok -> (failures in a row) -> suspect -> failed; a success -> ok. A failed one is probed every
 * 10 s at most, so that it costs its neighbours nothing, unless its failure was a prompt answer.
 */
#ifndef SENSORS_HEALTH_H
#define SENSORS_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

#define HEALTH_FAILED_AFTER 3 /* failures in a row */
#define HEALTH_PROBE_MS 10000 /* a failed device is asked this often, monotonic time */

enum health_state { HEALTH_UNKNOWN, HEALTH_OK, HEALTH_SUSPECT, HEALTH_FAILED };

struct health {
	enum health_state state;
	enum why why;          /* of the newest failure */
	int32_t failures;      /* in a row */
	int64_t since_ms;      /* monotonic: when the present state began */
	int64_t next_probe_ms; /* monotonic; while failed, not before; 0: at the next poll */
};

/* Takes the outcome of a poll; why == WHY_NONE is success. True if the state changed. */
bool health_take(struct health *health, enum why why, int64_t now_ms);

/* The failure that was taken last cost no time: the next poll need not wait. */
void health_ask_on(struct health *health);

/* The failure that was taken last is likely to last: it is not asked again for so long. */
void health_put_off(struct health *health, int64_t now_ms, int64_t by_ms);

/* True if it has failed and is probed only now and then. */
bool health_is_dead(const struct health *health);

/* True if a poll may be made now. */
bool health_may_poll(const struct health *health, int64_t now_ms);

#endif
