/* SPDX-License-Identifier: MIT */
/*
 *   daily AQI 160 160 -- -- 160 (two missing): with gap_h 2 one run of 5 values, which covers 28
 * hours of air; with gap_h 1 it is two runs, unless the missing ones are taken as 500
 */
#include "run.h"

#include <stddef.h>

#include "hour.h"

#define HOURS_A_DAY 24
#define SHORT_HEAVY_AQI 200 /* heavy pollution is above it */

int32_t timeline_index(const struct timeline *timeline, int index, int i)
{
	if (index == PLAN_INDEX_DAILY_AQI)
		return timeline->hours[i].daily_milli;
	if (index == PLAN_INDEX_HOURLY_AQI)
		return timeline->hours[i].realtime_milli;
	return timeline->own[i].milli[index - PLAN_INDEX_OWN];
}

bool timeline_passes(const struct plan *plan, const struct timeline *timeline, int index, int i)
{
	const struct timeline_hour *hour = &timeline->hours[i];
	if (hour->dust || !plan_index_is_daily(plan, index))
		return hour->dust;
	if (index == PLAN_INDEX_DAILY_AQI)
		return hour->dust_blind;
	const struct own_hour *own = &timeline->own[i];
	int k = index - PLAN_INDEX_OWN;
	return own->milli[k] == TIMELINE_UNKNOWN && own->full_milli[k] != TIMELINE_UNKNOWN;
}

/* The hour whose value stands at `i`: the last of a calendar day, or every hour its own. */
static int find_standing_hour(const struct view *view, int index, int i)
{
	if (view->plan->counting != COUNTING_NATURAL_DAY || !plan_index_is_daily(view->plan, index))
		return i;
	int64_t since_midnight = (timeline_label(view->timeline, i) + BEIJING_H) % HOURS_A_DAY;
	return i - (int)since_midnight;
}

static int32_t most_milli(const struct view *view, int index)
{
	return plan_index_is_concentration(view->plan, index) ? OWN_MILLI_MAX : VIEW_MOST_MILLI;
}

/* What a missing value of an index is taken as. */
static int32_t assumed_milli(const struct view *view, int index)
{
	return view->assumed_milli == 0 ? 0 : most_milli(view, index);
}

int32_t view_value(const struct view *view, int index, int i)
{
	int at = find_standing_hour(view, index, i);
	if (at >= view->open && at < view->end)
		return most_milli(view, index);
	return at < 0 || at >= view->open ? TIMELINE_UNKNOWN
					  : timeline_index(view->timeline, index, at);
}

bool view_dust(const struct view *view, int index, int i)
{
	int at = find_standing_hour(view, index, i);
	return at >= 0 && at < view->open && timeline_passes(view->plan, view->timeline, index, at);
}

/* Counts missing hours from i on in one direction, dust not among them; ends at a known one. */
static int missing_from(const struct view *view, const struct plan_part *part, int i, int step,
			int *ret_known)
{
	int missing = 0;
	while (i >= 0 && i < view->end && missing <= view->plan->gap_h) {
		if (!view_dust(view, part->index, i)) {
			if (view_value(view, part->index, i) != TIMELINE_UNKNOWN)
				break;
			missing++;
		}
		i += step;
	}
	*ret_known = i;
	return missing;
}

/* A short gap inside a run: known values on both sides fulfil the part. */
static bool is_bridged(const struct view *view, const struct plan_part *part, int i)
{
	int before, after;
	int missing = missing_from(view, part, i, -1, &before);
	missing += missing_from(view, part, i, 1, &after) - 1;
	int32_t low = view_value(view, part->index, before);
	int32_t high = view_value(view, part->index, after);
	return missing <= view->plan->gap_h && low != TIMELINE_UNKNOWN &&
	       high != TIMELINE_UNKNOWN && plan_part_holds(part, low) &&
	       plan_part_holds(part, high);
}

/* A forecast says in words that the hourly part holds; the AQI is unsaid. */
static bool is_said(const struct view *view, const struct plan_part *part, int i)
{
	return part->index == PLAN_INDEX_HOURLY_AQI && part->threshold <= SHORT_HEAVY_AQI &&
	       i >= 0 && i < view->open && view->timeline->hours[i].short_heavy;
}

