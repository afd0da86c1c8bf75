/* SPDX-License-Identifier: MIT */
/* What stands is told each hour with fresh evidence, and whenever it changes: warning, cuts. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "directing.h"
#include "hetang.h"
#include "log.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

static struct command_answer answer;
static int ids;

static int32_t clean(int64_t hour)
{
	(void)hour;
	return 30000;
}

static void begin(void)
{
	setup();
	ids = 0;
}

static struct command command_of(enum command_kind kind, int64_t now)
{
	struct command command = {.kind = kind,
				  .time_ms = now * HOUR_MS + 5 * MINUTE_MS,
				  .json = "{\"as\":\"it came\"}"};
	snprintf(command.id, sizeof(command.id), "c-%d", ++ids);
	snprintf(command.issuer, sizeof(command.issuer), "city");
	return command;
}

/* Five minutes after the hour `now`. */
static void give(const struct command *command)
{
	memset(&answer, 0, sizeof(answer));
	ck_assert_int_eq(
		engine_command(engine, command, command->time_ms, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static void direct(int level, int64_t now)
{
	struct command command = command_of(COMMAND_DIRECTIVE, now);
	direct_level(&command, level, command.time_ms);
	give(&command);
}

static void flag_dust(int64_t now, int64_t from, int64_t to)
{
	struct command command = command_of(COMMAND_DUST, now);
	command.dust = (struct dust){.from = from, .to = to};
	snprintf(command.dust.source, sizeof(command.dust.source), "气象台");
	give(&command);
}

static void answer_episode(const char *ref, const char *unit, int64_t now)
{
	struct command command = command_of(COMMAND_RECEIPT, now);
	command.receipt = (struct receipt){
		.outcome = RECEIPT_DONE, .done_pct = RECEIPT_UNSAID, .cut_gpd = RECEIPT_UNSAID};
	snprintf(command.receipt.ref, sizeof(command.receipt.ref), "%s", ref);
	snprintf(command.receipt.unit, sizeof(command.receipt.unit), "%s", unit);
	snprintf(command.receipt.person, sizeof(command.receipt.person), "值班员");
	give(&command);
}

/* How many of a topic went out since the last look. */
static int new_of(const char *topic)
{
	static int seen;
	int n = 0;
	if (seen > n_rows)
		seen = 0;
	collect_outbox();
	for (; seen < n_rows; seen++)
		n += strcmp(rows[seen].topic, topic) == 0;
	return n;
}

static json_t *newest(const char *topic)
{
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, topic) == 0)
			return json_loads(rows[i].payload, 0, NULL);
	}
	ck_abort_msg("no %s", topic);
}

/* What stands at "a/0/b" of the newest warning. */
static const char *warning_says(const char *path)
{
	static char text[8192];
	char keys[64], *save;
	json_t *json = newest("warning");
	const json_t *at = json;
	snprintf(keys, sizeof(keys), "%s", path);
	for (char *key = strtok_r(keys, "/", &save); key && at; key = strtok_r(NULL, "/", &save))
		at = json_is_array(at) ? json_array_get(at, strtoul(key, NULL, 10))
				       : json_object_get(at, key);
	char *dump = at ? json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("absent");
	snprintf(text, sizeof(text), "%.8190s", dump);
	free(dump);
	json_decref(json);
	return text;
}

#define ASSERT_SAYS(path, text) ck_assert_str_eq(warning_says(path), text)

START_TEST(each_hour_the_warning_goes_out_with_fresh_evidence_and_cuts_only_on_a_change)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 90); /* red since H + 79 */
	new_of("warning");
	long hours = strtol(warning_says("advice/evidence/run_hours"), NULL, 10);
	for (int64_t hour = H + 90; hour < H + 94; hour++) {
		run_hours(hour, hour + 1);
		ck_assert_int_eq(strtol(warning_says("advice/evidence/run_hours"), NULL, 10),
				 ++hours);
	}
	new_of("");
	run_hours(H + 94, H + 95);
	ck_assert_int_eq(new_of("warning"), 1);
	run_hours(H + 95, H + 96);
	ck_assert_int_eq(new_of("cuts"), 0);
}
END_TEST

