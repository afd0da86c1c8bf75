/* SPDX-License-Identifier: MIT */
/* Episode, directives and orders through the engine while its disk fails, and an advice that is
 * damaged. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "directing.h"
#include "full_disk.h"
#include "hetang.h"
#include "import.h"
#include "ordering.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

#define EPISODE_H 190

static int count_volatile(void)
{
	int n = 0;
	for (int i = 0; i < n_rows; i++)
		n += strstr(rows[i].payload, "\"volatile\":true") != NULL;
	return n;
}

static void begin_again(void)
{
	char command[300];
	teardown();
	snprintf(command, sizeof(command), "rm -rf '%s/data'", unit_tmpdir());
	ck_assert_int_eq(system(command), 0);
	setup();
}

START_TEST(an_episode_on_a_failing_disk_is_told_and_stored_as_on_a_good_one)
{
	static char calm[4096], failing[4096];
	static struct hour_values first[EPISODE_H], second[EPISODE_H];
	run_hours(H, H + EPISODE_H);
	event_list(calm, sizeof(calm));
	ck_assert_int_eq(count_volatile(), 0);
	ck_assert_int_eq(hours_load(store, H, EPISODE_H, first), 0);
	begin_again();
	stand_before_the_disk();
	for (int64_t hour = H; hour < H + EPISODE_H; hour += 10) {
		disk_is_full = hour % 20 < 10 && hour > H + 20;
		if (!disk_is_full)
			ck_assert_int_eq(store_recover(store), 0);
		run_hours(hour, hour + 10);
		collect_outbox();
		ck_assert(store_is_volatile(store) == disk_is_full);
		ck_assert(engine_store_ok(engine) == !disk_is_full);
	}
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	event_list(failing, sizeof(failing));
	ck_assert_str_eq(calm, failing);
	ck_assert_int_gt(count_volatile(), 50);
	killed();
	start();
	ck_assert_int_eq(hours_load(store, H, EPISODE_H, second), 0);
	ck_assert_mem_eq(first, second, sizeof(first));
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 0);
	ck_assert_int_eq(ask("SELECT max(number) - count(*) FROM events"), 0);
	ck_assert_int_eq(ask("SELECT max(rev) FROM aqi"), 0);
}
END_TEST

static const struct command orange = {.kind = COMMAND_DIRECTIVE,
				      .id = "d-1",
				      .issuer = "city",
				      .time_ms = (H + 3) * HOUR_MS,
				      .json = "{}",
				      .directive.word = {.id = "d-1",
							 .issuer = "city",
							 .time_ms = (H + 3) * HOUR_MS,
							 .has_level = true,
							 .level = LEVEL_ORANGE,
							 .start_ms = (H + 3) * HOUR_MS}};

START_TEST(a_directive_that_finds_the_disk_full_is_in_force_and_stored_once_there_is_room)
{
	struct command_answer answer;
	run_hours(H, H + 3);
	stand_before_the_disk();
	disk_is_full = true;
	int r = engine_command(engine, &orange, (H + 3) * HOUR_MS, TIME_SYNCHRONISED, &answer);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	ck_assert(store_is_volatile(store));
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	killed();
	start();
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	r = engine_command(engine, &orange, (H + 3) * HOUR_MS, TIME_SYNCHRONISED, &answer);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(answer.outcome, COMMAND_REPEATED);
}
END_TEST

START_TEST(a_directive_that_begins_while_the_disk_is_full_is_in_force_in_memory)
{
	struct command_answer answer;
	struct command ahead = orange;
	ahead.directive.word.start_ms = (H + 4) * HOUR_MS;
	run_hours(H, H + 3);
	stand_before_the_disk();
	int r = engine_command(engine, &ahead, (H + 3) * HOUR_MS, TIME_SYNCHRONISED, &answer);
	ck_assert_int_eq(r, 0);
	disk_is_full = true;
	engine_advance(engine, (H + 4) * HOUR_MS, TIME_SYNCHRONISED);
	ck_assert(store_is_volatile(store));
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'issue'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM force_log WHERE level = 'orange'"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic = 'warning/cap/directive'"),
			 1);
	killed();
	start();
	ck_assert_int_eq(ask("SELECT count(*) FROM timetable WHERE turn = 1"), 1);
}
END_TEST

/* False if the disk was not read so often. */
static bool find_it_dead_after(int reads)
{
	struct command_answer answer;
	begin_again();
	run_hours(H + 2, H + 3);
	store_keep(store, 1 << 20);
	sqlite3_db_release_memory(store->state.handle);
	disk_reads_left = reads;
	int r = engine_command(engine, &orange, (H + 3) * HOUR_MS, TIME_SYNCHRONISED, &answer);
	bool dead = disk_reads_left == 0;
	disk_reads_left = -1;
	ck_assert_msg(r == 0 && answer.outcome == COMMAND_ACCEPTED, "after %d reads: %d", reads, r);
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM directives"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM commands"), 1);
	return dead;
}

