/* SPDX-License-Identifier: MIT */
/* The messages about the advice: warning, warning/event. */
#include "payload_json.h"
#include "text.h"

static json_t *parts_json(const struct plan_condition *condition,
			  const struct part_progress progress[PLAN_PARTS_MAX])
{
	json_t *parts = json_array();
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		json_array_append_new(
			parts,
			json_pack("{s:s, s:i, s:i, s:i, s:i}", "index",
				  part->index == PLAN_INDEX_DAILY_AQI ? "daily_aqi" : "hourly_aqi",
				  part->at_least ? "at_least" : "above", part->threshold, "for_h",
				  part->for_h, "hours", progress[p].hours, "missing_h",
				  progress[p].hours < part->for_h ? part->for_h - progress[p].hours
								  : 0));
	}
	return parts;
}

static json_t *evidence_json(const struct plan_level *level, const struct evidence *evidence)
{
	const struct plan_condition *condition = &level->any[evidence->condition];
	return json_pack(
		"{s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:o}", "clause",
		payload_text(condition->clause), "basis", basis_name(evidence->basis), "met_at",
		payload_hour(evidence->met_at), "onset", payload_hour(evidence->onset), "run_first",
		payload_hour(evidence->run_first), "run_last", payload_hour(evidence->run_last),
		"run_hours", evidence->run_hours, "run_max_aqi", evidence->run_max, "parts",
		parts_json(condition, evidence->parts));
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
static json_t *conditions_json(const struct plan_level *level, const struct level_verdict *verdict)
{
	json_t *list = json_array();
	for (int i = 0; i < level->n_any; i++) {
		const struct condition_verdict *condition = &verdict->conditions[i];
		json_array_append_new(
			list, json_pack("{s:s*, s:s, s:o, s:o}", "clause", level->any[i].clause,
					"met", truth_name(condition->met), "in_h_if_this_goes_on",
					condition->in_h == NOT_SO ? json_null()
								  : json_integer(condition->in_h),
					"parts", parts_json(&level->any[i], condition->parts)));
	}
	return list;
}

/* How near each level is: "orange in 11 h if this goes on". */
static json_t *outlook_json(const struct plan *plan, const struct verdict *verdict)
{
	json_t *json = json_object();
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		const struct level_verdict *level = &verdict->levels[l];
		json_object_set_new(json, level_name((enum level)l),
				    json_pack("{s:s, s:s, s:o}", "met", truth_name(level->met),
					      "called_for", truth_name(level->called), "conditions",
					      conditions_json(&plan->levels[l], level)));
	}
	return json;
}

static json_t *level_json(enum level level)
{
	return json_string(level_name(level));
}

static json_t *advice_json(const struct conf *conf, const struct advice_report *report)
{
	const struct advice *advice = report->advice;
	enum level level = advice_level(advice);
	const struct plan_level *plan_level = &conf->plan.levels[level];
	json_t *json = json_pack(
		"{s:o, s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "level", level_json(level), "basis",
		basis_name(level != LEVEL_NONE ? advice->evidence.basis : report->verdict->basis),
		"held_for_want_of_data", advice->holding, "dust", report->verdict->dust, "episode",
		payload_hour(advice->episode), "possible_level", level_json(report->possible),
		"forecast",
		payload_forecast(report->forecast, report->now_ms, conf->plan.forecast_max_age_h),
		"outlook", outlook_json(&conf->plan, report->verdict));
	if (json && level != LEVEL_NONE) {
		json_object_set_new(json, "response", json_string(plan_level->response));
		json_object_set_new(json, "name",
				    payload_both(plan_level->name_zh, plan_level->name_en));
		json_object_set_new(json, "since", payload_hour(advice->since));
		json_object_set_new(json, "onset", payload_hour(advice->evidence.onset));
		json_object_set_new(json, "evidence", evidence_json(plan_level, &advice->evidence));
	}
	return json;
}

