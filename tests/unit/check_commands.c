/* SPDX-License-Identifier: MIT */
/* Commands through the engine with a real database: directives, forecasts, dust, reviews. */
#include <getopt.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "cmd_slip.h"
#include "hours.h"
#include "import.h"
#include "pipeline.h"
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
static void direct(enum level level, int64_t now, int64_t from, int64_t to)
{
	struct command command = command_of(COMMAND_DIRECTIVE, now * HOUR_MS);
	command.directive = (struct directive){.level = level, .start_ms = from * HOUR_MS};
	command.directive.planned_end_ms = to * HOUR_MS;
	snprintf(command.directive.area, sizeof(command.directive.area), "430202");
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
		at = json_object_get(at, key);
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
	ck_assert_str_eq(say_of("warning/event", "event"), "\"issue\"");
	ck_assert_str_eq(say_of("warning/event", "about"), "\"directive\"");
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"none\"");
	run_hours(H + 3, H + 5);
	ck_assert_str_eq(say_of("warning", "in_force/level"), "\"orange\"");
	ck_assert_str_eq(say_of("warning", "in_force/overdue"), "false");
	run_hours(H + 5, H + 7);
	ck_assert_str_eq(say_of("warning", "in_force/overdue"), "true");
	ck_assert_str_eq(say_of("warning", "advice/level"), "\"none\"");
	direct(LEVEL_NONE, H + 7, H + 7, 0);
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	ck_assert_str_eq(say_of("warning/event", "event"), "\"lift\"");
	ck_assert_str_eq(say_of("warning/event", "about"), "\"directive\"");
	ck_assert_int_eq(count("warning/event"), 3); /* the hold of a station that begins, first */
	ck_assert_str_eq(say_of("warning/event", "number"), "3");
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
	command.directive =
		(struct directive){.level = LEVEL_YELLOW, .start_ms = (H + 2) * HOUR_MS};
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

static void assert_refused(const struct command *command, const char *why)
{
	struct advice before = *engine_advice(engine);
	int warnings = count("warning");
	give(command, (H + 3) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_msg(strstr(answer.why, why) != NULL, "%s", answer.why);
	ck_assert_mem_eq(&before, engine_advice(engine), sizeof(before));
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
	c.directive = (struct directive){.level = LEVEL_RED, .start_ms = now_ms + 31 * DAY_MS};
	assert_refused(&c, "start: more than 30 days");
	c = command_of(COMMAND_DIRECTIVE, now_ms);
	c.directive = (struct directive){
		.level = LEVEL_RED, .start_ms = now_ms, .planned_end_ms = now_ms};
	assert_refused(&c, "planned_end: not after start");
	c = command_of(COMMAND_DIRECTIVE, now_ms);
	c.directive = (struct directive){.start_ms = now_ms, .planned_end_ms = now_ms + DAY_MS};
	assert_refused(&c, "a lift has none");
	c = command_of(COMMAND_DUST, now_ms);
	c.dust = (struct dust){.from = H, .to = H + 240};
	assert_refused(&c, "1 to 240 hours");
	c.dust = (struct dust){.from = H + 2, .to = H + 1};
	snprintf(c.id, sizeof(c.id), "other");
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
	for (int i = 1; i < DIRECTIVES_MAX; i++)
		direct(LEVEL_YELLOW, H + 1, H + 1 + i, 0);
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
	/* missing data never lift */
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
}
END_TEST

static int caps_with(const char *text)
{
	int n = 0;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		n += strcmp(rows[i].topic, "warning/cap") == 0 && strstr(rows[i].payload, text);
	return n;
}

START_TEST(advice_goes_out_in_cap_as_a_restricted_draft_and_a_directive_as_actual)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 100);
	int drafts = caps_with("<status>Draft</status>");
	ck_assert_int_eq(drafts, 3); /* yellow, orange, red */
	ck_assert_int_eq(caps_with("<scope>Restricted</scope>"), drafts);
	ck_assert_int_eq(caps_with("<status>Actual</status>"), 0);
	direct(LEVEL_ORANGE, H + 100, H + 100, 0);
	ck_assert_int_eq(caps_with("<status>Actual</status>"), 1);
	ck_assert_int_eq(caps_with("<scope>Public</scope>"), 1);
	ck_assert_int_eq(caps_with("<status>Draft</status>"), drafts);
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
		ck_assert_int_eq(import_hour(store, hour, &smog, &counts), 0);
	ck_assert_int_eq(store_commit(store), 0);
	for (int time = 0; time < 2; time++) {
		killed();
		start();
		engine_advance(engine, (H + 80) * HOUR_MS, TIME_SYNCHRONISED);
		ck_assert_int_gt(daily_of(H + 60), 200);
		ck_assert_int_eq(count("aqi"), messages + 39); /* 20 and the 19 up to now */
	}
	json_t *json = find_correction();
	ck_assert_ptr_nonnull(json);
	ck_assert_str_eq(json_string_value(json_object_get(json, "level")), "none");
	json_decref(json);
	ck_assert_str_eq(say_of("aqi", "rev"), "1");
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
	ck_assert_int_eq(import_hour(store, H - 30, &values, &counts), 0); /* before the station */
	ck_assert_int_eq(store_commit(store), 0);
	killed();
	start();
	engine_advance(engine, (H + 4) * HOUR_MS, TIME_SYNCHRONISED);
	ck_assert_int_gt(count("aqi"), messages);
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
	run_hours(H, H + 2);
	flag_dust(H + 2, H + 30, H + 126, false);
	run_hours(H + 2, H + 110);
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
	command.release =
		(struct release){.number = "2024-7", .level = LEVEL_RED, .post = "commander"};
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_str_eq(say_of("warning", "release/number"), "\"2024-7\"");
	ck_assert_str_eq(say_of("warning", "in_force"), "null");
	killed();
	start();
	run_hours(H + 2, H + 4);
	ck_assert_str_eq(say_of("warning", "release/post"), "\"commander\"");
}
END_TEST

