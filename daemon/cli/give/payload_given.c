/* SPDX-License-Identifier: MIT */
#include "payload_given.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "payload_pieces.h"
#include "time_text.h"
#include "words.h"

#define DAY_HOURS 24
#define DIGITS 12

/* ---- values ---- */

static json_t *time_json(int64_t ms)
{
	char text[TIME_TEXT_SIZE];
	return json_string(time_text(ms, text));
}

static json_t *list_json(const char *text)
{
	json_t *list = json_array();
	for (;;) {
		size_t n = strcspn(text, ",");
		json_array_append_new(list, json_stringn(text, n));
		if (text[n] == '\0')
			return list;
		text += n + 1;
	}
}

/* A whole one stays whole. */
static json_t *number_json(const char *text)
{
	char *end;
	errno = 0;
	double value = strtod(text, &end);
	if (end == text || *end != '\0' || errno != 0 || !isfinite(value))
		return NULL;
	if (strspn(text, "0123456789") == strlen(text) && value < 1e15)
		return json_integer((json_int_t)value);
	return json_real(value);
}

static void tell_value(struct problems *problems, const char *key, const char *value,
		       const char *wanted)
{
	char option[GIVEN_OPTION_MAX];
	problems_add(problems, given_option(key, option), 0, 0, "%.60s %s", value, wanted);
}

static json_t *value_json(const struct given_field *field, const char *value, int64_t now_ms,
			  struct problems *problems)
{
	int64_t ms;
	json_t *json;
	switch (field->type) {
	case GIVEN_FLAG:
		return json_true();
	case GIVEN_IDS:
	case GIVEN_POLLUTANTS:
		return list_json(value);
	case GIVEN_TIME:
		if (given_time(value, now_ms, &ms))
			return time_json(ms);
		tell_value(problems, field->key, value,
			   tr("is no time: now, 09:00 of today, \"2026-01-31 09:00\" or with an "
			      "offset, such as 2026-01-31T09:00:00+08:00"));
		return NULL;
	case GIVEN_NUMBER:
		json = number_json(value);
		if (!json)
			tell_value(problems, field->key, value, tr("is no number"));
		return json;
	case GIVEN_TEXT:
	case GIVEN_LEVEL:
		break;
	}
	json = json_string(value);
	if (!json)
		tell_value(problems, field->key, value, tr("is no text in UTF-8"));
	return json;
}

/* ---- forecasts ---- */

static json_t *hour_step_json(const struct forecast *forecast, const struct forecast_step *step)
{
	json_t *json = json_object();
	json_object_set_new(json, "hour", time_json(step->hour * HOUR_MS));
	if (forecast->form == FORECAST_HOURLY_AQI)
		json_object_set_new(json, "aqi", json_integer(step->aqi_max));
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		char key[32];
		if (forecast->form != FORECAST_CONCENTRATIONS || !(step->values.valid & (1u << p)))
			continue;
		snprintf(key, sizeof(key), "%s_%s", pollutant_info((enum pollutant)p)->key,
			 p == POLLUTANT_CO ? "mg_m3" : "ug_m3");
		json_object_set_new(json, key, json_real(step->values.milli[p] / 1000.0));
	}
	return json;
}

static json_t *day_step_json(const struct forecast_step *step)
{
	char date[TIME_TEXT_SIZE];
	time_text((step->hour - DAY_HOURS) * HOUR_MS, date);
	json_t *json = json_pack("{s:s%, s:i, s:i}", "date", date, (size_t)10, "aqi_min",
				 step->aqi_min, "aqi_max", step->aqi_max);
	if (step->short_heavy)
		json_object_set_new(json, "short_heavy", json_true());
	return json;
}

static void add_steps(json_t *json, const struct forecast *forecast)
{
	bool days = forecast->form == FORECAST_DAILY_AQI;
	json_t *list = json_array();
	for (int i = 0; i < forecast->n; i++)
		json_array_append_new(list, days ? day_step_json(&forecast->steps[i])
						 : hour_step_json(forecast, &forecast->steps[i]));
	json_object_set_new(json, days ? "days" : "hours", list);
}

/* ---- the whole ---- */

