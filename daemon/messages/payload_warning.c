/* SPDX-License-Identifier: MIT */
/* The message of what stands: warning. */
#include "payload_json.h"
#include "text.h"

static json_t *parts_json(const struct plan *plan, const struct plan_condition *condition,
			  const struct part_progress progress[PLAN_PARTS_MAX])
{
	json_t *parts = json_array();
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		bool lacks = progress[p].hours < part->for_h && !progress[p].said;
		json_array_append_new(parts, json_pack("{s:s, s:i, s:i, s:i, s:i, s:b}", "index",
						       plan_index_name(plan, part->index),
						       part->at_least ? "at_least" : "above",
						       part->threshold, "for_h", part->for_h,
						       "hours", progress[p].hours, "missing_h",
						       lacks ? part->for_h - progress[p].hours : 0,
						       "said", progress[p].said));
	}
	return parts;
}

json_t *payload_evidence(const struct plan *plan, int level, const struct evidence *evidence)
{
	const struct plan_condition *condition = &plan->levels[level].any[evidence->condition];
	return json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:o}", "clause",
		payload_text(condition->clause), "basis", basis_name(evidence->basis), "met_at",
		payload_hour(evidence->met_at), "onset", payload_hour(evidence->onset), "run_first",
		payload_hour(evidence->run_first), "run_last", payload_hour(evidence->run_last),
		"run_hours", evidence->run_hours, "run_max_aqi", evidence->run_max, "parts",
		parts_json(plan, condition, evidence->parts));
}

static const char *truth_name(enum truth truth)
{
	switch (truth) {
	case TRUTH_FALSE:
		return "no";
	case TRUTH_UNKNOWN:
		return "unknown";
	case TRUTH_TRUE:
		return "yes";
	}
	return "unknown";
}

/* Which alternative of a level holds, fails or is unknown, and by how many hours. */
static json_t *conditions_json(const struct plan *plan, int rank,
			       const struct level_verdict *verdict)
{
	const struct plan_level *level = &plan->levels[rank];
	json_t *list = json_array();
	for (int i = 0; i < level->n_any; i++) {
		const struct condition_verdict *condition = &verdict->conditions[i];
		json_array_append_new(
			list,
			json_pack("{s:s*, s:s, s:o, s:o}", "clause", level->any[i].clause, "met",
				  truth_name(condition->met), "in_h_if_this_goes_on",
				  condition->in_h == NOT_SO ? json_null()
							    : json_integer(condition->in_h),
				  "parts", parts_json(plan, &level->any[i], condition->parts)));
	}
	return list;
}

/* How near each level is: "orange in 11 h if this goes on". */
static json_t *outlook_json(const struct plan *plan, const struct advice_report *report)
{
	const struct verdict *verdict = report->verdict;
	json_t *json = json_object();
	for (int l = 1; l <= plan->n_levels; l++) {
		const struct level_verdict *level = &verdict->levels[l];
		json_t *near = json_pack("{s:s, s:s, s:o}", "met", truth_name(level->met),
					 "called_for", truth_name(level->called), "conditions",
					 conditions_json(plan, l, level));
		payload_add_rank(near, plan, l);
		json_object_set_new(near, "ends_in_h",
				    l <= advice_level(report->advice)
					    ? json_integer(report->release_in_h[l])
					    : json_null());
		json_object_set_new(json, level_name(plan, l), near);
	}
	return json;
}

json_t *payload_level(const struct plan *plan, int level)
{
	return json_string(level_name(plan, level));
}

static json_t *advice_json(const struct conf *conf, const struct advice_report *report)
{
	const struct advice *advice = report->advice;
	int level = advice_level(advice);
	const struct plan_level *plan_level = &conf->plan.levels[level];
	json_t *json = json_pack(
		"{s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "level",
		payload_level(&conf->plan, level), "basis",
		basis_name(level != LEVEL_NONE ? advice->evidence.basis : report->verdict->basis),
		"held_for_want_of_data", advice->hold_reason == REASON_INSUFFICIENT_DATA, "dust",
		report->verdict->dust, "episode", payload_hour(advice->episode), "possible_level",
		payload_level(&conf->plan, report->possible), "forecast",
		payload_forecast(report->forecast, report->now_ms, conf->plan.forecast_max_age_h),
		"outlook", outlook_json(&conf->plan, report));
	payload_add_rank(json, &conf->plan, level);
	payload_add_rank_of(json, &conf->plan, "possible", report->possible);
	payload_add_held(json, conf, report);
	json_object_set_new(json, "over_range", payload_over_ranges(conf, report->over_range));
	if (json && level != LEVEL_NONE) {
		json_object_set_new(json, "name",
				    payload_both(plan_level->name_zh, plan_level->name_en));
		json_object_set_new(json, "since", payload_hour(advice->since));
		json_object_set_new(json, "onset", payload_hour(advice->evidence.onset));
		json_object_set_new(json, "evidence",
				    payload_evidence(&conf->plan, level, &advice->evidence));
	}
	return json;
}