/* Ahead, where a forecast knows the AQI only. */
static bool is_unsaid(const struct view *view, int index, int i)
{
	return index >= PLAN_INDEX_OWN && i > view->now && i < view->open &&
	       i >= view->own_end[index - PLAN_INDEX_OWN];
}

bool view_holds(const struct view *view, const struct plan_part *part, int i)
{
	if (i < -UNKNOWN_BEFORE_H || i >= view->end || is_unsaid(view, part->index, i))
		return false;
	int32_t value = view_value(view, part->index, i);
	if (is_said(view, part, i))
		return true;
	if (value != TIMELINE_UNKNOWN)
		return plan_part_holds(part, value);
	return plan_part_holds(part, assumed_milli(view, part->index)) || is_bridged(view, part, i);
}

/* It holds by words alone. */
static bool is_in_words(const struct view *view, const struct plan_part *part, int i)
{
	int32_t value = view_value(view, part->index, i);
	return is_said(view, part, i) &&
	       (value == TIMELINE_UNKNOWN || !plan_part_holds(part, value));
}

/* Goes on from i while the part holds or dust is passed over; the last hour that holds. */
static int extend_run(const struct view *view, const struct plan_part *part, int i, int step)
{
	int last = i;
	for (i += step; i >= -UNKNOWN_BEFORE_H && i < view->end; i += step) {
		if (view_dust(view, part->index, i))
			continue;
		if (!view_holds(view, part, i))
			break;
		last = i;
	}
	return last;
}

bool view_next_run(const struct view *view, const struct plan_part *part, int from, struct run *ret)
{
	int first = from;
	while (first < view->end &&
	       (view_dust(view, part->index, first) || !view_holds(view, part, first)))
		first++;
	if (first >= view->end)
		return false;
	*ret = (struct run){extend_run(view, part, first, -1), extend_run(view, part, first, 1),
			    part->index};
	return true;
}

/* Its values are each of 24 hours of air. */
static bool covers_a_day(const struct view *view, struct run run)
{
	return plan_index_is_daily(view->plan, run.index);
}

int view_fulfilled(const struct view *view, const struct plan_part *part, struct run run,
		   struct stretch *ret)
{
	int32_t need = plan_part_values(view->plan, part), stretch = 0, numbers = 0;
	int fulfilled = NEVER;
	*ret = (struct stretch){0};
	if (covers_a_day(view, run) && !plan_index_is_daily(view->plan, part->index)) {
		run.first -= COVERED_BEFORE_H;
		run.last = find_standing_hour(view, run.index, run.last);
	}
	for (int i = run.first; i <= run.last; i++) {
		if (view_dust(view, part->index, i))
			continue;
		stretch = view_holds(view, part, i) ? stretch + 1 : 0;
		numbers = stretch > 0 && !is_in_words(view, part, i) ? numbers + 1 : 0;
		if (stretch > ret->longest)
			ret->longest = stretch;
		if (numbers > ret->in_numbers)
			ret->in_numbers = numbers;
		if (stretch == need && fulfilled == NEVER)
			fulfilled = i;
	}
	return fulfilled;
}

int32_t view_run_values(const struct view *view, struct run run)
{
	int32_t values = 0;
	for (int i = run.first; i <= run.last; i++)
		values += !view_dust(view, run.index, i);
	return values;
}

/* True if something is known of the air of an hour. */
static bool is_known_air(const struct view *view, int i)
{
	if (i < 0 || i >= view->open)
		return i >= view->open;
	const struct timeline_hour *hour = &view->timeline->hours[i];
	return hour->realtime_milli != TIMELINE_UNKNOWN || hour->short_heavy || hour->dust;
}

int32_t view_run_air(const struct view *view, struct run run)
{
	int32_t before = covers_a_day(view, run) ? COVERED_BEFORE_H : 0;
	while (before > 0 && !is_known_air(view, run.first - before))
		before--;
	return view_run_values(view, run) + before;
}
