/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db.h"
#include "events.h"
#include "hours.h"
#include "models.h"
#include "outbox.h"
#include "past.h"
#include "station_files.h"
#include "unit.h"
#include "warnings.h"

/* The disk, as SQLite sees it: from the n-th write or sync on so many fail with EIO; 0: none. */
static int fail_at, fail_for;

static bool disk_fails(void)
{
	if (fail_at == 0)
		return false;
	if (fail_at > 1) {
		fail_at--;
		return false;
	}
	if (--fail_for == 0)
		fail_at = 0;
	return true;
}

/* SQLite calls this one by name, so that the program's own stands in front of libc's. */
int fdatasync(int fd)
{
	if (disk_fails()) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static ssize_t failing_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	if (disk_fails()) {
		errno = EIO;
		return -1;
	}
	return pwrite(fd, data, size, offset);
}

static void use_failing_disk(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)failing_pwrite);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)failing_pwrite);
}

static struct store *open_station(void)
{
	struct store *store = NULL;
	int r = store_open(station_path(""), &store);
	ck_assert_msg(r == 0, "store_open: %d, %s", r, store_message(NULL));
	store_use_plan(store, models_plan());
	return store;
}

/* Another program's connection to one of the files. */
static sqlite3 *connect(const char *file)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(station_path(file), &db), SQLITE_OK);
	return db;
}

static void execute(const char *file, const char *sql)
{
	sqlite3 *db = connect(file);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

static int64_t ask_file(const char *file, const char *sql)
{
	sqlite3 *db = connect(file);
	int64_t value = ask(db, sql);
	sqlite3_close(db);
	return value;
}

static int put_hour(struct store *store, int64_t hour)
{
	struct hour_mean mean = {.valid = true,
				 .mean_milli = 35000,
				 .covered_ms = HOUR_MS,
				 .quality = QUALITY_NORMAL,
				 .samples = 3600};
	return hours_put(store, hour, POLLUTANT_PM25, &mean, TIME_SYNCHRONISED);
}

static int put_message(struct store *store, const char *payload)
{
	int64_t seq = 0;
	int dropped;
	int r = outbox_next_seq(store, &seq);
	if (r)
		return r;
	struct outbox_row row = {.seq = seq,
				 .topic = "aqi",
				 .class = OUTBOX_DATA,
				 .retain = true,
				 .payload = (char *)payload};
	return outbox_append(store, &row, &dropped);
}

/* An hour with its message, as one transaction: what the station does all its life. */
static int close_hour(struct store *store, int64_t hour)
{
	int r = store_begin(store);
	if (r)
		return r;
	r = put_hour(store, hour);
	if (r == 0)
		r = put_message(store, "{\"some\": \"message\"}");
	int end = store_commit(store);
	return r ? r : end;
}

static int count_statements(struct store *store)
{
	int n = 0;
	for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(store->state.handle, s));)
		n++;
	return n;
}

START_TEST(of_the_statements_only_those_used_lately_are_kept)
{
	static char sql[1000][32];
	struct store *store = open_station();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 1000; i++) {
			snprintf(sql[i], sizeof(sql[i]), "SELECT %d", i);
			struct query q = db_read(&store->state, sql[i]);
			ck_assert(query_row(&q));
			ck_assert_int_eq(query_column_any(&q, 0), i);
			ck_assert_int_eq(query_end(&q), 0);
		}
	}
	ck_assert_int_lt(count_statements(store), 100);
	store_close(store);
}
END_TEST

START_TEST(a_statement_in_use_is_kept_however_many_others_are_used_meanwhile)
{
	static char sql[300][32];
	struct query q[300];
	struct store *store = open_station();
	for (int i = 0; i < 300; i++) { /* some at a row, the others not begun */
		snprintf(sql[i], sizeof(sql[i]), "SELECT %d", i);
		q[i] = db_read(&store->state, sql[i]);
		ck_assert(i % 2 == 0 || query_row(&q[i]));
	}
	for (int i = 0; i < 300; i++) {
		ck_assert(i % 2 == 1 || query_row(&q[i]));
		ck_assert_int_eq(query_column_any(&q[i], 0), i);
		ck_assert(!query_row(&q[i]));
		ck_assert_int_eq(query_end(&q[i]), 0);
	}
	ck_assert_int_ge(count_statements(store), 300);
	store_close(store);
}
END_TEST

