/* SPDX-License-Identifier: MIT */
/* A database of every earlier schema is opened, and says what it said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db.h"
#include "models.h"
#include "timetables.h"
#include "unit.h"

/* Those of tests/data that a version left, and the schema of each. */
static const struct {
	const char *name;
	int schema;
} dumps[] = {{"state-1.sql", 1},   {"state-2.sql", 2},   {"state-8.sql", 8},  {"state-9.sql", 9},
	     {"state-10.sql", 10}, {"state-11.sql", 11}, {"state-12.sql", 12}};
enum { DUMPS = sizeof(dumps) / sizeof(*dumps), FIRST_OF_A_DAEMON = 2, SCHEMAS_MAX = 1000 };

static void execute(sqlite3 *db, const char *sql)
{
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
		      sqlite3_errmsg(db));
}

/* A file of one of the test's stations; static, the newest four. */
static const char *path_of(const char *station, const char *file)
{
	static char path[4][512];
	static int next;
	char *to = path[next++ % 4];
	snprintf(to, sizeof(path[0]), "%s/%s", unit_tmpdir(), station);
	mkdir(to, 0700);
	snprintf(to, sizeof(path[0]), "%s/%s/%s", unit_tmpdir(), station, file);
	return to;
}

static sqlite3 *connect(const char *station, const char *file)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(path_of(station, file), &db), SQLITE_OK);
	return db;
}

