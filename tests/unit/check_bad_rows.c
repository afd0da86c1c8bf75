/* SPDX-License-Identifier: MIT */
/* One row that is not what was written never stops a station, and never becomes a warning. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "changed.h"
#include "commands.h"
#include "directing.h"
#include "directives.h"
#include "engine_inside.h"
#include "hetang.h"
#include "hours.h"
#include "log.h"
#include "pipeline.h"
#include "store_keeper.h"
#include "unit.h"

static struct store_keeper keeper;
static char log_text[20000];

static void capture(enum log_level level, const char *line)
{
	size_t n = strlen(log_text);
	(void)level;
	snprintf(log_text + n, sizeof(log_text) - n, "%s\n", line);
}

static int count_lines(const char *with)
{
	int n = 0;
	for (const char *at = log_text; (at = strstr(at, with)); at++)
		n++;
	return n;
}

static void begin(void)
{
	setup();
	keeper = (struct store_keeper){0};
	log_text[0] = '\0';
	log_capture(capture);
}

/* As a flipped bit, or a hand, changes the file while nobody uses it. */
static void change_one(const char *file, const char *sql)
{
	char path[600], *why = NULL;
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/%s", conf->data_dir, file);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why);
	sqlite3_close(db);
}

static void change_file(const char *sql)
{
	change_one("state.db", sql);
}

static void restart_with(const char *sql)
{
	killed();
	change_file(sql);
	start();
}

/* What the station does beside its hours. */
static void tick(void)
{
	keeper.store = store;
	store_keeper_tick(&keeper, 1000, H * HOUR_MS);
}

static int64_t closed(void)
{
	return ask("SELECT count(DISTINCT hour) FROM aqi");
}

#define PUT_HOUR(hour)                                                                             \
	"INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples,"     \
	" time_quality, crc) VALUES (" hour ", 'pm25', 35000, 1, 'N', 3600000, 60,"                \
	" 'synchronised', 77)"

static void goes_on_after(const char *sql)
{
	run_hours(H, H + 3);
	int64_t before = closed();
	restart_with(sql);
	run_hours(H + 3, H + 6);
	ck_assert_msg(closed() >= before + 2, "%s: %lld hours after %lld", sql, (long long)closed(),
		      (long long)before);
}

START_TEST(hours_close_though_a_row_has_a_name_far_ahead)
{
	goes_on_after(PUT_HOUR("900000"));
	tick();
	tick();
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE hour = 900000"), 0);
	ck_assert_int_eq(count_lines("rows are damaged"), 1);
	ck_assert_int_eq(count_lines("900000"), 1);
}
END_TEST

START_TEST(hours_close_though_a_row_has_the_largest_name_there_is)
{
	goes_on_after(PUT_HOUR("9223372036854775807"));
}
END_TEST

START_TEST(hours_close_though_a_row_has_a_name_before_all_time)
{
	goes_on_after(PUT_HOUR("-9223372036854775807"));
}
END_TEST

START_TEST(what_is_set_aside_is_in_quarantine_as_it_was)
{
	char path[700], text[400] = "";
	goes_on_after(PUT_HOUR("900000"));
	tick();
	snprintf(path, sizeof(path), "%s/quarantine/rows.txt", conf->data_dir);
	FILE *in = fopen(path, "r");
	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), in));
	fclose(in);
	ck_assert_msg(strstr(text, "\"hour\":900000") && strstr(text, "\"crc\":77"), "%s", text);
}
END_TEST

