/* SPDX-License-Identifier: MIT */
/* Files that are damaged, full or gone bad while the station runs, on a real file system. */
#include "store_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "full_disk.h"
#include "hours.h"
#include "log.h"
#include "outbox.h"
#include "station_files.h"
#include "unit.h"

#define HOURS 600
#define WALL INT64_C(1795132800000)

static struct store_keeper keeper;
static struct store *store;
static char log_text[20000], first_uuid[40];

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

static int open_station(void)
{
	memset(&keeper, 0, sizeof(keeper));
	return store_keeper_open(&keeper, station_path(""), &store);
}

static void close_station(void)
{
	store_keeper_stop(&keeper, WALL);
	store = store_close(store);
}

static void setup(void)
{
	log_text[0] = '\0';
	log_capture(capture);
	stand_before_the_disk();
	ck_assert_int_eq(open_station(), 0);
	snprintf(first_uuid, sizeof(first_uuid), "%s", store_uuid(store));
}

static void teardown(void)
{
	disk_is_full = disk_is_read_only = false;
	disk_room = -1;
	if (store)
		close_station();
}

static int put_message(const char *payload)
{
	int dropped = 0;
	struct outbox_row row = {.class = OUTBOX_DATA, .topic = "aqi", .payload = (char *)payload};
	int r = outbox_next_seq(store, &row.seq);
	return r ? r : outbox_append(store, &row, &dropped);
}

static int put_hour(int64_t hour)
{
	const struct hour_mean mean = {
		.valid = true, .mean_milli = 35000, .covered_ms = HOUR_MS, .quality = 'N'};
	int r = store_begin(store);
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++)
		r = hours_put(store, hour, (enum pollutant)p, &mean, TIME_SYNCHRONISED);
	if (r == 0)
		r = put_message("{}");
	int end = store_commit(store);
	return r ? r : end;
}

static void put_hours(int64_t first, int64_t last)
{
	for (int64_t hour = first; hour <= last; hour++)
		ck_assert_int_eq(put_hour(hour), 0);
}

static int64_t ask(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_open(station_path("state.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

/* A leaf of the table of hours: the last page but some. */
static void damage_hours(void)
{
	int64_t root = ask("SELECT rootpage FROM sqlite_schema WHERE name = 'hours'");
	int64_t page = ask("SELECT pageno FROM dbstat WHERE name = 'hours' AND pagetype = 'leaf'"
			   " ORDER BY path LIMIT 1 OFFSET 5");
	overwrite("state.db", ((page > 0 ? page : root) - 1) * 4096, 4096);
}

START_TEST(a_damaged_page_costs_its_rows_and_the_station_starts_with_the_others)
{
	char uuid[40];
	put_hours(1, HOURS);
	snprintf(uuid, sizeof(uuid), "%s", store_uuid(store));
	close_station();
	damage_hours();
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_ge(ask("SELECT count(DISTINCT hour) FROM hours"), HOURS / 4);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), HOURS);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), HOURS);
	ck_assert_str_ne(store_uuid(store), uuid);
	ck_assert_int_eq(access(station_path("quarantine/state.db.1"), F_OK), 0);
	ck_assert_int_eq(count_lines("state.db was damaged"), 1);
	ck_assert_int_eq(count_lines("hours are missing from"), 1);
	put_hours(HOURS + 1, HOURS + 2);
	ck_assert_int_eq(ask("SELECT max(seq) FROM outbox"), HOURS + 2);
}
END_TEST

/* SQLite calls such a row a lack of memory. */
START_TEST(a_row_that_claims_4_gib_costs_itself_and_is_no_lack_of_memory)
{
	char text[601] = "";
	put_hours(1, HOURS);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_message(memset(text, 'x', 600)), 0);
	ck_assert_int_eq(store_commit(store), 0);
	close_station();
	claim_4_gib(ask("SELECT pageno FROM dbstat WHERE name = 'outbox' AND pagetype = 'leaf'"
			" ORDER BY path DESC LIMIT 1"),
		    CLAIMED_TYPES, sizeof(CLAIMED_TYPES) - 1);
	ck_assert_int_eq(open_station(), 0);
	ck_assert(!store_is_volatile(store));
	ck_assert_int_eq(count_lines("state.db was damaged"), 1);
	ck_assert_int_eq(ask("SELECT count(DISTINCT hour) FROM hours"), HOURS);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), HOURS);
	put_hours(HOURS + 1, HOURS + 1);
}
END_TEST

