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

static json_t *amounts_json(const struct plan *plan, enum level level, const struct cuts_list *list)
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

static json_t *least_json(const struct plan *plan, enum level level)
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

static json_t *block_json(const struct plan *plan, const struct payload_authority *authority,
			  const struct cuts_list *list)
{
	return json_pack("{s:s, s:b, s:s, s:o, s:o}", "authority", authority->name, "binding",
			 authority->binding, "level", level_name(authority->level), "min_cut_pct",
			 least_json(plan, authority->level), "amounts",
			 amounts_json(plan, authority->level, list));
}

char *payload_cuts(const struct payload_head *head, const struct advice_report *report)
{
	const struct cuts_list *list = report->list;
	const struct conf *conf = head->conf;
	struct payload_authority authorities[2];
	int n = payload_authorities(report, authorities);
	json_t *json = payload_begin(head), *blocks = json_array();
	json_object_set_new(json, "plan", json_string(conf->plan.id));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
	json_object_set_new(json, "list", list ? json_integer(list->number) : json_null());
	for (int i = 0; i < n; i++)
		json_array_append_new(blocks, block_json(&conf->plan, &authorities[i], list));
	json_object_set_new(json, "blocks", blocks);
	return payload_finish(json);
}
