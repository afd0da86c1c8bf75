/* SPDX-License-Identifier: MIT */
/* Any file as a plan: it is refused with problems, or a week of air can be held against it. */
#include <assert.h>

#include "conf_rules.h"
#include "fuzz.h"
#include "warning.h"

#define HOUR 400000
#define HOURS 168
#define LOOK_EVERY 6 /* hours between two looks at the plan */

static void check_level(const struct plan *plan, const struct plan_level *level)
{
	assert(level->n_any >= 1 && level->n_any <= PLAN_CONDITIONS_MAX);
	assert(level->release_threshold >= -1 && level->release_threshold <= 500);
	assert(level->release.n >= 1 && level->release.n <= PLAN_LIMITS_MAX);
	assert(level->release.for_h >= 0 && level->release.for_h <= PLAN_RELEASE_H_MAX);
	for (int i = 0; i < level->release.n; i++)
		assert(level->release.limits[i].index < PLAN_INDEX_OWN + plan->n_own);
	for (int i = 0; i < level->n_any; i++) {
		const struct plan_condition *condition = &level->any[i];
		assert(condition->n_parts >= 1 && condition->n_parts <= PLAN_PARTS_MAX);
		bool daily = plan_index_is_daily(plan, condition->parts[0].index);
		for (int p = 0; p < condition->n_parts; p++) {
			const struct plan_part *part = &condition->parts[p];
			int32_t values = plan_part_values(plan, part);
			assert(part->index >= 0 && part->index < PLAN_INDEX_OWN + plan->n_own);
			assert(daily || !plan_index_is_daily(plan, part->index));
			assert(part->threshold >= 0 && part->threshold <= PLAN_CONCENTRATION_MAX);
			assert(values >= 1 && values < TIMELINE_PAST_HOURS);
			assert(plan_part_hours(plan, part, values) >= part->for_h);
		}
	}
}

static void check_measures(const struct plan *plan)
{
	int measures[PLAN_MEASURES_MAX];
	for (int l = LEVEL_NONE; l <= plan->n_levels; l++) {
		int n = plan_measures_at(plan, l, measures);
		assert(n >= 0 && n <= plan->n_measures);
		for (int i = 0; i < n; i++)
			assert(measures[i] >= 0 && measures[i] < plan->n_measures);
	}
	for (int i = 0; i < plan->n_measures; i++)
		assert(plan->n_units == PLAN_UNITS_MAX ||
		       plan->measures[i].units >> plan->n_units == 0);
}

/* Rising and falling air with a hole in it. */
static struct timeline_hour hour_of_week(int i)
{
	int16_t daily = (int16_t)(i < 100 ? i * 5 : 1000 - i * 6);
	if (i % 50 == 49 || i == 120 || i == 121 || i == 122)
		daily = TIMELINE_UNKNOWN;
	return timeline_hour_of(daily < 0 ? TIMELINE_UNKNOWN : daily, i * 37 % 500);
}

/* The plan's own indices of that hour. */
static void put_own(const struct plan *plan, struct timeline *timeline, int i)
{
	struct own_hour *own = &timeline->own[timeline->past - 1];
	timeline->n_own = plan->n_own;
	for (int k = 0; k < plan->n_own; k++) {
		own->full_milli[k] =
			i % 11 == 10 ? TIMELINE_UNKNOWN : (i * 53 + k * 97) % 700 * 1000;
		own->milli[k] = i % 13 == 12 ? TIMELINE_UNKNOWN : own->full_milli[k];
	}
}

static void check_event(const struct event *event, int64_t number)
{
	assert(event->number == number && event->level <= LEVELS_MAX);
	bool change = event->kind == EVENT_ISSUE || event->kind == EVENT_UPGRADE ||
		      event->kind == EVENT_DOWNGRADE || event->kind == EVENT_LIFT;
	assert(change == (event->level != event->previous));
}

static void check_week(const struct plan *plan)
{
	static struct timeline timeline;
	struct advice advice = {0};
	int64_t number = 0;
	timeline = (struct timeline){0};
	for (int i = 0; i < HOURS; i++) {
		struct event events[WARNING_EVENTS_MAX];
		struct verdict verdict;
		timeline_observe(&timeline, HOUR + i, hour_of_week(i));
		put_own(plan, &timeline, i);
		if (i % LOOK_EVERY != 0)
			continue;
		evaluate(plan, &timeline, &verdict);
		int n = advice_step(&advice, &verdict, events);
		assert(n >= 0 && n <= WARNING_EVENTS_MAX);
		for (int e = 0; e < n; e++)
			check_event(&events[e], ++number);
		assert((advice.episode != 0) == (advice_level(&advice) != LEVEL_NONE));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan plan;
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read = file && conf_read_plan(file, &plan);
	assert(read == (problems.n == 0));
	if (read) {
		for (int l = 1; l <= plan.n_levels; l++)
			check_level(&plan, &plan.levels[l]);
		check_measures(&plan);
		check_week(&plan);
	}
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
