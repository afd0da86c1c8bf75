/* SPDX-License-Identifier: MIT */
/* Commands through the engine with a real database: directives, forecasts, dust, reviews. */
#include <getopt.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directing.h"
#include "hetang.h"
#include "hours.h"
#include "import.h"
#include "payload_receipts.h"
#include "pipeline.h"
#include "receipts.h"
#include "station.h"
#include "subcommands.h"
#include "text_term.h"
#include "unit.h"

#define DAY_MS (INT64_C(24) * HOUR_MS)

static struct command_answer answer;
static int ids;
static struct forecast forecast;

static int32_t clean(int64_t hour)
{
	(void)hour;
	return 30000;
}

static void begin(void)
{
	setup();
	ids = 0;
	memset(&forecast, 0, sizeof(forecast));
	pm25_of = clean;
}

/* A command of a kind with an id that nothing else has. */
static struct command command_of(enum command_kind kind, int64_t now_ms)
{
	struct command command = {.kind = kind, .time_ms = now_ms, .json = "{\"as\":\"it came\"}"};
	snprintf(command.id, sizeof(command.id), "c-%d", ++ids);
	snprintf(command.issuer, sizeof(command.issuer), "city");
	return command;
}

static void give(const struct command *command, int64_t now_ms)
{
	memset(&answer, 0, sizeof(answer));
	ck_assert_int_eq(engine_command(engine, command, now_ms, TIME_SYNCHRONISED, &answer), 0);
}

/* Gives a directive; times in hours, planned end 0: none. */
static void direct(int level, int64_t now, int64_t from, int64_t to)
{
	struct command command = command_of(COMMAND_DIRECTIVE, now * HOUR_MS);
	direct_level(&command, level, from * HOUR_MS);
	command.directive.word.planned_end_ms = to * HOUR_MS;
	snprintf(command.directive.details.area, sizeof(command.directive.details.area), "430202");
	give(&command, now * HOUR_MS);
}

/* The newest payload of a topic that went out; the caller releases it. NULL: none. */
static json_t *newest(const char *topic)
{
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, topic) == 0)
			return json_loads(rows[i].payload, 0, NULL);
	}
	return NULL;
}

static int count(const char *topic)
{
	int n = 0;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		n += strcmp(rows[i].topic, topic) == 0;
	return n;
}

/* A text at "a/b" of the newest message of a topic; "null" for null, "absent" if it is not there.
 */
static const char *say_of(const char *topic, const char *path)
{
	static char out[4][256];
	static int turn;
	char keys[64], *save, *text = out[turn = (turn + 1) % 4];
	json_t *json = newest(topic);
	const json_t *at = json;
	snprintf(keys, sizeof(keys), "%s", path);
	for (char *key = strtok_r(keys, "/", &save); key && at; key = strtok_r(NULL, "/", &save))
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(key))
				       : json_object_get(at, key);
	char *dump = at ? json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("absent");
	snprintf(text, 256, "%.255s", dump);
	free(dump);
	json_decref(json);
	return text;
}

START_TEST(a_directive_is_in_force_from_its_start_to_the_lift_whatever_the_air_does)
{
	run_hours(H, H + 3);
	direct(LEVEL_ORANGE, H + 3, H + 4, H + 6);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	ck_assert_str_eq(say_of("warning", "directive/level"), "\"orange\"");
	ck_assert_str_eq(say_of("warning", "pending/0/level"), "\"orange\"");
	ck_assert_str_eq(say_of("warning/event", "event"), "\"announced\"");
	ck_assert_str_eq(say_of("warning/event", "about"), "\"directive\"");
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"none\"");
	run_hours(H + 3, H + 5);
	ck_assert_str_eq(say_of("warning/event", "event"), "\"issue\"");
	ck_assert_str_eq(say_of("warning", "in_force/level"), "\"orange\"");
	ck_assert_str_eq(say_of("warning", "in_force/overdue"), "false");
	run_hours(H + 5, H + 7);
	ck_assert_str_eq(say_of("warning", "in_force/overdue"), "true");
	ck_assert_str_eq(say_of("warning/event", "event"), "\"overdue\"");
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"none\"");
	direct(LEVEL_NONE, H + 7, H + 7, 0);
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	ck_assert_str_eq(say_of("warning/event", "event"), "\"lift\"");
	ck_assert_str_eq(say_of("warning/event", "about"), "\"directive\"");
	ck_assert_int_eq(count("warning/event"), 5); /* the hold of a station that begins, first */
	ck_assert_str_eq(say_of("warning/event", "number"), "5");
	ck_assert_str_eq(say_of("warning", "summary_due/working_days"), "5");
	ck_assert_str_eq(say_of("warning", "summary_due/certain"), "false"); /* of 2013 */
}
END_TEST

START_TEST(cuts_of_a_directive_are_binding_and_those_of_the_advice_are_not)
{
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0);
	json_t *json = newest("cuts");
	json_t *blocks = json_object_get(json, "blocks");
	ck_assert_uint_eq(json_array_size(blocks), 2);
	json_t *first = json_array_get(blocks, 0), *second = json_array_get(blocks, 1);
	ck_assert_str_eq(json_string_value(json_object_get(first, "authority")), "directive");
	ck_assert(json_is_true(json_object_get(first, "binding")));
	ck_assert_str_eq(json_string_value(json_object_get(second, "level")), "none");
	ck_assert(json_is_false(json_object_get(second, "binding")));
	json_decref(json);
}
END_TEST

START_TEST(advice_and_directive_never_change_each_other)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 100);
	const struct advice before = *engine_advice(engine);
	ck_assert_int_eq(advice_level(&before), LEVEL_RED);
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	direct(LEVEL_YELLOW, H + 100, H + 100, 0);
	direct(LEVEL_NONE, H + 100, H + 100, 0);
	struct advice after = *engine_advice(engine);
	ck_assert_int_eq(after.last_event, before.last_event + 2);
	after.last_event = before.last_event;
	ck_assert_mem_eq(&before, &after, sizeof(before));
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"red\"");
}
END_TEST

