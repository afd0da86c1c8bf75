/* SPDX-License-Identifier: MIT */
/*
 * The message about the plan: what a page opened now, or one that got a warning without its
 * measures, must know of it. A large plan leaves out what is missed least, and says what.
 */
#include <stdlib.h>
#include <string.h>

#include "payload_json.h"

/* What is left out, one after the other, until the rest fits. */
static const char *const spared[] = {"measures.clause", "measures.en", "measures"};
enum { SPARED_CLAUSE = 1, SPARED_ENGLISH, SPARED_MEASURES };

/* "10-15": a day of a season. */
static json_t *day_json(int32_t day)
{
	return json_sprintf("%02d-%02d", (int)day / 100, (int)day % 100);
}

static void add_season(json_t *json, const struct plan_season *season)
{
	if (season->from != 0)
		json_object_set_new(json, "season",
				    json_pack("{s:o, s:o}", "from", day_json(season->from), "until",
					      day_json(season->until)));
}

static json_t *condition_json(const struct plan *plan, const struct plan_condition *condition)
{
	json_t *parts = json_array();
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		json_array_append_new(parts, json_pack("{s:s, s:i, s:i}", "index",
						       plan_index_name(plan, part->index),
						       part->at_least ? "at_least" : "above",
						       part->threshold, "for_h", part->for_h));
	}
	json_t *json =
		json_pack("{s:o, s:o}", "clause", payload_text(condition->clause), "parts", parts);
	add_season(json, &condition->season);
	return json;
}

/* The highest daily AQI at which the level ends; null where it ends by others. */
static json_t *release_at_most_json(const struct plan_level *level)
{
	const struct plan_release *release = &level->release;
	for (int i = 0; i < release->n; i++) {
		if (release->limits[i].index == PLAN_INDEX_DAILY_AQI)
			return json_integer(release->limits[i].threshold -
					    release->limits[i].below);
	}
	return json_null();
}

/* Where release_at_most and the plan's hours do not say all. */
static void add_release(json_t *json, const struct plan *plan, int rank)
{
	const struct plan_release *release = &plan->levels[rank].release;
	bool usual = release->n == 1 && release->limits[0].index == PLAN_INDEX_DAILY_AQI;
	if (usual && release->for_h == 0 && !release->by_itself)
		return;
	json_t *all = json_array();
	for (int i = 0; i < release->n; i++) {
		const struct plan_limit *limit = &release->limits[i];
		json_array_append_new(
			all, json_pack("{s:s, s:i}", "index", plan_index_name(plan, limit->index),
				       limit->below ? "below" : "at_most", limit->threshold));
	}
	json_object_set_new(json, "release",
			    json_pack("{s:i, s:b, s:o}", "for_h", plan_release_h(plan, rank),
				      "by_itself", release->by_itself, "all", all));
}

static json_t *level_json(const struct plan *plan, int rank)
{
	const struct plan_level *level = &plan->levels[rank];
	json_t *any = json_array();
	for (int i = 0; i < level->n_any; i++)
		json_array_append_new(any, condition_json(plan, &level->any[i]));
	json_t *json =
		json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "level", level->id, "name",
			  payload_both(level->name_zh, level->name_en), "colour", level->colour,
			  "any", any, "release_at_most", release_at_most_json(level), "min_cut_pct",
			  payload_least_cuts(plan, rank));
	if (level->stage)
		json_object_set_new(json, "stage", json_true());
	add_release(json, plan, rank);
	payload_add_rank(json, plan, rank);
	return json;
}

/* Dates of the plan, and what no key can say. */
static void add_bounds(json_t *json, const struct plan *plan)
{
	const int32_t dates[] = {plan->valid_from, plan->valid_until};
	static const char *const keys[] = {"valid_from", "valid_until"};
	add_season(json, &plan->season);
	for (int i = 0; i < 2; i++) {
		if (dates[i] != 0)
			json_object_set_new(json, keys[i],
					    json_sprintf("%04d-%02d-%02d", (int)dates[i] / 10000,
							 (int)dates[i] / 100 % 100,
							 (int)dates[i] % 100));
	}
	json_t *not_said = json_array();
	for (int i = 0; i < plan->n_not_said; i++)
		json_array_append_new(not_said,
				      payload_both(plan->not_said[i].zh, plan->not_said[i].en));
	if (plan->n_not_said > 0)
		json_object_set(json, "not_said", not_said);
	json_decref(not_said);
}

static json_t *units_json(const struct plan *plan)
{
	json_t *list = json_array();
	for (int u = 0; u < plan->n_units; u++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s}", "unit", plan->units[u].id, "zh",
						plan->units[u].zh, "en", plan->units[u].en));
	return list;
}

/* The lowest and the highest rank at which a measure is in force; null if it never is. */
static json_t *ranks_json(const struct plan *plan, int measure)
{
	int indices[PLAN_MEASURES_MAX], first = 0, last = 0;
	for (int rank = 1; rank <= plan->n_levels; rank++) {
		int n = plan_measures_at(plan, rank, indices);
		for (int i = 0; i < n; i++) {
			if (indices[i] != measure)
				continue;
			first = first ? first : rank;
			last = rank;
		}
	}
	return first ? json_pack("[i, i]", first, last) : json_null();
}

static json_t *measures_json(const struct plan *plan, int n_spared)
{
	json_t *list = json_array();
	for (int m = 0; m < plan->n_measures && n_spared < SPARED_MEASURES; m++) {
		const struct plan_measure *measure = &plan->measures[m];
		json_t *json = json_pack("{s:s, s:s, s:o, s:o}", "id", measure->id, "zh",
					 measure->zh, "ranks", ranks_json(plan, m), "units",
					 payload_unit_ids(plan, measure->units));
		if (n_spared < SPARED_CLAUSE)
			json_object_set_new(json, "clause", payload_text(measure->clause));
		if (n_spared < SPARED_ENGLISH)
			json_object_set_new(json, "en", json_string(measure->en));
		json_array_append_new(list, json);
	}
	return list;
}

static char *build_plan(const struct payload_head *head, int n_spared)
{
	const struct plan *plan = &head->conf->plan;
	json_t *json = payload_begin(head), *levels = json_array(), *omitted = json_array();
	for (int rank = 1; rank <= plan->n_levels; rank++)
		json_array_append_new(levels, level_json(plan, rank));
	for (int i = 0; i < n_spared; i++)
		json_array_append_new(omitted, json_string(spared[i]));
	json_object_set_new(json, "plan", json_string(plan->id));
	json_object_set_new(json, "edition", json_string(head->conf->edition.id));
	json_object_set_new(json, "title", payload_both(plan->title_zh, plan->title_en));
	json_object_set_new(json, "document", payload_text(plan->document));
	json_object_set_new(json, "release",
			    json_pack("{s:i, s:i}", "for_h", plan->release_h, "horizon_hold_h",
				      plan->horizon_hold_h));
	add_bounds(json, plan);
	json_object_set_new(json, "levels", levels);
	json_object_set_new(json, "units", units_json(plan));
	json_object_set_new(json, "measures", measures_json(plan, n_spared));
	json_object_set_new(json, "omitted", omitted);
	return payload_finish(json);
}

char *payload_plan(const struct payload_head *head)
{
	const int most = sizeof(spared) / sizeof(*spared);
	char *text = build_plan(head, 0);
	for (int n = 1; n <= most && text && strlen(text) > PAYLOAD_PLAN_MAX; n++) {
		free(text);
		text = build_plan(head, n);
	}
	return text;
}
