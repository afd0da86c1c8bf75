/* SPDX-License-Identifier: MIT */
/*
 * The order of one source: order/<source id>. No name, person, telephone, address or credit code
 * goes out, and no column that the list's reader did not know.
 */
#include <string.h>

#include "payload_json.h"
#include "payload_order.h"

static json_t *plan_measures(const struct order_level *level, const struct order_source *source)
{
	int indices[PLAN_MEASURES_MAX];
	int n = order_measures(level, source, indices);
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &level->plan->measures[indices[i]];
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "id", measure->id, "zh",
						      measure->zh, "en", measure->en));
	}
	return list;
}

static json_t *optional_text_json(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *targets_json(const struct cuts_source *amounts, int level)
{
	json_t *json = json_object();
	for (int e = 0; e < EMISSION_COUNT; e++)
		json_object_set_new(
			json, emission_name((enum emission)e),
			json_pack("{s:o, s:o}", "cut_kg_d",
				  payload_kg(cuts_at_gpd(amounts, level, (enum emission)e)),
				  "base_kg_d", payload_kg(amounts->base_gpd[e])));
	return json;
}

/* In the list's own words: those of the highest level that has any, line and measure together. */
static void add_wording(json_t *json, const struct plan *plan, const struct source *source,
			int level)
{
	json_object_set_new(json, "measures_level",
			    level != LEVEL_NONE ? json_string(level_name(plan, level))
						: json_null());
	payload_add_rank_of(json, plan, "measures", level != LEVEL_NONE ? level : LEVEL_UNKNOWN);
	json_object_set_new(json, "measures_zh", optional_text_json(source->measures[level]));
	json_object_set_new(json, "lines_zh", optional_text_json(source->lines[level]));
}

/* What an order and its withdrawal have in common. */
static json_t *begin_order(const struct payload_head *head, const struct order_run *run,
			   const char *id)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "source", json_string(id));
	json_object_set_new(json, "authority", json_string(run->binding ? "directive" : "advice"));
	json_object_set_new(json, "binding", json_boolean(run->binding));
	json_object_set_new(json, "directive",
			    run->directive != 0 ? json_integer(run->directive) : json_null());
	return json;
}

/* How far it is published; and a planned end that has passed is none. */
static void add_binding(json_t *json, const struct plan *plan, const struct order_run *run,
			const struct binding_report *binding)
{
	static const struct binding_report none = {0};
	bool overdue = run->binding && binding->overdue;
	int64_t until_ms = overdue ? 0 : run->until_ms;
	json_object_set_new(json, "until", payload_time_or_null(until_ms));
	json_object_set_new(json, "overdue", json_boolean(overdue));
	json_object_set_new(json, "binding_level",
			    run->binding ? payload_level(plan, binding->level) : json_null());
	payload_add_rank_of(json, plan, "binding", run->binding ? binding->level : LEVEL_UNKNOWN);
	payload_add_published(json, run->binding ? binding : &none);
}

char *payload_order(const struct payload_head *head, const struct order_run *run,
		    const struct binding_report *binding, const struct source *source)
{
	const struct plan *plan = &head->conf->plan;
	const struct order_level level = order_level_of(plan, run->level);
	const struct order_source ordered = sources_as_ordered(source, plan);
	json_t *json = begin_order(head, run, source->id);
	json_object_set_new(json, "withdrawn", json_false());
	json_object_set_new(json, "level", json_string(level_name(plan, run->level)));
	payload_add_rank(json, plan, run->level);
	json_object_set_new(json, "plan", json_string(plan->id));
	json_object_set_new(json, "list", json_integer(run->list));
	json_object_set_new(json, "from", payload_time(run->from_ms));
	add_binding(json, plan, run, binding);
	json_object_set_new(json, "kind", json_string(source->kind));
	add_wording(json, plan, source, order_level_said(ordered.worded, run->level));
	json_object_set_new(json, "targets", targets_json(&source->amounts, run->level));
	json_object_set_new(json, "plan_measures", plan_measures(&level, &ordered));
	return payload_finish(json);
}

char *payload_order_withdrawn(const struct payload_head *head, const struct order_run *run,
			      const char *id)
{
	json_t *json = begin_order(head, run, id);
	json_object_set_new(json, "withdrawn", json_true());
	json_object_set_new(json, "level", json_string(level_name(&head->conf->plan, LEVEL_NONE)));
	payload_add_rank(json, &head->conf->plan, LEVEL_NONE);
	return payload_finish(json);
}