START_TEST(a_command_is_applied_once_and_answered_every_time_it_comes)
{
	run_hours(H, H + 2);
	struct command command = command_of(COMMAND_DIRECTIVE, (H + 2) * HOUR_MS);
	direct_level(&command, LEVEL_YELLOW, (H + 2) * HOUR_MS);
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REPEATED);
	killed();
	start();
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REPEATED);
	ck_assert_int_eq(count("warning/event"), 2); /* the hold of a station that begins, first */
	ck_assert_int_eq(count("reply"), 3);
	ck_assert_str_eq(say_of("reply", "outcome"), "\"repeated\"");
	command.json = "{\"as\":\"another\"}";
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_str_eq(answer.why, "id: another command had it");
}
END_TEST

/* By whom: a key, or NULL. */
static enum command_outcome give_as(enum command_kind kind, const char *key, const char *json)
{
	struct command command = command_of(kind, (H + 2) * HOUR_MS);
	snprintf(command.id, sizeof(command.id), "one-id");
	command.key = key;
	command.counter = 1;
	command.json = json;
	if (kind == COMMAND_DIRECTIVE)
		direct_level(&command, LEVEL_YELLOW, (H + 2) * HOUR_MS);
	if (kind == COMMAND_RECEIPT)
		command.receipt = (struct receipt){.ref = "one-id", .unit = "eco", .person = "p"};
	give(&command, (H + 2) * HOUR_MS);
	return answer.outcome;
}

START_TEST(an_id_is_taken_for_its_kind_and_its_key_and_for_no_other)
{
	run_hours(H, H + 2);
	ck_assert_int_eq(give_as(COMMAND_DIRECTIVE, "city", "{\"a\":2}"), COMMAND_ACCEPTED);
	ck_assert_int_eq(give_as(COMMAND_RECEIPT, NULL, "{\"a\":1}"), COMMAND_ACCEPTED);
	ck_assert_int_eq(give_as(COMMAND_DIRECTIVE, "county", "{\"a\":3}"), COMMAND_ACCEPTED);
	ck_assert_int_eq(give_as(COMMAND_RECEIPT, NULL, "{\"a\":1}"), COMMAND_REPEATED);
	ck_assert_int_eq(give_as(COMMAND_DIRECTIVE, "city", "{\"a\":2}"), COMMAND_REPEATED);
	ck_assert_int_eq(give_as(COMMAND_DIRECTIVE, "county", "{\"a\":2}"), COMMAND_REFUSED);
	ck_assert_str_eq(answer.why, "id: another command had it");
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 2);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives d JOIN commands c"
			     " ON c.id = d.command AND c.kind = 'directive'"),
			 2);
}
END_TEST

static void assert_refused(const struct command *command, const char *why)
{
	struct advice before = *engine_advice(engine);
	int warnings = count("warning");
	give(command, (H + 3) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_msg(strstr(answer.why, why) != NULL, "%s", answer.why);
	ck_assert_mem_eq(&before, engine_advice(engine), sizeof(before));
	if (command->kind == COMMAND_DIRECTIVE) /* its sender may be gone: the warning names it */
		ck_assert_str_eq(say_of("warning", "in_force"), "null");
	else
		ck_assert_int_eq(count("warning"), warnings);
	ck_assert_str_eq(say_of("reply", "outcome"), "\"refused\"");
	give(command, (H + 3) * HOUR_MS); /* once more: the same answer */
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_msg(strstr(answer.why, why) != NULL, "%s", answer.why);
}

START_TEST(a_command_that_cannot_be_is_refused_whole_and_says_why)
{
	int64_t now_ms = (H + 3) * HOUR_MS;
	run_hours(H, H + 3);
	struct command c = command_of(COMMAND_RECEIPT, now_ms + 2 * HOUR_MS);
	assert_refused(&c, "time: lies ahead");
	c = command_of(COMMAND_DIRECTIVE, now_ms);
	direct_level(&c, LEVEL_RED, now_ms + 31 * DAY_MS);
	assert_refused(&c, "start: more than 30 days");
	c = command_of(COMMAND_DIRECTIVE, now_ms);
	direct_level(&c, LEVEL_RED, now_ms);
	c.directive.word.planned_end_ms = now_ms;
	assert_refused(&c, "planned_end: not after start");
	c = command_of(COMMAND_DIRECTIVE, now_ms);
	direct_level(&c, LEVEL_NONE, now_ms);
	c.directive.word.planned_end_ms = now_ms + DAY_MS;
	assert_refused(&c, "a lift has none");
	c = command_of(COMMAND_DUST, now_ms);
	c.dust = (struct dust){.from = H - 60, .to = H + 12};
	assert_refused(&c, "1 to 72 hours");
	c.dust = (struct dust){.from = H + 2, .to = H + 1};
	snprintf(c.id, sizeof(c.id), "other");
	assert_refused(&c, "1 to 72 hours");
	c.dust = (struct dust){.from = H + 2, .to = H + 28};
	snprintf(c.id, sizeof(c.id), "ahead");
	assert_refused(&c, "more than 24 hours ahead");
	c.dust = (struct dust){.from = H + 2, .to = H + 242, .clear = true};
	snprintf(c.id, sizeof(c.id), "back");
	assert_refused(&c, "1 to 240 hours");
	c = command_of(COMMAND_REVIEW, now_ms);
	c.review = (struct review){.from = H + 1, .to = H + 4, .pollutants = 1};
	assert_refused(&c, "not closed yet");
	c = command_of(COMMAND_REVIEW, now_ms);
	c.review = (struct review){.from = H + 1, .to = H + 1};
	assert_refused(&c, "pollutants");
	c = command_of(COMMAND_FORECAST, now_ms);
	c.forecast = &forecast;
	forecast.issued_ms = now_ms;
	assert_refused(&c, "1 to 240 hours");
}
END_TEST

START_TEST(more_directives_than_can_wait_are_refused_and_nothing_is_lost)
{
	run_hours(H, H + 1);
	for (int i = 1; i <= TIMETABLE_PENDING_MAX; i++)
		direct(i % 2 ? LEVEL_YELLOW : LEVEL_ORANGE, H + 1, H + 1 + i, 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	direct(LEVEL_RED, H + 1, H + 90, 0);
	direct(LEVEL_RED, H + 1, H + 91, 0);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	run_hours(H + 1, H + 3);
	ck_assert_str_eq(say_of("warning", "in_force/level"), "\"yellow\"");
}
END_TEST

static void forecast_of(int64_t issued, int n, int32_t pm25_milli)
{
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = issued * HOUR_MS;
	snprintf(forecast.source, sizeof(forecast.source), "model A");
	for (int i = 0; i < n; i++) {
		struct forecast_step *step = &forecast.steps[forecast.n++];
		step->hour = issued + 1 + i;
		step->values.valid = 1u << POLLUTANT_PM25;
		step->values.milli[POLLUTANT_PM25] = pm25_milli;
	}
}

static void give_forecast(int64_t now)
{
	struct command command = command_of(COMMAND_FORECAST, now * HOUR_MS);
	command.forecast = &forecast;
	give(&command, now * HOUR_MS + 5 * MINUTE_MS);
}

START_TEST(smog_in_a_forecast_is_advised_at_once_and_survives_a_kill)
{
	run_hours(H, H + 31);
	forecast_of(H + 30, 90, 200000);
	give_forecast(H + 30);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_ORANGE);
	ck_assert_str_eq(say_of("warning/event", "basis"), "\"forecast\"");
	ck_assert_str_eq(say_of("warning", "advice/basis"), "\"forecast\"");
	ck_assert_str_eq(say_of("warning", "advice/forecast/source"), "\"model A\"");
	ck_assert_str_eq(say_of("warning", "advice/evidence/basis"), "\"forecast\"");
	ck_assert_ptr_nonnull(strstr(say_of("warning", "text_zh"), "建议"));
	ck_assert_ptr_nonnull(strstr(say_of("warning/event", "text_en"), "By forecast"));
	killed();
	start();
	run_hours(H + 31, H + 33);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_ORANGE);
	ck_assert_str_eq(say_of("warning", "advice/basis"), "\"forecast\"");
	int events = count("warning/event");
	forecast_of(H + 29, 90, 20000); /* issued before the one in use */
	give_forecast(H + 33);
	ck_assert_ptr_nonnull(strstr(answer.why, "issued later"));
	ck_assert_int_eq(count("warning/event"), events);
	forecast_of(H + 33, 90, 20000); /* newer: replaces it whole */
	give_forecast(H + 33);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning/event", "event"), "\"lift\"");
}
END_TEST

