/* SPDX-License-Identifier: MIT */
#include "command_json.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "json_table.h"

#define DAY_HOURS 24
#define LEVEL_TABLE_MAX 16 /* keys of a table that has a level, and the end */

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
		if (depth > TABLE_DEPTH_MAX)
			return true;
	}
	return false;
}

static json_t *load_json(const char *json, size_t n, char why[COMMAND_TEXT_MAX])
{
	json_error_t error;
	if (n >= COMMAND_JSON_MAX) {
		snprintf(why, COMMAND_TEXT_MAX, "larger than 64 KiB");
		return NULL;
	}
	if (too_deep(json, n)) {
		snprintf(why, COMMAND_TEXT_MAX, "nested deeper than %d", TABLE_DEPTH_MAX);
		return NULL;
	}
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		snprintf(why, COMMAND_TEXT_MAX, "no JSON: line %d, column %d: %.80s", error.line,
			 error.column, error.text);
	return root;
}

/* ---- the kinds ---- */

static const struct table_key command_keys[] = {
	TABLE_TEXT("id", struct command_message, command.id, TABLE_ID, true),
	TABLE_TEXT("issuer", struct command_message, command.issuer, TABLE_TEXT_TYPE, true),
	TABLE_VALUE("time", struct command_message, command.time_ms, TABLE_TIME, true),
	TABLE_TEXT("target", struct command_message, order.target, TABLE_ID, false),
	TABLE_VALUE("counter", struct command_message, order.counter, TABLE_COUNT, false),
	TABLE_VALUE("not_after", struct command_message, order.not_after_ms, TABLE_TIME, false),
	TABLE_TEXT("relayed_by", struct command_message, command.relayed_by, TABLE_ID, false),
	{0},
};

static const char *const reasons[] = {"local", "regional", NULL};
static const char *const actions[] = {"invalidate", "restore", NULL};
static const char *const outcomes[] = {"received", "done", "partly", "not", NULL};
static const char *const forecast_kinds[] = {"model", "bulletin", "consultation", NULL};
static const struct table_key directive_keys[] = {
	TABLE_NAME("level", struct directive_command, word.level, NULL, false),
	TABLE_VALUE("start", struct directive_command, word.start_ms, TABLE_TIME, false),
	TABLE_VALUE("planned_end", struct directive_command, word.planned_end_ms, TABLE_TIME,
		    false),
	TABLE_TEXT("area", struct directive_command, details.area, TABLE_TEXT_TYPE, false),
	TABLE_FLAG_NAME("reason", struct directive_command, details.regional, reasons, false),
	TABLE_TEXT("document", struct directive_command, word.document, TABLE_TEXT_TYPE, false),
	TABLE_TEXT("after", struct directive_command, word.after, TABLE_ID, false),
	TABLE_LIST("withdraws"),
	{0},
};

/* What says something only about a level. */
static const char *const level_fields[] = {"start", "planned_end", "area", "reason"};

static const struct table_key release_keys[] = {
	TABLE_TEXT("number", struct release, number, TABLE_TEXT_TYPE, true),
	TABLE_NAME("level", struct release, level, NULL, true),
	TABLE_TEXT("directive", struct release, directive, TABLE_ID, false),
	TABLE_VALUE("start", struct release, start_ms, TABLE_TIME, false),
	TABLE_TEXT("reviewer", struct release, reviewer, TABLE_TEXT_TYPE, false),
	TABLE_VALUE("reviewed", struct release, reviewed_ms, TABLE_TIME, false),
	TABLE_TEXT("signer", struct release, signer, TABLE_TEXT_TYPE, false),
	TABLE_TEXT("post", struct release, post, TABLE_TEXT_TYPE, false),
	TABLE_VALUE("signed", struct release, signed_ms, TABLE_TIME, false),
	{0},
};