START_TEST(whatever_is_done_to_the_files_the_station_starts)
{
	static const char *const files[] = {"state.db", "state.db-wal", "state.db-shm",
					    "samples.db", "samples.db-wal"};
	for (int round = 0; round < 40; round++) {
		const char *file = files[unit_random() % 5];
		struct stat st;
		put_hours(round * 20 + 1, round * 20 + 20);
		close_station();
		if (stat(station_path(file), &st) < 0) {
			close(open(station_path(file), O_CREAT | O_WRONLY, 0600));
			st.st_size = 5000;
		}
		switch (unit_random() % 3) {
		case 0:
			overwrite(file, 0, (size_t)st.st_size);
			break;
		case 1:
			ck_assert_int_eq(truncate(station_path(file), st.st_size / 3), 0);
			break;
		default:
			overwrite(file, (off_t)(unit_random() % (unsigned)(st.st_size - 40)), 40);
		}
		int r = open_station();
		ck_assert_msg(r == 0, "%s: %d, %s", file, r, store_message(NULL));
	}
	put_hours(10000, 10001);
}
END_TEST

START_TEST(a_file_of_another_program_is_refused_and_left_alone)
{
	sqlite3 *db;
	close_station();
	unlink(station_path("state.db"));
	ck_assert_int_eq(sqlite3_open(station_path("state.db"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE theirs (x); PRAGMA application_id = 77",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(open_station(), STORE_E_CORRUPT);
	ck_assert_int_eq(ask("SELECT count(*) FROM theirs"), 0);
	ck_assert_int_ne(access(station_path("quarantine/state.db.1"), F_OK), 0);
}
END_TEST

START_TEST(the_newest_two_of_a_damaged_file_stay_in_quarantine)
{
	for (int i = 1; i <= 4; i++) {
		close_station();
		overwrite("state.db", 0, 4096);
		ck_assert_int_eq(open_station(), 0);
	}
	ck_assert_int_ne(access(station_path("quarantine/state.db.1"), F_OK), 0);
	ck_assert_int_ne(access(station_path("quarantine/state.db.2"), F_OK), 0);
	ck_assert_int_eq(access(station_path("quarantine/state.db.3"), F_OK), 0);
	ck_assert_int_eq(access(station_path("quarantine/state.db.4"), F_OK), 0);
}
END_TEST

START_TEST(a_mend_cut_off_between_its_renames_is_finished_at_the_next_start)
{
	put_hours(1, 10);
	close_station();
	ck_assert_int_eq(rename(station_path("state.db"), station_path("state.db.mending")), 0);
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), 10);
}
END_TEST

START_TEST(a_full_disk_is_told_once_and_everything_is_on_it_when_there_is_room)
{
	int64_t now_ms = 1000;
	put_hours(1, 5);
	disk_is_full = true;
	put_hours(6, 30);
	ck_assert(store_is_volatile(store));
	for (int i = 0; i < 200; i++) {
		now_ms += 1000;
		store_keeper_tick(&keeper, now_ms, WALL + now_ms);
	}
	ck_assert(store_is_volatile(store));
	disk_is_full = false;
	store_keeper_tick(&keeper, now_ms + 1000000000, WALL);
	ck_assert(!store_is_volatile(store));
	ck_assert_int_eq(count_lines("going on from memory"), 1);
	ck_assert_int_eq(count_lines("works again"), 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 30 * POLLUTANT_COUNT);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 30);
	put_hours(31, 31);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 31);
}
END_TEST

START_TEST(a_file_damaged_while_it_was_in_memory_is_mended_without_a_restart)
{
	put_hours(1, HOURS);
	disk_is_full = true;
	put_hours(HOURS + 1, HOURS + 3);
	ck_assert(store_is_volatile(store));
	disk_is_full = false;
	damage_hours();
	store_keeper_tick(&keeper, 1000, WALL);
	store_keeper_tick(&keeper, 1000000, WALL);
	ck_assert(!store_is_volatile(store));
	ck_assert_int_eq(count_lines("state.db was damaged"), 1);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), HOURS + 3);
	ck_assert_int_eq(ask("SELECT count(DISTINCT hour) FROM hours WHERE hour > 600"), 3);
	ck_assert_int_eq(ask("SELECT max(seq) FROM outbox"), HOURS + 3);
}
END_TEST

START_TEST(a_stop_while_the_disk_is_full_names_what_is_lost)
{
	put_hours(1, 5);
	disk_is_full = true;
	put_hours(6, 8);
	store_keeper_tick(&keeper, 1000, WALL);
	close_station();
	ck_assert_int_eq(count_lines("what was decided from 2026-11-20T08:00:00+08:00 to"), 1);
	disk_is_full = false;
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), 5);
	put_hours(6, 6);
}
END_TEST