START_TEST(the_longest_id_under_the_longest_key_is_known_again)
{
	char key[65];
	struct command command = command_of(COMMAND_FORECAST, (H + 2) * HOUR_MS);
	run_hours(H, H + 2);
	memset(key, 'k', 64);
	key[64] = '\0';
	memset(command.id, 'i', COMMAND_ID_MAX - 1);
	command.key = key;
	command.counter = 1;
	forecast_of(H + 1, 90, 20000);
	command.forecast = &forecast;
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	killed();
	start();
	ck_assert_int_gt(ask("SELECT count(*) FROM forecast_steps"), 0);
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REPEATED);
}
END_TEST

START_TEST(a_forecast_that_no_air_can_have_raises_nothing_and_is_named)
{
	run_hours(H, H + 31);
	forecast_of(H + 30, 90, 2500000);
	give_forecast(H + 30);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_ptr_nonnull(strstr(answer.why, "pm25: 90 hours above the bounds of"));
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
}
END_TEST

START_TEST(a_forecast_that_gets_too_old_holds_what_it_raised)
{
	run_hours(H, H + 31);
	forecast_of(H + 30, 90, 200000);
	give_forecast(H + 30);
	run_hours(H + 31, H + 67);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_ORANGE);
	ck_assert(!engine_advice(engine)->holding);
	run_hours(H + 67, H + 69);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_ORANGE);
	ck_assert(engine_advice(engine)->holding);
	ck_assert_str_eq(say_of("warning/event", "event"), "\"hold\"");
	ck_assert_str_eq(say_of("warning/event", "reason"), "\"insufficient_data\"");
}
END_TEST

START_TEST(the_maximum_of_a_bulletin_is_shown_as_possible_and_not_advised)
{
	int64_t now = H + 31, midnight = now - (now + 8) % 24 + 24;
	run_hours(H, now);
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = now * HOUR_MS;
	forecast.form = FORECAST_DAILY_AQI;
	forecast.kind = FORECAST_BULLETIN;
	for (int day = 0; day < 5; day++)
		forecast.steps[forecast.n++] = (struct forecast_step){
			.hour = midnight + 24 * day, .aqi_min = 80, .aqi_max = 215};
	give_forecast(now);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning", "advice/possible_level"), "\"orange\"");
	ck_assert_str_eq(say_of("warning", "advice/basis"), "\"forecast_aqi\"");
}
END_TEST

static void review(int64_t now, int64_t from, int64_t to, bool restore)
{
	struct command command = command_of(COMMAND_REVIEW, now * HOUR_MS);
	command.review = (struct review){.from = from,
					 .to = to,
					 .pollutants = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10,
					 .restore = restore};
	give(&command, now * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	settle(now * HOUR_MS);
}

/* The newest correction that went out; the caller releases it. NULL: none. */
static json_t *find_correction(void)
{
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, "warning/event") != 0)
			continue;
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		if (strcmp(json_string_value(json_object_get(json, "event")), "correction") == 0)
			return json;
		json_decref(json);
	}
	return NULL;
}