static const struct table_key dust_keys[] = {
	TABLE_VALUE("from", struct dust, from, TABLE_HOUR, true),
	TABLE_VALUE("to", struct dust, to, TABLE_HOUR, true),
	TABLE_FLAG("clear", struct dust, clear, false),
	TABLE_TEXT("source", struct dust, source, TABLE_TEXT_TYPE, true),
	{0},
};

static const struct table_key review_keys[] = {
	TABLE_VALUE("from", struct review, from, TABLE_HOUR, true),
	TABLE_VALUE("to", struct review, to, TABLE_HOUR, true),
	TABLE_VALUE("pollutants", struct review, pollutants, TABLE_POLLUTANTS, true),
	TABLE_FLAG_NAME("action", struct review, restore, actions, true),
	TABLE_TEXT("reason", struct review, reason, TABLE_TEXT_TYPE, true),
	TABLE_TEXT("reviewer", struct review, reviewer, TABLE_TEXT_TYPE, true),
	{0},
};

static const struct table_key receipt_keys[] = {
	TABLE_TEXT("ref", struct receipt, ref, TABLE_TEXT_TYPE, true),
	TABLE_TEXT("unit", struct receipt, unit, TABLE_TEXT_TYPE, true),
	TABLE_TEXT("person", struct receipt, person, TABLE_TEXT_TYPE, true),
	TABLE_NAME("outcome", struct receipt, outcome, outcomes, true),
	TABLE_VALUE("done_pct", struct receipt, done_pct, TABLE_PER_CENT, false),
	TABLE_VALUE("cut_kg_d", struct receipt, cut_gpd, TABLE_KG, false),
	TABLE_TEXT("note", struct receipt, note, TABLE_TEXT_TYPE, false),
	{0},
};

static const struct table_key resend_keys[] = {
	TABLE_VALUE("from", struct resend, from, TABLE_HOUR, true),
	TABLE_VALUE("to", struct resend, to, TABLE_HOUR, true),
	{0},
};

/* ---- forecasts ---- */

static const struct table_key forecast_keys[] = {
	TABLE_TEXT("source", struct forecast, source, TABLE_TEXT_TYPE, true),
	TABLE_NAME("kind", struct forecast, kind, forecast_kinds, true),
	TABLE_VALUE("issued", struct forecast, issued_ms, TABLE_TIME, true),
	TABLE_LIST("hours"),
	TABLE_LIST("days"),
	{0},
};

#define CONCENTRATION(key, pollutant)                                                              \
	{                                                                                          \
		key, TABLE_MILLI, false, offsetof(struct forecast_step, values), 0, NULL,          \
			pollutant                                                                  \
	}

static const struct table_key hour_keys[] = {
	TABLE_VALUE("hour", struct forecast_step, hour, TABLE_HOUR, true),
	CONCENTRATION("pm25_ug_m3", POLLUTANT_PM25),
	CONCENTRATION("pm10_ug_m3", POLLUTANT_PM10),
	CONCENTRATION("so2_ug_m3", POLLUTANT_SO2),
	CONCENTRATION("no2_ug_m3", POLLUTANT_NO2),
	CONCENTRATION("co_mg_m3", POLLUTANT_CO),
	CONCENTRATION("o3_ug_m3", POLLUTANT_O3),
	{0},
};

static const struct table_key hour_aqi_keys[] = {
	TABLE_VALUE("hour", struct forecast_step, hour, TABLE_HOUR, true),
	TABLE_VALUE("aqi", struct forecast_step, aqi_max, TABLE_AQI, true),
	{0},
};

static const struct table_key day_keys[] = {
	TABLE_VALUE("date", struct forecast_step, hour, TABLE_DATE, true),
	TABLE_VALUE("aqi_min", struct forecast_step, aqi_min, TABLE_AQI, true),
	TABLE_VALUE("aqi_max", struct forecast_step, aqi_max, TABLE_AQI, true),
	TABLE_IGNORED("category"),
	TABLE_IGNORED("primary"),
	TABLE_FLAG("short_heavy", struct forecast_step, short_heavy, false),
	{0},
};

