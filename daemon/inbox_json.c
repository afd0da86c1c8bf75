/* SPDX-License-Identifier: MIT */
#include "inbox_json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "inbox_table.h"

#define DAY_HOURS 24

/* ---- the text as a whole ---- */

/* jansson would follow thousands of levels; this looks at the bytes before it does. */
static bool too_deep(const char *json, size_t n)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < n; i++) {
		if (quoted && json[i] == '\\')
			i++;
		else if (json[i] == '"')
			quoted = !quoted;
		else if (!quoted && (json[i] == '{' || json[i] == '['))
			depth++;
		else if (!quoted && (json[i] == '}' || json[i] == ']'))
			depth--;
		if (depth > INBOX_DEPTH_MAX)
			return true;
	}
	return false;
}

static json_t *load(const char *json, size_t n, char why[COMMAND_TEXT_MAX])
{
	json_error_t error;
	if (n >= COMMAND_JSON_MAX) {
		snprintf(why, COMMAND_TEXT_MAX, "larger than 64 KiB");
		return NULL;
	}
	if (too_deep(json, n)) {
		snprintf(why, COMMAND_TEXT_MAX, "nested deeper than %d", INBOX_DEPTH_MAX);
		return NULL;
	}
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		snprintf(why, COMMAND_TEXT_MAX, "no JSON: line %d, column %d: %.80s", error.line,
			 error.column, error.text);
	return root;
}

/* ---- the kinds ---- */

static const struct inbox_key command_keys[] = {
	INBOX_TEXT("id", struct inbox_message, command.id, INBOX_ID, true),
	INBOX_TEXT("issuer", struct inbox_message, command.issuer, INBOX_TEXT_TYPE, true),
	INBOX_VALUE("time", struct inbox_message, command.time_ms, INBOX_TIME, true),
	INBOX_TEXT("target", struct inbox_message, order.target, INBOX_ID, false),
	INBOX_VALUE("counter", struct inbox_message, order.counter, INBOX_COUNT, false),
	INBOX_VALUE("not_after", struct inbox_message, order.not_after_ms, INBOX_TIME, false),
	{0},
};

static const char *const reasons[] = {"local", "regional", NULL};
static const char *const actions[] = {"invalidate", "restore", NULL};
static const char *const levels[] = {"none", "yellow", "orange", "red", NULL};
static const char *const outcomes[] = {"received", "done", "partly", "not", NULL};
static const char *const forecast_kinds[] = {"model", "bulletin", "consultation", NULL};

static const struct inbox_key directive_keys[] = {
	INBOX_NAME("level", struct directive, level, levels, true),
	INBOX_VALUE("start", struct directive, start_ms, INBOX_TIME, true),
	INBOX_VALUE("planned_end", struct directive, planned_end_ms, INBOX_TIME, false),
	INBOX_TEXT("area", struct directive, area, INBOX_TEXT_TYPE, false),
	INBOX_FLAG_NAME("reason", struct directive, regional, reasons, false),
	INBOX_TEXT("document", struct directive, document, INBOX_TEXT_TYPE, false),
	{0},
};

static const struct inbox_key release_keys[] = {
	INBOX_TEXT("number", struct release, number, INBOX_TEXT_TYPE, true),
	INBOX_NAME("level", struct release, level, levels, true),
	INBOX_VALUE("start", struct release, start_ms, INBOX_TIME, false),
	INBOX_TEXT("reviewer", struct release, reviewer, INBOX_TEXT_TYPE, false),
	INBOX_VALUE("reviewed", struct release, reviewed_ms, INBOX_TIME, false),
	INBOX_TEXT("signer", struct release, signer, INBOX_TEXT_TYPE, false),
	INBOX_TEXT("post", struct release, post, INBOX_TEXT_TYPE, false),
	INBOX_VALUE("signed", struct release, signed_ms, INBOX_TIME, false),
	{0},
};

static const struct inbox_key dust_keys[] = {
	INBOX_VALUE("from", struct dust, from, INBOX_HOUR, true),
	INBOX_VALUE("to", struct dust, to, INBOX_HOUR, true),
	INBOX_FLAG("clear", struct dust, clear, false),
	INBOX_TEXT("source", struct dust, source, INBOX_TEXT_TYPE, true),
	{0},
};