static int daily_of(int64_t hour)
{
	char sql[80];
	int value = -1;
	snprintf(sql, sizeof(sql), "%s/state.db", conf->data_dir);
	sqlite3 *db;
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_open_v2(sql, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	sqlite3_prepare_v2(db, "SELECT daily FROM aqi WHERE hour = ?", -1, &stmt, NULL);
	sqlite3_bind_int64(stmt, 1, hour);
	if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static int32_t spike(int64_t hour)
{
	return hour > H + 30 && hour <= H + 36 ? 900000 : 30000;
}

START_TEST(a_review_revises_the_hours_it_reaches_and_says_what_would_differ)
{
	static int before[80];
	pm25_of = spike;
	run_hours(H, H + 73);
	collect_outbox();
	for (int i = 0; i < 72; i++)
		before[i] = daily_of(H + i);
	int messages = count("aqi");
	ck_assert_int_gt(before[36], 200);
	review(H + 73, H + 31, H + 36, false);
	/* six hours and the 23 after them that they reach */
	ck_assert_int_eq(count("aqi"), messages + 6 + 23);
	ck_assert_str_eq(say_of("aqi", "rev"), "1");
	ck_assert_str_eq(say_of("aqi", "data_status"), "\"raw\""); /* its own hour is as it was */
	json_t *correction = find_correction();
	ck_assert_ptr_nonnull(correction);
	json_decref(correction);
	ck_assert_int_lt(daily_of(H + 50), before[50]);
	ck_assert_int_eq(daily_of(H + 36), -1); /* 18 hours are left: not known */
	killed();
	start(); /* what a start makes of the stored hours is the same */
	ck_assert_int_lt(daily_of(H + 50), before[50]);
	review(H + 73, H + 31, H + 36, true);
	ck_assert_str_eq(say_of("aqi", "rev"), "2");
	for (int i = 0; i < 72; i++)
		ck_assert_int_eq(daily_of(H + i), before[i]);
}
END_TEST

START_TEST(a_review_of_a_false_smog_says_what_would_have_been_advised)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 100);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
	review(H + 100, H + 31, H + 99, false);
	json_t *json = find_correction();
	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(json_string_value(json_object_get(json, "would_advise")), "none");
	ck_assert(json_is_string(json_object_get(json, "differs_from")));
	ck_assert_str_eq(json_string_value(json_object_get(json, "level")), "red");
	json_decref(json);
	/* nothing else ever called for it: it ends at once, and says why */
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"none\"");
}
END_TEST

static int caps_with(const char *topic, const char *text)
{
	char name[40];
	int n = 0;
	snprintf(name, sizeof(name), "warning/cap/%s", topic);
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		n += strcmp(rows[i].topic, name) == 0 && strstr(rows[i].payload, text);
	return n;
}

START_TEST(advice_goes_out_in_cap_as_a_restricted_draft_and_a_directive_as_actual)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 100);
	int drafts = caps_with("advice", "<status>Draft</status>");
	ck_assert_int_ge(drafts, 3); /* yellow, orange, red, and renewals */
	ck_assert_int_eq(caps_with("advice", "<scope>Restricted</scope>"), drafts);
	ck_assert_int_eq(caps_with("advice", "<msgType>Alert</msgType>"), 1);
	direct(LEVEL_ORANGE, H + 100, H + 100, 0);
	ck_assert_int_eq(caps_with("directive", "<status>Actual</status>"), 1);
	ck_assert_int_eq(caps_with("directive", "<scope>Restricted</scope>"), 1);
	ck_assert_int_eq(caps_with("advice", "<status>Draft</status>"), drafts);
}
END_TEST

START_TEST(a_directive_is_public_with_the_slip_that_names_it_and_no_other)
{
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0);
	struct command command = command_of(COMMAND_RELEASE, (H + 2) * HOUR_MS);
	command.release = (struct release){.number = "2024-7",
					   .level = LEVEL_ORANGE,
					   .directive = "c-1",
					   .post = "指挥长",
					   .signed_ms = (H + 2) * HOUR_MS};
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_str_eq(say_of("reply", "outcome"), "\"accepted\"");
	ck_assert_int_eq(caps_with("directive", "<scope>Public</scope>"), 0);
	ck_assert_str_eq(say_of("cuts", "blocks/0/released"), "false");
	command.release.level = LEVEL_RED;
	snprintf(command.id, sizeof(command.id), "good");
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(caps_with("directive", "<scope>Public</scope>"), 1);
	ck_assert_str_eq(say_of("cuts", "blocks/0/released"), "true");
	ck_assert_str_eq(say_of("cuts", "blocks/0/slip"), "\"2024-7\"");
	killed();
	start();
	run_hours(H + 2, H + 4);
	direct(LEVEL_YELLOW, H + 4, H + 4, 0); /* a lower one is public at once */
	ck_assert_int_eq(caps_with("directive", "<scope>Public</scope>"), 2);
	ck_assert_str_eq(say_of("cuts", "blocks/0/released"), "false");
}
END_TEST

