/* SPDX-License-Identifier: MIT */
/* What people and other systems told the station, as pieces of messages; and the reply. */
#include "clock.h"
#include "payload_json.h"

static json_t *time_or_null(int64_t wall_ms)
{
	return wall_ms == 0 ? json_null() : payload_time(wall_ms);
}

static json_t *text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

json_t *payload_directive(const struct directive *directive)
{
	if (!directive)
		return json_null();
	return json_pack(
		"{s:I, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "number", (json_int_t)directive->number,
		"level", level_name(directive->level), "start", payload_time(directive->start_ms),
		"planned_end", time_or_null(directive->planned_end_ms), "area",
		text_or_null(directive->area), "reason", directive->regional ? "regional" : "local",
		"document", text_or_null(directive->document), "issuer",
		text_or_null(directive->issuer));
}

json_t *payload_in_force(const struct directive *directive, int64_t now_ms)
{
	json_t *json = payload_directive(directive);
	if (directive)
		json_object_set_new(json, "overdue",
				    json_boolean(directive_overdue(directive, now_ms)));
	return json;
}

json_t *payload_summary(const struct conf *conf, const struct advice_report *report)
{
	const struct directive *lift = report->directive;
	char text[CLOCK_TEXT_SIZE];
	bool certain;
	if (!lift || lift->level != LEVEL_NONE || lift->start_ms > report->now_ms ||
	    conf->plan.summary_days == 0)
		return json_null();
	int32_t day = calendar_due(&conf->calendar, calendar_day(lift->start_ms),
				   conf->plan.summary_days, &certain);
	clock_text(calendar_begin_ms(day), text);
	text[10] = '\0'; /* the date alone */
	return json_pack("{s:s, s:b, s:i}", "date", text, "certain", certain, "working_days",
			 conf->plan.summary_days);
}

json_t *payload_release(const struct release *release)
{
	if (!release)
		return json_null();
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "number", release->number, "level",
		level_name(release->level), "start", time_or_null(release->start_ms), "reviewer",
		text_or_null(release->reviewer), "reviewed", time_or_null(release->reviewed_ms),
		"signer", text_or_null(release->signer), "post", text_or_null(release->post),
		"signed", time_or_null(release->signed_ms));
}

json_t *payload_forecast(const struct forecast *forecast, int64_t now_ms, int32_t max_age_h)
{
	static const char *const forms[] = {"concentrations", "hourly_aqi", "daily_aqi"};
	if (!forecast)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:I, s:b, s:o}", "source",
			 text_or_null(forecast->source), "issuer", text_or_null(forecast->issuer),
			 "kind", forecast_kind_name(forecast->kind), "form", forms[forecast->form],
			 "issued", payload_time(forecast->issued_ms), "age_h",
			 (json_int_t)((now_ms - forecast->issued_ms) / HOUR_MS), "usable",
			 !forecast_expired(forecast, max_age_h, now_ms), "until",
			 payload_hour(forecast->steps[forecast->n - 1].hour));
}

char *payload_reply(const struct payload_head *head, const struct command *command,
		    const struct command_answer *answer)
{
	json_t *json = payload_begin(head);
	json_object_set_new(json, "command", json_string(command->id));
	json_object_set_new(json, "kind", json_string(command_kind_name(command->kind)));
	json_object_set_new(json, "issuer", json_string(command->issuer));
	json_object_set_new(json, "outcome", json_string(command_outcome_name(answer->outcome)));
	json_object_set_new(json, "why", text_or_null(answer->why));
	return payload_finish(json);
}