START_TEST(a_missing_directory_is_created_for_its_owner_and_its_group_to_read)
{
	struct stat st;
	struct store *store = open_station();
	ck_assert_int_eq(stat(station_path(""), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0750);
	ck_assert_int_eq(stat(station_path("state.db"), &st), 0);
	ck_assert_int_eq(stat(station_path("samples.db"), &st), 0);
	ck_assert_ptr_null(store_close(store));
	ck_assert_ptr_null(store_close(NULL));
}
END_TEST

static mode_t mode_of(const char *file)
{
	struct stat st;
	ck_assert_msg(stat(station_path(file), &st) == 0, "%s", file);
	return st.st_mode & 07777;
}

START_TEST(the_files_can_be_read_by_the_group_and_nobody_else_whatever_the_umask)
{
	static const mode_t masks[] = {0, 0022, 0077, 0777};
	static const char *const files[] = {"state.db",       "samples.db",   "state.db-wal",
					    "samples.db-wal", "state.db-shm", "samples.db-shm"};
	for (int i = 0; i < 4; i++) {
		char command[600];
		snprintf(command, sizeof(command), "rm -rf '%s'", station_path(""));
		ck_assert_int_eq(system(command), 0);
		umask(masks[i]);
		struct store *store = open_station();
		ck_assert_uint_eq(mode_of(""), 0750);
		for (int f = 0; f < 6; f++)
			ck_assert_uint_eq(mode_of(files[f]), 0640);
		store_close(store);
		ck_assert_int_eq(chmod(station_path("state.db"), 0666), 0); /* an older release */
		store = open_station();
		ck_assert_uint_eq(mode_of("state.db"), 0640);
		store_close(store);
	}
}
END_TEST

static int make_no_file(int which)
{
	if (which == 0)
		return mkfifo(station_path("state.db"), 0600);
	if (which == 1)
		return mkdir(station_path("state.db"), 0700);
	return symlink("/dev/zero", station_path("state.db"));
}

START_TEST(what_is_no_file_in_the_place_of_one_is_refused_by_name_and_stays)
{
	for (int i = 0; i < 3; i++) {
		struct store *store = NULL;
		store_close(open_station());
		unlink(station_path("state.db"));
		ck_assert_int_eq(make_no_file(i), 0);
		alarm(5);
		ck_assert_int_eq(store_open_keeping(station_path(""), 1 << 20, &store), -EINVAL);
		alarm(0);
		ck_assert_ptr_nonnull(strstr(store_message(NULL), "state.db: is no regular file"));
		ck_assert_int_eq(remove(station_path("state.db")), 0);
	}
}
END_TEST

START_TEST(only_the_last_part_of_a_path_is_created)
{
	struct store *store = NULL;
	ck_assert_int_eq(store_open(station_path("deeper"), &store), -ENOENT);
	ck_assert_ptr_null(store);
	ck_assert_ptr_nonnull(strstr(store_message(NULL), station_path("deeper")));
	ck_assert_int_eq(access(station_path(""), F_OK), -1);
}
END_TEST

START_TEST(a_file_where_the_directory_should_be_is_refused_by_name)
{
	struct store *store = NULL;
	close(open(station_path(""), O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(store_open(station_path(""), &store), -ENOTDIR);
	ck_assert_ptr_nonnull(strstr(store_message(NULL), station_path("")));
}
END_TEST

START_TEST(two_daemons_cannot_share_a_directory)
{
	struct store *first = open_station(), *second = NULL;
	ck_assert_int_eq(store_open(station_path(""), &second), STORE_E_BUSY);
	ck_assert_ptr_nonnull(strstr(store_message(NULL), "another hazewatchd uses it"));
	ck_assert_int_eq(close_hour(first, 1), 0);
	store_close(first);
	store_close(open_station());
}
END_TEST

START_TEST(the_uuid_is_made_once_and_is_another_one_in_another_database)
{
	struct store *store = open_station();
	char uuid[37];
	snprintf(uuid, sizeof(uuid), "%s", store_uuid(store));
	ck_assert_uint_eq(strlen(store_uuid(store)), 36);
	for (int i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23)
			ck_assert_int_eq(uuid[i], '-');
		else
			ck_assert_ptr_nonnull(strchr("0123456789abcdef", uuid[i]));
	ck_assert_int_eq(uuid[14], '4');
	store_close(store);
	store = open_station();
	ck_assert_str_eq(store_uuid(store), uuid);
	store_close(store);
	unlink(station_path("state.db"));
	store = open_station();
	ck_assert_str_ne(store_uuid(store), uuid);
	store_close(store);
}
END_TEST

START_TEST(both_files_have_the_settings_that_survived_the_power_cuts)
{
	struct store *store = open_station();
	struct db *dbs[] = {&store->state, &store->samples};
	for (int i = 0; i < 2; i++) {
		sqlite3 *db = dbs[i]->handle;
		int defensive = 0;
		ck_assert_int_eq(ask(db, "PRAGMA page_size"), 4096);
		ck_assert_int_eq(ask(db, "PRAGMA synchronous"), 2);
		ck_assert_int_eq(ask(db, "PRAGMA wal_autocheckpoint"), 256);
		ck_assert_int_eq(ask(db, "PRAGMA cache_size"), -512);
		ck_assert_int_eq(ask(db, "PRAGMA auto_vacuum"), 0);
		ck_assert_int_eq(ask(db, "PRAGMA temp_store"), 2);
		ck_assert_int_eq(ask(db, "PRAGMA cell_size_check"), 1);
		ck_assert_int_eq(ask(db, "PRAGMA trusted_schema"), 0);
		ck_assert_int_eq(ask(db, "PRAGMA busy_timeout"), 2000);
		ck_assert_int_le(ask(db, "PRAGMA mmap_size"), 0);
		ck_assert_int_eq(ask(db, "SELECT count(*) FROM pragma_journal_mode"
					 " WHERE journal_mode = 'wal'"),
				 1);
		ck_assert_int_eq(ask(db, "PRAGMA max_page_count"), i == 0 ? 65536 : 1048576);
		ck_assert_int_eq(ask(db, "SELECT count(*) FROM pragma_table_list WHERE schema ="
					 " 'main' AND type = 'table' AND NOT strict AND name NOT"
					 " LIKE 'sqlite_%'"),
				 0);
		sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
		ck_assert_int_eq(defensive, 1);
	}
	store_close(store);
}
END_TEST

START_TEST(a_newer_schema_is_refused_by_name_and_left_alone)
{
	static const char *const files[] = {"state.db", "samples.db"};
	char known[32], back[64];
	store_close(open_station());
	for (int i = 0; i < 2; i++) {
		struct store *store = NULL;
		int newest = db_newest_schema(i == 0 ? &state_kind : &samples_kind);
		snprintf(known, sizeof(known), "up to %d", newest);
		snprintf(back, sizeof(back), "DROP TABLE later; PRAGMA user_version = %d", newest);
		execute(files[i], "CREATE TABLE later (x); PRAGMA user_version = 99");
		ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_NEWER);
		const char *message = store_message(NULL);
		ck_assert_ptr_nonnull(strstr(message, station_path(files[i])));
		ck_assert_ptr_nonnull(strstr(message, "99"));
		ck_assert_ptr_nonnull(strstr(message, known));
		ck_assert_int_eq(ask_file(files[i], "PRAGMA user_version"), 99);
		ck_assert_int_eq(ask_file(files[i], "SELECT count(*) FROM later"), 0);
		execute(files[i], back);
	}
	store_close(open_station());
}
END_TEST

/* state.db as it was before a migration, with these rows. */
static void make_old_state(const char *before, const char *rows)
{
	mkdir(station_path(""), 0700);
	for (const struct db_migration *each = state_migrations; each->sql; each++) {
		if (strstr(each->name, before))
			break;
		execute("state.db", each->sql);
	}
	execute("state.db", "INSERT INTO meta VALUES ('uuid',"
			    " 'cffec986-8c71-4aff-95fe-1237b248c898')");
	execute("state.db", rows);
}

START_TEST(commands_of_before_keep_what_they_left_behind)
{
	static const char *const tables[] = {"directives", "releases", "receipts", "reviews",
					     "forecasts"};
	make_old_state(
		"_commands.sql",
		"INSERT INTO commands SELECT column1, column2, 'x', 1, 1, 'accepted', '', '{}'"
		" FROM (VALUES ('d', 'directive'), ('n', 'release'), ('r', 'receipt'),"
		" ('v', 'review'), ('f', 'forecast'), ('a/b', 'dust'));"
		"INSERT INTO directives VALUES (1, 'd', 1, 'red', 1, NULL, 0, '', '', '', 0);"
		"INSERT INTO releases VALUES (1, 'n', '1', 'red', '', '', '', 1, 1, 1);"
		"INSERT INTO receipts VALUES ('r', 1, 'd', 'u', 'p', 'done');"
		"INSERT INTO reviews VALUES ('v', 1, 1, 1, 'pm25', 0, '', '');"
		"INSERT INTO forecasts VALUES ('f', 1, 'x', 'x', 'model', 'hourly_aqi', 5);"
		"INSERT INTO forecast_steps (command, hour, short_heavy) VALUES ('f', 5, 0)");
	store_close(open_station());
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		char sql[200];
		snprintf(sql, sizeof(sql),
			 "SELECT count(*) FROM commands c JOIN %s t ON t.command = c.id"
			 " AND c.kind || 's' = '%s'",
			 tables[i], tables[i]);
		ck_assert_msg(ask_file("state.db", sql) == 1, "%s", tables[i]);
	}
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM forecast_steps s"
					      " JOIN forecasts f ON f.command = s.command"),
			 1);
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	ck_assert_int_eq(
		ask_file("state.db", "SELECT count(*) FROM commands WHERE id = 'dust//a/b'"), 1);
}
END_TEST

