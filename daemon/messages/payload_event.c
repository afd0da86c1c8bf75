/* SPDX-License-Identifier: MIT */
/* The message of one transition, at the moment it happens: warning/event. */
#include "payload_json.h"
#include "text.h"

static void add_change(json_t *json, const struct plan *plan, const struct event *event)
{
	json_object_set_new(json, "number", json_integer(event->number));
	json_object_set_new(json, "follows",
			    event->number > 1 ? json_integer(event->number - 1) : json_null());
	json_object_set_new(json, "event", json_string(event_name(event->kind)));
	json_object_set_new(json, "about", json_string(event_about_name(event->about)));
	json_object_set_new(json, "level", payload_level(plan, event->level));
	payload_add_rank(json, plan, event->level);
	json_object_set_new(json, "level_before", payload_level(plan, event->previous));
	json_object_set_new(json, "rank_before", json_integer(event->previous));
	json_object_set_new(json, "hour", payload_hour(event->hour));
	json_object_set_new(json, "onset", payload_time_or_null(event->onset_ms));
}

/* What the hours as they are now would have advised; null where that is what was advised. */
static void add_correction(json_t *json, const struct plan *plan, const struct event *event)
{
	json_object_set_new(json, "would_advise", payload_level(plan, event->revised));
	payload_add_rank_of(json, plan, "would_advise", event->revised);
	json_object_set_new(json, "differs_from", payload_hour(event->revised_from));
}

/* No condition is claimed for a directive: it has a reason, and no basis. */
static void add_told(json_t *json, const struct plan *plan, const struct told *told,
		     const struct advice_report *report)
{
	const struct word_details *details = report_details(report, told->entry.number);
	json_object_set_new(json, "episode",
			    told->episode != 0 ? json_integer(told->episode) : json_null());
	json_object_set_new(json, "reason", json_string(told_reason_name(told->reason)));
	json_object_set_new(json, "by", told->by != 0 ? json_integer(told->by) : json_null());
	json_object_set_new(json, "directive", payload_begun(plan, &told->entry, details));
}

static void add_advised(json_t *json, const struct conf *conf, const struct event *event,
			const struct advice_report *report)
{
	const struct plan *plan = &conf->plan;
	json_object_set_new(json, "episode", payload_hour(event->episode));
	json_object_set_new(json, "basis", json_string(basis_name(event->basis)));
	payload_add_reason(json, conf, event);
	payload_add_over_range(json, plan, event);
	if (event->kind == EVENT_CORRECTION)
		add_correction(json, plan, event);
	if (event->kind == EVENT_ISSUE || event->kind == EVENT_UPGRADE ||
	    event->kind == EVENT_AMENDED)
		json_object_set_new(
			json, "evidence",
			payload_evidence(plan, event->level, &report->advice->evidence));
}

char *payload_event(const struct payload_head *head, const struct event *event,
		    const struct advice_report *report)
{
	const struct conf *conf = head->conf;
	char zh[TEXT_MAX], en[TEXT_MAX];
	json_t *json = payload_begin(head);
	if (event->time_ms != 0)
		json_object_set_new(json, "time", payload_time(event->time_ms));
	json_object_set_new(json, "plan", json_string(conf->plan.id));
	json_object_set_new(json, "edition", json_string(conf->edition.id));
	json_object_set_new(json, "list",
			    report->list ? json_integer(report->list->number) : json_null());
	add_change(json, &conf->plan, event);
	if (event->told)
		add_told(json, &conf->plan, event->told, report);
	else
		add_advised(json, conf, event, report);
	text_event(conf, event, report, TEXT_ZH, zh);
	text_event(conf, event, report, TEXT_EN, en);
	json_object_set_new(json, "text_zh", json_string(zh));
	json_object_set_new(json, "text_en", json_string(en));
	return payload_finish(json);
}
