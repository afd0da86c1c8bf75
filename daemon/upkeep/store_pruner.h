/* SPDX-License-Identifier: MIT */
/*
 * When old rows may go: an hour's slice a second while there are some, else a look an hour, and one
 * a minute whether a file is nearly full; by age only when the clock is trusted and has been for
 * ten minutes without a step, because a clock that is wrong would delete everything. A quota needs
 * no clock.
 */
#ifndef DAEMON_UPKEEP_STORE_PRUNER_H
#define DAEMON_UPKEEP_STORE_PRUNER_H

#include "clock.h"
#include "retention.h"

struct store_pruner {
	struct store *store;
	const struct retention *retention;
	int64_t steady_ms;        /* monotonic: since when the clock has been sure, 0: it is not */
	int64_t next_ms, look_ms; /* for what is old; whether a file is full */
	bool failing;
};

/* A file at its quota loses its oldest rows before anything is written to it. */
void store_pruner_init(struct store_pruner *pruner, struct store *store,
		       const struct retention *retention);

/* Once a second, after clock_update. now_ms is monotonic, wall_ms since 1970 UTC. */
void store_pruner_tick(struct store_pruner *pruner, const struct clock *clock, int64_t now_ms,
		       int64_t wall_ms);

#endif