START_TEST(a_receipt_is_kept_and_changes_no_message)
{
	run_hours(H, H + 2);
	int warnings = count("warning");
	struct command command = command_of(COMMAND_RECEIPT, (H + 2) * HOUR_MS);
	command.receipt = (struct receipt){.ref = "x", .unit = "eco", .outcome = RECEIPT_DONE};
	give(&command, (H + 2) * HOUR_MS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert_int_eq(count("warning"), warnings);
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
	command.directive = (struct directive){.level = LEVEL_RED, .start_ms = (H + 3) * HOUR_MS};
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
	ck_assert_ptr_nonnull(strstr(page, "首要污染物 pm25"));
	struct command command = command_of(COMMAND_DIRECTIVE, (H + 100) * HOUR_MS);
	command.directive = (struct directive){.level = LEVEL_ORANGE,
					       .start_ms = (H + 101) * HOUR_MS,
					       .document = "株指令7号",
					       .issuer = "市指挥中心"};
	give(&command, (H + 100) * HOUR_MS);
	page = slip_of(NULL, &code);
	ck_assert_ptr_nonnull(strstr(page, "事项：发布\n预警级别：橙色预警（Ⅱ级响应）\n"));
	ck_assert_ptr_nonnull(strstr(page, "市指令 株指令7号（市指挥中心）"));
	ck_assert_ptr_nonnull(strstr(page, "SO2 20%、NOx 20%、PM 20%、VOCs 20%"));
	ck_assert_ptr_nonnull(strstr(page, "  区城管局\n"));
	ck_assert_ptr_nonnull(strstr(page, "重点道路每日洒水不少于 5 次"));
	ck_assert_ptr_null(strstr(page, "重点道路每日洒水不少于 4 次"));
	ck_assert_ptr_nonnull(strstr(page, "  未指定\n"));
	ck_assert_ptr_nonnull(strstr(page, "签发人：指挥长  ________"));
	ck_assert_ptr_nonnull(strstr(page, "回执：________"));
	struct command receipt = command_of(COMMAND_RECEIPT, (H + 100) * HOUR_MS);
	receipt.receipt = (struct receipt){
		.ref = "x", .unit = "区城管局", .person = "值班员", .outcome = RECEIPT_PARTLY};
	give(&receipt, (H + 100) * HOUR_MS);
	ck_assert_ptr_nonnull(strstr(slip_of(NULL, &code), "- 区城管局 值班员  2"));
	ck_assert_ptr_nonnull(strstr(slip_of(NULL, &code), "  部分落实\n"));
	page = slip_of("--language=en", &code);
	ck_assert_ptr_nonnull(strstr(page, "Signed by: commander  ________"));
	ck_assert_ptr_nonnull(strstr(page, "Least cut: SO2 20%, NOx 20%, PM 20%, VOCs 20%"));
	page = slip_of("--advice", &code);
	ck_assert_ptr_nonnull(strstr(page, "红色"));
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
		a_command_that_cannot_be_is_refused_whole_and_says_why,
		more_directives_than_can_wait_are_refused_and_nothing_is_lost,
		smog_in_a_forecast_is_advised_at_once_and_survives_a_kill,
		a_forecast_that_gets_too_old_holds_what_it_raised,
		the_maximum_of_a_bulletin_is_shown_as_possible_and_not_advised,
		a_review_revises_the_hours_it_reaches_and_says_what_would_differ,
		a_review_of_a_false_smog_says_what_would_have_been_advised,
		advice_goes_out_in_cap_as_a_restricted_draft_and_a_directive_as_actual,
		imported_hours_are_taken_in_at_the_next_start_and_said_once,
		an_hour_in_which_a_pollutant_was_never_measured_is_of_quality_b_for_it,
		a_dust_event_counts_for_nothing_in_the_plan_and_alters_no_published_aqi,
		a_dust_event_is_said_while_it_lasts,
		a_release_slip_is_shown_beside_the_directive_and_decides_nothing,
		a_receipt_is_kept_and_changes_no_message,
		a_slip_has_what_the_station_knows_and_leaves_people_empty,
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