/* The first hour tells which form all of them have. */
static enum forecast_form detect_forecast_form(const json_t *days, const json_t *hours)
{
	if (days)
		return FORECAST_DAILY_AQI;
	return json_object_get(json_array_get(hours, 0), "aqi") ? FORECAST_HOURLY_AQI
								: FORECAST_CONCENTRATIONS;
}

static const struct table_key *keys_of(enum forecast_form form)
{
	switch (form) {
	case FORECAST_CONCENTRATIONS:
		return hour_keys;
	case FORECAST_HOURLY_AQI:
		return hour_aqi_keys;
	case FORECAST_DAILY_AQI:
		break;
	}
	return day_keys;
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
		if (!table_read(json_array_get(list, i), keys_of(ret->form), step, why))
			return false;
		if (ret->form == FORECAST_HOURLY_AQI)
			step->aqi_min = step->aqi_max;
	}
	ret->n = (int)n;
	return true;
}

static bool read_forecast(json_t *root, struct command_message *message, char why[COMMAND_TEXT_MAX])
{
	struct forecast *forecast = &message->forecast;
	const json_t *hours = json_object_get(root, "hours"), *days = json_object_get(root, "days");
	if (!table_read(root, forecast_keys, forecast, why))
		return false;
	if (!hours == !days) {
		snprintf(why, COMMAND_TEXT_MAX, "either hours or days");
		return false;
	}
	snprintf(forecast->issuer, sizeof(forecast->issuer), "%s", message->command.issuer);
	forecast->form = detect_forecast_form(days, hours);
	message->command.forecast = forecast;
	return read_steps(days ? days : hours, forecast, why);
}

/* ---- levels ---- */

/* A table whose key `level` takes the names of the plan's levels. */
static bool read_with_level(json_t *root, const struct plan *plan, const struct table_key *keys,
			    void *ret, char why[COMMAND_TEXT_MAX])
{
	const char *names[LEVEL_SLOTS + 1] = {NULL};
	struct table_key named[LEVEL_TABLE_MAX] = {0};
	for (int level = LEVEL_NONE; level <= plan->n_levels; level++)
		names[level] = level_name(plan, level);
	for (int i = 0; keys[i].key; i++) {
		assert(i + 1 < LEVEL_TABLE_MAX);
		named[i] = keys[i];
		if (strcmp(keys[i].key, "level") == 0)
			named[i].names = names;
	}
	return table_read(root, named, ret, why);
}

/* ---- directives ---- */

/* One that was named twice is named. */
static bool is_named(const struct timetable_word *word, const char *id)
{
	for (int i = 0; i < word->n_withdraws; i++) {
		if (strcmp(word->withdraws[i], id) == 0)
			return true;
	}
	return false;
}