START_TEST(a_database_of_another_program_is_refused_and_left_alone)
{
	struct store *store = NULL;
	mkdir(station_path(""), 0700);
	execute("state.db", "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (7)");
	ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_CORRUPT);
	ck_assert_ptr_nonnull(strstr(store_message(NULL), "not a database of hazewatch"));
	ck_assert_int_eq(ask_file("state.db", "SELECT x FROM theirs"), 7);
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM sqlite_schema"), 1);
}
END_TEST

START_TEST(garbage_and_a_truncated_file_are_damage_and_named)
{
	static const char *const files[] = {"state.db", "samples.db"};
	for (int i = 0; i < 4; i++) {
		struct store *store = NULL;
		struct stat st;
		const char *file = files[i / 2];
		store_close(open_station());
		ck_assert_int_eq(stat(station_path(file), &st), 0);
		if (i % 2 == 0)
			overwrite(file, 0, (size_t)st.st_size);
		else
			ck_assert_int_eq(truncate(station_path(file), st.st_size - 5000), 0);
		ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_CORRUPT);
		ck_assert_ptr_nonnull(strstr(store_message(NULL), station_path(file)));
		ck_assert_int_eq(unlink(station_path(file)), 0);
	}
}
END_TEST

START_TEST(a_page_of_state_overwritten_with_garbage_is_found_at_the_start)
{
	struct store *store = open_station();
	for (int i = 1; i <= 500; i++)
		ck_assert_int_eq(close_hour(store, i), 0);
	store_close(store);
	int64_t page = ask_file("state.db", "SELECT rootpage FROM sqlite_schema"
					    " WHERE name = 'hours'");
	overwrite("state.db", (page - 1) * 4096, 4096);
	ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_CORRUPT);
}
END_TEST

START_TEST(a_lock_held_by_another_process_is_busy_until_it_goes)
{
	struct store *store = open_station();
	sqlite3 *other = connect("state.db");
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(store_begin(store), STORE_E_BUSY);
	ck_assert_ptr_nonnull(strstr(store_message(store), "locked"));
	store_rollback(store);
	sqlite3_close(other);
	ck_assert_int_eq(close_hour(store, 1), 0);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM hours"), 1);
	store_close(store);
}
END_TEST

