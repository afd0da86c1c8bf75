/* SPDX-License-Identifier: MIT */
/*
 * Air that lasts has the same daily AQI at every hour, that of its concentration, so the hours that
 * a condition asks for are reached by and by, and its thresholds alone decide.
 *
 *   PM2.5 at least 1000 ug/m3: AQI 500, which calls for red at once in Hetang's plan
 *   PM2.5 at least 250 ug/m3: AQI 300; red asks for more than 300, so orange
 */
#include "over_range.h"

#include <stddef.h>

#include "own_index.h"

#define ANY_HOUR 1000

struct air {
	const struct plan *plan;
	struct scope scope;
	struct aqi daily, realtime;
};

static int32_t index_of(const struct air *air, int index)
{
	const struct aqi *aqi = index == PLAN_INDEX_DAILY_AQI ? &air->daily : &air->realtime;
	const struct own_index *own =
		index < PLAN_INDEX_OWN ? NULL : &air->plan->own[index - PLAN_INDEX_OWN];
	if (own && own->kind != OWN_MEAN_AQI)
		return own_index_milli(own, &air->scope, &air->realtime, &air->daily);
	return aqi->known ? aqi->value * AQI_MILLI : TIMELINE_UNKNOWN;
}

static bool calls_for(const struct air *air, const struct plan_level *level)
{
	for (int i = 0; i < level->n_any; i++) {
		const struct plan_condition *condition = &level->any[i];
		bool met = true;
		for (int p = 0; p < condition->n_parts; p++) {
			const struct plan_part *part = &condition->parts[p];
			int32_t milli = index_of(air, part->index);
			met = met && milli != TIMELINE_UNKNOWN && plan_part_holds(part, milli);
		}
		if (met)
			return true;
	}
	return false;
}

int over_range_level(const struct edition *edition, const struct plan *plan,
		     enum pollutant pollutant, int32_t at_least_milli)
{
	struct air air = {.plan = plan,
			  .scope = {.monitored = 1u << pollutant, .leading = 1u << pollutant}};
	struct hour_values values = {.valid = 1u << pollutant};
	struct window window = {0};
	values.milli[pollutant] = at_least_milli;
	for (int64_t hour = ANY_HOUR; hour < ANY_HOUR + WINDOW_HOURS; hour++)
		window_put(&window, hour, &values);
	aqi_daily(edition, &air.scope, &window, &air.daily);
	aqi_realtime(edition, &air.scope, &values, &air.realtime);
	int level = plan->n_levels;
	while (level > LEVEL_NONE && !calls_for(&air, &plan->levels[level]))
		level--;
	return level;
}
