/* SPDX-License-Identifier: MIT */
#include "payload_outlook.h"

#include "payload_json.h"

static json_t *share_json(int32_t permille)
{
	return permille == OUTLOOK_NO_SCORE ? json_null() : json_real(permille / 1e3);
}

static json_t *level_head(const struct outlook_scored *scored, const struct chance_level *level)
{
	const struct plan *plan = &scored->conf->plan;
	return json_pack("{s:s, s:o}", "level", level_name(plan, level->level), "above_daily_aqi",
			 level->above < 0 ? json_null() : json_integer(level->above));
}

/* ---- an hour ---- */

static json_t *chance_json(const struct outlook_scored *scored, const struct chance_level *level,
			   const struct replay_chance *said)
{
	json_t *json = level_head(scored, level);
	bool given = said->said && level->none == CHANCE_TOO_FEW_HOURS;
	enum chance_none none = given ? CHANCE_GIVEN : level->none;
	json_object_set_new(json, "why_none", payload_text(chance_none_name(none)));
	json_object_set_new(json, "chance_permille",
			    given ? json_integer(said->permille[level->index]) : json_null());
	json_object_set_new(json, "exceeds_now",
			    given ? json_boolean(said->daily > level->above) : json_null());
	return json;
}

char *payload_outlook_hour(const struct outlook_scored *scored, int64_t hour,
			   const struct replay_chance *said)
{
	json_t *levels = json_array();
	for (int i = 0; i < scored->report.n; i++)
		json_array_append_new(levels, chance_json(scored, &scored->report.levels[i], said));
	return payload_finish(json_pack("{s:s, s:o, s:o, s:o}", "type", "outlook", "hour",
					payload_hour(hour), "until",
					payload_hour(hour + OUTLOOK_AHEAD), "levels", levels));
}

/* ---- the score ---- */

static json_t *tally_json(const struct outlook_tally *tally)
{
	int64_t brier = outlook_brier(tally);
	return json_pack("{s:o, s:o, s:o, s:o}", "brier",
			 brier == OUTLOOK_NO_SCORE ? json_null() : json_real((double)brier / 1e6),
			 "hit_rate", share_json(outlook_hit_rate(tally)), "false_alarm_ratio",
			 share_json(outlook_false_alarms(tally)), "csi",
			 share_json(outlook_csi(tally)));
}

static json_t *reliability_json(const struct outlook_tally *tally)
{
	json_t *list = json_array();
	for (int i = 0; i < OUTLOOK_TENTHS; i++) {
		const struct outlook_tenth *tenth = &tally->tenths[i];
		double n = tenth->n > 0 ? (double)tenth->n : 1;
		json_array_append_new(
			list,
			json_pack("{s:f, s:I, s:o, s:o}", "from", i / 10.0, "hours",
				  (json_int_t)tenth->n, "said",
				  tenth->n > 0 ? json_real((double)tenth->permille / n / 1e3)
					       : json_null(),
				  "came",
				  tenth->n > 0 ? json_real((double)tenth->came / n) : json_null()));
	}
	return list;
}

static json_t *tallies_json(const struct outlook_tally tally[OUTLOOK_BY_COUNT])
{
	const struct outlook_tally *model = &tally[OUTLOOK_MODEL];
	return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "hours", (json_int_t)model->n,
			 "came", (json_int_t)model->came, "outlook", tally_json(model),
			 "persistence", tally_json(&tally[OUTLOOK_PERSISTENCE]), "climate",
			 tally_json(&tally[OUTLOOK_CLIMATE]), "rule_6h",
			 tally_json(&tally[OUTLOOK_RULE]), "reliability", reliability_json(model));
}

static json_t *scored_json(const struct outlook_scored *scored, const struct chance_level *level)
{
	json_t *json = level_head(scored, level);
	const struct outlook_score *score = outlook_score_of(scored, level->level);
	json_object_set_new(json, "why_none",
			    payload_text(score ? NULL : chance_none_name(level->none)));
	if (!score)
		return json;
	bool better = score->all[OUTLOOK_MODEL].squares < score->all[OUTLOOK_PERSISTENCE].squares;
	json_object_set_new(json, "exceedance", tallies_json(score->all));
	json_object_set_new(json, "onset", tallies_json(score->onset));
	json_object_set_new(json, "better_than_persistence",
			    score->all[OUTLOOK_MODEL].n > 0 ? json_boolean(better) : json_null());
	return json;
}

static void add_standing(json_t *json, const struct chance_report *standing)
{
	bool why = !standing->shown && standing->by_proof;
	json_object_set_new(json, "shown", json_boolean(standing->shown));
	json_object_set_new(json, "shown_by",
			    json_string(standing->by_proof ? "proof" : "setting"));
	json_object_set_new(json, "shown_since", payload_hour(standing->shown_since));
	json_object_set_new(json, "why_not_shown",
			    payload_text(why ? chance_none_name(standing->none) : NULL));
}

char *payload_outlook_score(const struct outlook_scored *scored)
{
	const struct conf *conf = scored->conf;
	json_t *levels = json_array();
	for (int i = 0; i < scored->report.n; i++)
		json_array_append_new(levels, scored_json(scored, &scored->report.levels[i]));
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "type", "outlook_score",
				 "model", conf->outlook.model->id, "plan", conf->plan.id, "edition",
				 conf->edition.id, "first", payload_hour(scored->first), "last",
				 payload_hour(scored->last), "levels", levels);
	if (json && scored->has_standing)
		add_standing(json, &scored->standing);
	return payload_finish(json);
}
