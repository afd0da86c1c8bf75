/* SPDX-License-Identifier: MIT */
/* What a station that goes on from memory gave away: ids, seqs and numbers of events, after a kill,
 * and after the disk came back. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "full_disk.h"
#include "hetang.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

/* What a receiver keeps of a message. */
struct kept {
	char id[64];
	int64_t seq, number; /* number 0: no event */
	char *payload;
};
static struct kept kept[MAX_ROWS];
static int n_kept;

static void keep_row(const struct outbox_row *row)
{
	json_t *json = json_loads(row->payload, 0, NULL);
	struct kept *to = &kept[n_kept];
	if (!json) /* CAP has the same id as any other */
		return;
	snprintf(to->id, sizeof(to->id), "%s", json_string_value(json_object_get(json, "id")));
	to->seq = json_integer_value(json_object_get(json, "seq"));
	to->number = 0;
	if (strcmp(row->topic, "warning/event") == 0)
		to->number = json_integer_value(json_object_get(json, "number"));
	json_decref(json);
	to->payload = row->payload;
	n_kept++;
}

static void receive(void)
{
	n_kept = 0;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		keep_row(&rows[i]);
}

enum what { IDS, SEQS, NUMBERS };

static bool same_in(enum what what, const struct kept *a, const struct kept *b)
{
	if (what == IDS)
		return strcmp(a->id, b->id) == 0;
	if (what == SEQS)
		return a->seq == b->seq;
	return a->number != 0 && a->number == b->number;
}

/* How many come again with other contents. */
static int count_again(enum what what)
{
	int again = 0;
	for (int i = 0; i < n_kept; i++) {
		for (int j = 0; j < i; j++)
			again += same_in(what, &kept[i], &kept[j]) &&
				 strcmp(kept[i].payload, kept[j].payload) != 0;
	}
	return again;
}

static int64_t newest_number(void)
{
	int64_t newest = 0;
	for (int i = 0; i < n_kept; i++)
		newest = kept[i].number > newest ? kept[i].number : newest;
	return newest;
}

/* Heavy air, told from memory alone, and a kill. */
static void tell_from_memory(void)
{
	run_hours(H, H + 30);
	stand_before_the_disk();
	disk_is_full = true;
	run_hours(H + 30, H + 70);
	ck_assert(store_is_volatile(store));
	receive();
	ck_assert_int_ge(newest_number(), 1);
	killed();
	disk_is_full = false;
}

START_TEST(after_a_kill_in_memory_no_id_no_seq_and_no_number_comes_again)
{
	tell_from_memory();
	int64_t told = newest_number();
	start();
	ck_assert(!store_is_volatile(store));
	run_hours(H + 70, H + 130);
	receive();
	ck_assert_int_eq(count_again(IDS), 0);
	ck_assert_int_eq(count_again(SEQS), 0);
	ck_assert_int_eq(count_again(NUMBERS), 0);
	ck_assert_int_gt(newest_number(), told);
}
END_TEST

START_TEST(numbers_of_events_go_on_without_a_gap_behind_what_was_told)
{
	tell_from_memory();
	int64_t told = newest_number();
	start();
	int64_t on_disk = ask("SELECT count(*) FROM events");
	ck_assert_int_lt(on_disk, told);
	run_hours(H + 70, H + 130);
	ck_assert_int_eq(ask("SELECT max(number) - count(*) FROM events"), told - on_disk);
}
END_TEST

/* A disk on which nothing can be written over either. */
static void take_away_the_numbers(void)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/state.db" GIVEN_SUFFIX, conf->data_dir);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

START_TEST(where_nothing_at_all_can_be_written_no_id_comes_again)
{
	take_away_the_numbers();
	tell_from_memory();
	start();
	run_hours(H + 70, H + 130);
	receive();
	ck_assert_int_gt(count_again(SEQS), 0);
	ck_assert_int_eq(count_again(IDS), 0);
}
END_TEST

START_TEST(a_number_that_was_damaged_counts_for_nothing)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/state.db", conf->data_dir);
	const struct given given = {41, 12};
	ck_assert(given_write(path, &given));
	ck_assert_int_eq(given_read(path).seq, 41);
	ck_assert_int_eq(given_read(path).event, 12);
	snprintf(path, sizeof(path), "%s/state.db" GIVEN_SUFFIX, conf->data_dir);
	FILE *file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	fseek(file, 4, SEEK_SET);
	fputc('5', file);
	fclose(file);
	snprintf(path, sizeof(path), "%s/state.db", conf->data_dir);
	ck_assert_int_eq(given_read(path).seq, -1);
	ck_assert_int_eq(given_read(path).event, -1);
}
END_TEST

static void copy_uuid(char ret[GIVEN_UUID_SIZE])
{
	snprintf(ret, GIVEN_UUID_SIZE, "%s", store_uuid(store));
}

START_TEST(each_time_in_memory_has_a_uuid_of_its_own_and_the_disk_has_its_own_again)
{
	char own[GIVEN_UUID_SIZE], first[GIVEN_UUID_SIZE], second[GIVEN_UUID_SIZE];
	stand_before_the_disk();
	run_hours(H, H + 3);
	copy_uuid(own);
	disk_is_full = true;
	run_hours(H + 3, H + 5);
	copy_uuid(first);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_str_eq(store_uuid(store), own);
	run_hours(H + 5, H + 7);
	disk_is_full = true;
	run_hours(H + 7, H + 9);
	copy_uuid(second);
	ck_assert_str_ne(first, own);
	ck_assert_str_ne(second, own);
	ck_assert_str_ne(second, first);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	run_hours(H + 9, H + 11);
	receive();
	ck_assert_int_eq(count_again(IDS), 0);
	ck_assert_int_eq(count_again(SEQS), 0);
}
END_TEST

START_TEST(what_went_out_from_memory_keeps_its_id_when_it_is_on_disk)
{
	char memory[GIVEN_UUID_SIZE], sql[200];
	stand_before_the_disk();
	run_hours(H, H + 3);
	disk_is_full = true;
	run_hours(H + 3, H + 6);
	copy_uuid(memory);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM outbox WHERE payload LIKE '%%\"%s-%%'",
		 memory);
	int64_t before = ask(sql);
	ck_assert_int_gt(before, 0);
	killed();
	start();
	ck_assert_int_eq(ask(sql), before);
	ck_assert_str_ne(store_uuid(store), memory);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("given");
	TCase *tc = tcase_create("given");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, after_a_kill_in_memory_no_id_no_seq_and_no_number_comes_again);
	tcase_add_test(tc, numbers_of_events_go_on_without_a_gap_behind_what_was_told);
	tcase_add_test(tc, where_nothing_at_all_can_be_written_no_id_comes_again);
	tcase_add_test(tc, a_number_that_was_damaged_counts_for_nothing);
	tcase_add_test(tc,
		       each_time_in_memory_has_a_uuid_of_its_own_and_the_disk_has_its_own_again);
	tcase_add_test(tc, what_went_out_from_memory_keeps_its_id_when_it_is_on_disk);
	suite_add_tcase(suite, tc);
	return suite;
}