START_TEST(the_one_cap_topic_of_before_is_taken_away_from_the_broker_once)
{
	char path[300];
	sqlite3 *db;
	run_hours(H, H + 1);
	killed();
	snprintf(path, sizeof(path), "%s/state.db", conf->data_dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
				      "INSERT INTO latest (topic, seq, payload, crc)"
				      " VALUES ('warning/cap', 1, '<alert/>', 0)",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	for (int starts = 0; starts < 2; starts++) {
		start();
		ck_assert_int_eq(count("warning/cap"), 1);
		ck_assert_str_eq(rows[n_rows - 1].payload, "");
		killed();
	}
	start();
}
END_TEST

START_TEST(what_binds_waits_for_the_slip_where_it_is_set_so)
{
	conf->binding_from = BINDING_FROM_RELEASE;
	run_hours(H, H + 2);
	direct(LEVEL_YELLOW, H + 2, H + 2, 0);
	ck_assert_str_eq(say_of("cuts", "binding_level"), "\"none\"");
	ck_assert_str_eq(say_of("warning", "in_force/level"), "\"yellow\"");
	struct command command = command_of(COMMAND_RELEASE, (H + 2) * HOUR_MS);
	command.release = (struct release){.number = "2024-7",
					   .level = LEVEL_YELLOW,
					   .directive = "c-1",
					   .post = "副指挥长",
					   .signed_ms = (H + 2) * HOUR_MS};
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_str_eq(say_of("cuts", "binding_level"), "\"yellow\"");
	direct(LEVEL_NONE, H + 2, H + 2, 0);
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	ck_assert_str_eq(say_of("cuts", "binding_level"), "\"yellow\"");
	ck_assert_str_eq(say_of("cuts", "blocks/0/slip"), "\"2024-7\"");
	killed();
	start();
	run_hours(H + 2, H + 4);
	ck_assert_str_eq(say_of("cuts", "blocks/0/slip"), "\"2024-7\"");
	command = command_of(COMMAND_RELEASE, (H + 4) * HOUR_MS);
	command.release = (struct release){.number = "2024-8",
					   .directive = "c-3",
					   .post = "副指挥长",
					   .signed_ms = (H + 4) * HOUR_MS};
	give(&command, (H + 4) * HOUR_MS);
	ck_assert_str_eq(say_of("cuts", "binding_level"), "\"none\"");
}
END_TEST

START_TEST(imported_hours_are_taken_in_at_the_next_start_and_said_once)
{
	struct import counts = {.replace = true};
	struct hour_values smog = {.valid = 1u << POLLUTANT_PM25};
	smog.milli[POLLUTANT_PM25] = 300000;
	run_hours(H, H + 80);
	int before = daily_of(H + 60), messages = count("aqi");
	ck_assert_int_lt(before, 100);
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = H + 41; hour <= H + 60; hour++)
		ck_assert_int_eq(import_hour(store, hour, &smog, 0, &counts), 0);
	ck_assert_int_eq(store_commit(store), 0);
	for (int time = 0; time < 2; time++) {
		killed();
		start();
		settle((H + 80) * HOUR_MS);
		ck_assert_int_gt(daily_of(H + 60), 200);
		ck_assert_int_eq(count("aqi"), messages); /* they are no news */
	}
	json_t *json = find_correction();
	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(json_string_value(json_object_get(json, "level")), "none");
	json_decref(json);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE rev = 1"), 39); /* 20 and 19 more */
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi WHERE rev > 1"), 0);
	review(H + 80, H + 60, H + 60, false);
	ck_assert_str_eq(say_of("aqi", "rev"), "2");
}
END_TEST

START_TEST(an_hour_in_which_a_pollutant_was_never_measured_is_of_quality_b_for_it)
{
	struct import counts = {0};
	struct hour_values values = {.valid = 1u << POLLUTANT_PM25};
	values.milli[POLLUTANT_PM25] = 40000;
	run_hours(H, H + 4);
	killed();
	start();
	int messages = count("aqi");
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(import_hour(store, H - 30, &values, 0, &counts),
			 0); /* before the station */
	ck_assert_int_eq(store_commit(store), 0);
	killed();
	start();
	settle((H + 4) * HOUR_MS);
	review(H + 4, H - 30, H - 30, false);
	ck_assert_int_eq(count("aqi"),
			 messages + 1); /* hours that were never stored stay nothing */
	for (int i = 0; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL), *quality;
		const char *key;
		json_object_foreach(json_object_get(json, "quality"), key, quality)
			ck_assert_str_ne(json_string_value(quality), "");
		json_decref(json);
	}
}
END_TEST

static void flag_dust(int64_t now, int64_t from, int64_t to, bool clear)
{
	struct command command = command_of(COMMAND_DUST, now * HOUR_MS);
	command.dust = (struct dust){.from = from, .to = to, .clear = clear};
	snprintf(command.dust.source, sizeof(command.dust.source), "operator");
	give(&command, now * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

START_TEST(a_dust_event_counts_for_nothing_in_the_plan_and_alters_no_published_aqi)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 29);
	flag_dust(H + 29, H + 30, H + 53, false);
	for (int64_t hour = H + 53; hour < H + 110; hour += 24) { /* prolonged */
		run_hours(hour - 24, hour);
		flag_dust(hour, hour - 10, hour + 24, false);
	}
	run_hours(H + 101, H + 110);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
	ck_assert_int_gt(daily_of(H + 100), 200);
	killed();
	start();
	run_hours(H + 110, H + 112);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_NONE);
	ck_assert_str_eq(say_of("aqi", "daily/primary"), "[\"pm25\"]");
	flag_dust(H + 112, H + 30, H + 126, true); /* it was no dust after all */
	ck_assert_str_eq(say_of("warning", "advice/dust"), "false");
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
}
END_TEST

START_TEST(a_dust_event_is_said_while_it_lasts)
{
	run_hours(H, H + 30);
	flag_dust(H + 30, H + 25, H + 40, false);
	ck_assert_str_eq(say_of("warning", "advice/dust"), "true");
	ck_assert_ptr_nonnull(strstr(say_of("warning", "text_en"), "Dust event"));
}
END_TEST

START_TEST(a_release_slip_is_shown_beside_the_directive_and_decides_nothing)
{
	run_hours(H, H + 2);
	struct command command = command_of(COMMAND_RELEASE, (H + 2) * HOUR_MS);
	command.release = (struct release){.number = "2024-7",
					   .level = LEVEL_RED,
					   .reviewer = "张三",
					   .signer = "李四",
					   .post = "commander"};
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_str_eq(say_of("warning", "release/number"), "\"2024-7\"");
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	killed();
	start();
	run_hours(H + 2, H + 4);
	ck_assert_str_eq(say_of("warning", "release/post"), "\"commander\"");
	ck_assert_str_eq(say_of("warning", "release/signer"), "absent");
	ck_assert_str_eq(say_of("warning", "release/reviewer"), "absent");
}
END_TEST

static void answer_to(const char *ref, const char *unit, struct receipt receipt)
{
	struct command command = command_of(COMMAND_RECEIPT, (H + 2) * HOUR_MS);
	snprintf(receipt.ref, sizeof(receipt.ref), "%s", ref);
	snprintf(receipt.unit, sizeof(receipt.unit), "%s", unit);
	snprintf(receipt.person, sizeof(receipt.person), "赵六");
	command.receipt = receipt;
	give(&command, (H + 2) * HOUR_MS);
}

static const struct receipt just_received = {
	.outcome = RECEIPT_RECEIVED, .done_pct = RECEIPT_UNSAID, .cut_gpd = RECEIPT_UNSAID};

START_TEST(a_receipt_is_kept_and_changes_no_warning)
{
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0); /* c-1 */
	int warnings = count("warning");
	answer_to("c-1", "eco", just_received);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(count("warning"), warnings);
}
END_TEST