START_TEST(a_full_quota_fails_whole_transactions_until_there_is_room)
{
	char big[60000];
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	struct store *store = open_station();
	ck_assert_int_eq(close_hour(store, 1), 0);
	sqlite3_exec(store->state.handle, "PRAGMA max_page_count = 70", NULL, NULL, NULL);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_hour(store, 2), 0);
	int r = 0;
	for (int i = 0; i < 10 && r == 0; i++)
		r = put_message(store, big);
	ck_assert_int_eq(r, STORE_E_FULL);
	ck_assert_int_eq(put_hour(store, 3), STORE_E_FULL);
	ck_assert_int_eq(store_commit(store), STORE_E_FULL);
	ck_assert_int_eq(ask(store->state.handle, "SELECT max(hour) FROM hours"), 1);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM outbox"), 1);
	sqlite3_exec(store->state.handle, "PRAGMA max_page_count = 65536", NULL, NULL, NULL);
	ck_assert_int_eq(close_hour(store, 4), 0);
	ck_assert_int_eq(ask(store->state.handle, "SELECT max(seq) FROM outbox"), 2);
	store_close(store);
}
END_TEST

static void limit_files(rlim_t size)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = size;
	setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(a_disk_that_is_full_for_a_while_costs_only_that_while)
{
	struct store *store = open_station();
	int good = 0, full = 0, other = 0;
	limit_files(400000);
	for (int i = 0; i < 2000; i++) {
		int r = close_hour(store, good + 1);
		good += r == 0;
		full += r == STORE_E_FULL;
		other += r != 0 && r != STORE_E_FULL;
	}
	limit_files(RLIM_INFINITY);
	ck_assert_int_eq(other, 0);
	ck_assert_int_gt(good, 0);
	ck_assert_int_gt(full, 0);
	ck_assert_int_eq(close_hour(store, 6000), 0);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM hours"), good + 1);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM outbox"), good + 1);
	store_close(store);
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM hours"), good + 1);
}
END_TEST

START_TEST(a_disk_that_fills_up_while_the_tables_are_made_does_no_harm)
{
	int failures = 0;
	for (rlim_t size = 0; size < 140000; size += 4096) {
		struct store *store = NULL;
		limit_files(size);
		int r = store_open(station_path(""), &store);
		limit_files(RLIM_INFINITY);
		if (r)
			ck_assert_msg(r == STORE_E_FULL, "%d: %s", r, store_message(NULL));
		failures += r != 0;
		store_close(store);
		store = open_station();
		ck_assert_int_eq(close_hour(store, 1), 0);
		store_close(store);
		unlink(station_path("state.db"));
		unlink(station_path("samples.db"));
	}
	ck_assert_int_gt(failures, 10);
}
END_TEST

START_TEST(whichever_write_or_sync_fails_nothing_is_half_done_and_the_next_hour_works)
{
	use_failing_disk();
	struct store *store = open_station();
	int64_t good = 0, failures = 0;
	for (int round = 0; round < 400; round++) {
		fail_at = 1 + round % 40;
		fail_for = 1;
		int r = close_hour(store, good + 1);
		fail_at = 0;
		if (r)
			ck_assert_msg(r == STORE_E_IO, "%d: %s", r, store_message(store));
		failures += r != 0;
		good += r == 0;
		ck_assert_int_eq(close_hour(store, good + 1), 0);
		good++;
		ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM hours"), good);
		ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM outbox"), good);
	}
	ck_assert_int_gt(failures, 50);
	store_close(store);
	ck_assert_int_eq(ask_file("state.db", "SELECT max(hour) FROM hours"), good);
	store_close(open_station());
}
END_TEST

START_TEST(after_an_io_error_the_file_is_checked_before_it_is_used_again)
{
	use_failing_disk();
	store_close(open_station());
	int64_t page = ask_file("state.db", "SELECT rootpage FROM sqlite_schema"
					    " WHERE name = 'events'");
	struct store *store = open_station();
	fail_at = fail_for = 1;
	ck_assert_int_eq(close_hour(store, 1), STORE_E_IO);
	overwrite("state.db", (page - 1) * 4096, 4096);
	ck_assert_int_eq(close_hour(store, 1), STORE_E_CORRUPT);
	ck_assert_int_eq(close_hour(store, 1), STORE_E_CORRUPT);
	store_close(store);
}
END_TEST

START_TEST(after_an_io_error_a_file_that_vanished_is_not_made_anew)
{
	int64_t newest = 0;
	use_failing_disk();
	struct store *store = open_station();
	fail_at = fail_for = 1;
	ck_assert_int_eq(close_hour(store, 1), STORE_E_IO);
	unlink(station_path("state.db"));
	ck_assert_int_eq(close_hour(store, 1), -ENOENT);
	ck_assert_int_eq(hours_newest(store, &newest), -ENOENT);
	ck_assert_int_eq(access(station_path("state.db"), F_OK), -1);
	store_close(store);
}
END_TEST

