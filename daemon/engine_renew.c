/* SPDX-License-Identifier: MIT */
/*
 * The advice's row is damaged, or was lost with a damaged file: the advice follows from the hours,
 * so it is computed from them, without the events that led there, which were told long ago.
 */
#include <string.h>

#include "engine_inside.h"
#include "evaluate.h"
#include "log.h"

struct advice engine_replay_hours(const struct engine *engine, enum level *ret_levels)
{
	static struct timeline timeline; /* too large for a stack; one thread */
	const struct timeline *now = &engine->state.timeline;
	struct advice advice = {0};
	struct verdict verdict;
	struct event events[WARNING_EVENTS_MAX];
	memset(&timeline, 0, sizeof(timeline));
	for (int i = 0; i < now->past; i++) {
		timeline_observe(&timeline, timeline_label(now, i), now->hours[i]);
		evaluate(engine->rules.plan, &timeline, &verdict);
		advice_step(&advice, &verdict, events);
		if (ret_levels)
			ret_levels[i] = advice_level(&advice);
	}
	return advice;
}

int engine_renew(struct engine *engine, int why)
{
	int64_t number = 0;
	int r = warnings_newest_number(engine->store, &number);
	if (r != 0)
		return r;
	/* a station that begins has neither advice nor events */
	if (why == STORE_E_NONE && number == 0)
		return 0;
	struct event none; /* no episode yet: there is nothing to note */
	engine_note_rules(engine, engine_newest_hour(engine), &none);
	engine->state.advice = engine_replay_hours(engine, NULL);
	engine->state.advice.last_event = number;
	log_error("the stored advice is %s; it was computed anew from the hours: %s",
		  why == STORE_E_NONE ? "lost" : "damaged",
		  level_name(advice_level(&engine->state.advice)));
	return 0;
}
