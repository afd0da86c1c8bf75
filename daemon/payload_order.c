/* SPDX-License-Identifier: MIT */
/*
 * The order of one source: order/<source id>. No name, person, telephone, address or credit code
 * goes out, and no column that the list's reader did not know.
 */
#include <string.h>

#include "payload_json.h"
#include "payload_order.h"

/* Which of the plan's measures concern a kind of source: those of its part of the plan. */
static const struct {
	const char *kind, *sub;
} parts[] = {
	{"industry", "industry"}, {"building", "construction"},      {"spoil", "construction"},
	{"land", "construction"}, {"traffic-works", "construction"}, {"mobile", "vehicles"},
};

static bool concerns(const struct plan_measure *measure, const char *kind)
{
	for (size_t i = 0; measure->sub && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].kind, kind) == 0)
			return strcmp(parts[i].sub, measure->sub) == 0;
	}
	return false;
}

static json_t *plan_measures(const struct plan *plan, enum level level, const char *kind)
{
	int indices[PLAN_MEASURES_MAX];
	int n = plan_measures_at(plan, level, indices);
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &plan->measures[indices[i]];
		if (concerns(measure, kind))
			json_array_append_new(list,
					      json_pack("{s:s, s:s, s:s}", "id", measure->id, "zh",
							measure->zh, "en", measure->en));
	}
	return list;
}

static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *targets(const struct cuts_source *amounts, enum level level)
{
	json_t *json = json_object();
	for (int e = 0; e < EMISSION_COUNT; e++)
		json_object_set_new(json, emission_name((enum emission)e),
				    json_pack("{s:o, s:o}", "cut_kg_d",
					      payload_kg(amounts->cut_gpd[level][e]), "base_kg_d",
					      payload_kg(amounts->base_gpd[e])));
	return json;
}

/* What an order and its withdrawal have in common. */
static json_t *begin(const struct payload_head *head, const struct order_run *run, const char *id)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "source", json_string(id));
	json_object_set_new(json, "authority", json_string(run->binding ? "directive" : "advice"));
	json_object_set_new(json, "binding", json_boolean(run->binding));
	json_object_set_new(json, "directive",
			    run->directive != 0 ? json_integer(run->directive) : json_null());
	return json;
}

char *payload_order(const struct payload_head *head, const struct order_run *run,
		    const struct source *source)
{
	const struct plan *plan = &head->conf->plan;
	json_t *json = begin(head, run, source->id);
	json_object_set_new(json, "withdrawn", json_false());
	json_object_set_new(json, "level", json_string(level_name(run->level)));
	json_object_set_new(json, "response", payload_text(plan->levels[run->level].response));
	json_object_set_new(json, "plan", json_string(plan->id));
	json_object_set_new(json, "list", json_integer(run->list));
	json_object_set_new(json, "from", payload_time(run->from_ms));
	json_object_set_new(json, "until",
			    run->until_ms != 0 ? payload_time(run->until_ms) : json_null());
	json_object_set_new(json, "kind", json_string(source->kind));
	json_object_set_new(json, "measures_zh", text_or_null(source->measures[run->level]));
	json_object_set_new(json, "lines_zh", text_or_null(source->lines[run->level]));
	json_object_set_new(json, "targets", targets(&source->amounts, run->level));
	json_object_set_new(json, "plan_measures", plan_measures(plan, run->level, source->kind));
	return payload_finish(json);
}

char *payload_order_withdrawn(const struct payload_head *head, const struct order_run *run,
			      const char *id)
{
	json_t *json = begin(head, run, id);
	json_object_set_new(json, "withdrawn", json_true());
	json_object_set_new(json, "level", json_string(level_name(LEVEL_NONE)));
	return payload_finish(json);
}
