/* SPDX-License-Identifier: MIT */
/*
 * A level's threshold is the highest daily AQI that one of its conditions must exceed: of "daily
 * AQI > 150 for 72 h and > 200 for 24 h" it is 200. An hour of the past is scored when the daily
 * AQIs of the 24 hours after it are known, or one of them exceeded.
 *
 *   yellow 150, model 612 permille; the 24 h after it had 163 at the highest: it came true, and
 *   the error is 388, its square 150,544: a Brier score of 0.150544
 */
#include "chance.h"

#include <stddef.h>

#include "hour.h"
#include "iaqi.h"

#define DAY_H 24
#define PROOF_SHARE 95   /* below so much per cent of persistence's Brier score to begin */
#define PROOF_SLACK 5000 /* above persistence's, at most, to go on: 0.005 */

const char *chance_none_name(enum chance_none none)
{
	static const char *const names[] = {NULL,         "computing",    "unproven",
					    "not_better", "edition",      "no_daily_aqi",
					    "not_learnt", "too_few_hours"};
	return names[none];
}

/* ---- which levels ---- */

static int32_t find_highest(const struct plan_condition *condition)
{
	int32_t highest = -1;
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		if (part->index == PLAN_INDEX_DAILY_AQI && !part->at_least &&
		    part->threshold > highest)
			highest = part->threshold;
	}
	return highest;
}

int32_t chance_threshold(const struct plan_level *level)
{
	int32_t threshold = -1;
	for (int i = 0; i < level->n_any; i++) {
		int32_t highest = find_highest(&level->any[i]);
		if (highest >= 0 && (threshold < 0 || highest < threshold))
			threshold = highest;
	}
	return threshold;
}

static enum chance_none match_level(const struct outlook_model *model,
				    const struct edition *edition, struct chance_level *level)
{
	if (level->above < 0)
		return CHANCE_NO_DAILY_AQI;
	level->index = outlook_find(model, level->above);
	if (level->index < 0)
		return CHANCE_NOT_LEARNT;
	return outlook_fits(&model->thresholds[level->index], edition) ? CHANCE_TOO_FEW_HOURS
								       : CHANCE_EDITION;
}

void chance_begin(const struct outlook_model *model, const struct plan *plan,
		  const struct edition *edition, struct chance_report *ret)
{
	const struct chance_score unknown = {.brier = OUTLOOK_NO_SCORE,
					     .persistence = OUTLOOK_NO_SCORE};
	*ret = (struct chance_report){.model = model, .none = CHANCE_TOO_FEW_HOURS};
	bool any = false;
	for (int l = 1; l <= plan->n_levels; l++) {
		struct chance_level *level = &ret->levels[ret->n++];
		*level = (struct chance_level){.level = l,
					       .above = chance_threshold(&plan->levels[l]),
					       .index = -1,
					       .season = unknown};
		level->none = match_level(model, edition, level);
		any = any || level->none == CHANCE_TOO_FEW_HOURS;
	}
	if (!any) /* the reason of the lowest level that has a threshold, else of the lowest */
		ret->none = ret->levels[0].none;
	for (int i = 0; i < ret->n && !any; i++) {
		if (ret->levels[i].none != CHANCE_NO_DAILY_AQI) {
			ret->none = ret->levels[i].none;
			break;
		}
	}
}

static bool is_learnt(const struct chance_level *level)
{
	return level->none == CHANCE_GIVEN || level->none == CHANCE_TOO_FEW_HOURS;
}

void chance_say(struct chance_report *report, const struct outlook_air *air, int32_t daily)
{
	struct outlook_values values;
	report->hour = air->newest;
	bool enough = air->newest != 0 && daily != IAQI_NONE &&
		      outlook_look(report->model, air, &values, &report->need);
	bool any = false;
	for (int i = 0; i < report->n; i++) {
		struct chance_level *level = &report->levels[i];
		if (!is_learnt(level))
			continue;
		any = true;
		level->none = enough ? CHANCE_GIVEN : CHANCE_TOO_FEW_HOURS;
		level->exceeds = daily != IAQI_NONE && daily > level->above;
		if (enough)
			outlook_say(report->model, air, &values, level->index, &level->chance);
	}
	if (any)
		report->none = enough ? CHANCE_GIVEN : CHANCE_TOO_FEW_HOURS;
}

/* ---- how good it was ---- */

/* Where an hour is, and was 24 hours before it. Files may have hours before 1970 in UTC. */
static int find_place(int64_t hour)
{
	int64_t rest = hour % OUTLOOK_AHEAD;
	return (int)(rest < 0 ? rest + OUTLOOK_AHEAD : rest);
}

const struct chance_hour *chance_at(const struct chance_run *run, int64_t hour)
{
	return &run->hours[find_place(hour)];
}

/* The hour that is 24 before this one, of which all is known now, and whose place this one takes.
 */
static void judge_hour(struct chance_run *run, int64_t hour, int32_t newest)
{
	const struct chance_hour *of = chance_at(run, hour);
	int32_t daily[OUTLOOK_AHEAD];
	if (!of->said || hour - OUTLOOK_AHEAD < run->begun)
		return;
	for (int i = 1; i < OUTLOOK_AHEAD; i++)
		daily[i - 1] = chance_at(run, hour + i)->daily;
	daily[OUTLOOK_AHEAD - 1] = newest;
	for (int t = 0; t < run->model->n_thresholds; t++) {
		int32_t aqi = run->model->thresholds[t].aqi;
		int came = outlook_came(daily, aqi);
		if (came >= 0)
			outlook_score(&run->scores[t], &of->chances[t], of->daily > aqi, came == 1);
	}
}

bool chance_take(struct chance_run *run, int64_t hour, const struct hour_values *values,
		 int32_t daily)
{
	struct outlook_values asked;
	int need;
	judge_hour(run, hour, daily);
	struct chance_hour *now = &run->hours[find_place(hour)];
	outlook_put(&run->air, hour, values);
	now->daily = daily;
	now->said = daily != IAQI_NONE && outlook_look(run->model, &run->air, &asked, &need);
	for (int t = 0; t < run->model->n_thresholds && now->said; t++)
		outlook_say(run->model, &run->air, &asked, t, &now->chances[t]);
	return now->said;
}

struct chance_score chance_score_of(const struct outlook_score *score)
{
	const struct outlook_tally *model = &score->all[OUTLOOK_MODEL];
	return (struct chance_score){.n = model->n,
				     .came = model->came,
				     .brier = outlook_brier(model),
				     .persistence =
					     outlook_brier(&score->all[OUTLOOK_PERSISTENCE])};
}

int64_t chance_season_last(int64_t newest)
{
	int64_t midnight = newest - (newest + BEIJING_H) % DAY_H;
	return midnight - OUTLOOK_AHEAD;
}

enum chance_none chance_prove(const struct chance_report *report, bool was_shown)
{
	int64_t n = 0, ours = 0, theirs = 0;
	for (int i = 0; i < report->n; i++) {
		const struct chance_score *season = &report->levels[i].season;
		if (!is_learnt(&report->levels[i]) || season->brier == OUTLOOK_NO_SCORE)
			continue;
		if (season->n < OUTLOOK_PROOF_MIN)
			return CHANCE_UNPROVEN;
		n++;
		ours += season->brier;
		theirs += season->persistence;
	}
	if (n == 0)
		return CHANCE_UNPROVEN;
	bool better =
		was_shown ? ours <= theirs + n * PROOF_SLACK : ours * 100 < theirs * PROOF_SHARE;
	return better ? CHANCE_GIVEN : CHANCE_NOT_BETTER;
}