static void ask(sqlite3 *db, const char *sql, const char *parameter, char *ret, size_t size)
{
	sqlite3_stmt *stmt;
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_bind_text(stmt, 1, parameter, -1, SQLITE_STATIC);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	snprintf(ret, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
}

static void put_dump_as(const char *station, const char *dump, const char *file)
{
	static char sql[200000];
	char path[400];
	snprintf(path, sizeof(path), "tests/data/%s", dump);
	FILE *from = fopen(unit_source(path), "r");
	ck_assert_ptr_nonnull(from);
	sql[fread(sql, 1, sizeof(sql) - 1, from)] = '\0';
	ck_assert(feof(from));
	fclose(from);
	sqlite3 *db = connect(station, file);
	execute(db, sql);
	sqlite3_close(db);
}

static void put_dump(const char *station, const char *dump)
{
	put_dump_as(station, dump, "state.db");
}

static int schema_of(const char *station)
{
	char found[20];
	sqlite3 *db = connect(station, "state.db");
	ask(db, "SELECT user_version FROM pragma_user_version", NULL, found, sizeof(found));
	sqlite3_close(db);
	return atoi(found);
}

/* As a version with this schema would have brought it over. */
static void bring_to(const char *station, int schema)
{
	for (int i = schema_of(station); i < schema; i++) {
		sqlite3 *db = connect(station, "state.db");
		execute(db, state_migrations[i].sql);
		sqlite3_close(db);
	}
	ck_assert_int_eq(schema_of(station), schema);
}

/* A start, which brings the files over and makes the timetable out of what an old one held. */
static void start_and_stop(const char *station)
{
	static struct timetable timetable;
	struct binding binding;
	struct store *store = NULL;
	int r = store_open(path_of(station, ""), &store);
	ck_assert_msg(r == 0, "%d, %s", r, store_message(NULL));
	store_use_plan(store, models_plan());
	ck_assert_int_eq(timetables_load(store, &timetable, &binding), 0);
	store_close(store);
	ck_assert_int_eq(schema_of(station), db_newest_schema(&state_kind));
}

/* The names of the tables of `old`, but those that stand in ` but `; n counts from 0. */
static bool find_table(sqlite3 *db, const char *but, int n, char *ret, size_t size)
{
	char sql[300];
	snprintf(sql, sizeof(sql),
		 "SELECT coalesce((SELECT name FROM old.sqlite_schema WHERE type = 'table' AND"
		 " instr(?, ' ' || name || ' ') = 0 ORDER BY name LIMIT 1 OFFSET %d), '')",
		 n);
	ask(db, sql, but, ret, size);
	return *ret != '\0';
}

/* Every table of the old station's file is in the new one's, with the same rows in its columns. */
static void has_all_of(const char *file, const char *but)
{
	char sql[4000], table[100], columns[1500], found[40];
	sqlite3 *db = connect("new", file);
	snprintf(sql, sizeof(sql), "ATTACH '%s' AS old", path_of("old", file));
	execute(db, sql);
	int n = 0;
	while (find_table(db, but, n, table, sizeof(table))) {
		ask(db, "SELECT group_concat(name) FROM pragma_table_info(?, 'old')", table,
		    columns, sizeof(columns));
		snprintf(sql, sizeof(sql),
			 "WITH a AS (SELECT %s FROM old.%s), b AS (SELECT %s FROM main.%s) SELECT"
			 " (SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b)) ||"
			 " ' gone, ' || (SELECT count(*) FROM (SELECT * FROM b EXCEPT SELECT * FROM"
			 " a)) || ' new'",
			 columns, table, columns, table);
		ask(db, sql, NULL, found, sizeof(found));
		ck_assert_msg(strcmp(found, "0 gone, 0 new") == 0, "%s: %s", table, found);
		n++;
	}
	ck_assert_int_gt(n, 2);
	sqlite3_close(db);
}

/* What one of an earlier schema says is the same by way of each schema after its own. */
START_TEST(a_database_of_each_schema_says_what_it_says_by_any_other_way)
{
	const char *dump = dumps[_i / SCHEMAS_MAX].name;
	put_dump("old", dump);
	start_and_stop("old");
	put_dump("new", dump);
	bring_to("new", _i % SCHEMAS_MAX);
	start_and_stop("new");
	has_all_of("state.db", "");
}
END_TEST

/* Its messages wait again after a start; nothing else is another. */
START_TEST(a_database_that_a_daemon_left_has_all_that_it_had)
{
	const char *dump = dumps[FIRST_OF_A_DAEMON + _i].name;
	put_dump("old", dump);
	put_dump("new", dump);
	start_and_stop("new");
	has_all_of("state.db", " outbox outbox_totals ");
}
END_TEST

START_TEST(minutes_of_schema_1_are_all_there_and_none_is_doubted)
{
	static const char *const stations[] = {"old", "new"};
	char found[40];
	for (int i = 0; i < 2; i++) {
		sqlite3 *db = connect(stations[i], "samples.db");
		execute(db, samples_migrations[0].sql);
		execute(db, "INSERT INTO channels VALUES (1, 'roof/pm25');"
			    "INSERT INTO minutes VALUES (28375000, 1, 60000, 60000, 60, 59),"
			    " (28375001, 1, 1260000000, 60000, 60, 60);"
			    "INSERT INTO minute_failures VALUES (28375000, 1, 'timeout', 1)");
		sqlite3_close(db);
	}
	start_and_stop("new");
	has_all_of("samples.db", "");
	sqlite3 *db = connect("new", "samples.db");
	ask(db, "SELECT count(*) FROM minutes WHERE doubted IS NULL", NULL, found, sizeof(found));
	ck_assert_str_eq(found, "2");
	sqlite3_close(db);
}
END_TEST

START_TEST(minutes_and_hours_of_schema_4_are_all_there_and_all_sure)
{
	char found[40];
	put_dump_as("old", "samples-4.sql", "samples.db");
	put_dump_as("new", "samples-4.sql", "samples.db");
	start_and_stop("new");
	has_all_of("samples.db", "");
	sqlite3 *db = connect("new", "samples.db");
	ask(db,
	    "SELECT (SELECT count(*) FROM sure_minutes) || ' ' || user_version"
	    " FROM pragma_user_version",
	    NULL, found, sizeof(found));
	ck_assert_str_eq(found, "0 5");
	sqlite3_close(db);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("schemas");
	TCase *tc = tcase_create("schemas");
	for (int i = 0; i < DUMPS; i++)
		tcase_add_loop_test(tc,
				    a_database_of_each_schema_says_what_it_says_by_any_other_way,
				    i * SCHEMAS_MAX + dumps[i].schema,
				    i * SCHEMAS_MAX + db_newest_schema(&state_kind));
	tcase_add_loop_test(tc, a_database_that_a_daemon_left_has_all_that_it_had, 0,
			    DUMPS - FIRST_OF_A_DAEMON);
	tcase_add_test(tc, minutes_of_schema_1_are_all_there_and_none_is_doubted);
	tcase_add_test(tc, minutes_and_hours_of_schema_4_are_all_there_and_all_sure);
	suite_add_tcase(suite, tc);
	return suite;
}
