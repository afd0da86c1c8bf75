/* SPDX-License-Identifier: MIT */
#include "salvage.h"

#include <stddef.h>

#include "db.h"

/* ---- columns ---- */

/* The words of the statements; SQLite's heap, NULL without memory. */
struct words {
	char *columns, *marks; /* "a","b" and ?,? */
	char *back;            /* the order from the other end */
};

static char *join_word(char *list, const char *separator, const char *format, const char *word)
{
	char *item = sqlite3_mprintf(format, word);
	char *longer =
		item ? sqlite3_mprintf("%s%s%s", list ? list : "", list ? separator : "", item)
		     : NULL;
	sqlite3_free(item);
	sqlite3_free(list);
	return longer;
}

static bool has_column(const struct salvage *salvage, const char *table, const char *column)
{
	sqlite3_stmt *stmt = NULL;
	bool has = sqlite3_prepare_v2(salvage->from,
				      "SELECT 1 FROM pragma_table_info(?, ?) WHERE name = ?", -1,
				      &stmt, NULL) == SQLITE_OK;
	sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, salvage->from_schema, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, column, -1, SQLITE_STATIC);
	has = has && sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_finalize(stmt);
	return has;
}

/* The columns that an older revision of the file has, too. False: none can be read. */
static bool find_words(const struct salvage *salvage, const char *table, struct words *ret)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3_prepare_v2(salvage->to,
			   "SELECT name, pk FROM pragma_table_info(?, 'main') ORDER BY pk", -1,
			   &stmt, NULL);
	sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		if (!name || !has_column(salvage, table, name))
			continue;
		ret->columns = join_word(ret->columns, ",", "\"%w\"", name);
		ret->marks = join_word(ret->marks, ",", "?", name);
		if (sqlite3_column_int(stmt, 1) > 0)
			ret->back = join_word(ret->back, ",", "\"%w\" DESC", name);
	}
	sqlite3_finalize(stmt);
	return ret->columns != NULL;
}

static void free_words(struct words *words)
{
	sqlite3_free(words->columns);
	sqlite3_free(words->marks);
	sqlite3_free(words->back);
}

/* ---- rows ---- */

/* Copies rows until the end or the damage; *ret_end: the end. */
static int copy_rows(struct salvage *salvage, sqlite3_stmt *from, sqlite3_stmt *to, bool *ret_end)
{
	int read, code = SQLITE_OK;
	while (code == SQLITE_OK && (read = sqlite3_step(from)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(from) && code == SQLITE_OK; i++)
			code = sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
		if (code != SQLITE_OK)
			break;
		code = sqlite3_step(to);
		if (code == SQLITE_DONE)
			salvage->rows += sqlite3_changes(salvage->to);
		if (code == SQLITE_DONE || (code & 0xff) == SQLITE_CONSTRAINT)
			code = SQLITE_OK;
		sqlite3_reset(to);
	}
	*ret_end = code == SQLITE_OK && read == SQLITE_DONE;
	return code == SQLITE_OK && (db_true_code(read) & 0xff) == SQLITE_NOMEM ? read : code;
}

static int copy_from_one_end(struct salvage *salvage, const char *select, const char *order,
			     sqlite3_stmt *to, bool *ret_end)
{
	sqlite3_stmt *from = NULL;
	char *sql = sqlite3_mprintf("%s %s%s LIMIT %lld", select, order ? "ORDER BY " : "",
				    order ? order : "", (long long)salvage->most);
	int code = SQLITE_OK;
	*ret_end = false;
	if (!sql)
		return SQLITE_NOMEM;
	if (sqlite3_prepare_v2(salvage->from, sql, -1, &from, NULL) == SQLITE_OK)
		code = copy_rows(salvage, from, to, ret_end);
	sqlite3_finalize(from);
	sqlite3_free(sql);
	return code;
}

static int copy_table(struct salvage *salvage, const char *table, const struct words *words)
{
	char *select = sqlite3_mprintf("SELECT %s FROM %s.\"%w\"", words->columns,
				       salvage->from_schema, table);
	char *insert = sqlite3_mprintf("INSERT OR IGNORE INTO main.\"%w\" (%s) VALUES (%s)", table,
				       words->columns, words->marks);
	sqlite3_stmt *to = NULL;
	bool end = false;
	int code = select && insert ? sqlite3_prepare_v2(salvage->to, insert, -1, &to, NULL)
				    : SQLITE_NOMEM;
	if (code == SQLITE_OK)
		code = copy_from_one_end(salvage, select, NULL, to, &end);
	if (code == SQLITE_OK && !end) {
		salvage->broken_tables++;
		code = copy_from_one_end(salvage, select, words->back, to, &end);
	}
	sqlite3_finalize(to);
	sqlite3_free(insert);
	sqlite3_free(select);
	return code;
}

int salvage_table(struct salvage *salvage, const char *table)
{
	struct words words = {0};
	int code = SQLITE_OK;
	if (find_words(salvage, table, &words))
		code = copy_table(salvage, table, &words);
	else
		salvage->broken_tables++;
	free_words(&words);
	return code;
}