START_TEST(a_station_starts_though_values_are_none_that_it_writes)
{
	static const char *const changes[] = {
		"UPDATE hours SET mean_milli = 99999999999 WHERE hour = 384432",
		"UPDATE hours SET crc = -1 WHERE hour = 384432",
		"UPDATE hours SET valid = 1, mean_milli = 7 WHERE hour = 384432",
		"INSERT INTO dust (hour, source) VALUES (9223372036854775807, 'x')",
		"INSERT INTO commands VALUES ('f', 'forecast', 'x', 1, 1, 'accepted', '', '{}');"
		"INSERT INTO forecasts VALUES ('f', 1, 'x', 'x', 'model', 'hourly_aqi', -5)",
		"INSERT INTO forecasts VALUES ('g', 1, 'x', 'x', 'model', 'hourly_aqi', 5);"
		"INSERT INTO forecast_steps (command, hour, aqi_min, aqi_max, short_heavy)"
		" VALUES ('g', 5, 9999, 9999, 0)",
		"INSERT INTO releases (command, number, level, reviewer, signer, post, start)"
		" VALUES ('r', hex(zeroblob(300)), 'red', '', '', '', 5)",
		"UPDATE advice SET held = 99",
		"INSERT INTO alert_messages (seq, identifier, sent, crc)"
		" VALUES (1, hex(zeroblob(400)), '', 5)",
	};
	run_hours(H, H + 3);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		restart_with(changes[i]);
		run_hours(H + 3 + (int64_t)i, H + 4 + (int64_t)i);
		ck_assert_msg(!store_is_volatile(store), "%s", changes[i]);
	}
}
END_TEST

START_TEST(an_hour_that_cannot_be_stored_at_all_is_logged_and_the_next_one_closes)
{
	run_hours(H, H + 3);
	int64_t before = closed();
	restart_with("CREATE TRIGGER no BEFORE INSERT ON aqi BEGIN SELECT raise(ABORT, 'no'); END");
	run_hours(H + 3, H + 5);
	ck_assert_int_eq(closed(), before);
	ck_assert_int_ge(count_lines("advice none"), 1);
	restart_with("DROP TRIGGER no");
	run_hours(H + 5, H + 7);
	ck_assert_int_gt(closed(), before);
}
END_TEST