/* A message that went out. */
static void message_id(char ret[COMMAND_TEXT_MAX])
{
	snprintf(ret, COMMAND_TEXT_MAX, "%s-1", store_uuid(store));
}

START_TEST(a_receipt_answers_what_exists_by_a_unit_of_the_plan)
{
	char ref[COMMAND_TEXT_MAX];
	struct command slip = command_of(COMMAND_RELEASE, (H + 2) * HOUR_MS);
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0); /* c-2 */
	slip.release = (struct release){.number = "2024-7", .level = LEVEL_RED};
	give(&slip, (H + 2) * HOUR_MS);
	station_import(store, 0, 2);
	message_id(ref);
	const char *const refs[] = {"c-2", "c-1", "2024-7", "order/s000001", "episode-1", ref};
	for (size_t i = 0; i < sizeof(refs) / sizeof(refs[0]); i++) {
		answer_to(refs[i], "eco", just_received);
		ck_assert_msg(answer.outcome == COMMAND_ACCEPTED, "%s: %s", refs[i], answer.why);
	}
	snprintf(ref, sizeof(ref), "%s-999999", store_uuid(store));
	const char *const unknown[] = {"x",         "c-99",       "2024-8",   "order/s000002",
				       "episode-2", "episode-1x", "episode-", "order/",
				       ref};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		answer_to(unknown[i], "eco", just_received);
		ck_assert_msg(answer.outcome == COMMAND_REFUSED, "%s", unknown[i]);
	}
	answer_to("x", "eco", just_received);
	ck_assert_str_eq(answer.why, "ref: x is unknown; known are c-2, 2024-7, order/SOURCE, "
				     "episode-NUMBER, ids of this station's messages");
	ck_assert_str_eq(say_of("reply", "outcome"), "\"refused\"");
}
END_TEST

START_TEST(a_receipt_of_an_unknown_unit_is_refused_with_the_units_of_the_plan)
{
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0);
	answer_to("c-1", "示例街道", just_received);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_str_eq(answer.why,
			 "unit: 示例街道 is unknown; known are command, office, publicity, ndrc, "
			 "edu, industry, police, finance, land, eco, housing, transport, agri, "
			 "culture, health, emergency, urban, market, traffic, park, towns, water");
	answer_to("c-1", "区城管局", just_received);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	answer_to("c-1", "Urban Management Bureau", just_received);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	json_t *json = newest("receipts");
	ck_assert_uint_eq(json_array_size(json_object_get(json, "receipts")), 1);
	json_decref(json);
}
END_TEST

START_TEST(the_topic_receipts_has_the_newest_of_each_order_and_unit_and_no_person)
{
	run_hours(H, H + 2);
	station_import(store, 0, 1);
	struct receipt receipt = {.outcome = RECEIPT_PARTLY,
				  .done_pct = 40,
				  .cut_gpd = 12345,
				  .note = "张三说还差一条线"};
	answer_to("order/s000000", "housing", just_received);
	answer_to("order/s000000", "eco", just_received);
	answer_to("order/s000000", "housing", receipt);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	json_t *json = newest("receipts"), *list = json_object_get(json, "receipts");
	ck_assert_uint_eq(json_array_size(list), 2);
	char *first = json_dumps(json_array_get(list, 0), JSON_COMPACT);
	char *second = json_dumps(json_array_get(list, 1), JSON_COMPACT);
	ck_assert_ptr_nonnull(strstr(
		first, "\"ref\":\"order/s000000\",\"unit\":\"housing\",\"zh\":\"区住建局\""));
	ck_assert_ptr_nonnull(
		strstr(first, "\"outcome\":\"partly\",\"done_pct\":40,\"cut_kg_d\":12.345"));
	ck_assert_ptr_nonnull(
		strstr(second, "\"outcome\":\"received\",\"done_pct\":null,\"cut_kg_d\":null"));
	ck_assert(json_is_false(json_object_get(json, "more")));
	free(first);
	free(second);
	char *all = json_dumps(json, 0);
	ck_assert_ptr_null(strstr(all, "赵六"));
	ck_assert_ptr_null(strstr(all, "张三"));
	free(all);
	json_decref(json);
}
END_TEST

START_TEST(of_more_receipts_than_a_message_holds_the_newest_are_shown)
{
	run_hours(H, H + 2);
	station_import(store, 0, 1);
	ck_assert_int_eq(store_begin(store), 0);
	for (int i = 0; i < PAYLOAD_RECEIPTS_MAX + 5; i++) {
		char id[32], ref[32];
		snprintf(id, sizeof(id), "old-%d", i);
		snprintf(ref, sizeof(ref), "order/t%d", i);
		const struct command_row command = {.id = id,
						    .kind = "receipt",
						    .issuer = "x",
						    .json = "{}",
						    .time_ms = 1,
						    .received_ms = 1,
						    .accepted = true,
						    .why = ""};
		char name[COMMANDS_NAME_MAX];
		ck_assert_int_eq(commands_put(store, &command, name), 0);
		ck_assert_int_eq(
			receipts_put(store, name,
				     &(struct receipt_row){ref, "eco", "p", "done", 1,
							   RECEIPTS_UNSAID, RECEIPTS_UNSAID, ""}),
			0);
	}
	ck_assert_int_eq(store_commit(store), 0);
	answer_to("order/s000000", "eco", just_received);
	json_t *json = newest("receipts"), *list = json_object_get(json, "receipts");
	ck_assert_uint_eq(json_array_size(list), PAYLOAD_RECEIPTS_MAX);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 0), "ref")),
			 "order/s000000");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, 1), "ref")),
			 "order/t204");
	ck_assert(json_is_true(json_object_get(json, "more")));
	json_decref(json);
}
END_TEST

static void add_unit(void *ctx, const char *unit)
{
	strcat(ctx, unit);
	strcat(ctx, " ");
}

