/* SPDX-License-Identifier: MIT */
/* An episode through the engine while its disk fails, and with an advice that is damaged. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db.h"
#include "full_disk.h"
#include "pipeline.h"
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

static int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
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

static const struct command orange = {
	.kind = COMMAND_DIRECTIVE,
	.id = "d-1",
	.issuer = "city",
	.time_ms = (H + 3) * HOUR_MS,
	.json = "{}",
	.directive = {.level = LEVEL_ORANGE, .start_ms = (H + 3) * HOUR_MS}};

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

Suite *unit_suite(void)
{
	Suite *suite = suite_create("volatile");
	TCase *tc = tcase_create("volatile");
	tcase_set_timeout(tc, 280);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_episode_on_a_failing_disk_is_told_and_stored_as_on_a_good_one);
	tcase_add_test(
		tc, a_directive_that_finds_the_disk_full_is_in_force_and_stored_once_there_is_room);
	tcase_add_test(tc, an_episode_goes_on_when_the_station_starts_while_the_disk_is_full);
	tcase_add_test(tc, a_directive_in_whose_midst_the_disk_dies_is_in_force_all_the_same);
	tcase_add_test(tc, an_advice_with_a_flipped_bit_is_computed_anew_from_the_hours);
	tcase_add_test(tc, an_advice_that_is_lost_is_computed_anew_from_the_hours);
	suite_add_tcase(suite, tc);
	return suite;
}
