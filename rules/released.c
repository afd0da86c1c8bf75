/* SPDX-License-Identifier: MIT */
/*
 *   daily AQI 140 for 11 hours up to now, 25 hours of 120 ahead: released, 11 hours behind, and it
 * rests on the forecast. If the forecast ends with 160, 160, 160 it stays held: with 48 hours of
 * 500 after them the three would be a run of 51 values, which meets orange.
 */
#include "released.h"

#include <stddef.h>

#include "run.h"

static bool is_passed_over(const struct timeline_hour *hour)
{
	return hour->dust || hour->dust_blind;
}

/* release_h hours that are no dust, the i-th the last of them, and the first of them. */
static enum truth ask_hours(const struct view *view, const struct plan_level *level, int i,
			    int *ret_first)
{
	enum truth released = TRUTH_TRUE;
	for (int32_t left = view->plan->release_h; left > 0; i--) {
		const struct timeline_hour *hour = i >= 0 ? &view->timeline->hours[i] : NULL;
		if (hour && is_passed_over(hour))
			continue;
		left--;
		*ret_first = i;
		if (!hour || hour->daily_milli == TIMELINE_UNKNOWN)
			released = TRUTH_UNKNOWN;
		else if (hour->daily_milli > level->release_threshold * AQI_MILLI)
			return TRUTH_FALSE;
	}
	return released;
}

static int32_t count_behind(const struct view *view, const struct plan_level *level)
{
	int32_t behind = 0;
	for (int i = view->now; i >= 0 && behind < view->plan->release_h; i--) {
		const struct timeline_hour *hour = &view->timeline->hours[i];
		if (is_passed_over(hour))
			continue;
		if (hour->daily_milli == TIMELINE_UNKNOWN ||
		    hour->daily_milli > level->release_threshold * AQI_MILLI)
			break;
		behind++;
	}
	return behind;
}

static bool would_meet(const struct view *beyond, const struct plan_condition *condition, int from)
{
	struct run run;
	struct stretch stretch;
	if (!view_next_run(beyond, &condition->parts[0], from, &run))
		return false;
	for (int p = 0; p < condition->n_parts; p++) {
		if (view_fulfilled(beyond, &condition->parts[p], run, &stretch) == NEVER)
			return false;
	}
	return true;
}

static bool is_beyond_horizon(const struct view *known, const struct plan_level *level)
{
	struct view beyond = *known;
	beyond.end = known->end + HORIZON_LOOK_H;
	for (int i = 0; i < level->n_any; i++) {
		const struct plan_part *base = &level->any[i].parts[0];
		int last = known->end - 1;
		while (last > known->now && view_dust(known, base->index, last))
			last--;
		if (last > known->now && view_holds(known, base, last) &&
		    would_meet(&beyond, &level->any[i], last))
			return true;
	}
	return false;
}

void evaluate_release(const struct view *known, const struct plan_level *level,
		      struct release_verdict *ret)
{
	const struct timeline *timeline = known->timeline;
	int first = known->now, last = timeline->past + timeline->ahead - 1;
	if (last > known->now + known->plan->release_h - 1)
		last = known->now + known->plan->release_h - 1;
	ret->observed = ask_hours(known, level, known->now, &first);
	ret->released = ask_hours(known, level, last, &first);
	ret->issues = timeline_issues(timeline, first, last);
	ret->behind_h = count_behind(known, level);
	ret->beyond_horizon = is_beyond_horizon(known, level);
}