START_TEST(an_hour_that_a_dying_disk_refused_is_there_wholly_or_not_at_all)
{
	use_failing_disk();
	struct store *store = open_station();
	int64_t hours = 0, failures = 0;
	for (int round = 0; round < 200; round++) {
		fail_at = 1 + round % 20;
		fail_for = 1 + (int)(unit_random() % 30);
		int r = close_hour(store, hours + 1);
		failures += r != 0;
		for (int i = 0; i < 40 && fail_at; i++)
			close_hour(store, hours + 1);
		fail_at = 0;
		/* Known again only now: what the disk took before it failed may have come back. */
		ck_assert_int_eq(hours_newest(store, &hours), 0);
		sqlite3 *db = store->state.handle;
		ck_assert_int_eq(ask(db, "SELECT count(*) FROM hours"), hours);
		ck_assert_int_ge(ask(db, "SELECT count(*) FROM outbox"), hours);
		ck_assert_int_eq(close_hour(store, hours + 1), 0);
		hours++;
	}
	ck_assert_int_gt(failures, 50);
	store_close(store);
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM hours"), hours);
	store_close(open_station());
}
END_TEST

START_TEST(a_failed_call_takes_its_whole_transaction_with_it)
{
	struct store *store = open_station();
	const struct event_row event = {.kind = EVENT_ISSUE,
					.number = 1,
					.made_ms = 1,
					.hour = 10,
					.basis = "observed",
					.revised = -1,
					.plan = "plan",
					.edition = "edition",
					.message = "{}"};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(events_append(store, &event), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_hour(store, 2), 0);
	ck_assert_int_eq(events_append(store, &event), -EEXIST);
	ck_assert_int_eq(put_hour(store, 3), -EEXIST);
	ck_assert_int_eq(store_commit(store), -EEXIST);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM hours"), 0);
	ck_assert_int_eq(close_hour(store, 4), 0);
	store_close(store);
}
END_TEST

START_TEST(what_was_not_committed_is_gone_after_rollback_and_after_close)
{
	struct store *store = open_station();
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_hour(store, 1), 0);
	store_rollback(store);
	store_rollback(store);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_hour(store, 2), 0);
	store_close(store);
	ck_assert_int_eq(ask_file("state.db", "SELECT count(*) FROM hours"), 0);
}
END_TEST

START_TEST(a_closed_store_leaves_no_write_ahead_log)
{
	struct store *store = open_station();
	ck_assert_int_eq(close_hour(store, 1), 0);
	ck_assert_int_eq(access(station_path("state.db-wal"), F_OK), 0);
	store_close(store);
	ck_assert_int_eq(access(station_path("state.db-wal"), F_OK), -1);
	ck_assert_int_eq(access(station_path("samples.db-wal"), F_OK), -1);
}
END_TEST

START_TEST(a_reader_creates_nothing)
{
	struct store *store = NULL;
	ck_assert_int_eq(store_open_readonly(station_path(""), &store), -ENOENT);
	ck_assert_int_eq(access(station_path(""), F_OK), -1);
	mkdir(station_path(""), 0700);
	ck_assert_int_eq(store_open_readonly(station_path(""), &store), -ENOENT);
	ck_assert_ptr_nonnull(strstr(store_message(NULL), station_path("state.db")));
	ck_assert_int_eq(access(station_path("state.db"), F_OK), -1);
}
END_TEST

START_TEST(a_reader_sees_the_hours_of_a_running_daemon_and_changes_none)
{
	struct store *store = open_station(), *reader = NULL;
	int64_t newest = 0;
	ck_assert_int_eq(close_hour(store, 1), 0);
	ck_assert_int_eq(store_open_readonly(station_path(""), &reader), 0);
	ck_assert_str_eq(store_uuid(reader), store_uuid(store));
	ck_assert_int_eq(close_hour(store, 2), 0);
	ck_assert_int_eq(hours_newest(reader, &newest), 0);
	ck_assert_int_eq(newest, 2);
	ck_assert_int_eq(close_hour(reader, 3), STORE_E_IO);
	store_close(reader);
	ck_assert_int_eq(ask(store->state.handle, "SELECT count(*) FROM hours"), 2);
	store_close(store);
	ck_assert_int_eq(store_open_readonly(station_path(""), &reader), 0);
	store_close(reader);
}
END_TEST

START_TEST(a_commit_of_what_could_not_begin_is_refused)
{
	struct store *store = open_station();
	ck_assert_int_eq(store_commit(store), STORE_E_IO);
	ck_assert_int_eq(store_samples_commit(store), STORE_E_IO);
	ck_assert_int_eq(close_hour(store, 1), 0);
	store_close(store);
}
END_TEST

START_TEST(every_error_has_words)
{
	for (int e = STORE_E_NEWER; e <= STORE_E_LEVEL; e++)
		ck_assert_str_ne(store_strerror(e), "unknown error");
	ck_assert_str_eq(store_strerror(STORE_E_LEVEL + 1), "unknown error");
	ck_assert_str_eq(store_strerror(-ENOENT), strerror(ENOENT));
}
END_TEST

/* Commits and says so, until it is killed. */
static void commit_and_report(const char *dir, int pipe_fd)
{
	struct store *store = NULL;
	int64_t hour = 0;
	if (store_open(dir, &store) || hours_newest(store, &hour))
		_exit(1);
	for (;;) {
		hour++;
		if (close_hour(store, hour) || write(pipe_fd, &hour, sizeof(hour)) != sizeof(hour))
			_exit(1);
	}
}

