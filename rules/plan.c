/* SPDX-License-Identifier: MIT */
/*
 * Durations (domain.md 3 "Duration"): n hours are n hours of air. A daily AQI covers the 24 hours
 * before it, so k consecutive values cover k + 23 hours: 24 h need 1 value, 48 h need 25, 72 h 49.
 */
#include "plan.h"

#include <assert.h>
#include <string.h>

#define HOURS_OF_A_DAILY_VALUE 24

#define COUNTINGS 3
static const char *const counting_names[COUNTINGS] = {"span", "rolling", "natural-day"};
static const char *const emission_names[EMISSION_COUNT] = {"so2", "nox", "pm", "vocs"};

static const char *const kind_names[SOURCE_KIND_COUNT] = {"industry", "building",      "spoil",
							  "land",     "traffic-works", "mobile"};

const char *level_name(const struct plan *plan, int level)
{
	assert(level >= LEVEL_UNKNOWN && level <= plan->n_levels);
	if (level == LEVEL_UNKNOWN)
		return "unknown";
	return level == LEVEL_NONE ? "none" : plan->levels[level].id;
}

int level_warned(const struct plan *plan, int level)
{
	if (level <= LEVEL_NONE || level >= LEVEL_SLOTS)
		return level;
	return plan->levels[level].stage ? LEVEL_NONE : level;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {"Unknown", "Minor", "Moderate", "Severe", "Extreme"};
	assert((int)severity >= 0 && severity <= SEVERITY_EXTREME);
	return names[severity];
}

const char *counting_name(enum counting counting)
{
	assert((int)counting >= 0 && (int)counting < COUNTINGS);
	return counting_names[counting];
}

bool counting_parse(const char *name, enum counting *ret)
{
	for (int i = 0; i < COUNTINGS; i++) {
		if (strcmp(counting_names[i], name) == 0) {
			*ret = (enum counting)i;
			return true;
		}
	}
	return false;
}

bool level_parse(const struct plan *plan, const char *name, int *ret)
{
	for (int level = LEVEL_NONE; level <= plan->n_levels; level++) {
		if (strcmp(level_name(plan, level), name) == 0) {
			*ret = level;
			return true;
		}
	}
	*ret = LEVEL_UNKNOWN;
	return false;
}

const char *plan_number_name(enum plan_number number)
{
	static const char *const names[PLAN_NUMBER_COUNT] = {
		"min_cut_pct", "min_per_day", "max_stage", "more_than_movements_per_day",
		"delta_c_min", "delta_c_max"};
	assert((int)number >= 0 && (int)number < PLAN_NUMBER_COUNT);
	return names[number];
}

const char *emission_name(enum emission emission)
{
	assert((int)emission >= 0 && (int)emission < EMISSION_COUNT);
	return emission_names[emission];
}

const char *source_kind_name(enum source_kind kind)
{
	assert((int)kind >= 0 && (int)kind < SOURCE_KIND_COUNT);
	return kind_names[kind];
}

bool source_kind_parse(const char *name, enum source_kind *ret)
{
	for (int i = 0; i < SOURCE_KIND_COUNT; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum source_kind)i;
			return true;
		}
	}
	return false;
}

int plan_exemption_find(const struct plan *plan, const char *id)
{
	for (int i = 0; i < plan->n_exemptions; i++) {
		if (plan->exemptions[i].id && strcmp(plan->exemptions[i].id, id) == 0)
			return i;
	}
	return -1;
}

const char *plan_need_name(enum plan_need need)
{
	static const char *const names[PLAN_NEED_COUNT] = {"own-measures", "old-machinery", "park"};
	assert((int)need >= 0 && (int)need < PLAN_NEED_COUNT);
	return names[need];
}

const char *plan_index_name(const struct plan *plan, int index)
{
	static const char *const names[PLAN_INDEX_OWN] = {"daily_aqi", "hourly_aqi"};
	assert(index >= 0 && index < PLAN_INDEX_OWN + plan->n_own);
	return index < PLAN_INDEX_OWN ? names[index] : plan->own[index - PLAN_INDEX_OWN].name;
}

bool plan_index_is_daily(const struct plan *plan, int index)
{
	if (index < PLAN_INDEX_OWN)
		return index == PLAN_INDEX_DAILY_AQI;
	return plan->own[index - PLAN_INDEX_OWN].daily;
}

bool plan_index_is_concentration(const struct plan *plan, int index)
{
	return index >= PLAN_INDEX_OWN &&
	       plan->own[index - PLAN_INDEX_OWN].kind == OWN_CONCENTRATION;
}

int32_t plan_part_values(const struct plan *plan, const struct plan_part *part)
{
	if (!plan_index_is_daily(plan, part->index) || plan->counting == COUNTING_ROLLING)
		return part->for_h;
	int32_t values = part->for_h - (HOURS_OF_A_DAILY_VALUE - 1);
	return values > 1 ? values : 1;
}

int32_t plan_part_hours(const struct plan *plan, const struct plan_part *part, int32_t values)
{
	if (values == 0 || !plan_index_is_daily(plan, part->index) ||
	    plan->counting == COUNTING_ROLLING)
		return values;
	return values + HOURS_OF_A_DAILY_VALUE - 1;
}

bool plan_part_holds(const struct plan_part *part, int32_t aqi_milli)
{
	int32_t threshold = part->threshold * 1000;
	return part->at_least ? aqi_milli >= threshold : aqi_milli > threshold;
}

static bool applies_at_level(const struct plan *plan, const struct plan_measure *measure, int level)
{
	if (level == LEVEL_NONE || measure->level > level)
		return false;
	return plan->carry_silent || !measure->carried_silently || measure->level == level;
}

int plan_measures_at(const struct plan *plan, int level, int ret[PLAN_MEASURES_MAX])
{
	bool replaced[PLAN_MEASURES_MAX] = {false};
	for (int i = 0; i < plan->n_measures; i++) {
		if (applies_at_level(plan, &plan->measures[i], level) &&
		    plan->measures[i].replaces >= 0)
			replaced[plan->measures[i].replaces] = true;
	}
	int n = 0;
	for (int i = 0; i < plan->n_measures; i++) {
		if (applies_at_level(plan, &plan->measures[i], level) && !replaced[i])
			ret[n++] = i;
	}
	return n;
}
