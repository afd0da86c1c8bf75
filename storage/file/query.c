/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc.h"
#include "db.h"

#define STATEMENTS_AT_ONCE 16
/* A prepared statement takes 2 to 3 KiB, and most belong to the start, an hour or a command. */
#define STATEMENTS_KEPT 32
#define PAGES_PER_MB 256
#define QUOTA_SLACK_PAGES 64 /* that the statement which failed gave back */
#define TABLE_NAME_MAX 40

static bool make_room(struct db *db)
{
	if (db->n_statements < db->room)
		return true;
	int room = db->room + STATEMENTS_AT_ONCE;
	struct db_statement *more = realloc(db->statements, (size_t)room * sizeof(*more));
	if (!more)
		return false;
	db->statements = more;
	db->room = room;
	return true;
}

/* A place for one more: of enough the one that was used longest ago gives way. */
static struct db_statement *find_room(struct db *db)
{
	struct db_statement *oldest = NULL;
	for (int i = 0; i < db->n_statements; i++) {
		struct db_statement *s = &db->statements[i];
		if (!s->in_use && (!oldest || s->turn < oldest->turn))
			oldest = s;
	}
	if (db->n_statements < STATEMENTS_KEPT || !oldest)
		return make_room(db) ? &db->statements[db->n_statements++] : NULL;
	sqlite3_finalize(oldest->stmt);
	return oldest;
}

static int add_statement(struct db *db, const char *sql, struct db_statement **ret)
{
	struct db_statement s = {.sql = sql};
	errno = 0;
	int code =
		sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &s.stmt, NULL);
	if (code != SQLITE_OK)
		return db_fail(db, code);
	*ret = find_room(db);
	if (!*ret) {
		sqlite3_finalize(s.stmt);
		return db_refuse(db, -ENOMEM, "no memory for a statement");
	}
	**ret = s;
	return 0;
}

static int prepare_statement(struct db *db, const char *sql, sqlite3_stmt **ret)
{
	struct db_statement *s = NULL;
	for (int i = 0; i < db->n_statements && !s; i++) {
		if (db->statements[i].sql == sql)
			s = &db->statements[i];
	}
	if (!s) {
		int r = add_statement(db, sql, &s);
		if (r)
			return r;
	}
	assert(s);
	s->in_use = true;
	s->turn = ++db->turn;
	*ret = s->stmt;
	return 0;
}

static void end_use(struct db *db, const sqlite3_stmt *stmt)
{
	for (int i = 0; i < db->n_statements; i++) {
		if (db->statements[i].stmt == stmt)
			db->statements[i].in_use = false;
	}
}

struct query db_read(struct db *db, const char *sql)
{
	struct query q = {.db = db};
	q.error = db_ready(db);
	if (q.error == 0)
		q.error = prepare_statement(db, sql, &q.stmt);
	return q;
}

struct query db_write(struct db *db, const char *sql)
{
	assert(db->transaction != DB_NO_TRANSACTION);
	struct query q = db_read(db, sql);
	q.writes = true;
	return q;
}

static void check_bound(struct query *q, int code)
{
	if (code != SQLITE_OK)
		q->error = db_fail(q->db, code);
}

/* The sum with one more value of a row; `first` has no '|' before it. */
static uint32_t add_text(uint32_t sum, bool first, const char *text)
{
	if (!first)
		sum = crc32_of_bytes(sum, "|", 1);
	return crc32_of_bytes(sum, text, strlen(text));
}

static void sum_text(struct query *q, const char *text)
{
	q->sum = add_text(q->sum, q->bound == 0, text);
}