static bool read_withdraws(const json_t *list, struct timetable_word *word,
			   char why[COMMAND_TEXT_MAX])
{
	size_t n = json_array_size(list);
	if (n < 1 || n > WORD_WITHDRAWS_MAX) {
		snprintf(why, COMMAND_TEXT_MAX, "withdraws: not a list of 1 to %d ids",
			 WORD_WITHDRAWS_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		char *id = word->withdraws[word->n_withdraws];
		if (!table_read_id(json_array_get(list, i), id, sizeof(word->withdraws[0]),
				   "withdraws", why))
			return false;
		word->n_withdraws += !is_named(word, id);
	}
	return true;
}

/* A level has a start; without one there is something to withdraw, and nothing about a level. */
static bool check_directive_keys(const json_t *root, char why[COMMAND_TEXT_MAX])
{
	bool has_level = json_object_get(root, "level");
	if (has_level && !json_object_get(root, "start"))
		snprintf(why, COMMAND_TEXT_MAX, "start: missing");
	else if (!has_level && !json_object_get(root, "withdraws"))
		snprintf(why, COMMAND_TEXT_MAX, "level: missing");
	for (size_t i = 0; i < sizeof(level_fields) / sizeof(level_fields[0]); i++) {
		if (!has_level && why[0] == '\0' && json_object_get(root, level_fields[i]))
			snprintf(why, COMMAND_TEXT_MAX, "level: missing beside %s",
				 level_fields[i]);
	}
	return why[0] == '\0';
}

static bool read_directive(json_t *root, const struct plan *plan, struct command *command,
			   char why[COMMAND_TEXT_MAX])
{
	struct timetable_word *word = &command->directive.word;
	const json_t *withdraws = json_object_get(root, "withdraws");
	if (!check_directive_keys(root, why))
		return false;
	snprintf(word->id, sizeof(word->id), "%s", command->id);
	snprintf(word->issuer, sizeof(word->issuer), "%s", command->issuer);
	word->time_ms = command->time_ms;
	word->has_level = json_object_get(root, "level");
	if (!read_with_level(root, plan, directive_keys, &command->directive, why))
		return false;
	return !withdraws || read_withdraws(withdraws, word, why);
}

/* ---- all of it ---- */

const char *const *command_words(enum command_kind kind, const char *key)
{
	static const struct table_key *const tables[COMMAND_KIND_COUNT] = {
		[COMMAND_DIRECTIVE] = directive_keys, [COMMAND_RELEASE] = release_keys,
		[COMMAND_FORECAST] = forecast_keys,   [COMMAND_DUST] = dust_keys,
		[COMMAND_REVIEW] = review_keys,       [COMMAND_RECEIPT] = receipt_keys,
		[COMMAND_RESEND] = resend_keys,
	};
	const struct table_key *at = tables[kind];
	while (at->key && strcmp(at->key, key) != 0)
		at++;
	return at->names;
}

static bool read_kind_keys(json_t *root, const struct plan *plan, struct command_message *message,
			   char why[COMMAND_TEXT_MAX])
{
	struct command *command = &message->command;
	switch (command->kind) {
	case COMMAND_DIRECTIVE:
		return read_directive(root, plan, command, why);
	case COMMAND_RELEASE:
		return read_with_level(root, plan, release_keys, &command->release, why);
	case COMMAND_FORECAST:
		return read_forecast(root, message, why);
	case COMMAND_DUST:
		return table_read(root, dust_keys, &command->dust, why);
	case COMMAND_REVIEW:
		return table_read(root, review_keys, &command->review, why);
	case COMMAND_RECEIPT:
		command->receipt.done_pct = RECEIPT_UNSAID;
		command->receipt.cut_gpd = RECEIPT_UNSAID;
		return table_read(root, receipt_keys, &command->receipt, why);
	case COMMAND_RESEND:
		return table_read(root, resend_keys, &command->resend, why);
	}
	return false;
}

/* Each table takes its keys out of the object: what is left, nobody knows. */
static bool read_whole_message(json_t *root, const struct plan *plan,
			       struct command_message *message, char why[COMMAND_TEXT_MAX])
{
	return table_read_open(root, command_keys, message, why) &&
	       read_kind_keys(root, plan, message, why);
}

bool command_parse(enum command_kind kind, const char *json, size_t n, const struct plan *plan,
		   struct command_message *ret)
{
	*ret = (struct command_message){.command = {.kind = kind, .json = json}};
	json_t *root = load_json(json, n, ret->why);
	bool good = root && read_whole_message(root, plan, ret, ret->why);
	json_decref(root);
	return good;
}

bool command_parse_ack(const char *json, size_t n, struct command_ack *ret)
{
	static const struct table_key keys[] = {
		TABLE_TEXT("db", struct command_ack, db, TABLE_ID, true),
		TABLE_VALUE("seq", struct command_ack, seq, TABLE_COUNT, true),
		{0},
	};
	struct command_ack ack = {.seq = 0};
	char why[COMMAND_TEXT_MAX] = "";
	if (n > 256 || too_deep(json, n))
		return false;
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, NULL);
	bool good = root && table_read(root, keys, &ack, why) &&
		    strspn(ack.db, "0123456789abcdef-") == COMMAND_DB_MAX - 1;
	if (good)
		*ret = ack;
	json_decref(root);
	return good;
}
