/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>

#include "db.h"

static int prepare(struct db *db, const char *sql, sqlite3_stmt **ret)
{
	int i = 0;
	while (i < DB_STATEMENTS_MAX && db->statements[i].stmt && db->statements[i].sql != sql)
		i++;
	assert(i < DB_STATEMENTS_MAX);
	struct db_statement *s = &db->statements[i];
	if (!s->stmt) {
		errno = 0;
		int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
					      &s->stmt, NULL);
		if (code != SQLITE_OK)
			return db_fail(db, code);
		s->sql = sql;
	}
	*ret = s->stmt;
	return 0;
}

struct query db_read(struct db *db, const char *sql)
{
	struct query q = {.db = db};
	q.error = db_ready(db);
	if (q.error == 0)
		q.error = prepare(db, sql, &q.stmt);
	return q;
}

struct query db_write(struct db *db, const char *sql)
{
	assert(db->transaction != DB_NO_TRANSACTION);
	struct query q = db_read(db, sql);
	q.writes = true;
	return q;
}

static void bound(struct query *q, int code)
{
	if (code != SQLITE_OK)
		q->error = db_fail(q->db, code);
}

void query_int(struct query *q, int64_t value)
{
	if (q->error == 0)
		bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void query_int_or_null(struct query *q, bool known, int64_t value)
{
	if (known)
		query_int(q, value);
	else if (q->error == 0)
		bound(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void query_text(struct query *q, const char *text)
{
	if (q->error == 0)
		bound(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
}

bool query_row(struct query *q)
{
	if (q->error)
		return false;
	errno = 0;
	int code = sqlite3_step(q->stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		q->error = db_fail(q->db, code);
	return code == SQLITE_ROW;
}

static void refuse(struct query *q, int column)
{
	const char *name = sqlite3_column_name(q->stmt, column);
	q->error = db_refuse(q->db, STORE_E_CORRUPT, "%s has a value that hazewatch never writes",
			     name ? name : "a column");
}

int64_t query_column(struct query *q, int column, int64_t min, int64_t max)
{
	if (q->error)
		return min;
	int64_t value = sqlite3_column_int64(q->stmt, column);
	if (sqlite3_column_type(q->stmt, column) == SQLITE_INTEGER && value >= min && value <= max)
		return value;
	refuse(q, column);
	return min;
}

bool query_column_null(struct query *q, int column)
{
	return q->error == 0 && sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

const char *query_column_text(struct query *q, int column, size_t size)
{
	if (q->error)
		return "";
	const char *text = NULL;
	if (sqlite3_column_type(q->stmt, column) == SQLITE_TEXT)
		text = (const char *)sqlite3_column_text(q->stmt, column);
	if (text && (size_t)sqlite3_column_bytes(q->stmt, column) < size)
		return text;
	refuse(q, column);
	return "";
}

/* A change with its values, for the day the disk refuses. */
static void note(struct query *q)
{
	if (q->db->journal.limit == 0)
		return;
	char *sql = sqlite3_expanded_sql(q->stmt);
	if (sql)
		journal_add(&q->db->journal, sql);
	else
		q->error = db_fail(q->db, SQLITE_NOMEM);
	sqlite3_free(sql);
}

int query_end(struct query *q)
{
	if (q->stmt && q->writes && q->error == 0)
		note(q);
	if (q->stmt) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		q->stmt = NULL;
	}
	return q->error;
}

int query_run(struct query *q)
{
	while (query_row(q))
		;
	return query_end(q);
}
