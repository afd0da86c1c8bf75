/* SPDX-License-Identifier: MIT */
/*
 * Gives samples their time. Until it is known what time it is they wait on the station axis, and
 * are dated afterwards. While the clock is only believed for want of a better one they are kept as
 * well: if the first synchronisation then moves the time by a minute or more, they are dated anew.
 * Never asks for the time itself.
 */
#ifndef DAEMON_DATING_H
#define DAEMON_DATING_H

#include "clock.h"
#include "waiting.h"

/* Who is told. */
struct dating_env {
	void *ctx;
	/* Takes a sample dated since 1970 UTC. */
	void (*give)(void *ctx, const struct sample *sample);
	/* The clock has become trusted, it is now_ms; hours from `first` on (INT64_MAX: none) were
	 * closed under wrong names, and their samples follow. */
	void (*redate)(void *ctx, int64_t first, int64_t now_ms);
};

struct dating {
	struct dating_env env;
	struct clock clock;
	struct waiting *waiting;
	bool told_doubt;
};

/* -ENOMEM. dating_done frees; it accepts one that is all zero. */
int dating_init(struct dating *dating, const struct clock_conf *conf,
		const struct clock_reading *reading, const struct dating_env *env);
void dating_done(struct dating *dating);

/* A sample on the station axis. */
void dating_take(struct dating *dating, const struct sample *sample);

/* A new reading of the machine's clocks, see clock_update; gives what waited for it. newest_hour:
 * END of the newest closed hour, 0 if none. True if the state changed. */
bool dating_follow(struct dating *dating, const struct clock_reading *reading, int64_t newest_hour);

/* After dating_follow: logs a step when it is seen, adopted or taken back. */
void dating_tell(struct dating *dating);

#endif