int payload_authorities(const struct advice_report *report, struct payload_authority ret[2])
{
	int n = 0;
	if (report->in_force)
		ret[n++] = (struct payload_authority){"directive", true, report->in_force->level};
	ret[n++] = (struct payload_authority){"advice", false, advice_level(report->advice)};
	return n;
}

static json_t *measures_json(const struct plan *plan, const struct advice_report *report)
{
	struct payload_authority authorities[2];
	int n = payload_authorities(report, authorities);
	json_t *blocks = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(blocks, payload_measures(plan, &authorities[i]));
	return blocks;
}

static void add_rules(json_t *json, const struct conf *conf)
{
	json_object_set_new(json, "plan", json_string(conf->plan.id));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
}

char *payload_warning(const struct payload_head *head, const struct advice_report *report)
{
	const struct conf *conf = head->conf;
	enum level level = advice_level(report->advice);
	const struct plan_level *plan_level = &conf->plan.levels[level];
	char zh[TEXT_MAX], en[TEXT_MAX];
	json_t *json = payload_begin(head);
	add_rules(json, conf);
	json_object_set_new(json, "scope", json_string("station"));
	json_object_set_new(json, "in_force", payload_in_force(report->in_force, report->now_ms));
	json_object_set_new(json, "directive", payload_directive(report->directive));
	json_object_set_new(json, "release", payload_release(report->release));
	json_object_set_new(json, "advice", advice_json(conf, report));
	json_object_set_new(json, "summary_due", payload_summary(conf, report));
	json_object_set_new(json, "approver_required",
			    level != LEVEL_NONE && plan_level->approver_zh
				    ? payload_both(plan_level->approver_zh, plan_level->approver_en)
				    : json_null());
	json_object_set_new(json, "measures", measures_json(&conf->plan, report));
	text_advice(conf, report, TEXT_ZH, zh);
	text_advice(conf, report, TEXT_EN, en);
	json_object_set_new(json, "text_zh", json_string(zh));
	json_object_set_new(json, "text_en", json_string(en));
	return payload_finish(json);
}

/* What the hours as they are now would have advised; null where that is what was advised. */
static void add_correction(json_t *json, const struct event *event)
{
	json_object_set_new(json, "would_advise", level_json(event->revised));
	json_object_set_new(json, "differs_from", payload_hour(event->revised_from));
}

char *payload_event(const struct payload_head *head, const struct event *event,
		    const struct advice_report *report)
{
	char zh[TEXT_MAX], en[TEXT_MAX];
	json_t *json = payload_begin(head);
	add_rules(json, head->conf);
	json_object_set_new(json, "number", json_integer(event->number));
	json_object_set_new(json, "follows",
			    event->number > 1 ? json_integer(event->number - 1) : json_null());
	json_object_set_new(json, "event", json_string(event_name(event->kind)));
	json_object_set_new(json, "about", json_string(event_about_name(event->about)));
	json_object_set_new(json, "level", level_json(event->level));
	json_object_set_new(json, "level_before", level_json(event->previous));
	json_object_set_new(json, "hour", payload_hour(event->hour));
	json_object_set_new(json, "onset", payload_hour(event->onset));
	json_object_set_new(json, "episode", payload_hour(event->episode));
	json_object_set_new(json, "basis", json_string(basis_name(event->basis)));
	if (event->kind == EVENT_HOLD)
		json_object_set_new(json, "reason", json_string("insufficient_data"));
	if (event->about == ABOUT_DIRECTIVE)
		json_object_set_new(json, "directive", payload_directive(report->directive));
	else if (event->kind == EVENT_CORRECTION)
		add_correction(json, event);
	else if (event->kind == EVENT_ISSUE || event->kind == EVENT_UPGRADE)
		json_object_set_new(json, "evidence",
				    evidence_json(&head->conf->plan.levels[event->level],
						  &report->advice->evidence));
	text_event(head->conf, event, report, TEXT_ZH, zh);
	text_event(head->conf, event, report, TEXT_EN, en);
	json_object_set_new(json, "text_zh", json_string(zh));
	json_object_set_new(json, "text_en", json_string(en));
	return payload_finish(json);
}
