/* SPDX-License-Identifier: MIT */
#include "payload_list.h"

#include <stdlib.h>
#include <string.h>

#include "payload_json.h"
#include "text_order.h"

static json_t *grams_or_null(int64_t gpd)
{
	return gpd == CUT_UNSAID ? json_null() : json_integer(gpd);
}

/* Hundredths of a per cent as per cent. */
static json_t *per_cent(int32_t centi)
{
	return centi == CUT_UNSAID ? json_null() : json_real(centi / 100.0);
}

static json_t *level_target_json(const struct plan *plan, int level, int e,
				 const struct cuts_target *t)
{
	bool known = t->required_gpd != CUT_UNSAID;
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "level",
			 level_name(plan, level), "pollutant", emission_name((enum emission)e),
			 "min_cut_pct",
			 t->min_cut_pct == CUT_UNSAID ? json_null() : json_integer(t->min_cut_pct),
			 "whole_g_d", grams_or_null(t->whole_gpd), "list_g_d",
			 grams_or_null(t->base_gpd), "required_g_d", grams_or_null(t->required_gpd),
			 "planned_g_d", grams_or_null(t->planned_gpd), "ratio_pct",
			 per_cent(t->ratio_centi), "list_ratio_pct", per_cent(t->list_ratio_centi),
			 "shortfall_g_d", grams_or_null(t->shortfall_gpd), "met",
			 known ? json_boolean(t->met) : json_null());
}

/* Beside the target: what could be had, where it falls short. */
static json_t *audit_target_json(const struct plan *plan, int level, int e,
				 const struct audit_target *target)
{
	json_t *json = level_target_json(plan, level, e, &target->target);
	json_t *list = json_array();
	for (int i = 0; i < target->n; i++) {
		const struct audit_candidate *candidate = &target->candidates[i];
		const struct source *source = &candidate->row->source;
		json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:I}", "id", source->id,
						      "name", source->name, "line", source->line,
						      "left_g_d", (json_int_t)candidate->left_gpd));
	}
	json_object_set_new(json, "left_g_d",
			    target->target.shortfall_gpd > 0 ? json_integer(target->left_gpd)
							     : json_null());
	json_object_set_new(json, "candidates", list);
	return json;
}

static json_t *whole_json(const struct source_whole *whole)
{
	json_t *json = json_object();
	for (int e = 0; whole && e < EMISSION_COUNT; e++) {
		const struct source_whole *w = &whole[e];
		if (w->whole_gpd == CUT_UNSAID)
			continue;
		json_object_set_new(json, emission_name((enum emission)e),
				    json_pack("{s:o, s:o, s:o, s:s}", "whole_g_d",
					      grams_or_null(w->whole_gpd), "outside_g_d",
					      grams_or_null(w->outside_gpd), "year",
					      w->year == 0 ? json_null() : json_integer(w->year),
					      "source", w->source));
	}
	return json;
}

static json_t *texts_json(const struct problems *problems)
{
	json_t *list = json_array();
	for (int i = 0; i < problems->n && i < PROBLEMS_MAX; i++)
		json_array_append_new(list, json_string(problems->text[i]));
	return list;
}

/* null: a percentage that the plan names has no denominator, or the plan names none. */
static json_t *met_json(const struct audit *audit)
{
	bool known = audit->required;
	for (int level = 1; level <= audit->plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			const struct cuts_target *t = &audit->targets[level][e].target;
			known = known &&
				(t->min_cut_pct == CUT_UNSAID || t->required_gpd != CUT_UNSAID);
		}
	}
	return known ? json_boolean(audit->met && audit->list->n_wrong == 0) : json_null();
}

static json_t *quiet_json(const struct plan *plan, const struct audit_quiet *quiet)
{
	char zh[TEXT_ORDER_MAX], en[TEXT_ORDER_MAX];
	const struct source *source = &quiet->row->source;
	json_t *levels = json_array();
	for (int level = 1; level <= plan->n_levels; level++) {
		if (quiet->levels & (1u << level))
			json_array_append_new(levels, json_string(level_name(plan, level)));
	}
	text_order_why(plan, &quiet->source, quiet->why, TEXT_ZH, zh);
	text_order_why(plan, &quiet->source, quiet->why, TEXT_EN, en);
	return json_pack("{s:s, s:s, s:i, s:o, s:s, s:s}", "id", source->id, "name", source->name,
			 "line", source->line, "levels", levels, "why_zh", zh, "why_en", en);
}