START_TEST(a_directive_in_whose_midst_the_disk_dies_is_in_force_all_the_same)
{
	int reads = 0;
	stand_before_the_disk();
	while (find_it_dead_after(reads))
		reads++;
	ck_assert_int_gt(reads, 3);
	printf("# %d reads\n", reads);
}
END_TEST

static void damage_and_go_on(const char *sql)
{
	static char calm[4096], damaged[4096];
	run_hours(H, H + EPISODE_H);
	event_list(calm, sizeof(calm));
	begin_again();
	run_hours(H, H + 90);
	struct advice before = *engine_advice(engine);
	ck_assert_int_eq(sqlite3_exec(store->state.handle, sql, NULL, NULL, NULL), SQLITE_OK);
	killed();
	start();
	ck_assert_uint_eq(engine_advice(engine)->held, before.held);
	ck_assert_int_eq(engine_advice(engine)->last_event, before.last_event);
	ck_assert_int_eq(engine_advice(engine)->episode, before.episode);
	run_hours(H + 90, H + EPISODE_H);
	event_list(damaged, sizeof(damaged));
	ck_assert_str_eq(calm, damaged);
}

START_TEST(an_advice_with_a_flipped_bit_is_computed_anew_from_the_hours)
{
	damage_and_go_on("UPDATE advice SET held = held | 8");
}
END_TEST

START_TEST(an_advice_that_is_lost_is_computed_anew_from_the_hours)
{
	damage_and_go_on("DELETE FROM advice");
}
END_TEST

START_TEST(an_episode_goes_on_when_the_station_starts_while_the_disk_is_full)
{
	static char calm[4096], failing[4096];
	run_hours(H, H + EPISODE_H);
	event_list(calm, sizeof(calm));
	int64_t hours = ask("SELECT count(*) FROM hours");
	begin_again();
	stand_before_the_disk();
	run_hours(H, H + 90);
	struct advice before = *engine_advice(engine);
	for (int restart = 0; restart < 2;
	     restart++) { /* the second loses what was only in memory */
		killed();
		disk_is_full = true;
		start();
		ck_assert(store_is_volatile(store));
		ck_assert_mem_eq(engine_advice(engine), &before, sizeof(before));
		run_hours(H + 90, H + 130);
	}
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	run_hours(H + 130, H + EPISODE_H);
	event_list(failing, sizeof(failing));
	ck_assert_str_eq(calm, failing);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), hours);
	ck_assert_int_eq(ask("SELECT max(number) - count(*) FROM events"), 0);
}
END_TEST