static int64_t kill_after(int delay_us)
{
	int64_t hour, acknowledged = 0;
	int fds[2], status;
	const char *dir = station_path(""); /* a child would get a directory of its own */
	ck_assert_int_eq(pipe(fds), 0);
	pid_t pid = fork();
	if (pid == 0)
		commit_and_report(dir, fds[1]);
	close(fds[1]);
	if (read(fds[0], &hour, sizeof(hour)) == sizeof(hour))
		acknowledged = hour;
	usleep((useconds_t)delay_us);
	kill(pid, SIGKILL);
	while (read(fds[0], &hour, sizeof(hour)) == sizeof(hour))
		acknowledged = hour;
	close(fds[0]);
	waitpid(pid, &status, 0);
	ck_assert(WIFSIGNALED(status));
	return acknowledged;
}

START_TEST(a_kill_at_any_moment_loses_no_commit_that_was_acknowledged)
{
	store_close(open_station());
	for (int round = 0; round < 12; round++) {
		int64_t acknowledged = kill_after((int)(unit_random() % 150000));
		ck_assert_int_gt(acknowledged, 0);
		struct store *store = open_station();
		sqlite3 *db = store->state.handle;
		int64_t hours = ask(db, "SELECT count(*) FROM hours");
		ck_assert_int_ge(hours, acknowledged);
		ck_assert_int_le(hours, acknowledged + 1);
		ck_assert_int_eq(ask(db, "SELECT max(hour) FROM hours"), hours);
		/* a quick machine fills the outbox, of which the oldest go */
		ck_assert_int_eq(ask(db, "SELECT count(*) FROM outbox"),
				 hours < OUTBOX_ROWS_MAX ? hours : OUTBOX_ROWS_MAX);
		ck_assert_int_eq(ask(db, "SELECT max(seq) FROM outbox"), hours);
		store_close(store);
	}
}
END_TEST

START_TEST(the_manual_page_names_every_table_and_column)
{
	static const char *const files[] = {"state.db", "samples.db"};
	static char page[65536];
	FILE *f = fopen(unit_source("storage/hazewatch-database.5.scd"), "r");
	ck_assert_ptr_nonnull(f);
	size_t n = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	page[n] = '\0';
	store_close(open_station());
	for (int i = 0; i < 2; i++) {
		sqlite3 *db = connect(files[i]);
		sqlite3_stmt *stmt;
		sqlite3_prepare_v2(db,
				   "SELECT t.name, c.name FROM sqlite_schema t,"
				   " pragma_table_info(t.name) c WHERE t.type = 'table' AND"
				   " t.name NOT LIKE 'sqlite_%' AND c.name NOT LIKE 'part_\\_%'"
				   " ESCAPE '\\'",
				   -1, &stmt, NULL);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			for (int column = 0; column < 2; column++) {
				const char *name = (const char *)sqlite3_column_text(stmt, column);
				ck_assert_msg(strstr(page, name) != NULL, "%s", name);
			}
		}
		sqlite3_finalize(stmt);
		sqlite3_close(db);
	}
}
END_TEST

/* ---- ten thousand commands ---- */

#define COMMANDS 10000
#define STEPS_AT_ONCE 1000
#define STEPS_EACH 500 /* of SQLite's machine, of a row that is read; a scan each has thousands */

static int64_t steps, rows_read;

static int count_steps(void *ctx)
{
	(void)ctx;
	steps += STEPS_AT_ONCE;
	return 0;
}

static bool count_row(void *ctx, const struct past_cell *cells, int n)
{
	const enum past_kind *kind = ctx;
	ck_assert_int_eq(n, *kind == PAST_DIRECTIVES ? 13 : 10);
	for (int i = 0; i < n; i++)
		ck_assert(cells[i].kind == PAST_NOTHING || cells[i].kind == PAST_NUMBER ||
			  cells[i].kind == PAST_TEXT);
	rows_read++;
	return true;
}

/* A directive each with its events, what was in force, an order and the answer to it. */
static void make_many_commands(void)
{
	char sql[2000];
	store_close(open_station());
	snprintf(
		sql, sizeof(sql),
		"PRAGMA synchronous = OFF; CREATE TEMP TABLE n AS WITH RECURSIVE n(n) AS (SELECT 1"
		" UNION ALL SELECT n + 1 FROM n WHERE n < %d) SELECT n FROM n;"
		"INSERT INTO commands SELECT 'directive/city/d-' || n, 'directive', 'x', n, n,"
		" 'accepted', '', '{}' FROM n;"
		"INSERT INTO commands SELECT 'receipt//r-' || n, 'receipt', 'x', n, n, 'accepted',"
		" '', '{}' FROM n;"
		"INSERT INTO directives (number, command, received, level, start, regional, area,"
		" document, issuer, crc) SELECT n, 'directive/city/d-' || n, n, 'red', n, 0, '', "
		"'',"
		" 'x', 0 FROM n;"
		"INSERT INTO events (number, kind, about, level, previous, hour, basis, directive)"
		" SELECT n, 'upgrade', 'directive', 'red', 'none', 1, 'directive', n FROM n;"
		"INSERT INTO force_log (event, made, effective, level, directive)"
		" SELECT n, n, n, 'red', n FROM n;"
		"INSERT INTO order_log (number, made, source, run, kind, level, directive, message)"
		" SELECT n, n, 's', 1, 'issued', 'red', n, n FROM n;"
		"INSERT INTO receipts (command, time, ref, unit, person, outcome, note) SELECT"
		" 'receipt//r-' || n, n, (SELECT value FROM meta WHERE key = 'uuid') || '-' || n,"
		" 'u', 'p', 'done', '' FROM n",
		COMMANDS);
	execute("state.db", sql);
}