/* ---- a start on a disk that refuses ---- */

static int64_t newest_hour(void)
{
	int64_t hour = 0;
	int r = hours_newest(store, &hour);
	ck_assert(r == 0 || r == STORE_E_NONE);
	return hour;
}

/* The station as a kill leaves it: its log beside its files. */
static void kill_station(void)
{
	char command[1200];
	snprintf(command, sizeof(command), "cp -r '%s' '%s.killed'", station_path(""),
		 station_path(""));
	ck_assert_int_eq(system(command), 0);
	close_station();
	snprintf(command, sizeof(command), "rm -r '%s' && mv '%s.killed' '%s'", station_path(""),
		 station_path(""), station_path(""));
	ck_assert_int_eq(system(command), 0);
}

static void works_again(void)
{
	disk_is_full = disk_is_read_only = false;
	store_keeper_tick(&keeper, INT64_C(1000000000), WALL);
	ck_assert_msg(!store_is_volatile(store), "%s", store_message(store));
	ck_assert_int_eq(count_lines("works again"), 1);
}

/* Hours 1 to 5 are on the disk that refuses; six to ten come in memory. */
static void start_and_recover(void)
{
	int r = open_station();
	ck_assert_msg(r == 0, "%s", store_message(NULL));
	ck_assert(store_is_volatile(store));
	ck_assert_int_eq(newest_hour(), 5);
	ck_assert_str_ne(store_uuid(store), first_uuid); /* ids from memory are not the file's */
	store_keeper_tick(&keeper, 1000, WALL);
	ck_assert_int_eq(count_lines("going on from memory"), 1);
	put_hours(6, 10);
	works_again();
	ck_assert_str_eq(store_uuid(store), first_uuid);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 10 * POLLUTANT_COUNT);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 10);
	put_hours(11, 11);
	ck_assert_int_eq(ask("SELECT max(seq) FROM outbox"), 11);
}

START_TEST(a_station_starts_on_a_full_disk_with_what_is_on_it_and_loses_nothing)
{
	put_hours(1, 5);
	close_station();
	disk_is_full = true;
	start_and_recover();
}
END_TEST

START_TEST(a_station_starts_on_a_read_only_disk_with_what_is_on_it_and_loses_nothing)
{
	put_hours(1, 5);
	close_station();
	disk_is_read_only = true;
	start_and_recover();
}
END_TEST

START_TEST(what_a_killed_station_left_in_its_log_is_there_on_a_disk_that_became_read_only)
{
	put_hours(1, 5);
	kill_station();
	ck_assert_int_eq(access(station_path("state.db-wal"), F_OK), 0);
	disk_is_read_only = true;
	start_and_recover();
}
END_TEST

START_TEST(what_a_killed_station_left_in_its_log_is_there_on_a_disk_that_became_full)
{
	put_hours(1, 5);
	kill_station();
	disk_is_full = true;
	start_and_recover();
}
END_TEST

START_TEST(no_seq_is_given_twice_after_a_start_on_a_full_disk_with_an_empty_outbox)
{
	int64_t seq = 0;
	put_hours(1, 5);
	ck_assert_int_eq(sqlite3_exec(store->state.handle, "DELETE FROM outbox", NULL, NULL, NULL),
			 SQLITE_OK);
	close_station();
	disk_is_full = true;
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_eq(outbox_next_seq(store, &seq), 0);
	ck_assert_int_eq(seq, 6);
}
END_TEST

START_TEST(a_new_station_starts_on_a_full_disk)
{
	close_station();
	unlink(station_path("state.db"));
	unlink(station_path("samples.db"));
	disk_is_full = true;
	ck_assert_int_eq(open_station(), 0);
	ck_assert(store_is_volatile(store));
	put_hours(1, 3);
	store_keeper_tick(&keeper, 1000, WALL);
	works_again();
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 3 * POLLUTANT_COUNT);
	ck_assert_int_eq(ask("SELECT count(*) FROM meta WHERE key = 'uuid'"), 1);
}
END_TEST

/* ---- damaged, and no room for a new one ---- */