int payload_authorities(const struct conf *conf, const struct advice_report *report,
			struct payload_authority ret[2])
{
	const struct binding_report binding = report_binding(conf, report);
	int n = 0;
	if (binding.level != LEVEL_NONE || report_in_force(report))
		ret[n++] = (struct payload_authority){"directive", true, binding.level};
	ret[n++] = (struct payload_authority){"advice", false, advice_level(report->advice)};
	return n;
}

static json_t *measures_json(const struct conf *conf, const struct advice_report *report)
{
	struct payload_authority authorities[2];
	int n = payload_authorities(conf, report, authorities);
	json_t *blocks = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(blocks, payload_measures(&conf->plan, &authorities[i]));
	return blocks;
}

/* Null without a level, and where the plan does not say it. */
static json_t *approver_json(const struct plan *plan, int level)
{
	const struct plan_level *l = &plan->levels[level];
	return level != LEVEL_NONE && l->approver_zh ? payload_both(l->approver_zh, l->approver_en)
						     : json_null();
}

static json_t *approvers_json(const struct plan *plan, const struct advice_report *report)
{
	const struct timetable_entry *entry = report_in_force(report);
	return json_pack("{s:o, s:o}", "directive",
			 approver_json(plan, entry ? entry->level : LEVEL_NONE), "advice",
			 approver_json(plan, advice_level(report->advice)));
}

static json_t *dust_json(const struct dust_report *dust)
{
	if (!dust)
		return json_null();
	return json_pack("{s:o, s:o, s:s}", "from", payload_hour(dust->from), "to",
			 payload_hour(dust->to), "source", dust->source);
}

/* All of them, and the date of the newest. */
static void add_summaries(json_t *json, const struct summaries *summaries)
{
	json_t *list = summaries ? payload_summaries(summaries) : json_array();
	json_t *due = json_null(), *newest = json_array_get(list, json_array_size(list) - 1);
	if (newest)
		due = json_pack("{s:O, s:O, s:O}", "date", json_object_get(newest, "date"),
				"certain", json_object_get(newest, "certain"), "working_days",
				json_object_get(newest, "working_days"));
	json_object_set_new(json, "summaries", list);
	json_object_set_new(json, "summary_due", due);
}

static void add_texts(json_t *json, const struct conf *conf, const struct advice_report *report)
{
	char zh[TEXT_MAX], en[TEXT_MAX];
	text_advice(conf, report, TEXT_ZH, zh);
	text_advice(conf, report, TEXT_EN, en);
	json_object_set_new(json, "text_zh", json_string(zh));
	json_object_set_new(json, "text_en", json_string(en));
}

char *payload_warning(const struct payload_head *head, const struct advice_report *report)
{
	const struct conf *conf = head->conf;
	int level = advice_level(report->advice);
	json_t *json = payload_begin(head);
	json_object_set_new(json, "plan", json_string(conf->plan.id));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
	json_object_set_new(json, "scope", json_string(payload_scope(conf)));
	if (conf->district.id)
		json_object_set_new(json, "district", payload_link(conf, &report->link));
	json_object_set_new(json, "in_force", payload_in_force(&conf->plan, report));
	json_object_set_new(json, "directive", payload_newest(&conf->plan, report));
	json_object_set_new(json, "pending", payload_pending(&conf->plan, report));
	json_object_set_new(json, "refused", payload_refused(report));
	json_object_set_new(json, "refused_more",
			    json_integer(report->timetable ? report->timetable->refused_more : 0));
	json_object_set_new(json, "too_late", payload_too_late(report->answer));
	json_object_set_new(json, "binding", payload_binding(conf, report));
	json_object_set_new(json, "release", payload_release(&conf->plan, report->release));
	json_object_set_new(json, "advice", advice_json(conf, report));
	if (report->chance)
		json_object_set_new(json, "outlook_24h", payload_chance(conf, report->chance));
	json_object_set_new(json, "dust", dust_json(report->dust));
	add_summaries(json, report->summaries);
	json_object_set_new(json, "approver_required", approver_json(&conf->plan, level));
	json_object_set_new(json, "approvers", approvers_json(&conf->plan, report));
	json_object_set_new(json, "measures", measures_json(conf, report));
	add_texts(json, conf, report);
	return payload_finish(json);
}
