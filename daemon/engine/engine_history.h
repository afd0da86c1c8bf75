/* SPDX-License-Identifier: MIT */
/* Inside of the engine: the hours judged again from nothing. */
#ifndef DAEMON_ENGINE_ENGINE_HISTORY_H
#define DAEMON_ENGINE_ENGINE_HISTORY_H

#include "engine_inside.h"

struct history {
	int64_t newest;
	int n;                           /* hours up to the newest */
	int levels[TIMELINE_PAST_HOURS]; /* advised after each of them */
	uint32_t called;                 /* bits: levels called for since the episode began */
	struct advice advice;            /* after the newest */
};
/* By the hours as they are now, or as they were measured, and the dust that `dust` flags. Negative
 * errno or a store error. */
int engine_history_new(struct engine *engine, bool as_measured, const struct dust_hours *dust,
		       struct again **ret);
/* Some steps further; STORE_E_NONE: it is done. */
int engine_history_go(struct again *again, int steps);
const struct history *engine_history_of(const struct again *again);
struct again *engine_history_free(struct again *again);

/* Hours from `first` on were changed: the correction that says what would be advised by them, held
 * against what was. */
int engine_correct(struct engine *engine, const struct history *is, int64_t first,
		   struct event *ret);

#endif