static void read_past(struct store *store, enum past_kind kind, int64_t rows)
{
	const struct past_job job = {.kind = kind,
				     .since_ms = 0,
				     .until_ms = INT64_MAX,
				     .ctx = &kind,
				     .each = count_row};
	steps = rows_read = 0;
	sqlite3_progress_handler(store->state.handle, STEPS_AT_ONCE, count_steps, NULL);
	ck_assert_int_eq(past_rows(store, &job), 0);
	sqlite3_progress_handler(store->state.handle, 0, NULL, NULL);
	ck_assert_int_eq(rows_read, rows);
	ck_assert_int_lt(steps, rows * STEPS_EACH);
	printf("# %lld rows in %lld steps\n", (long long)rows, (long long)steps);
}

START_TEST(ten_thousand_directives_orders_and_answers_are_read_without_a_scan_for_each)
{
	make_many_commands();
	struct store *store = open_station();
	read_past(store, PAST_DIRECTIVES, COMMANDS);
	read_past(store, PAST_ORDER_LOG, 2 * COMMANDS);
	store_close(store);
}
END_TEST

/* ---- a file that has grown for years ---- */

#define PAGE 4096

/* Ten years of hours, so that the file is not looked at whole when it is opened. */
static void make_large_file(void)
{
	store_close(open_station());
	execute("state.db",
		"PRAGMA synchronous = OFF;"
		"WITH RECURSIVE h(h) AS (SELECT 1 UNION ALL SELECT h + 1 FROM h WHERE h < 87600)"
		" INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, "
		"samples,"
		" time_quality, crc) SELECT 400000 + h, p.value, 35000, 1, 'N', 3600000, 60,"
		" 'simulated', 0 FROM h, json_each('[\"co\",\"o3\",\"pm25\"]') AS p");
	ck_assert_int_gt(ask_file("state.db", "PRAGMA page_count"), 2048);
}

/* Zeros where the n-th of the leaves of a table is. */
static void damage_leaf(const char *table, int n)
{
	char sql[200];
	static const char zeros[PAGE];
	snprintf(sql, sizeof(sql),
		 "SELECT pageno FROM dbstat WHERE name = '%s' AND pagetype = 'leaf'"
		 " LIMIT 1 OFFSET %d",
		 table, n);
	int64_t page = ask_file("state.db", sql);
	ck_assert_int_gt(page, 1);
	int fd = open(station_path("state.db"), O_WRONLY | O_CLOEXEC);
	ck_assert_int_eq(pwrite(fd, zeros, PAGE, (page - 1) * PAGE), PAGE);
	close(fd);
}

static int look_at_all_slices(struct store *store)
{
	int slices = 1;
	while (store_check_slice(store))
		slices++;
	return slices;
}

START_TEST(a_large_file_is_opened_at_once_and_looked_at_in_slices)
{
	make_large_file();
	struct store *store = open_station();
	int slices = look_at_all_slices(store);
	ck_assert_int_eq(slices, 4);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	store_close(store);
}
END_TEST

START_TEST(damage_in_an_old_hour_of_a_large_file_is_found_by_a_slice_and_told_by_the_next_use)
{
	struct store *store = NULL;
	make_large_file();
	damage_leaf("hours", 1000);
	store = open_station(); /* what it needs now is good */
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	look_at_all_slices(store);
	ck_assert_int_eq(store_begin(store), STORE_E_CORRUPT);
	ck_assert_ptr_nonnull(strstr(store_message(store), "damaged: "));
	store_close(store);
}
END_TEST

START_TEST(slices_of_a_large_file_leave_a_row_to_who_reads_it)
{
	make_large_file();
	execute("state.db", "PRAGMA ignore_check_constraints = ON;"
			    "UPDATE hours SET quality = 'none' WHERE hour = 405000");
	struct store *store = open_station();
	look_at_all_slices(store);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	struct hour_mean mean = {.valid = false};
	int32_t rev = 0;
	const char *newest = "";
	ck_assert_int_eq(hours_get(store, 405000, POLLUTANT_PM25, &mean, &rev), STORE_E_NONE);
	ck_assert_int_eq(store_bad_rows(store, &newest), 1);
	store_close(store);
}
END_TEST

/* The first free page, of which others hang, calls a page of hours free: SQLite would write over
 * it. */
static void free_used_page(void)
{
	uint8_t head[4], used[4];
	int64_t page = ask_file("state.db", "SELECT max(pageno) FROM dbstat WHERE name = 'hours'"
					    " AND pagetype = 'leaf'");
	int fd = open(station_path("state.db"), O_RDWR | O_CLOEXEC);
	ck_assert_int_eq(pread(fd, head, sizeof(head), 32), sizeof(head));
	int64_t trunk = (int64_t)head[0] << 24 | head[1] << 16 | head[2] << 8 | head[3];
	ck_assert_int_gt(trunk, 0);
	for (int i = 0; i < 4; i++)
		used[i] = (uint8_t)(page >> (24 - 8 * i));
	ck_assert_int_eq(pwrite(fd, used, sizeof(used), (trunk - 1) * PAGE + 8), sizeof(used));
	close(fd);
}

