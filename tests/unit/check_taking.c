/* SPDX-License-Identifier: MIT */
/* A reduction list that the running daemon takes over, piece by piece. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_list.h"
#include "pipeline.h"
#include "retention.h"
#include "sources.h"
#include "station.h"
#include "unit.h"

#define N 250

static struct list_taking taking;
static struct control_answer answer;

/* What `hazewatch list import` leaves for the daemon: a list of n sources. */
static void stage_list(int first, int n)
{
	struct store *staged = NULL;
	char path[600];
	snprintf(path, sizeof(path), "rm -rf '%s/" CONTROL_LIST_FOLDER "'", conf->data_dir);
	ck_assert_int_eq(system(path), 0); /* NOLINT(cert-env33-c): the test's own folder */
	snprintf(path, sizeof(path), "%s/" CONTROL_LIST_FOLDER, conf->data_dir);
	ck_assert_int_eq(store_open(path, &staged), 0);
	store_use_plan(staged, &conf->plan);
	station_import(staged, first, n);
	store_close(staged);
}

static void begin(void)
{
	conf = station_conf("hj633-2012", "hetang-2024", "");
	start();
	taking = (struct list_taking){0};
}

static void end(void)
{
	control_end_list(&taking);
	killed();
	conf = conf_free(conf);
}

static void begin_taking(void)
{
	control_begin_list(&taking, conf, store, &answer);
}

static int work_pieces(int most)
{
	int n = 0;
	while (n < most && control_work_list(&taking))
		n++;
	return n;
}

static int64_t number_in_force(void)
{
	struct source_list list = {.number = 0};
	sources_in_force(store, &list);
	return list.number;
}

START_TEST(a_list_is_in_force_when_all_of_it_is_there_and_not_before)
{
	station_import(store, 0, 3);
	stage_list(100, N);
	begin_taking();
	ck_assert(answer.ok);
	ck_assert_str_eq(answer.text, "taking 0 of 250");
	int pieces = 0;
	do {
		ck_assert_int_eq(number_in_force(), 1);
		control_tell_list(&taking, &answer);
		ck_assert(answer.ok);
		ck_assert_str_ne(answer.text, "version 2");
		pieces++;
		control_work_list(&taking);
	} while (taking.from);
	ck_assert_int_ge(pieces, N / 100);
	ck_assert_int_eq(number_in_force(), 2);
	control_tell_list(&taking, &answer);
	ck_assert(answer.ok);
	ck_assert_str_eq(answer.text, "version 2");
	work_pieces(100);
	ck_assert_int_eq(ask("SELECT count(*) FROM sources WHERE list = 1"), 3);
	ck_assert_int_eq(ask("SELECT count(*) FROM sources WHERE list = 2"), N);
	ck_assert_int_eq(ask("SELECT count(*) FROM source_levels WHERE list = 2"), 3 * N);
	ck_assert_int_eq(ask("SELECT count(*) FROM list_whole WHERE list = 2"), EMISSION_COUNT);
}
END_TEST

START_TEST(a_kill_at_any_piece_leaves_the_list_before_and_the_next_one_is_whole)
{
	station_import(store, 0, 3);
	stage_list(100, N);
	begin_taking();
	work_pieces(_i);
	control_end_list(&taking);
	killed();
	start();
	bool whole = number_in_force() == 2;
	ck_assert_int_eq(ask("SELECT count(*) FROM sources WHERE list = 2") == N, whole);
	stage_list(5000, 10);
	begin_taking();
	ck_assert(answer.ok);
	work_pieces(1000);
	int64_t number = number_in_force();
	ck_assert_int_eq(number, whole ? 3 : 2);
	ck_assert_int_eq(ask("SELECT sources FROM lists ORDER BY number DESC LIMIT 1"), 10);
	ck_assert_int_eq(ask("SELECT count(*) FROM sources WHERE list = (SELECT max(number) FROM "
			     "lists)"),
			 10);
	ck_assert_int_eq(ask("SELECT count(*) FROM source_levels WHERE list > (SELECT max(number) "
			     "FROM lists) OR (list = (SELECT max(number) FROM lists) AND id < "
			     "'s005000')"),
			 0);
}
END_TEST

START_TEST(one_that_the_quota_has_no_room_for_is_refused_before_anything_is_written)
{
	const struct retention small = {.state_quota_mb = 1, .samples_quota_mb = 16};
	stage_list(0, 3000);
	ck_assert_int_eq(retention_set_quotas(store, &small), 0);
	begin_taking();
	ck_assert(!answer.ok);
	ck_assert_ptr_nonnull(strstr(answer.text, "state_quota_mb"));
	ck_assert_int_eq(work_pieces(10), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM sources"), 0);
}
END_TEST

START_TEST(a_second_one_waits_until_the_first_is_there)
{
	control_tell_list(&taking, &answer);
	ck_assert(!answer.ok);
	stage_list(0, N);
	begin_taking();
	work_pieces(3);
	begin_taking();
	ck_assert(!answer.ok);
	ck_assert_ptr_nonnull(strstr(answer.text, "another list is being taken over: "));
	work_pieces(1000);
	ck_assert_int_eq(number_in_force(), 1);
	begin_taking();
	ck_assert(answer.ok);
	work_pieces(1000);
	ck_assert_int_eq(number_in_force(), 2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("taking");
	TCase *tc = tcase_create("taking");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_list_is_in_force_when_all_of_it_is_there_and_not_before);
	tcase_add_loop_test(
		tc, a_kill_at_any_piece_leaves_the_list_before_and_the_next_one_is_whole, 0, 6);
	tcase_add_test(tc,
		       one_that_the_quota_has_no_room_for_is_refused_before_anything_is_written);
	tcase_add_test(tc, a_second_one_waits_until_the_first_is_there);
	suite_add_tcase(suite, tc);
	return suite;
}
