/* SPDX-License-Identifier: MIT */
/*
 * Air that lasts has the same daily AQI at every hour, that of its concentration, so the hours that
 * a condition asks for are reached by and by, and its thresholds alone decide.
 *
 *   PM2.5 at least 1000 ug/m3: AQI 500, which calls for red at once in Hetang's plan
 *   PM2.5 at least 250 ug/m3: AQI 300; red asks for more than 300, so orange
 */
#include "over_range.h"

#include "aqi.h"
#include "timeline.h"

#define ANY_HOUR 1000

static bool calls_for(const struct plan_level *level, const struct aqi *daily,
		      const struct aqi *realtime)
{
	for (int i = 0; i < level->n_any; i++) {
		const struct plan_condition *condition = &level->any[i];
		bool met = true;
		for (int p = 0; p < condition->n_parts; p++) {
			const struct plan_part *part = &condition->parts[p];
			const struct aqi *aqi =
				part->index == PLAN_INDEX_DAILY_AQI ? daily : realtime;
			met = met && aqi->known && plan_part_holds(part, aqi->value * AQI_MILLI);
		}
		if (met)
			return true;
	}
	return false;
}

int over_range_level(const struct edition *edition, const struct plan *plan,
		     enum pollutant pollutant, int32_t at_least_milli)
{
	const struct scope scope = {.monitored = 1u << pollutant, .leading = 1u << pollutant};
	struct hour_values values = {.valid = 1u << pollutant};
	struct window window = {0};
	struct aqi daily, realtime;
	values.milli[pollutant] = at_least_milli;
	for (int64_t hour = ANY_HOUR; hour < ANY_HOUR + WINDOW_HOURS; hour++)
		window_put(&window, hour, &values);
	aqi_daily(edition, &scope, &window, &daily);
	aqi_realtime(edition, &scope, &values, &realtime);
	int level = plan->n_levels;
	while (level > LEVEL_NONE && !calls_for(&plan->levels[level], &daily, &realtime))
		level--;
	return level;
}