START_TEST(a_used_page_that_is_called_free_is_found_by_the_slice_of_a_large_file)
{
	make_large_file();
	execute("state.db", "DELETE FROM hours WHERE hour < 405000");
	struct store *store = open_station();
	ck_assert_int_eq(look_at_all_slices(store), 1);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(store_commit(store), 0);
	store_close(store);
	free_used_page();
	store = open_station();
	look_at_all_slices(store);
	ck_assert_int_eq(store_begin(store), STORE_E_CORRUPT);
	store_close(store);
}
END_TEST

START_TEST(damage_in_a_small_table_of_a_large_file_is_found_at_the_start)
{
	struct store *store = NULL;
	make_large_file();
	damage_leaf("outbox_totals", 0);
	ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_CORRUPT);
}
END_TEST

static void expect_claim_is_damage(const char *record, size_t n)
{
	char text[601] = "";
	struct store *store = open_station();
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(put_message(store, memset(text, 'x', 600)), 0);
	ck_assert_int_eq(store_commit(store), 0);
	store_close(store);
	claim_4_gib(ask_file("state.db", "SELECT rootpage FROM sqlite_schema"
					 " WHERE name = 'outbox'"),
		    record, n);
	ck_assert_int_eq(store_open(station_path(""), &store), STORE_E_CORRUPT);
	ck_assert_int_eq(store_open_readonly(station_path(""), &store), 0);
	struct query q = db_read(&store->state, "SELECT * FROM outbox");
	ck_assert(!query_row(&q));
	ck_assert_int_eq(query_end(&q), STORE_E_CORRUPT);
	store_close(store);
}

START_TEST(a_row_that_claims_4_gib_is_damage_at_the_start_and_to_its_reader)
{
	make_large_file();
	expect_claim_is_damage(CLAIMED_TYPES, sizeof(CLAIMED_TYPES) - 1);
}
END_TEST

START_TEST(a_text_that_claims_a_gigabyte_is_damage_at_the_start_and_to_its_reader)
{
	expect_claim_is_damage(CLAIMED_TEXT, sizeof(CLAIMED_TEXT) - 1);
}
END_TEST

static TCase *case_of(const char *name, const TTest *const tests[], size_t n)
{
	TCase *tcase = tcase_create(name);
	tcase_set_timeout(tcase, 60);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(tcase, tests[i]);
	return tcase;
}

Suite *unit_suite(void)
{
	const TTest *const opening[] = {
		a_missing_directory_is_created_for_its_owner_and_its_group_to_read,
		the_files_can_be_read_by_the_group_and_nobody_else_whatever_the_umask,
		what_is_no_file_in_the_place_of_one_is_refused_by_name_and_stays,
		only_the_last_part_of_a_path_is_created,
		a_file_where_the_directory_should_be_is_refused_by_name,
		two_daemons_cannot_share_a_directory,
		the_uuid_is_made_once_and_is_another_one_in_another_database,
		both_files_have_the_settings_that_survived_the_power_cuts,
		a_newer_schema_is_refused_by_name_and_left_alone,
		commands_of_before_keep_what_they_left_behind,
		a_database_of_another_program_is_refused_and_left_alone,
		a_reader_creates_nothing,
		a_reader_sees_the_hours_of_a_running_daemon_and_changes_none,
		a_commit_of_what_could_not_begin_is_refused,
		every_error_has_words,
		of_the_statements_only_those_used_lately_are_kept,
		a_statement_in_use_is_kept_however_many_others_are_used_meanwhile,
		the_manual_page_names_every_table_and_column,
		ten_thousand_directives_orders_and_answers_are_read_without_a_scan_for_each,
		a_large_file_is_opened_at_once_and_looked_at_in_slices,
		damage_in_an_old_hour_of_a_large_file_is_found_by_a_slice_and_told_by_the_next_use,
		slices_of_a_large_file_leave_a_row_to_who_reads_it,
		a_used_page_that_is_called_free_is_found_by_the_slice_of_a_large_file,
		damage_in_a_small_table_of_a_large_file_is_found_at_the_start,
		a_row_that_claims_4_gib_is_damage_at_the_start_and_to_its_reader,
		a_text_that_claims_a_gigabyte_is_damage_at_the_start_and_to_its_reader,
	};
	const TTest *const faults[] = {
		garbage_and_a_truncated_file_are_damage_and_named,
		a_page_of_state_overwritten_with_garbage_is_found_at_the_start,
		a_lock_held_by_another_process_is_busy_until_it_goes,
		a_full_quota_fails_whole_transactions_until_there_is_room,
		a_disk_that_is_full_for_a_while_costs_only_that_while,
		a_disk_that_fills_up_while_the_tables_are_made_does_no_harm,
		whichever_write_or_sync_fails_nothing_is_half_done_and_the_next_hour_works,
		after_an_io_error_the_file_is_checked_before_it_is_used_again,
		after_an_io_error_a_file_that_vanished_is_not_made_anew,
		an_hour_that_a_dying_disk_refused_is_there_wholly_or_not_at_all,
		a_failed_call_takes_its_whole_transaction_with_it,
		what_was_not_committed_is_gone_after_rollback_and_after_close,
		a_closed_store_leaves_no_write_ahead_log,
		a_kill_at_any_moment_loses_no_commit_that_was_acknowledged,
	};
	Suite *suite = suite_create("store");
	suite_add_tcase(suite, case_of("opening", opening, sizeof(opening) / sizeof(*opening)));
	suite_add_tcase(suite, case_of("faults", faults, sizeof(faults) / sizeof(*faults)));
	return suite;
}