static void add_head(json_t *json, const struct given *given, const struct given_head *head,
		     struct problems *problems)
{
	static const struct given_field issuer = {"issuer", NULL, GIVEN_TEXT, GIVEN_NEEDED},
					time = {"time", NULL, GIVEN_TIME, GIVEN_NEEDED};
	const char *who = given_issuer(given);
	json_object_set_new(json, "id", json_string(given->id));
	if (who)
		json_object_set_new(json, "issuer",
				    value_json(&issuer, who, head->now_ms, problems));
	json_object_set_new(
		json, "time",
		value_json(&time, given->time ? given->time : "now", head->now_ms, problems));
	json_object_set_new(json, "target", json_string(head->target));
	if (head->counter == 0)
		return;
	json_object_set_new(json, "counter", json_integer(head->counter));
	json_object_set_new(json, "not_after", time_json(head->not_after_ms));
}

char *payload_given(const struct given *given, const struct given_head *head,
		    struct problems *problems)
{
	int before = problems->n;
	json_t *json = json_object();
	add_head(json, given, head, problems);
	for (int i = 0; given->kind->fields[i].key; i++) {
		const struct given_field *field = &given->kind->fields[i];
		if (given->values[i])
			json_object_set_new(
				json, field->key,
				value_json(field, given->values[i], head->now_ms, problems));
	}
	if (given->forecast)
		add_steps(json, given->forecast);
	char *text = problems->n == before
			     ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS))
			     : NULL;
	json_decref(json);
	return text;
}

static char *dump_line(json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return line;
}

char *payload_give_request(const char *kind, const char *payload, const char *login)
{
	json_t *json = json_pack("{s:s, s:s, s:s}", "request", "command", "kind", kind, "payload",
				 payload);
	if (login)
		json_object_set_new(json, "login", json_string(login));
	return dump_line(json);
}

char *payload_ask_request(const char *kind, const char *id)
{
	return dump_line(json_pack("{s:s, s:s, s:s}", "request", "reply", "kind", kind, "id", id));
}

/* ---- the answer ---- */

static void read_entry(const json_t *json, const char *from, struct given_entry *ret)
{
	*ret = (struct given_entry){.number = 0};
	if (!json_is_object(json))
		return;
	piece_copy(json, "level", ret->level, sizeof(ret->level));
	ret->number = json_integer_value(json_object_get(json, "number"));
	ret->from_ms = piece_time(json, from);
}

static void join_words(const json_t *list, char ret[GIVEN_WORDS_MAX])
{
	size_t i, used = 0;
	const json_t *word;
	ret[0] = '\0';
	json_array_foreach(list, i, word)
	{
		if (used < GIVEN_WORDS_MAX)
			used += (size_t)snprintf(
				ret + used, GIVEN_WORDS_MAX - used, "%s%s", i > 0 ? " " : "",
				json_is_string(word) ? json_string_value(word) : "-");
	}
}

static void read_judged(const json_t *json, struct given_reply *ret)
{
	const json_t *pending = json_object_get(json, "pending"), *entry;
	size_t i;
	ret->judged = json_is_array(pending);
	ret->number = json_integer_value(json_object_get(json, "number"));
	read_entry(json_object_get(json, "in_force_before"), "effective", &ret->before);
	read_entry(json_object_get(json, "in_force_after"), "effective", &ret->after);
	json_array_foreach(pending, i, entry)
	{
		if (ret->n_pending < TIMETABLE_PENDING_MAX)
			read_entry(entry, "start", &ret->pending[ret->n_pending++]);
	}
	join_words(json_object_get(json, "taken_out"), ret->taken_out);
	join_words(json_object_get(json, "kept"), ret->kept);
	join_words(json_object_get(json, "too_late"), ret->too_late);
	piece_copy(json, "passed_over_by", ret->passed_over_by, sizeof(ret->passed_over_by));
	piece_copy(json, "document_was", ret->document_was, sizeof(ret->document_was));
	ret->no_effect = piece_flag(json, "no_effect");
}

bool payload_read_reply(const char *text, struct given_reply *ret)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	const json_t *slip = json_object_get(json, "release");
	*ret = (struct given_reply){.judged = false};
	piece_copy(json, "outcome", ret->outcome, sizeof(ret->outcome));
	piece_copy(json, "why", ret->why, sizeof(ret->why));
	read_judged(json, ret);
	ret->is_volatile = piece_flag(json, "volatile");
	piece_copy(slip, "found", ret->slip_found, sizeof(ret->slip_found));
	ret->in_vain = ret->slip_found[0] && strcmp(ret->slip_found, "good") != 0;
	ret->post_differs = piece_flag(slip, "post_differs");
	json_decref(json);
	return ret->outcome[0] != '\0';
}