void query_int(struct query *q, int64_t value)
{
	char text[24];
	if (q->error)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)value);
	sum_text(q, text);
	check_bound(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void query_int_or_null(struct query *q, bool known, int64_t value)
{
	if (known)
		query_int(q, value);
	else
		query_text(q, NULL);
}

void query_text(struct query *q, const char *text)
{
	if (q->error)
		return;
	sum_text(q, text ? text : "");
	check_bound(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
}

void query_sum(struct query *q)
{
	query_int(q, q->sum);
}

/* The table that a statement of ours writes to. */
static void find_table(const char *sql, char ret[TABLE_NAME_MAX])
{
	const char *at = strstr(sql, "INTO ");
	at = at ? at + strlen("INTO ") : strncmp(sql, "UPDATE ", 7) == 0 ? sql + 7 : "";
	snprintf(ret, TABLE_NAME_MAX, "%.*s", (int)strcspn(at, " ("), at);
}

/* The file has the pages that it may have: the disk has nothing to do with it. */
static bool is_at_quota(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t pages = 0;
	if (sqlite3_prepare_v2(db->handle, "PRAGMA page_count", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		pages = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return pages + QUOTA_SLACK_PAGES >= db->quota_pages;
}

static int fail_statement(struct query *q, int code)
{
	char table[TABLE_NAME_MAX];
	bool quota = (code & 0xff) == SQLITE_FULL && !q->db->in_memory && is_at_quota(q->db);
	int error = db_fail(q->db, code);
	if (!quota)
		return error;
	find_table(sqlite3_sql(q->stmt), table);
	snprintf(q->db->message, DB_MESSAGE_MAX,
		 "%.300s: its quota of %lld MB is used up; nothing more goes into table %s",
		 q->db->path, (long long)q->db->quota_pages / PAGES_PER_MB, table);
	return error;
}

bool query_row(struct query *q)
{
	if (q->error)
		return false;
	errno = 0;
	int code = sqlite3_step(q->stmt);
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		q->error = fail_statement(q, code);
	return code == SQLITE_ROW;
}

static void refuse_column(struct query *q, int column)
{
	const char *name = sqlite3_column_name(q->stmt, column);
	q->error = STORE_E_CORRUPT;
	q->bad = name ? name : "a column";
}

int64_t query_column(struct query *q, int column, int64_t min, int64_t max)
{
	if (q->error)
		return min;
	int64_t value = sqlite3_column_int64(q->stmt, column);
	if (sqlite3_column_type(q->stmt, column) == SQLITE_INTEGER && value >= min && value <= max)
		return value;
	refuse_column(q, column);
	return min;
}

bool query_column_null(struct query *q, int column)
{
	return q->error == 0 && sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

bool query_column_is_text(struct query *q, int column)
{
	return q->error == 0 && sqlite3_column_type(q->stmt, column) == SQLITE_TEXT;
}

int64_t query_column_or(struct query *q, int column, int64_t max, int64_t null)
{
	return query_column_null(q, column) ? null : query_column(q, column, 0, max);
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
	refuse_column(q, column);
	return "";
}

void query_column_copy(struct query *q, int column, char *ret, size_t size)
{
	snprintf(ret, size, "%s", query_column_text(q, column, size));
}

int64_t query_column_any(struct query *q, int column)
{
	return query_column(q, column, INT64_MIN, INT64_MAX);
}

/* Not converted in its place, where its type is asked for afterwards. */
static const char *read_as_text(sqlite3_stmt *stmt, int column, char number[24])
{
	const char *text = "";
	if (sqlite3_column_type(stmt, column) == SQLITE_INTEGER) {
		snprintf(number, 24, "%lld", (long long)sqlite3_column_int64(stmt, column));
		text = number;
	} else if (sqlite3_column_type(stmt, column) == SQLITE_TEXT) {
		text = (const char *)sqlite3_column_text(stmt, column);
	}
	return text ? text : "";
}

bool query_is_sound(struct query *q, int n, int at)
{
	uint32_t sum = 0;
	for (int i = 0; i < n && q->error == 0; i++) {
		char number[24];
		sum = add_text(sum, i == 0, read_as_text(q->stmt, i, number));
	}
	return q->error == 0 && sqlite3_column_int64(q->stmt, at) == sum;
}

bool query_forgive(struct query *q)
{
	bool bad = q->bad != NULL;
	if (bad)
		q->error = 0;
	q->bad = NULL;
	return bad;
}

/* A change with its values, for the day the disk refuses. */
static void note_change(struct query *q)
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
	if (q->bad)
		q->error = db_refuse(q->db, STORE_E_CORRUPT,
				     "%s has a value that hazewatch never writes", q->bad);
	q->bad = NULL;
	if (q->stmt && q->writes && q->error == 0)
		note_change(q);
	if (q->stmt) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		end_use(q->db, q->stmt);
		q->stmt = NULL;
	}
	return q->error;
}

int query_run_counting(struct query *q, int64_t *changed)
{
	int r = query_run(q);
	if (r == 0)
		*changed += sqlite3_changes(q->db->handle);
	return r;
}

int query_run(struct query *q)
{
	while (query_row(q))
		;
	return query_end(q);
}