/* Who gets no order: how many at each level, and the first of them. */
static json_t *no_measure_json(const struct audit *audit)
{
	json_t *counts = json_object(), *list = json_array();
	for (int level = 1; level <= audit->plan->n_levels; level++)
		json_object_set_new(counts, level_name(audit->plan, level),
				    json_integer(audit->quiet_at[level]));
	for (int i = 0; i < audit->n_quiet && i < AUDIT_QUIET_MAX; i++)
		json_array_append_new(list, quiet_json(audit->plan, &audit->quiet[i]));
	return json_pack("{s:i, s:o, s:o}", "sources", audit->n_quiet, "by_level", counts, "first",
			 list);
}

/* Each column, and what it was used as; null: it is kept as text. */
static json_t *columns_json(const struct list *list)
{
	char use[LIST_USE_SIZE];
	json_t *columns = json_array();
	for (int i = 0; i < list->header.n; i++) {
		const struct list_field *field = &list->header.fields[i];
		list_header_use(list->terms.plan, field, use);
		json_array_append_new(columns,
				      json_pack("{s:s, s:o}", "header", field->header, "used_as",
						use[0] ? json_string(use) : json_null()));
	}
	return columns;
}

char *payload_audit(const struct audit *audit, const struct problems *problems)
{
	const struct list *list = audit->list;
	json_t *targets = json_array();
	for (int level = 1; level <= audit->plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			json_array_append_new(targets,
					      audit_target_json(audit->plan, level, e,
								&audit->targets[level][e]));
	}
	return payload_finish(json_pack(
		"{s:s, s:s, s:s, s:o, s:i, s:i, s:s, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "file",
		list->path, "sha256", list->sha256, "encoding", list->encoding, "columns",
		columns_json(list), "sources", list->n, "sources_with_problems", list->n_wrong,
		"plan", audit->plan->id, "whole_society",
		whole_json(audit->whole ? audit->whole->whole : NULL), "met", met_json(audit),
		"targets", targets, "no_measure", no_measure_json(audit), "problems_found",
		problems->n, "problems", texts_json(problems), "notes", texts_json(&list->notes)));
}

char *payload_list(const struct source_list *list, const struct cuts_sums *sums,
		   const struct plan *plan)
{
	struct cuts_whole whole = sources_whole(list);
	json_t *targets = json_array();
	for (int level = 1; level <= plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			struct cuts_target target =
				cuts_target(sums, &whole, plan, level, (enum emission)e);
			json_array_append_new(targets, level_target_json(plan, level, e, &target));
		}
	}
	return payload_finish(json_pack(
		"{s:I, s:o, s:s, s:s, s:i, s:s, s:o, s:o}", "version", (json_int_t)list->number,
		"imported", payload_time(list->imported_ms), "file", list->file, "sha256",
		list->sha256, "sources", list->n_sources, "plan", plan->id, "whole_society",
		whole_json(list->whole), "targets", targets));
}

/* True if struct source has a member for the column. */
static bool has_place(const struct list *list, const struct list_field *field)
{
	switch ((int)field->column) {
	case LIST_KIND:
	case LIST_ID:
	case LIST_NAME:
	case LIST_CREDIT_CODE:
	case LIST_COUNTY:
	case LIST_TOWN:
	case LIST_INSPECTOR:
	case LIST_GRADE:
	case LIST_CONTROL:
	case LIST_PROCESS:
	case LIST_KEY_INDEX:
	case LIST_PARK:
	case LIST_MOVEMENTS:
	case LIST_NRMM:
	case LIST_MEASURES:
	case LIST_STOPPED:
	case LIST_PERSON:
	case LIST_PHONE:
		return true;
	case LIST_EXEMPT_AS:
		return list->terms.plan->n_exemptions > 0;
	default:
		return false;
	}
}

char *payload_other(const struct list *list, const struct list_row *row)
{
	json_t *json = json_object();
	const char *cell = row->cells;
	for (int i = 0; i < list->header.n; i++) {
		const struct list_field *field = &list->header.fields[i];
		const char *key = list_column_key(field->column);
		if (cell[0] != '\0' && !has_place(list, field))
			json_object_set_new(json, key ? key : field->header, json_string(cell));
		cell += strlen(cell) + 1;
	}
	return payload_finish(json);
}
