/* SPDX-License-Identifier: MIT */
/* The outlook of 24 hours, as it stands in `warning`. */
#include "payload_json.h"
#include "text_chance.h"

#define BRIER_STEP 100 /* millionths: four decimals */

static json_t *brier_json(int64_t micro)
{
	if (micro == OUTLOOK_NO_SCORE)
		return json_null();
	return json_real((double)(round_half_even(micro, BRIER_STEP) * BRIER_STEP) / 1e6);
}

static json_t *score_json(int64_t hours, int64_t brier, int64_t persistence)
{
	return json_pack("{s:I, s:o, s:o}", "hours", (json_int_t)hours, "brier", brier_json(brier),
			 "persistence_brier", brier_json(persistence));
}

static void add_chance(json_t *json, const struct chance_level *level)
{
	bool given = level->none == CHANCE_GIVEN;
	json_object_set_new(json, "chance_permille",
			    given ? json_integer(level->chance.permille) : json_null());
	json_object_set_new(json, "exceeds_now",
			    given ? json_boolean(level->exceeds) : json_null());
	json_object_set_new(json, "possible",
			    given ? json_boolean(level->chance.possible) : json_null());
}

/* Of one that is not shown the score alone. */
static json_t *level_json(const struct conf *conf, const struct chance_report *report,
			  const struct chance_level *level)
{
	const struct chance_score *season = &level->season;
	json_t *json = json_pack("{s:s, s:o, s:o}", "level", level_name(&conf->plan, level->level),
				 "above_daily_aqi",
				 level->above < 0 ? json_null() : json_integer(level->above),
				 "why_none", payload_text(chance_none_name(level->none)));
	payload_add_rank(json, &conf->plan, level->level);
	if (report->shown)
		add_chance(json, level);
	if (level->index < 0)
		return json;
	const struct outlook_trained *trained = &report->model->thresholds[level->index].trained;
	json_object_set_new(json, "season",
			    score_json(season->n, season->brier, season->persistence));
	json_object_set_new(
		json, "training",
		score_json(trained->hours, trained->brier_micro, trained->persistence_micro));
	return json;
}

json_t *payload_chance(const struct conf *conf, const struct chance_report *report)
{
	char zh[TEXT_CHANCE_MAX], en[TEXT_CHANCE_MAX];
	json_t *levels = json_array();
	text_chance(conf, report, TEXT_ZH, zh);
	text_chance(conf, report, TEXT_EN, en);
	for (int i = 0; i < report->n; i++)
		json_array_append_new(levels, level_json(conf, report, &report->levels[i]));
	bool spans = report->hour != 0;
	return json_pack("{s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "model",
			 report->model->id, "shown", report->shown, "shown_by",
			 report->by_proof ? "proof" : "setting", "shown_since",
			 payload_hour(report->shown_since), "from", payload_hour(report->hour),
			 "until", payload_hour(spans ? report->hour + OUTLOOK_AHEAD : 0),
			 "why_none", payload_text(chance_none_name(report->none)), "season_until",
			 payload_hour(report->season_last), "levels", levels, "text_zh", zh,
			 "text_en", en);
}