static const struct inbox_key review_keys[] = {
	INBOX_VALUE("from", struct review, from, INBOX_HOUR, true),
	INBOX_VALUE("to", struct review, to, INBOX_HOUR, true),
	INBOX_VALUE("pollutants", struct review, pollutants, INBOX_POLLUTANTS, true),
	INBOX_FLAG_NAME("action", struct review, restore, actions, true),
	INBOX_TEXT("reason", struct review, reason, INBOX_TEXT_TYPE, true),
	INBOX_TEXT("reviewer", struct review, reviewer, INBOX_TEXT_TYPE, true),
	{0},
};

static const struct inbox_key receipt_keys[] = {
	INBOX_TEXT("ref", struct receipt, ref, INBOX_TEXT_TYPE, true),
	INBOX_TEXT("unit", struct receipt, unit, INBOX_TEXT_TYPE, true),
	INBOX_TEXT("person", struct receipt, person, INBOX_TEXT_TYPE, true),
	INBOX_NAME("outcome", struct receipt, outcome, outcomes, true),
	{0},
};

/* ---- forecasts ---- */

static const struct inbox_key forecast_keys[] = {
	INBOX_TEXT("source", struct forecast, source, INBOX_TEXT_TYPE, true),
	INBOX_NAME("kind", struct forecast, kind, forecast_kinds, true),
	INBOX_VALUE("issued", struct forecast, issued_ms, INBOX_TIME, true),
	INBOX_LIST("hours"),
	INBOX_LIST("days"),
	{0},
};

#define CONCENTRATION(key, pollutant)                                                              \
	{                                                                                          \
		key, INBOX_MILLI, false, offsetof(struct forecast_step, values), 0, NULL,          \
			pollutant                                                                  \
	}

static const struct inbox_key hour_keys[] = {
	INBOX_VALUE("hour", struct forecast_step, hour, INBOX_HOUR, true),
	CONCENTRATION("pm25_ug_m3", POLLUTANT_PM25),
	CONCENTRATION("pm10_ug_m3", POLLUTANT_PM10),
	CONCENTRATION("so2_ug_m3", POLLUTANT_SO2),
	CONCENTRATION("no2_ug_m3", POLLUTANT_NO2),
	CONCENTRATION("co_mg_m3", POLLUTANT_CO),
	CONCENTRATION("o3_ug_m3", POLLUTANT_O3),
	{0},
};

static const struct inbox_key hour_aqi_keys[] = {
	INBOX_VALUE("hour", struct forecast_step, hour, INBOX_HOUR, true),
	INBOX_VALUE("aqi", struct forecast_step, aqi_max, INBOX_AQI, true),
	{0},
};

static const struct inbox_key day_keys[] = {
	INBOX_VALUE("date", struct forecast_step, hour, INBOX_DATE, true),
	INBOX_VALUE("aqi_min", struct forecast_step, aqi_min, INBOX_AQI, true),
	INBOX_VALUE("aqi_max", struct forecast_step, aqi_max, INBOX_AQI, true),
	INBOX_IGNORED("category"),
	INBOX_IGNORED("primary"),
	INBOX_FLAG("short_heavy", struct forecast_step, short_heavy, false),
	{0},
};

/* The first hour tells which form all of them have. */
static enum forecast_form form_of(const json_t *days, const json_t *hours)
{
	if (days)
		return FORECAST_DAILY_AQI;
	return json_object_get(json_array_get(hours, 0), "aqi") ? FORECAST_HOURLY_AQI
								: FORECAST_CONCENTRATIONS;
}

static const struct inbox_key *keys_of(enum forecast_form form)
{
	switch (form) {
	case FORECAST_CONCENTRATIONS:
		return hour_keys;
	case FORECAST_HOURLY_AQI:
		return hour_aqi_keys;
	case FORECAST_DAILY_AQI:
		return day_keys;
	}
	return hour_keys;
}

