/* SPDX-License-Identifier: MIT */
/* Why the advice stays or went down, on whose forecast it rests, and what else may come. */
#include <stdio.h>

#include "payload_json.h"

/* By rising rank, which a receiver orders by. */
static json_t *levels_json(const struct plan *plan, uint32_t levels)
{
	json_t *list = json_array();
	for (int l = 1; l <= plan->n_levels; l++) {
		if (levels & 1u << l)
			json_array_append_new(list, json_string(level_name(plan, l)));
	}
	return list;
}

static json_t *pollutants_json(pollutant_set set)
{
	json_t *list = json_array();
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (set & 1u << p)
			json_array_append_new(list,
					      json_string(pollutant_info((enum pollutant)p)->key));
	}
	return list;
}

static json_t *issue_json(const struct forecast_issue *issue)
{
	if (issue->issued_ms == 0)
		return json_null();
	return json_pack("{s:s, s:o}", "source", issue->source, "issued",
			 payload_time(issue->issued_ms));
}

void payload_add_held(json_t *json, const struct conf *conf, const struct advice_report *report)
{
	const struct advice *advice = report->advice;
	json_object_set_new(json, "state",
			    json_string(report->computing ? "computing" : "current"));
	json_object_set_new(json, "hold_reason",
			    payload_text(event_reason_name(advice->hold_reason)));
	json_object_set_new(json, "undecided", levels_json(&conf->plan, advice->undecided));
	json_object_set_new(json, "wants_data_of",
			    pollutants_json(report_wanted(conf, advice->undecided,
							  report->verdict->waits_for_forecast)));
	json_object_set_new(json, "possible_source", payload_text(report->possible_source));
	json_object_set_new(json, "without_dust",
			    report->without_dust == LEVEL_UNKNOWN
				    ? json_null()
				    : json_string(level_name(&conf->plan, report->without_dust)));
	payload_add_rank_of(json, &conf->plan, "without_dust", report->without_dust);
}

static void add_dust(json_t *json, const struct event *event)
{
	json_object_set_new(json, "from", payload_hour(event->dust_from));
	json_object_set_new(json, "to", payload_hour(event->dust_to));
	json_object_set_new(json, "cleared", json_boolean(event->dust_cleared));
	json_object_set_new(json, "source", payload_text(event->dust_source));
}

/* A sum as people read it in a text. */
static json_t *rules_name_json(const char *plan, const char *edition, uint32_t sum)
{
	char text[16];
	snprintf(text, sizeof(text), "%08x", sum);
	return json_pack("{s:s, s:s, s:s}", "plan", plan, "edition", edition, "checksum", text);
}

static json_t *rules_json(const struct rules_change *rules)
{
	return json_pack(
		"{s:o, s:o}", "from",
		rules_name_json(rules->plan_before, rules->edition_before, rules->sum_before), "to",
		rules_name_json(rules->plan, rules->edition, rules->sum));
}

static void add_undecided(json_t *json, const struct conf *conf, const struct event *event)
{
	json_object_set_new(json, "undecided", levels_json(&conf->plan, event->undecided));
	json_object_set_new(json, "wants_forecast", json_boolean(event->waits_for_forecast));
	json_object_set_new(
		json, "wants_data_of",
		pollutants_json(report_wanted(conf, event->undecided, event->waits_for_forecast)));
}

void payload_add_reason(json_t *json, const struct conf *conf, const struct event *event)
{
	bool falls = event->kind == EVENT_LIFT || event->kind == EVENT_DOWNGRADE;
	if (event->about != ABOUT_ADVICE)
		return;
	if (event->reason != REASON_NONE)
		json_object_set_new(json, "reason", json_string(event_reason_name(event->reason)));
	if (falls || event->kind == EVENT_ISSUE || event->kind == EVENT_UPGRADE ||
	    event->kind == EVENT_AMENDED)
		json_object_set_new(json, "forecast", issue_json(&event->issue));
	if (falls)
		json_object_set_new(json, "observed_h", json_integer(event->behind_h));
	if (event->kind == EVENT_HOLD && event->reason != REASON_OVER_RANGE)
		add_undecided(json, conf, event);
	if (event->kind == EVENT_DUST)
		add_dust(json, event);
	if (event->rules)
		json_object_set_new(json, "rules", rules_json(event->rules));
}
