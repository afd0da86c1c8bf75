/* SPDX-License-Identifier: MIT */
/* A station's files are read without a trace, whether its daemon runs, was stopped or killed. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crc.h"
#include "db.h"
#include "hours.h"
#include "latest.h"
#include "models.h"
#include "outbox.h"
#include "unit.h"

static char folder[256];

static void name_folder(void)
{
	snprintf(folder, sizeof(folder), "%s", unit_tmpdir());
}

/* The same folder in a child. */
static const char *station_path(const char *file)
{
	static char path[4][512];
	static int next;
	char *to = path[next++ % 4];
	snprintf(to, sizeof(path[0]), "%s/station%s%s", folder, *file ? "/" : "", file);
	return to;
}

static struct store *open_writer(void)
{
	struct store *store = NULL;
	ck_assert_int_eq(store_open(station_path(""), &store), 0);
	store_use_plan(store, models_plan());
	return store;
}

static void close_an_hour(struct store *store, int64_t hour)
{
	const struct hour_mean mean = {
		.valid = true, .mean_milli = 35000, .quality = QUALITY_NORMAL};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_put(store, hour, POLLUTANT_PM25, &mean, TIME_SYNCHRONISED), 0);
	ck_assert_int_eq(store_commit(store), 0);
}

static void publish(struct store *store, const char *topic, const char *payload)
{
	struct outbox_row row = {.made_ms = 1, .retain = true, .payload = strdup(payload)};
	int dropped;
	snprintf(row.topic, sizeof(row.topic), "%s", topic);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(outbox_next_seq(store, &row.seq), 0);
	ck_assert_int_eq(outbox_append(store, &row, &dropped), 0);
	ck_assert_int_eq(store_commit(store), 0);
	outbox_row_done(&row);
}

static uint32_t sum_of_file(const char *name, uint32_t sum)
{
	char bytes[4096];
	FILE *file = fopen(station_path(name), "rb");
	ck_assert_ptr_nonnull(file);
	for (size_t n; (n = fread(bytes, 1, sizeof(bytes), file)) > 0;)
		sum = crc32_of_bytes(sum, bytes, n);
	fclose(file);
	return sum;
}

/* Of the names and bytes of everything in the station's folder. */
static uint32_t sum_of_folder(void)
{
	struct dirent **names;
	uint32_t sum = 0;
	int n = scandir(station_path(""), &names, NULL, alphasort);
	ck_assert_int_gt(n, 2);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		sum = crc32_of_bytes(sum, name, strlen(name));
		if (name[0] != '.' && strcmp(name, "quarantine") != 0)
			sum = sum_of_file(name, sum);
		free(names[i]);
	}
	free(names);
	return sum;
}

static void expect_newest(int64_t expected)
{
	struct store *reader = NULL;
	int64_t newest = 0;
	ck_assert_int_eq(store_open_readonly(station_path(""), &reader), 0);
	ck_assert_int_eq(hours_newest(reader, &newest), 0);
	ck_assert_int_eq(newest, expected);
	ck_assert(!store_is_overtaken(reader));
	store_close(reader);
}

START_TEST(a_reader_leaves_no_file_beside_those_of_a_stopped_daemon)
{
	struct store *store = open_writer();
	close_an_hour(store, 1);
	store_close(store);
	uint32_t before = sum_of_folder();
	expect_newest(1);
	ck_assert_uint_eq(sum_of_folder(), before);
}
END_TEST

START_TEST(what_a_killed_daemon_left_in_its_log_is_read_and_stays_there)
{
	pid_t child = fork();
	if (child == 0) {
		close_an_hour(open_writer(), 7);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	uint32_t before = sum_of_folder();
	ck_assert_int_eq(access(station_path("state.db-wal"), F_OK), 0);
	expect_newest(7);
	ck_assert_uint_eq(sum_of_folder(), before);
}
END_TEST

START_TEST(beside_a_daemon_at_work_a_reader_sees_each_commit_and_writes_nothing)
{
	int ready[2];
	char done;
	ck_assert_int_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct store *store = open_writer();
		close_an_hour(store, 1);
		close_an_hour(store, 2);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &done, 1), 1);
	uint32_t before = sum_of_folder();
	expect_newest(2);
	ck_assert_uint_eq(sum_of_folder(), before);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(a_reader_learns_that_a_daemon_began_behind_its_back)
{
	struct store *store = open_writer(), *reader = NULL;
	store_close(store);
	ck_assert_int_eq(store_open_readonly(station_path(""), &reader), 0);
	ck_assert(!store_is_overtaken(reader) && !store_is_in_use(reader));
	store = open_writer();
	ck_assert(store_is_overtaken(reader) && store_is_in_use(reader));
	store_close(reader);
	store_close(store);
}
END_TEST

START_TEST(a_folder_with_signs_of_a_uri_in_its_name_is_read)
{
	char odd[300];
	struct store *store = NULL;
	snprintf(odd, sizeof(odd), "%s/a?mode=rwc&b#c%%20 é", unit_tmpdir());
	ck_assert_int_eq(store_open(odd, &store), 0);
	store_close(store);
	ck_assert_int_eq(store_open_readonly(odd, &store), 0);
	store_close(store);
}
END_TEST

START_TEST(the_newest_payload_of_a_topic_comes_as_it_was_published_and_a_damaged_one_not)
{
	struct store *store = open_writer();
	char *payload = NULL;
	ck_assert_int_eq(latest_get(store, "health", &payload), STORE_E_NONE);
	publish(store, "health", "{\"a\":1}");
	publish(store, "health", "{\"a\": 2}");
	ck_assert_int_eq(latest_get(store, "health", &payload), 0);
	ck_assert_str_eq(payload, "{\"a\": 2}");
	free(payload);
	ck_assert_int_eq(sqlite3_exec(store->state.handle,
				      "UPDATE latest SET payload = '{\"a\": 3}'", NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(latest_get(store, "health", &payload), STORE_E_NONE);
	store_close(store);
}
END_TEST

Suite *unit_suite(void)
{
	TCase *tcase = tcase_create("reading");
	tcase_add_checked_fixture(tcase, name_folder, NULL);
	tcase_add_test(tcase, a_reader_leaves_no_file_beside_those_of_a_stopped_daemon);
	tcase_add_test(tcase, what_a_killed_daemon_left_in_its_log_is_read_and_stays_there);
	tcase_add_test(tcase, beside_a_daemon_at_work_a_reader_sees_each_commit_and_writes_nothing);
	tcase_add_test(tcase, a_reader_learns_that_a_daemon_began_behind_its_back);
	tcase_add_test(tcase, a_folder_with_signs_of_a_uri_in_its_name_is_read);
	tcase_add_test(
		tcase,
		the_newest_payload_of_a_topic_comes_as_it_was_published_and_a_damaged_one_not);
	Suite *suite = suite_create("reading");
	suite_add_tcase(suite, tcase);
	return suite;
}
