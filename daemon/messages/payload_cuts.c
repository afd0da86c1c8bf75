/* SPDX-License-Identifier: MIT */
/* The message about the cuts: what each authority asks for, and whether the list can deliver it. */
#include "payload_json.h"

/* Without a denominator nothing is required, nothing is met, and no shortfall is claimed. */
static json_t *target_json(const struct cuts_target *target)
{
	bool known = target->required_gpd != CUT_UNSAID;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "whole_society_kg_d",
			 payload_kg(target->whole_gpd), "list_base_kg_d",
			 payload_kg(target->base_gpd), "required_kg_d",
			 payload_kg(target->required_gpd), "planned_kg_d",
			 payload_kg(target->planned_gpd), "shortfall_kg_d",
			 payload_kg(target->shortfall_gpd), "met",
			 known ? json_boolean(target->met) : json_null());
}

static json_t *amounts_json(const struct plan *plan, int level, const struct cuts_list *list)
{
	if (!list || level == LEVEL_NONE)
		return json_null();
	json_t *json = json_object();
	for (int e = 0; e < EMISSION_COUNT; e++) {
		const struct cuts_target target =
			cuts_target(&list->sums, &list->whole, plan, level, (enum emission)e);
		json_object_set_new(json, emission_name((enum emission)e), target_json(&target));
	}
	return json;
}

json_t *payload_least_cuts(const struct plan *plan, int level)
{
	json_t *json = json_object();
	for (int e = 0; e < EMISSION_COUNT && level != LEVEL_NONE; e++) {
		int32_t least = plan->levels[level].min_cut_pct[e];
		if (least != CUT_UNSAID)
			json_object_set_new(json, emission_name((enum emission)e),
					    json_integer(least));
	}
	return json;
}

/* What the numbers are of is the level that binds; of a directive in force also how far it is
 * published. */
static json_t *block_json(const struct conf *conf, const struct payload_authority *authority,
			  const struct advice_report *report)
{
	const struct plan *plan = &conf->plan;
	const struct binding_report binding = report_binding(conf, report);
	const struct timetable_entry *in_force = report_in_force(report);
	json_t *json =
		json_pack("{s:s, s:b, s:s, s:o, s:o}", "authority", authority->name, "binding",
			  authority->binding, "level", level_name(plan, authority->level),
			  "min_cut_pct", payload_least_cuts(plan, authority->level), "amounts",
			  amounts_json(plan, authority->level, report->list));
	payload_add_rank(json, plan, authority->level);
	if (!authority->binding)
		return json;
	payload_add_published(json, &binding);
	json_object_set_new(json, "in_force",
			    payload_level(plan, in_force ? in_force->level : LEVEL_NONE));
	payload_add_rank_of(json, plan, "in_force", in_force ? in_force->level : LEVEL_NONE);
	return json;
}

char *payload_cuts(const struct payload_head *head, const struct advice_report *report)
{
	const struct cuts_list *list = report->list;
	const struct conf *conf = head->conf;
	struct payload_authority authorities[2];
	int n = payload_authorities(conf, report, authorities);
	int binding_level = report_binding(conf, report).level;
	json_t *json = payload_begin(head), *blocks = json_array();
	json_object_set_new(json, "plan", json_string(conf->plan.id));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
	json_object_set_new(json, "list", list ? json_integer(list->number) : json_null());
	for (int i = 0; i < n; i++)
		json_array_append_new(blocks, block_json(conf, &authorities[i], report));
	json_object_set_new(json, "binding_level", payload_level(&conf->plan, binding_level));
	payload_add_rank_of(json, &conf->plan, "binding", binding_level);
	json_object_set_new(json, "blocks", blocks);
	return payload_finish(json);
}