START_TEST(imported_hours_are_judged_when_the_station_starts_while_the_disk_is_full)
{
	struct import counts = {.replace = true};
	struct hour_values smog = {.valid = 1u << POLLUTANT_PM25};
	smog.milli[POLLUTANT_PM25] = 300000;
	stand_before_the_disk();
	run_hours(H, H + 3);
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = H - 150; hour < H + 3; hour++)
		ck_assert_int_eq(import_hour(store, hour, &smog, 0, &counts), 0);
	ck_assert_int_eq(store_commit(store), 0);
	killed();
	disk_is_full = true;
	start();
	ck_assert(store_is_volatile(store));
	engine_advance(engine, (H + 3) * HOUR_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
	/* the rest follows when the disk works */
	settle((H + 3) * HOUR_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 1);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	settle((H + 3) * HOUR_MS + MINUTE_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind = 'correction'"), 1);
	ck_assert_int_eq(advice_level(engine_advice(engine)), LEVEL_RED);
}
END_TEST

/* ---- gaps ---- */

static int n_failures;

/* True once. */
static void fail_once(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n, (void)values;
	sqlite3_result_int(context, n_failures++ == 0);
}

/* What was told of the hours of a gap whose first piece fails at its end, or not. */
static int64_t pass_gap(bool fails)
{
	n_failures = fails ? 0 : 1;
	run_hours(H, H + 30);
	ck_assert_int_eq(sqlite3_create_function(store->state.handle, "fail_once", 0, SQLITE_UTF8,
						 NULL, fail_once, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(store->state.handle,
				      "CREATE TEMP TRIGGER no BEFORE INSERT ON main.aqi WHEN"
				      " new.hour = 384830 AND fail_once()"
				      " BEGIN SELECT raise(ABORT, 'no'); END",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	engine_advance(engine, (H + 900) * HOUR_MS + 5 * MINUTE_MS, TIME_SYNCHRONISED);
	ck_assert_int_eq(n_failures, 2);
	ck_assert_int_eq(ask("SELECT max(hour) - min(hour) + 1 - count(*) FROM aqi"), 0);
	return ask("SELECT 1000 * count(daily) + sum(daily) FROM aqi WHERE hour > 384460");
}

START_TEST(a_gap_whose_hours_fail_to_be_stored_at_first_has_the_same_indices_afterwards)
{
	int64_t calm = pass_gap(false);
	begin_again();
	ck_assert_int_gt(calm, 1000);
	ck_assert_int_eq(pass_gap(true), calm);
}
END_TEST

/* ---- orders ---- */

static int64_t now_ms;

static void begin_engine(void)
{
	now_ms = H * HOUR_MS;
	store_keep(store, 1 << 20);
	stand_before_the_disk();
}

static void direct(const char *id, int level)
{
	struct command_answer answer;
	struct command command = {
		.kind = COMMAND_DIRECTIVE, .issuer = "city", .time_ms = now_ms, .json = "{}"};
	snprintf(command.id, sizeof(command.id), "%s", id);
	direct_level(&command, level, now_ms);
	ck_assert_int_eq(engine_command(engine, &command, now_ms, TIME_SYNCHRONISED, &answer), 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

static void let_pass_s(int s)
{
	for (int i = 0; i < s * 1000 / ORDERING_PAUSE_MS; i++) {
		now_ms += ORDERING_PAUSE_MS;
		engine_advance(engine, now_ms, TIME_SYNCHRONISED);
	}
}

static int64_t waiting(const char *level)
{
	char sql[200];
	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM outbox WHERE topic LIKE 'order/%%' AND payload LIKE"
		 " '%%\"level\":\"%s\"%%'",
		 level);
	return ask(sql);
}

static void fill_the_disk(void)
{
	disk_is_full = true;
	let_pass_s(60); /* the minute's rows find it full */
}

static void free_the_disk(void)
{
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert(!store_is_volatile(store));
}

START_TEST(orders_wait_while_the_database_is_in_memory_and_say_the_newest_level_afterwards)
{
	station_import(store, 0, 120);
	begin_engine();
	direct("d-1", LEVEL_ORANGE);
	let_pass_s(1);
	int64_t before = waiting("orange");
	ck_assert_int_gt(before, 0);
	disk_is_full = true;
	direct("d-2", LEVEL_RED);
	ck_assert(store_is_volatile(store));
	int64_t in_memory = ask("SELECT count(*) FROM outbox WHERE topic LIKE 'order/%'");
	let_pass_s(600);
	ck_assert(store_is_volatile(store));
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE topic LIKE 'order/%'"), in_memory);
	ck_assert_int_eq(waiting("red"), 0);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(waiting("red"), 120);
	ck_assert_int_eq(waiting("orange"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM orders WHERE withdrawn = 0"), 120);
}
END_TEST

START_TEST(a_lift_while_the_database_is_in_memory_withdraws_the_orders_when_the_disk_works)
{
	station_import(store, 0, 60);
	begin_engine();
	direct("d-1", LEVEL_YELLOW);
	let_pass_s(10);
	ck_assert_int_eq(waiting("yellow"), 60);
	fill_the_disk();
	direct("d-2", LEVEL_NONE);
	ck_assert(store_is_volatile(store));
	let_pass_s(60);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM outbox WHERE payload LIKE '%\"withdrawn\":true%'"), 0);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(ask("SELECT count(*) FROM orders WHERE withdrawn = 1"), 60);
	ck_assert_int_eq(
		ask("SELECT count(*) FROM outbox WHERE payload LIKE '%\"withdrawn\":true%'"), 60);
}
END_TEST

START_TEST(a_step_of_orders_that_finds_the_disk_full_is_neither_lost_nor_repeated)
{
	station_import(store, 0, 120);
	begin_engine();
	direct("d-1", LEVEL_ORANGE);
	let_pass_s(1);
	disk_is_full = true; /* the next step is the first to notice */
	let_pass_s(1);
	free_the_disk();
	let_pass_s(30);
	ck_assert_int_eq(waiting("orange"), 120);
	ck_assert_int_eq(ask("SELECT count(DISTINCT topic) FROM outbox WHERE topic LIKE 'order/%'"),
			 120);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("volatile");
	TCase *tc = tcase_create("volatile");
	tcase_set_timeout(tc, 280);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_episode_on_a_failing_disk_is_told_and_stored_as_on_a_good_one);
	tcase_add_test(
		tc, a_directive_that_finds_the_disk_full_is_in_force_and_stored_once_there_is_room);
	tcase_add_test(tc, a_directive_that_begins_while_the_disk_is_full_is_in_force_in_memory);
	tcase_add_test(tc,
		       imported_hours_are_judged_when_the_station_starts_while_the_disk_is_full);
	tcase_add_test(tc, an_episode_goes_on_when_the_station_starts_while_the_disk_is_full);
	tcase_add_test(tc, a_directive_in_whose_midst_the_disk_dies_is_in_force_all_the_same);
	tcase_add_test(
		tc, a_gap_whose_hours_fail_to_be_stored_at_first_has_the_same_indices_afterwards);
	tcase_add_test(tc, an_advice_with_a_flipped_bit_is_computed_anew_from_the_hours);
	tcase_add_test(tc, an_advice_that_is_lost_is_computed_anew_from_the_hours);
	tcase_add_test(
		tc,
		orders_wait_while_the_database_is_in_memory_and_say_the_newest_level_afterwards);
	tcase_add_test(
		tc,
		a_lift_while_the_database_is_in_memory_withdraws_the_orders_when_the_disk_works);
	tcase_add_test(tc, a_step_of_orders_that_finds_the_disk_full_is_neither_lost_nor_repeated);
	suite_add_tcase(suite, tc);
	return suite;
}