static bool read_steps(const json_t *list, struct forecast *ret, char why[COMMAND_TEXT_MAX])
{
	size_t most = ret->form == FORECAST_DAILY_AQI ? FORECAST_HOURS_MAX / DAY_HOURS
						      : FORECAST_HOURS_MAX;
	size_t n = json_array_size(list);
	if (n < 1 || n > most) {
		snprintf(why, COMMAND_TEXT_MAX, "hours, days: not a list of 1 to %zu", most);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct forecast_step *step = &ret->steps[i];
		if (!inbox_read(json_array_get(list, i), keys_of(ret->form), step, why))
			return false;
		if (ret->form == FORECAST_HOURLY_AQI)
			step->aqi_min = step->aqi_max;
	}
	ret->n = (int)n;
	return true;
}

static bool read_forecast(json_t *root, struct inbox_message *message, char why[COMMAND_TEXT_MAX])
{
	struct forecast *forecast = &message->forecast;
	const json_t *hours = json_object_get(root, "hours"), *days = json_object_get(root, "days");
	if (!inbox_read(root, forecast_keys, forecast, why))
		return false;
	if (!hours == !days) {
		snprintf(why, COMMAND_TEXT_MAX, "either hours or days");
		return false;
	}
	snprintf(forecast->issuer, sizeof(forecast->issuer), "%s", message->command.issuer);
	forecast->form = form_of(days, hours);
	message->command.forecast = forecast;
	return read_steps(days ? days : hours, forecast, why);
}

/* ---- all of it ---- */

static bool plan_knows(const struct plan *plan, enum level level)
{
	return level == LEVEL_NONE || plan->levels[level].n_any > 0;
}

static bool read_level(const struct plan *plan, enum level level, char why[COMMAND_TEXT_MAX])
{
	if (plan_knows(plan, level))
		return true;
	snprintf(why, COMMAND_TEXT_MAX, "level: the plan %.60s has no %s", plan->id,
		 level_name(level));
	return false;
}

static bool read_kind(json_t *root, const struct plan *plan, struct inbox_message *message,
		      char why[COMMAND_TEXT_MAX])
{
	struct command *command = &message->command;
	switch (command->kind) {
	case COMMAND_DIRECTIVE:
		snprintf(command->directive.issuer, sizeof(command->directive.issuer), "%s",
			 command->issuer);
		return inbox_read(root, directive_keys, &command->directive, why) &&
		       read_level(plan, command->directive.level, why);
	case COMMAND_RELEASE:
		return inbox_read(root, release_keys, &command->release, why) &&
		       read_level(plan, command->release.level, why);
	case COMMAND_FORECAST:
		return read_forecast(root, message, why);
	case COMMAND_DUST:
		return inbox_read(root, dust_keys, &command->dust, why);
	case COMMAND_REVIEW:
		return inbox_read(root, review_keys, &command->review, why);
	case COMMAND_RECEIPT:
		return inbox_read(root, receipt_keys, &command->receipt, why);
	}
	return false;
}

/* Each table takes its keys out of the object: what is left, nobody knows. */
static bool read_all(json_t *root, const struct plan *plan, struct inbox_message *message,
		     char why[COMMAND_TEXT_MAX])
{
	return inbox_read_open(root, command_keys, message, why) &&
	       read_kind(root, plan, message, why);
}

bool inbox_parse(enum command_kind kind, const char *json, size_t n, const struct plan *plan,
		 struct inbox_message *ret)
{
	*ret = (struct inbox_message){.command = {.kind = kind, .json = json}};
	json_t *root = load(json, n, ret->why);
	bool good = root && read_all(root, plan, ret, ret->why);
	json_decref(root);
	return good;
}

bool inbox_parse_ack(const char *json, size_t n, const char *db, int64_t *ret_seq)
{
	json_int_t seq = 0;
	const char *text = NULL;
	if (n > 256 || too_deep(json, n))
		return false;
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	bool good = root && json_unpack(root, "{s:s, s:I !}", "db", &text, "seq", &seq) == 0 &&
		    strcmp(text, db) == 0 && seq > 0;
	if (good)
		*ret_seq = seq;
	json_decref(root);
	return good;
}