START_TEST(of_a_backlog_the_newest_hour_alone_says_what_stands)
{
	pm25_of = clean;
	run_hours(H, H + 3);
	new_of("");
	engine_advance(engine, (H + 40) * HOUR_MS + 3 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(engine_newest_hour(engine), H + 40);
	ck_assert_int_le(ask("SELECT count(*) FROM outbox WHERE topic = 'warning'"), 1);
	json_t *json = newest("warning");
	ck_assert_str_eq(json_string_value(json_object_get(json, "time")),
			 "2013-11-10T22:03:00+08:00");
	json_decref(json);
}
END_TEST

START_TEST(while_a_dust_window_lasts_the_warning_names_it_and_afterwards_none)
{
	pm25_of = clean;
	run_hours(H, H + 26);
	ASSERT_SAYS("dust", "null");
	flag_dust(H + 26, H + 28, H + 30);
	ASSERT_SAYS("dust", "{\"from\":\"2013-11-10T10:00:00+08:00\","
			    "\"to\":\"2013-11-10T12:00:00+08:00\",\"source\":\"气象台\"}");
	ASSERT_SAYS("advice/dust", "false"); /* it lies ahead */
	run_hours(H + 26, H + 29);
	ASSERT_SAYS("advice/dust", "true");
	ck_assert_ptr_nonnull(strstr(warning_says("text_zh"), "沙尘过程，颗粒物不计入。"));
	killed();
	start(); /* it is in the database */
	run_hours(H + 29, H + 31);
	ASSERT_SAYS("dust/to", "\"2013-11-10T12:00:00+08:00\"");
	ASSERT_SAYS("advice/dust", "true");
	run_hours(H + 31, H + 32);
	ASSERT_SAYS("dust", "null");
	ASSERT_SAYS("advice/dust", "false");
}
END_TEST

static int told_due;

static void count_due(enum log_level level, const char *line)
{
	(void)level;
	told_due += strstr(line, "episode-1 is over") && strstr(line, "due on 2013-11-15");
}

START_TEST(the_end_of_a_response_says_once_when_its_summary_is_due)
{
	told_due = 0;
	log_capture(count_due);
	pm25_of = clean;
	run_hours(H, H + 2);
	direct(LEVEL_YELLOW, H + 2);
	run_hours(H + 2, H + 3);
	ck_assert_int_eq(told_due, 0);
	direct(LEVEL_NONE, H + 3);
	ck_assert_int_eq(told_due, 1);
	run_hours(H + 4, H + 30);
	killed();
	start();
	run_hours(H + 30, H + 31);
	ck_assert_int_eq(told_due, 1);
	log_capture(NULL);
}
END_TEST

START_TEST(a_summary_stays_due_under_a_new_directive_until_every_unit_has_answered)
{
	pm25_of = clean;
	run_hours(H, H + 2);
	direct(LEVEL_YELLOW, H + 2);
	answer_episode("episode-1", "eco", H + 2); /* before its end: no summary */
	run_hours(H + 2, H + 3);
	direct(LEVEL_NONE, H + 3);
	ASSERT_SAYS("summaries/0/episode", "\"episode-1\"");
	ASSERT_SAYS("summaries/0/date", "\"2013-11-15\"");
	ASSERT_SAYS("summaries/0/late", "false");
	json_t *json = newest("warning");
	json_t *summary = json_array_get(json_object_get(json, "summaries"), 0);
	json_t *units = json_object_get(summary, "units");
	ck_assert_uint_gt(json_array_size(units), 10);
	ck_assert(json_equal(units, json_object_get(summary, "missing")));
	direct(LEVEL_RED, H + 3); /* the date does not vanish */
	ASSERT_SAYS("summaries/0/date", "\"2013-11-15\"");
	ASSERT_SAYS("summary_due/date", "\"2013-11-15\"");
	killed();
	start();
	run_hours(H + 4, H + 5);
	for (size_t i = 0; i < json_array_size(units); i++) {
		ASSERT_SAYS("summaries/0/episode", "\"episode-1\"");
		new_of("");
		answer_episode("episode-1", json_string_value(json_array_get(units, i)), H + 5);
		ck_assert_int_eq(new_of("warning"), 1);
	}
	ASSERT_SAYS("summaries", "[]");
	ASSERT_SAYS("summary_due", "null");
	answer_episode("c-1", "eco", H + 5); /* no summary: nothing to publish */
	ck_assert_int_eq(new_of("warning"), 0);
	json_decref(json);
}
END_TEST

START_TEST(a_summary_is_late_from_the_day_after_its_date)
{
	const int64_t date = H + 18 + 6 * 24; /* the end of 2013-11-15 */
	pm25_of = clean;
	run_hours(H, H + 2);
	direct(LEVEL_YELLOW, H + 2);
	direct(LEVEL_NONE, H + 2);
	engine_advance(engine, date * HOUR_MS - 10 * MINUTE_MS, TIME_SYNCHRONISED);
	ASSERT_SAYS("summaries/0/late", "false");
	engine_advance(engine, date * HOUR_MS + 3 * MINUTE_MS, TIME_SYNCHRONISED);
	ASSERT_SAYS("summaries/0/late", "true");
}
END_TEST

START_TEST(each_authority_has_its_approver)
{
	pm25_of = smog_from_hour_30;
	run_hours(H, H + 70);
	ASSERT_SAYS("advice/level", "\"yellow\"");
	direct(LEVEL_RED, H + 70);
	ASSERT_SAYS("approvers/directive/zh", "\"指挥长\"");
	ASSERT_SAYS("approvers/advice/zh", "\"副指挥长\"");
	ASSERT_SAYS("approver_required/zh", "\"副指挥长\"");
	direct(LEVEL_NONE, H + 70);
	ASSERT_SAYS("approvers/directive", "null");
}
END_TEST

START_TEST(an_edition_that_changed_is_told_from_which_to_which)
{
	run_hours(H, H + 90);
	killed();
	conf_free(conf);
	conf = station_conf("hj633-2026", "hetang-2024", "");
	start();
	run_hours(H + 90, H + 92);
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL), *rules;
		const char *event = json_string_value(json_object_get(json, "event"));
		if (event && strcmp(event, "rules_changed") == 0) {
			rules = json_object_get(json, "rules");
			ck_assert_str_eq(json_string_value(json_object_get(
						 json_object_get(rules, "from"), "edition")),
					 "hj633-2012");
			ck_assert_str_eq(json_string_value(json_object_get(
						 json_object_get(rules, "to"), "edition")),
					 "hj633-2026");
			ck_assert_ptr_nonnull(
				strstr(json_string_value(json_object_get(json, "text_zh")),
				       "AQI标准版本由hj633-2012改为hj633-2026"));
			json_decref(json);
			return;
		}
		json_decref(json);
	}
	ck_abort_msg("no rules_changed");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("standing");
	TCase *tc = tcase_create("standing");
	tcase_add_checked_fixture(tc, begin, teardown);
	tcase_add_test(
		tc, each_hour_the_warning_goes_out_with_fresh_evidence_and_cuts_only_on_a_change);
	tcase_add_test(tc, of_a_backlog_the_newest_hour_alone_says_what_stands);
	tcase_add_test(tc, while_a_dust_window_lasts_the_warning_names_it_and_afterwards_none);
	tcase_add_test(tc, the_end_of_a_response_says_once_when_its_summary_is_due);
	tcase_add_test(tc, a_summary_stays_due_under_a_new_directive_until_every_unit_has_answered);
	tcase_add_test(tc, a_summary_is_late_from_the_day_after_its_date);
	tcase_add_test(tc, each_authority_has_its_approver);
	tcase_add_test(tc, an_edition_that_changed_is_told_from_which_to_which);
	suite_add_tcase(suite, tc);
	return suite;
}