/* A review of the hours H + 31 to H + 65. */
static void review_smog(void)
{
	struct command_answer answer;
	struct command given = {.kind = COMMAND_REVIEW,
				.time_ms = (H + 66) * HOUR_MS,
				.id = "r-1",
				.issuer = "city",
				.json = "{}"};
	given.review = (struct review){.from = H + 31,
				       .to = H + 65,
				       .pollutants = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
	ck_assert_int_eq(
		engine_command(engine, &given, (H + 66) * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static void expect_settled(const char *about)
{
	int64_t first, last;
	settle((H + 66) * HOUR_MS);
	ck_assert_msg(changed_pending(store, &first, &last) == STORE_E_NONE, "%s", about);
	ck_assert_msg(advice_level(engine_advice(engine)) == LEVEL_NONE, "%s", about);
}

START_TEST(a_review_ends_a_false_level_though_rows_on_its_way_are_damaged)
{
	static const char *const changes[] = {
		"UPDATE hours SET rev = 99999999999 WHERE hour = 384470",
		"UPDATE hours SET mean_milli = 99999999999 WHERE hour = 384470 AND pollutant = "
		"'pm25'",
		"UPDATE aqi SET rev = -9 WHERE hour = 384470",
		"INSERT INTO commands VALUES ('f', 'forecast', 'x', 1, 1, 'accepted', '', '{}');"
		"INSERT INTO forecasts VALUES ('f', 1384000000000, 'x', 'x', 'model', 'hourly_aqi',"
		" -5)",
		"INSERT INTO commands VALUES (hex(zeroblob(400)), 'forecast', 'x', 1, 1,"
		" 'accepted', '', '{}');"
		"INSERT INTO forecasts VALUES (hex(zeroblob(400)), 1384000000000, 'x', 'x',"
		" 'model', 'hourly_aqi', 5)"};
	run_hours(H, H + 66);
	ck_assert_int_ne(advice_level(engine_advice(engine)), LEVEL_NONE);
	restart_with(changes[_i]);
	review_smog();
	expect_settled(changes[_i]);
}
END_TEST

/* ---- directives ---- */

static void command(const char *id, int level, int64_t start)
{
	char json[512], when[40];
	struct command given = {.kind = COMMAND_DIRECTIVE, .time_ms = start * HOUR_MS};
	struct command_answer answer;
	snprintf(given.id, sizeof(given.id), "%s", id);
	snprintf(given.issuer, sizeof(given.issuer), "city");
	direct_level(&given, level, start * HOUR_MS);
	snprintf(given.directive.word.document, TIMETABLE_TEXT_SIZE, "1");
	snprintf(given.directive.details.area, WORD_AREA_SIZE, "all");
	time_t seconds = (time_t)(start * 3600 + 8 * 3600);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S+08:00", gmtime(&seconds));
	snprintf(json, sizeof(json),
		 "{\"id\":\"%s\",\"issuer\":\"city\",\"time\":\"%s\",\"level\":\"%s\","
		 "\"start\":\"%s\",\"area\":\"all\",\"document\":\"1\"}",
		 id, when, level_name(&conf->plan, level), when);
	given.json = json;
	int r = engine_command(engine, &given, start * HOUR_MS, TIME_SYNCHRONISED, &answer);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static void expect_in_force(int level, const char *about)
{
	const struct timetable_entry *entry = timetable_in_force(&engine->city.timetable);
	struct word_details details = {0};
	int found = entry ? entry->level : LEVEL_NONE;
	ck_assert_msg(found == level, "%s: %s", about, level_name(&conf->plan, found));
	if (!entry)
		return;
	ck_assert_int_eq(directives_details(store, entry->number, &details), 0);
	ck_assert_msg(strcmp(details.area, "all") == 0, "%s: area %s", about, details.area);
}

START_TEST(a_changed_row_of_a_directive_that_was_lifted_long_ago_stops_nothing)
{
	static const char *const columns[] = {
		"level = 'red'", "level = 'mauve'", "start = 5", "planned_end = 77",
		"regional = 1",  "area = 'x'",      "crc = 5",   "document = hex(zeroblob(400))"};
	run_hours(H, H + 3);
	command("d-1", LEVEL_ORANGE, H + 1);
	command("d-2", LEVEL_NONE, H + 2);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char sql[200];
		snprintf(sql, sizeof(sql),
			 "UPDATE directives SET %s WHERE number = 1;"
			 "UPDATE timetable SET start = start - 1 WHERE number = 1",
			 columns[i]);
		restart_with(sql);
		expect_in_force(LEVEL_NONE, sql);
		tick();
	}
	ck_assert_int_ge(count_lines("rows are damaged"), 1);
	command("d-3", LEVEL_YELLOW, H + 3);
	expect_in_force(LEVEL_YELLOW, "afterwards");
	ck_assert_int_eq(ask("SELECT max(number) FROM directives"), 3);
}
END_TEST

#define RESTORE                                                                                    \
	"DELETE FROM directives; INSERT INTO directives SELECT * FROM kept;"                       \
	"DELETE FROM timetable; INSERT INTO timetable SELECT * FROM kept_entries; "

START_TEST(a_changed_row_of_the_directive_in_force_is_read_from_its_command)
{
	static const char *const changes[] = {
		"timetable SET level = 'red'", "timetable SET level = 'none'",
		"timetable SET start = 5",     "timetable SET planned_end = 77",
		"timetable SET crc = 5",       "timetable SET accepted = 9",
		"directives SET area = 'x'",   "directives SET regional = 1",
		"directives SET crc = 5",      "directives SET received = 9"};
	run_hours(H, H + 3);
	command("d-1", LEVEL_ORANGE, H + 1);
	restart_with("CREATE TABLE kept AS SELECT * FROM directives;"
		     "CREATE TABLE kept_entries AS SELECT * FROM timetable");
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char sql[400];
		snprintf(sql, sizeof(sql), RESTORE "UPDATE %s WHERE number = 1", changes[i]);
		restart_with(sql);
		expect_in_force(LEVEL_ORANGE, changes[i]);
		ck_assert_int_eq(engine_damaged_directive(engine), 1);
	}
}
END_TEST

START_TEST(without_its_command_and_event_the_log_says_what_was_in_force)
{
	run_hours(H, H + 3);
	command("d-1", LEVEL_YELLOW, H + 1);
	command("d-2", LEVEL_ORANGE, H + 2);
	restart_with("UPDATE timetable SET level = 'none' WHERE number = 2;"
		     "UPDATE directives SET level = 'none' WHERE number = 2;"
		     "UPDATE commands SET json = '{}' WHERE id = 'directive//d-2';"
		     "UPDATE events SET message = '{' WHERE directive = 2");
	ck_assert_int_eq(timetable_level(&engine->city.timetable), LEVEL_ORANGE);
	ck_assert_int_eq(engine_damaged_directive(engine), 2);
	ck_assert_int_ge(count_lines("by the log of what was in force it goes on: orange"), 1);
	tick();
	ck_assert_int_ge(count_lines("rows are damaged"), 1);
	command("d-3", LEVEL_NONE, H + 3);
	ck_assert_int_eq(timetable_level(&engine->city.timetable), LEVEL_NONE);
	ck_assert_int_eq(engine_damaged_directive(engine), 0);
}
END_TEST

/* ---- what the clock is believed ---- */

START_TEST(a_station_starts_though_nobody_can_read_which_minutes_are_sure)
{
	static const char *const damages[] = {"UPDATE sure_minutes SET newest = -7",
					      "UPDATE sure_minutes SET newest = 9007199254740993"};
	run_hours(H, H + 1);
	engine_advance(engine, (H + 1) * HOUR_MS + 5 * MINUTE_MS, TIME_UNSYNCHRONISED);
	for (int i = 0; i < 2; i++) {
		killed();
		change_one("samples.db", damages[i]);
		start();
		ck_assert(engine->doubts_left);
		ck_assert_int_eq(engine->minute_sure, 0);
	}
	tick();
	ck_assert_int_eq(count_lines("sure_minutes"), 1);
	run_hours(H + 1, H + 3);
	ck_assert(!engine->doubts_left);
	ck_assert_int_ge(closed(), 2);
}
END_TEST

/* ---- hours of a time that is not yet ---- */

START_TEST(an_hour_later_than_the_trusted_time_is_set_aside_though_its_sum_is_right)
{
	char sql[400];
	const int64_t far = H + 5000;
	run_hours(H, H + 3);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms,"
		 " samples, time_quality, crc) VALUES (%lld, 'pm25', 35000, 1, 'N', 3600000, 60,"
		 " 'synchronised', %u)",
		 (long long)far, hours_crc(far, "pm25", 35000));
	goes_on_after(sql);
	tick();
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), H + 5);
	ck_assert_int_ge(count_lines("rows are damaged"), 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("bad_rows");
	TCase *tc = tcase_create("bad_rows");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, teardown);
	tcase_add_test(tc, hours_close_though_a_row_has_a_name_far_ahead);
	tcase_add_test(tc, hours_close_though_a_row_has_the_largest_name_there_is);
	tcase_add_test(tc, hours_close_though_a_row_has_a_name_before_all_time);
	tcase_add_test(tc, what_is_set_aside_is_in_quarantine_as_it_was);
	tcase_add_test(tc, a_station_starts_though_values_are_none_that_it_writes);
	tcase_add_test(tc, an_hour_that_cannot_be_stored_at_all_is_logged_and_the_next_one_closes);
	tcase_add_loop_test(tc, a_review_ends_a_false_level_though_rows_on_its_way_are_damaged, 0,
			    5);
	tcase_add_test(tc, a_changed_row_of_a_directive_that_was_lifted_long_ago_stops_nothing);
	tcase_add_test(tc, a_changed_row_of_the_directive_in_force_is_read_from_its_command);
	tcase_add_test(tc, without_its_command_and_event_the_log_says_what_was_in_force);
	tcase_add_test(tc, a_station_starts_though_nobody_can_read_which_minutes_are_sure);
	tcase_add_test(tc,
		       an_hour_later_than_the_trusted_time_is_set_aside_though_its_sum_is_right);
	suite_add_tcase(suite, tc);
	return suite;
}
