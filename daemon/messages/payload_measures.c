/* SPDX-License-Identifier: MIT */
/* The plan's measures at a level, one by one and as the list of each unit. */
#include "payload_json.h"

#define NOBODY_ZH "未指定"
#define NOBODY_EN "not named"

json_t *payload_unit_ids(const struct plan *plan, uint32_t units)
{
	json_t *list = json_array();
	for (int u = 0; u < plan->n_units; u++) {
		if (units & (1u << u))
			json_array_append_new(list, json_string(plan->units[u].id));
	}
	return list;
}

static void add_words(json_t *json, const char *key, const struct plan_words *words)
{
	if (words->n == 0)
		return;
	json_t *list = json_array();
	for (int i = 0; i < words->n; i++)
		json_array_append_new(list, json_string(words->words[i]));
	json_object_set_new(json, key, list);
}

/* Their words stand in zh and en. */
static void add_exempt(json_t *json, const struct plan *plan, uint32_t except)
{
	json_t *list = json_array();
	for (int i = 0; i < plan->n_exemptions; i++) {
		if (except & (1u << i))
			json_array_append_new(list, json_string(plan->exemptions[i].id));
	}
	if (except != 0)
		json_object_set(json, "except", list);
	json_decref(list);
}

static void add_numbers(json_t *json, const int32_t numbers[PLAN_NUMBER_COUNT])
{
	json_t *object = json_object();
	for (int i = 0; i < PLAN_NUMBER_COUNT; i++) {
		if (numbers[i] != NUMBER_UNSAID)
			json_object_set_new(object, plan_number_name((enum plan_number)i),
					    json_integer(numbers[i]));
	}
	if (json_object_size(object) > 0)
		json_object_set(json, "num", object);
	json_decref(object);
}

static json_t *measure_json(const struct plan *plan, const struct plan_measure *measure)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*, s:o, s:s*}", "id", measure->id,
				 "zh", measure->zh, "en", measure->en, "group", measure->group,
				 "sub", measure->sub, "clause", measure->clause, "units",
				 payload_unit_ids(plan, measure->units), "unit_source",
				 measure->unit_source);
	add_numbers(json, measure->numbers);
	add_words(json, "who", &measure->who);
	add_words(json, "where", &measure->where);
	add_exempt(json, plan, measure->except);
	if (measure->may)
		json_object_set_new(json, "may", json_true());
	if (measure->carried_silently)
		json_object_set_new(json, "carried_silently", json_true());
	return json;
}

/* The ids of the measures of one unit, or (bit 0) of those for which nobody is named. */
static json_t *of_unit(const struct plan *plan, uint32_t unit, const int *indices, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		const struct plan_measure *measure = &plan->measures[indices[i]];
		if (unit == 0 ? measure->units == 0 : (measure->units & unit) != 0)
			json_array_append_new(list, json_string(measure->id));
	}
	return list;
}

static void add_unit(json_t *list, json_t *measures, const char *id, const char *zh, const char *en)
{
	if (json_array_size(measures) > 0)
		json_array_append_new(list,
				      json_pack("{s:o, s:s, s:s, s:O}", "unit", payload_text(id),
						"zh", zh, "en", en, "measures", measures));
	json_decref(measures);
}

static json_t *by_unit(const struct plan *plan, const int *indices, int n)
{
	json_t *list = json_array();
	for (int u = 0; u < plan->n_units; u++)
		add_unit(list, of_unit(plan, 1u << u, indices, n), plan->units[u].id,
			 plan->units[u].zh, plan->units[u].en);
	add_unit(list, of_unit(plan, 0, indices, n), NULL, NOBODY_ZH, NOBODY_EN);
	return list;
}

json_t *payload_measures(const struct plan *plan, const struct payload_authority *authority)
{
	int indices[PLAN_MEASURES_MAX];
	int n = plan_measures_at(plan, authority->level, indices);
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, measure_json(plan, &plan->measures[indices[i]]));
	json_t *json =
		json_pack("{s:s, s:b, s:s, s:o, s:o}", "authority", authority->name, "binding",
			  authority->binding, "level", level_name(plan, authority->level), "list",
			  list, "by_unit", by_unit(plan, indices, n));
	payload_add_rank(json, plan, authority->level);
	return json;
}