START_TEST(a_damaged_file_that_cannot_be_mended_goes_on_in_memory_and_is_mended_when_there_is_room)
{
	put_hours(1, HOURS);
	close_station();
	damage_hours();
	disk_is_full = true;
	int r = open_station();
	ck_assert_msg(r == 0, "%d: %s %s", r, store_message(NULL), log_text);
	ck_assert(store_is_volatile(store));
	ck_assert_int_eq(newest_hour(), HOURS);
	ck_assert_int_eq(count_lines("no new one can be written"), 1);
	store_keeper_tick(&keeper, 1000, WALL);
	ck_assert_int_eq(count_lines("going on from memory"), 1);
	put_hours(HOURS + 1, HOURS + 3);
	works_again();
	ck_assert_int_eq(count_lines("state.db was damaged"), 1);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), HOURS + 3);
	ck_assert_int_ge(ask("SELECT count(DISTINCT hour) FROM hours"), HOURS / 4);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), HOURS + 3);
}
END_TEST

static off_t size_of(const char *file)
{
	struct stat st;
	return stat(station_path(file), &st) == 0 ? st.st_size : -1;
}

START_TEST(whatever_room_there_is_for_a_mend_no_row_is_lost_by_it)
{
	put_hours(1, HOURS);
	close_station();
	damage_hours();
	off_t size = size_of("state.db");
	int refused = 0, mended = 0;
	for (disk_room = 0; mended == 0; refused++) {
		long room = disk_room;
		ck_assert_int_eq(open_station(), 0);
		ck_assert_int_eq(newest_hour(), HOURS);
		mended += !store_is_volatile(store);
		if (!mended) {
			ck_assert_int_eq(size_of("state.db"), size);
			ck_assert_int_eq(size_of("quarantine/state.db.1"), -1);
			ck_assert_int_eq(size_of("state.db.mending"), -1);
		}
		disk_room = 0;
		close_station();
		disk_room = room + 37 * 4096;
	}
	ck_assert_int_ge(refused, 5);
	disk_room = -1;
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_ge(ask("SELECT count(DISTINCT hour) FROM hours"), HOURS / 4);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), HOURS);
}
END_TEST

START_TEST(a_damaged_file_above_the_usual_quota_is_mended_whole)
{
	struct db_kind small = state_kind;
	struct mended mended;
	char message[DB_MESSAGE_MAX] = "";
	put_hours(1, HOURS);
	close_station();
	small.quota_pages = 120;
	int64_t hours = ask("SELECT count(*) FROM hours"),
		rows = ask("SELECT count(*) FROM outbox");
	int r = mend_file(station_path(""), &small, message, &mended);
	ck_assert_msg(r == 0, "%s", message);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), hours);
	ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), rows);
}
END_TEST

