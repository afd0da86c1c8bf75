/* SPDX-License-Identifier: MIT */
/*
 *   daily AQI 140 for 11 hours up to now, 25 hours of 120 ahead: released, 11 hours behind, and it
 * rests on the forecast. If the forecast ends with 160, 160, 160 it stays held: with 48 hours of
 * 500 after them the three would be a run of 51 values, which meets orange.
 */
#include "released.h"

#include <stddef.h>

#include "run.h"

static bool is_passed_over(const struct view *view, const struct plan_release *release, int i)
{
	for (int k = 0; k < release->n; k++) {
		if (timeline_passes(view->plan, view->timeline, release->limits[k].index, i))
			return true;
	}
	return false;
}

/* Whether an hour keeps to every limit; one that surely does not decides. */
static enum truth keeps_within(const struct view *view, const struct plan_release *release, int i)
{
	enum truth within = TRUTH_TRUE;
	for (int k = 0; k < release->n; k++) {
		const struct plan_limit *limit = &release->limits[k];
		int32_t milli =
			i < 0 ? TIMELINE_UNKNOWN : timeline_index(view->timeline, limit->index, i);
		if (milli == TIMELINE_UNKNOWN)
			within = TRUTH_UNKNOWN;
		else if (!plan_limit_holds(limit, milli))
			return TRUTH_FALSE;
	}
	return within;
}

/* for_h hours that are no dust, the i-th the last of them, and the first of them. */
static enum truth ask_hours(const struct view *view, int level, int i, int *ret_first)
{
	const struct plan_release *release = &view->plan->levels[level].release;
	enum truth released = TRUTH_TRUE;
	for (int32_t left = plan_release_h(view->plan, level); left > 0; i--) {
		if (i >= 0 && is_passed_over(view, release, i))
			continue;
		left--;
		*ret_first = i;
		enum truth within = keeps_within(view, release, i);
		if (within == TRUTH_FALSE)
			return TRUTH_FALSE;
		if (within == TRUTH_UNKNOWN)
			released = TRUTH_UNKNOWN;
	}
	return released;
}

static int32_t count_behind(const struct view *view, int level)
{
	const struct plan_release *release = &view->plan->levels[level].release;
	int32_t behind = 0, most = plan_release_h(view->plan, level);
	for (int i = view->now; i >= 0 && behind < most; i--) {
		if (is_passed_over(view, release, i))
			continue;
		if (keeps_within(view, release, i) != TRUTH_TRUE)
			break;
		behind++;
	}
	return behind;
}

/* The last hour ahead that may release the level: not one of which only the AQI is said, where the
 * level asks for more. */
static int find_last(const struct view *view, int level, int last)
{
	const struct plan_release *release = &view->plan->levels[level].release;
	for (int k = 0; k < release->n; k++) {
		int index = release->limits[k].index;
		while (index >= PLAN_INDEX_OWN && last > view->now &&
		       last >= view->own_end[index - PLAN_INDEX_OWN] &&
		       view->timeline->hours[last].daily_milli != TIMELINE_UNKNOWN)
			last--;
	}
	return last;
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

void evaluate_release(const struct view *known, int level, struct release_verdict *ret)
{
	const struct timeline *timeline = known->timeline;
	int first = known->now, last = timeline->past + timeline->ahead - 1;
	ret->for_h = plan_release_h(known->plan, level);
	if (last > known->now + ret->for_h - 1)
		last = known->now + ret->for_h - 1;
	last = find_last(known, level, last);
	ret->observed = ask_hours(known, level, known->now, &first);
	ret->released = ask_hours(known, level, last, &first);
	ret->issues = timeline_issues(timeline, first, last);
	ret->behind_h = count_behind(known, level);
	ret->beyond_horizon = is_beyond_horizon(known, &known->plan->levels[level]);
}
