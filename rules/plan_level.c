/* SPDX-License-Identifier: MIT */
/*
 * What ends a level follows from what calls for it, unless the file says it (domain.md 3 "Held").
 *
 *   daily AQI above 150 for 72 h and above 200 for 24 h: at or below 200. With a second condition,
 * above 150 for 48 h: at or below 150, the lower of the two. Real-time AQI at least 500 for 8 h
 * beside daily AQI above 200: at or below 200, and every hour below 500
 *
 *   a season of 10-15 to 03-15 has the hour that ends on 15 March at 24:00, and not the next
 */
#include "plan.h"

#include <assert.h>
#include <string.h>

#include "hour.h"

/* The base is the daily part with the most hours, the first of equals. */
static bool put_base_first(const struct plan *plan, struct plan_condition *condition)
{
	int base = -1;
	for (int i = 0; i < condition->n_parts; i++) {
		const struct plan_part *part = &condition->parts[i];
		bool daily = plan_index_is_daily(plan, part->index);
		bool base_daily =
			base >= 0 && plan_index_is_daily(plan, condition->parts[base].index);
		if (base < 0 || (daily && !base_daily) ||
		    (daily == base_daily && part->for_h > condition->parts[base].for_h))
			base = i;
	}
	if (base < 0)
		return false;
	struct plan_part part = condition->parts[base];
	memmove(&condition->parts[1], &condition->parts[0], (size_t)base * sizeof(part));
	condition->parts[0] = part;
	return true;
}

/* One limit an index: of a condition the highest, of the conditions the lowest. False: no room. */
static bool add_limit(struct plan_release *release, struct plan_limit limit, bool highest)
{
	int at = 0;
	while (at < release->n && release->limits[at].index != limit.index)
		at++;
	if (at == PLAN_LIMITS_MAX)
		return false;
	struct plan_limit *there = &release->limits[at];
	if (at == release->n)
		release->n++;
	else if (highest ? limit.threshold <= there->threshold
			 : limit.threshold >= there->threshold)
		return true;
	*there = limit;
	return true;
}

/* What must be so again for the condition's hours to be over; n == 0: nothing can be. */
static void release_of(const struct plan *plan, const struct plan_condition *condition,
		       struct plan_release *ret)
{
	const struct plan_part *base = &condition->parts[0];
	*ret = (struct plan_release){0};
	for (int i = 0; i < condition->n_parts; i++) {
		const struct plan_part *part = &condition->parts[i];
		if (plan_index_is_daily(plan, part->index) && !part->at_least)
			add_limit(ret, (struct plan_limit){part->index, false, part->threshold},
				  true);
	}
	if (!plan_index_is_daily(plan, base->index))
		add_limit(ret, (struct plan_limit){base->index, base->at_least, base->threshold},
			  true);
}

static bool derive_release(const struct plan *plan, struct plan_level *level)
{
	bool fits = true;
	for (int i = 0; i < level->n_any; i++) {
		struct plan_release release;
		release_of(plan, &level->any[i], &release);
		for (int k = 0; k < release.n; k++)
			fits = fits && add_limit(&level->release, release.limits[k], false);
	}
	return fits;
}

bool plan_level_prepare(const struct plan *plan, struct plan_level *level)
{
	bool good = true;
	for (int i = 0; i < level->n_any && good; i++)
		good = put_base_first(plan, &level->any[i]);
	if (good && !level->release.own)
		good = derive_release(plan, level);
	level->release_threshold = -1;
	for (int i = 0; i < level->release.n; i++) {
		if (level->release.limits[i].index == PLAN_INDEX_DAILY_AQI)
			level->release_threshold = level->release.limits[i].threshold;
	}
	return good && level->release.n > 0;
}

bool plan_limit_holds(const struct plan_limit *limit, int32_t milli)
{
	int32_t most = limit->threshold * 1000;
	return limit->below ? milli < most : milli <= most;
}

int32_t plan_release_h(const struct plan *plan, int level)
{
	int32_t own = plan->levels[level].release.for_h;
	return own != 0 ? own : plan->release_h;
}

int32_t plan_release_in_h(const struct plan *plan, int level,
			  const int32_t *const milli[PLAN_INDEX_SLOTS])
{
	const struct plan_release *release = &plan->levels[level].release;
	int32_t need = plan_release_h(plan, level), least = need;
	for (int i = 0; i < release->n; i++) {
		const int32_t *values = milli[release->limits[i].index];
		int32_t clean = 0;
		if (!values)
			return RELEASE_UNTOLD;
		while (clean < need && values[need - 1 - clean] >= 0 &&
		       plan_limit_holds(&release->limits[i], values[need - 1 - clean]))
			clean++;
		least = clean < least ? clean : least;
	}
	return need - least;
}

/* ---- days ---- */

/* The day in Beijing that an hour, named by its END, is of: year * 10000 + month * 100 + day. By
 * the civil calendar, counted from 1 March of the year 0. */
static int32_t day_of(int64_t hour)
{
	int64_t since = (hour - 1 + BEIJING_H) / 24 + 719468;
	int64_t era = since / 146097, of_era = since % 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
	int64_t shifted = (5 * of_year + 2) / 153;
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
	int64_t year = years + era * 400 + (month <= 2);
	return (int32_t)(year * 10000 + month * 100 + of_year - (153 * shifted + 2) / 5 + 1);
}

bool plan_season_has(const struct plan_season *season, int64_t hour)
{
	int32_t day = day_of(hour) % 10000;
	if (season->from == 0)
		return true;
	if (season->from <= season->until)
		return day >= season->from && day <= season->until;
	return day >= season->from || day <= season->until;
}

bool plan_is_in_force(const struct plan *plan, int64_t hour)
{
	int32_t day = day_of(hour);
	return (plan->valid_from == 0 || day >= plan->valid_from) &&
	       (plan->valid_until == 0 || day <= plan->valid_until) &&
	       plan_season_has(&plan->season, hour);
}
