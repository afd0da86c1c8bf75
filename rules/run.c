/* SPDX-License-Identifier: MIT */
/*
 *   daily AQI 160 160 -- -- 160 (two missing): with gap_h 2 one run of 5 values, which covers 28
 * hours of air; with gap_h 1 it is two runs, unless the missing ones are taken as 500
 */
#include "run.h"

#include <stddef.h>

#include "hour.h"

#define HOURS_A_DAY 24

/* The hour whose value stands at `i`: the last of a calendar day, or every hour its own. */
static int find_standing_hour(const struct view *view, enum plan_index index, int i)
{
	if (view->plan->counting != COUNTING_NATURAL_DAY || index != PLAN_INDEX_DAILY_AQI)
		return i;
	int64_t since_midnight = (timeline_label(view->timeline, i) + BEIJING_H) % HOURS_A_DAY;
	return i - (int)since_midnight;
}

static const struct timeline_hour *hour_at(const struct view *view, enum plan_index index, int i)
{
	i = find_standing_hour(view, index, i);
	return i < 0 || i >= view->open ? NULL : &view->timeline->hours[i];
}

/* Beyond what is known, and to be taken as the most. */
static bool is_open(const struct view *view, enum plan_index index, int i)
{
	i = find_standing_hour(view, index, i);
	return i >= view->open && i < view->end;
}

int32_t view_value(const struct view *view, enum plan_index index, int i)
{
	const struct timeline_hour *hour = hour_at(view, index, i);
	if (is_open(view, index, i))
		return VIEW_MOST_MILLI;
	if (!hour)
		return TIMELINE_UNKNOWN;
	return index == PLAN_INDEX_DAILY_AQI ? hour->daily_milli : hour->realtime_milli;
}

bool view_dust(const struct view *view, enum plan_index index, int i)
{
	const struct timeline_hour *hour = hour_at(view, index, i);
	return hour && (hour->dust || (hour->dust_blind && index == PLAN_INDEX_DAILY_AQI));
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
	return part->index == PLAN_INDEX_HOURLY_AQI && i >= 0 && i < view->open &&
	       view->timeline->hours[i].short_heavy;
}

bool view_holds(const struct view *view, const struct plan_part *part, int i)
{
	if (i < -UNKNOWN_BEFORE_H || i >= view->end)
		return false;
	int32_t value = view_value(view, part->index, i);
	if (is_said(view, part, i))
		return true;
	if (value != TIMELINE_UNKNOWN)
		return plan_part_holds(part, value);
	return plan_part_holds(part, view->assumed_milli) || is_bridged(view, part, i);
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
	*ret = (struct run){extend_run(view, part, first, -1), extend_run(view, part, first, 1)};
	return true;
}

int view_fulfilled(const struct view *view, const struct plan_part *part, struct run run,
		   struct stretch *ret)
{
	int32_t need = plan_part_values(view->plan, part), stretch = 0, numbers = 0;
	int fulfilled = NEVER;
	*ret = (struct stretch){0};
	if (part->index == PLAN_INDEX_HOURLY_AQI) {
		run.first -= COVERED_BEFORE_H;
		run.last = find_standing_hour(view, PLAN_INDEX_DAILY_AQI, run.last);
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
		values += !view_dust(view, PLAN_INDEX_DAILY_AQI, i);
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
	int32_t before = COVERED_BEFORE_H;
	while (before > 0 && !is_known_air(view, run.first - before))
		before--;
	return view_run_values(view, run) + before;
}