START_TEST(who_answered_an_episode_is_known_and_an_answer_before_its_end_is_none)
{
	char units[64] = "", text[RECEIPTS_EPISODE_SIZE];
	run_hours(H, H + 2);
	direct(LEVEL_RED, H + 2, H + 2, 0);
	receipts_episode(1, text);
	ck_assert_str_eq(text, "episode-1");
	answer_to(text, "eco", just_received);
	answer_to(text, "urban", just_received);
	answer_to(text, "eco", just_received);
	answer_to("c-1", "housing", just_received);
	ck_assert_int_eq(receipts_units(store, text, (H + 2) * HOUR_MS, add_unit, units), 0);
	ck_assert_str_eq(units, "eco urban ");
	units[0] = '\0';
	ck_assert_int_eq(receipts_units(store, text, (H + 2) * HOUR_MS + 1, add_unit, units), 0);
	ck_assert_str_eq(units, "");
}
END_TEST

START_TEST(a_database_that_refuses_leaves_everything_as_it_was_and_the_command_can_come_again)
{
	char path[300];
	sqlite3 *other;
	store_keep(store, 0);
	run_hours(H, H + 3);
	const struct advice before = *engine_advice(engine);
	snprintf(path, sizeof(path), "%s/state.db", conf->data_dir);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	struct command command = command_of(COMMAND_DIRECTIVE, (H + 3) * HOUR_MS);
	direct_level(&command, LEVEL_RED, (H + 3) * HOUR_MS);
	ck_assert_int_ne(
		engine_command(engine, &command, (H + 3) * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_mem_eq(&before, engine_advice(engine), sizeof(before));
	ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	give(&command, (H + 3) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_str_eq(say_of("warning", "in_force/level"), "\"red\"");
}
END_TEST

/* What `hazewatch slip` prints of the station. */
static const char *slip_of(const char *option, int *ret_code)
{
	static char page[16384];
	char path[300], config[300], folder[300];
	snprintf(path, sizeof(path), "%s/slip", unit_tmpdir());
	snprintf(config, sizeof(config), "--config=%s", conf->path);
	snprintf(folder, sizeof(folder), "--config-dir=%s", unit_source("config"));
	char *argv[] = {(char[]){"slip"}, config, folder, (char *)(uintptr_t)option, NULL};
	ck_assert_ptr_nonnull(freopen(path, "w", stdout));
	optind = 0;
	*ret_code = slip_command(option ? 4 : 3, argv);
	fflush(stdout);
	FILE *file = fopen(path, "r");
	page[fread(page, 1, sizeof(page) - 1, file)] = '\0';
	fclose(file);
	return page;
}

START_TEST(a_slip_has_what_the_station_knows_and_leaves_people_empty)
{
	int code;
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 100);
	const char *page = slip_of(NULL, &code);
	ck_assert_int_eq(code, 0);
	ck_assert_ptr_nonnull(strstr(page, "事项：升级\n预警级别：红色预警（Ⅰ级响应）\n"));
	ck_assert_ptr_nonnull(strstr(page, "未收到市指令，不得据此发布"));
	ck_assert_ptr_nonnull(strstr(page, "响应级别：Ⅰ级\n"));
	ck_assert_ptr_nonnull(strstr(page, "，首要污染物：细颗粒物（PM2.5）"));
	struct command command = command_of(COMMAND_DIRECTIVE, (H + 100) * HOUR_MS);
	snprintf(command.issuer, sizeof(command.issuer), "市指挥中心");
	direct_level(&command, LEVEL_ORANGE, (H + 101) * HOUR_MS);
	snprintf(command.directive.word.document, TIMETABLE_TEXT_SIZE, "株指令7号");
	give(&command, (H + 100) * HOUR_MS);
	page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(strstr(page, "事项：发布\n预警级别：橙色预警（Ⅱ级响应）\n"));
	ck_assert_ptr_nonnull(strstr(page, "市指令 株指令7号（市指挥中心）"));
	ck_assert_ptr_nonnull(strstr(page, "SO2 20%、NOx 20%、颗粒物 20%、VOCs 20%"));
	ck_assert_ptr_nonnull(strstr(page, "  区城管局\n"));
	ck_assert_ptr_nonnull(strstr(page, "重点道路每日洒水不少于 5 次"));
	ck_assert_ptr_null(strstr(page, "重点道路每日洒水不少于 4 次"));
	ck_assert_ptr_nonnull(strstr(page, "  未指定\n"));
	ck_assert_ptr_nonnull(strstr(page, "拟稿人：________  时间：________\n审核人：________  "
					   "时间：________\n签发人（指挥长）：________  "
					   "时间：________\n"));
	ck_assert_ptr_nonnull(strstr(page, "回执：________"));
	struct command receipt = command_of(COMMAND_RECEIPT, (H + 100) * HOUR_MS);
	receipt.receipt = (struct receipt){.ref = "c-1",
					   .unit = "区城管局",
					   .person = "值班员",
					   .outcome = RECEIPT_PARTLY,
					   .done_pct = 60,
					   .cut_gpd = 12500,
					   .note = "一条线未停"};
	give(&receipt, (H + 100) * HOUR_MS);
	page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(strstr(page, "- 区城管局 值班员  2013年"));
	ck_assert_ptr_nonnull(strstr(page, "  部分落实 60%，减排 12.500 千克/天，一条线未停\n"));
	page = slip_of("--language=en", &code);
	ck_assert_ptr_nonnull(strstr(page, "Signed by (commander): ________  time: ________\n"));
	ck_assert_ptr_nonnull(strstr(page, "Least cut: SO2 20%, NOx 20%, PM 20%, VOCs 20%"));
	page = slip_of("--advice", &code);
	ck_assert_ptr_nonnull(strstr(page, "红色"));
}
END_TEST

/* A directive with an area ("": none said). */
static void direct_in(int level, int64_t now, const char *area)
{
	struct command command = command_of(COMMAND_DIRECTIVE, now * HOUR_MS);
	direct_level(&command, level, now * HOUR_MS);
	snprintf(command.directive.details.area, WORD_AREA_SIZE, "%s", area);
	give(&command, now * HOUR_MS);
}

START_TEST(the_area_on_a_slip_is_what_was_said_or_what_is_lifted_or_the_district)
{
	int code;
	run_hours(H, H + 4);
	direct_in(LEVEL_RED, H + 2, "示例一街道、示例二街道");
	ck_assert_ptr_nonnull(
		strstr(slip_of(NULL, &code), "应急响应区域范围：示例一街道、示例二街道\n"));
	direct_in(LEVEL_NONE, H + 3, "");
	const char *page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(strstr(page, "事项：解除\n"));
	ck_assert_ptr_nonnull(strstr(page, "签发人（解除的批准权限预案未规定）：________"));
	ck_assert_ptr_nonnull(strstr(page, "应急响应区域范围：示例一街道、示例二街道\n"));
	direct_in(LEVEL_YELLOW, H + 4, "");
	page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(strstr(page, "响应级别：Ⅲ级\n"));
	ck_assert_ptr_nonnull(strstr(page, "应急响应区域范围：430202\n")); /* it has no name */
	conf->station.district_zh = "示例区";
	conf->station.district_en = "Example District";
	ck_assert_str_eq(text_district(&conf->station, TEXT_ZH), "示例区");
	ck_assert_str_eq(text_district(&conf->station, TEXT_EN), "Example District");
}
END_TEST

START_TEST(a_slip_says_where_it_goes_and_who_sees_to_it)
{
	int code;
	run_hours(H, H + 2);
	direct_in(LEVEL_YELLOW, H + 2, "");
	const char *page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(
		strstr(page, "    - 社会公众：门户网站、新媒体；由区委宣传部、区文旅体局负责\n"));
	ck_assert_ptr_nonnull(strstr(page, "（应急抢险、区重点工程、特殊工艺除外）\n"));
	page = slip_of("--language=en", &code);
	ck_assert_ptr_nonnull(strstr(page, "    - the public: portal, new media; by Publicity "
					   "Department of the District Party Committee, Culture, "
					   "Tourism and Sports Bureau\n"));
	ck_assert_ptr_nonnull(strstr(page, "(except emergency repair, "));
}
END_TEST

START_TEST(midnight_is_24_as_an_end_and_0_as_a_begin)
{
	char text[TEXT_INSTANT_MAX];
	int64_t midnight = INT64_C(1790006400000); /* 2026-09-22T00:00+08:00 */
	ck_assert_str_eq(text_instant(midnight, false, TEXT_ZH, text), "2026年9月22日0时");
	ck_assert_str_eq(text_instant(midnight, true, TEXT_ZH, text), "2026年9月21日24时");
	ck_assert_str_eq(text_instant(midnight, true, TEXT_EN, text), "2026-09-21 24:00");
	ck_assert_str_eq(text_instant(midnight + 9 * HOUR_MS, true, TEXT_ZH, text),
			 "2026年9月22日9时");
	ck_assert_str_eq(text_instant(midnight + 5 * MINUTE_MS, true, TEXT_ZH, text),
			 "2026年9月22日0时5分");
}
END_TEST

START_TEST(without_any_warning_there_is_no_slip)
{
	int code;
	run_hours(H, H + 3);
	ck_assert_str_eq(slip_of(NULL, &code), "");
	ck_assert_int_eq(code, 1);
	slip_of("--language=fr", &code);
	ck_assert_int_eq(code, 64);
}
END_TEST

Suite *unit_suite(void)
{
	const TTest *const tests[] = {
		a_directive_is_in_force_from_its_start_to_the_lift_whatever_the_air_does,
		cuts_of_a_directive_are_binding_and_those_of_the_advice_are_not,
		advice_and_directive_never_change_each_other,
		a_command_is_applied_once_and_answered_every_time_it_comes,
		an_id_is_taken_for_its_kind_and_its_key_and_for_no_other,
		the_longest_id_under_the_longest_key_is_known_again,
		a_command_that_cannot_be_is_refused_whole_and_says_why,
		more_directives_than_can_wait_are_refused_and_nothing_is_lost,
		smog_in_a_forecast_is_advised_at_once_and_survives_a_kill,
		a_forecast_that_no_air_can_have_raises_nothing_and_is_named,
		a_forecast_that_gets_too_old_holds_what_it_raised,
		the_maximum_of_a_bulletin_is_shown_as_possible_and_not_advised,
		a_review_revises_the_hours_it_reaches_and_says_what_would_differ,
		a_review_of_a_false_smog_says_what_would_have_been_advised,
		advice_goes_out_in_cap_as_a_restricted_draft_and_a_directive_as_actual,
		a_directive_is_public_with_the_slip_that_names_it_and_no_other,
		what_binds_waits_for_the_slip_where_it_is_set_so,
		the_one_cap_topic_of_before_is_taken_away_from_the_broker_once,
		imported_hours_are_taken_in_at_the_next_start_and_said_once,
		an_hour_in_which_a_pollutant_was_never_measured_is_of_quality_b_for_it,
		a_dust_event_counts_for_nothing_in_the_plan_and_alters_no_published_aqi,
		a_dust_event_is_said_while_it_lasts,
		a_release_slip_is_shown_beside_the_directive_and_decides_nothing,
		a_receipt_is_kept_and_changes_no_warning,
		a_receipt_answers_what_exists_by_a_unit_of_the_plan,
		a_receipt_of_an_unknown_unit_is_refused_with_the_units_of_the_plan,
		the_topic_receipts_has_the_newest_of_each_order_and_unit_and_no_person,
		of_more_receipts_than_a_message_holds_the_newest_are_shown,
		who_answered_an_episode_is_known_and_an_answer_before_its_end_is_none,
		a_slip_has_what_the_station_knows_and_leaves_people_empty,
		the_area_on_a_slip_is_what_was_said_or_what_is_lifted_or_the_district,
		a_slip_says_where_it_goes_and_who_sees_to_it,
		midnight_is_24_as_an_end_and_0_as_a_begin,
		without_any_warning_there_is_no_slip,
		a_database_that_refuses_leaves_everything_as_it_was_and_the_command_can_come_again,
	};
	Suite *suite = suite_create("commands");
	TCase *tc = tcase_create("commands");
	tcase_set_timeout(tc, 280);
	tcase_add_checked_fixture(tc, begin, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(suite, tc);
	return suite;
}