START_TEST(a_good_file_with_a_foreign_user_version_keeps_its_uuid_and_its_rows)
{
	static const char *const versions[] = {"PRAGMA user_version = 0",
					       "PRAGMA user_version = -7"};
	put_hours(1, 5);
	for (int i = 0; i < 2; i++) {
		sqlite3 *db;
		close_station();
		ck_assert_int_eq(sqlite3_open(station_path("state.db"), &db), SQLITE_OK);
		ck_assert_int_eq(sqlite3_exec(db, versions[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		ck_assert_int_eq(open_station(), 0);
		ck_assert_str_eq(store_uuid(store), first_uuid);
		ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 5 * POLLUTANT_COUNT);
		ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 5);
	}
	put_hours(6, 6);
	ck_assert_int_eq(ask("SELECT max(seq) FROM outbox"), 6);
}
END_TEST

/* ---- files that are gone ---- */

static void nothing_is_lost(int told)
{
	store_keeper_tick(&keeper, 1000, WALL);
	ck_assert_int_eq(count_lines("was deleted or replaced"), told);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 5 * POLLUTANT_COUNT);
	put_hours(6, 8);
	store_keeper_tick(&keeper, 2000, WALL);
	ck_assert_int_eq(count_lines("was deleted or replaced"), told);
	close_station();
	ck_assert_int_eq(open_station(), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours"), 8 * POLLUTANT_COUNT);
	ck_assert_int_eq(ask("SELECT max(seq) FROM outbox"), 8);
}

START_TEST(a_database_that_is_deleted_while_it_is_in_use_is_written_again)
{
	put_hours(1, 5);
	unlink(station_path("state.db"));
	nothing_is_lost(1);
}
END_TEST

START_TEST(a_folder_that_is_deleted_while_it_is_in_use_is_written_again_and_locked)
{
	char command[600];
	put_hours(1, 5);
	snprintf(command, sizeof(command), "rm -r '%s'", station_path(""));
	ck_assert_int_eq(system(command), 0);
	store_keeper_tick(&keeper, 1000, WALL);
	struct store *second;
	ck_assert_int_eq(store_open(station_path(""), &second), STORE_E_BUSY);
	nothing_is_lost(2);
}
END_TEST

START_TEST(a_database_that_is_replaced_while_it_is_in_use_is_written_again_and_the_other_is_kept)
{
	put_hours(1, 5);
	unlink(station_path("state.db"));
	int fd = open(station_path("state.db"), O_CREAT | O_WRONLY, 0600);
	ck_assert_int_eq(write(fd, "theirs", 6), 6);
	close(fd);
	nothing_is_lost(1);
	ck_assert_int_eq(access(station_path("state.db.replaced"), F_OK), 0);
}
END_TEST

START_TEST(a_database_that_is_deleted_while_it_is_in_memory_is_written_again)
{
	put_hours(1, 3);
	disk_is_full = true;
	put_hours(4, 5);
	ck_assert(store_is_volatile(store));
	unlink(station_path("state.db"));
	disk_is_full = false;
	nothing_is_lost(1);
}
END_TEST

START_TEST(a_database_that_is_deleted_on_a_full_disk_goes_on_until_there_is_room)
{
	put_hours(1, 4);
	unlink(station_path("state.db"));
	disk_is_full = true;
	store_keeper_tick(&keeper, 1000, WALL);
	store_keeper_tick(&keeper, 2000, WALL);
	ck_assert_int_eq(count_lines("the old one goes on"), 1);
	ck_assert_int_eq(newest_hour(), 4);
	disk_is_full = false;
	put_hours(5, 5);
	keeper.restore_ms = 1;
	nothing_is_lost(2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("keeper");
	TCase *tc = tcase_create("keeper");
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_damaged_page_costs_its_rows_and_the_station_starts_with_the_others);
	tcase_add_test(tc, a_row_that_claims_4_gib_costs_itself_and_is_no_lack_of_memory);
	tcase_add_test(tc, whatever_is_done_to_the_files_the_station_starts);
	tcase_add_test(tc, a_file_of_another_program_is_refused_and_left_alone);
	tcase_add_test(tc, the_newest_two_of_a_damaged_file_stay_in_quarantine);
	tcase_add_test(tc, a_mend_cut_off_between_its_renames_is_finished_at_the_next_start);
	tcase_add_test(tc, a_full_disk_is_told_once_and_everything_is_on_it_when_there_is_room);
	tcase_add_test(tc, a_file_damaged_while_it_was_in_memory_is_mended_without_a_restart);
	tcase_add_test(tc, a_stop_while_the_disk_is_full_names_what_is_lost);
	tcase_add_test(tc, a_station_starts_on_a_full_disk_with_what_is_on_it_and_loses_nothing);
	tcase_add_test(tc,
		       a_station_starts_on_a_read_only_disk_with_what_is_on_it_and_loses_nothing);
	tcase_add_test(
		tc, what_a_killed_station_left_in_its_log_is_there_on_a_disk_that_became_read_only);
	tcase_add_test(tc,
		       what_a_killed_station_left_in_its_log_is_there_on_a_disk_that_became_full);
	tcase_add_test(tc, no_seq_is_given_twice_after_a_start_on_a_full_disk_with_an_empty_outbox);
	tcase_add_test(tc, a_new_station_starts_on_a_full_disk);
	tcase_add_test(
		tc,
		a_damaged_file_that_cannot_be_mended_goes_on_in_memory_and_is_mended_when_there_is_room);
	tcase_add_test(tc, whatever_room_there_is_for_a_mend_no_row_is_lost_by_it);
	tcase_add_test(tc, a_damaged_file_above_the_usual_quota_is_mended_whole);
	tcase_add_test(tc, a_good_file_with_a_foreign_user_version_keeps_its_uuid_and_its_rows);
	tcase_add_test(tc, a_database_that_is_deleted_while_it_is_in_use_is_written_again);
	tcase_add_test(tc, a_folder_that_is_deleted_while_it_is_in_use_is_written_again_and_locked);
	tcase_add_test(
		tc,
		a_database_that_is_replaced_while_it_is_in_use_is_written_again_and_the_other_is_kept);
	tcase_add_test(tc, a_database_that_is_deleted_while_it_is_in_memory_is_written_again);
	tcase_add_test(tc, a_database_that_is_deleted_on_a_full_disk_goes_on_until_there_is_room);
	suite_add_tcase(suite, tc);
	return suite;
}
