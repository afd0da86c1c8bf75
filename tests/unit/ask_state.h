/* SPDX-License-Identifier: MIT */
/* What stands in state.db of the test's own store, beside the program; and damage done to it. */
#ifndef TESTS_ASK_STATE_H
#define TESTS_ASK_STATE_H

#include <sqlite3.h>
#include <stdio.h>

#include "open_station.h"

static sqlite3 *connect_state(void)
{
	char path[512];
	sqlite3 *db;
	snprintf(path, sizeof(path), "%s/state.db", dir);
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void execute(const char *sql)
{
	sqlite3 *db = connect_state();
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* The first row's columns joined by '|', NULL as "NULL". Static buffer. */
static const char *ask(const char *sql)
{
	static char text[4096];
	size_t n = 0;
	sqlite3 *db = connect_state();
	sqlite3_stmt *stmt;
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	text[0] = '\0';
	int columns = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_count(stmt) : 0;
	for (int i = 0; i < columns; i++) {
		const char *found = (const char *)sqlite3_column_text(stmt, i);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i > 0 ? "|" : "",
				      found ? found : "NULL");
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return text;
}

#endif
