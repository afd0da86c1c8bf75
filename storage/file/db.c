/* SPDX-License-Identifier: MIT */
#include "db.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shared-memory file only fails to grow, and SQLite keeps no errno of that. */
static bool out_of_space(int code, int os)
{
	return code == SQLITE_IOERR_SHMSIZE || os == ENOSPC || os == EDQUOT || os == EFBIG;
}

/* SQLite's open-ended codes -> ours. */
static int translate_code(int code, int os)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return STORE_E_FULL;
	case SQLITE_IOERR:
		return out_of_space(code, os) ? STORE_E_FULL : STORE_E_IO;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return STORE_E_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* the statements are constant: the schema is not ours */
		return STORE_E_CORRUPT;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CANTOPEN:
		return os > 0 ? -os : STORE_E_IO;
	case SQLITE_CONSTRAINT:
		return code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE ||
				       code == SQLITE_CONSTRAINT_ROWID
			       ? -EEXIST
			       : -EINVAL;
	default:
		return STORE_E_IO;
	}
}

#define SOME_MEMORY (1 << 20)

int db_true_code(int code)
{
	if ((code & 0xff) == SQLITE_TOOBIG)
		return SQLITE_CORRUPT;
	if ((code & 0xff) != SQLITE_NOMEM)
		return code;
	void *some = sqlite3_malloc(SOME_MEMORY);
	bool there = some != NULL;
	sqlite3_free(some);
	return there ? SQLITE_CORRUPT : code;
}

static bool shakes_trust(int code)
{
	int primary = code & 0xff;
	return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

/* Errors of the machine. What is left are mistakes of a statement, which a memory shares. */
bool db_disk_refuses(int error)
{
	return error != -EEXIST && error != -EINVAL && error != -ENOMEM;
}

void db_note_refusal(struct db *db, int error)
{
	if (db->journal.limit > 0 && !db->in_memory && db_disk_refuses(error))
		db->refused = true;
}

static int end_transaction(struct db *db, int error)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->transaction = DB_TRANSACTION_FAILED;
	db->error = error;
	return error;
}

static int fail_transaction(struct db *db, int error)
{
	if (db->transaction != DB_TRANSACTION)
		return error;
	db_note_refusal(db, error);
	return end_transaction(db, error);
}

int db_fail(struct db *db, int code)
{
	/* Not sqlite3_system_errno: a commit that fails leaves nothing there. */
	int os = errno;
	code = db_true_code(code);
	int error = translate_code(code, os);
	bool tell_os = os && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN);
	bool speaks = db->handle && sqlite3_errcode(db->handle) == (code & 0xff);
	snprintf(db->message, DB_MESSAGE_MAX, "%.300s: %s%s%s (SQLite %d)", db->path,
		 speaks ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code), tell_os ? ": " : "",
		 tell_os ? strerror(os) : "", code);
	db->suspect = db->suspect || (!db->in_memory && shakes_trust(code));
	return fail_transaction(db, error);
}

int db_refuse(struct db *db, int error, const char *format, ...)
{
	int n = snprintf(db->message, DB_MESSAGE_MAX, "%.300s: ", db->path);
	va_list args;
	va_start(args, format);
	vsnprintf(db->message + n, DB_MESSAGE_MAX - (size_t)n, format, args);
	va_end(args);
	/* a row is no fault of the disk, and memory would hold the same */
	if (error == STORE_E_CORRUPT && db->transaction == DB_TRANSACTION)
		return end_transaction(db, error);
	return fail_transaction(db, error);
}

int db_run(struct db *db, const char *sql)
{
	errno = 0;
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : db_fail(db, code);
}

int db_read_number(struct db *db, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	errno = 0;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	if (code != SQLITE_ROW)
		code = code == SQLITE_DONE ? SQLITE_CORRUPT : code;
	int r = code == SQLITE_ROW ? 0 : db_fail(db, code);
	sqlite3_finalize(stmt);
	return r;
}

int db_read_text(struct db *db, const char *sql, char *ret, size_t size)
{
	sqlite3_stmt *stmt = NULL;
	errno = 0;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW && sqlite3_column_type(stmt, 0) == SQLITE_TEXT)
		snprintf(ret, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	int r = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(db, code);
	sqlite3_finalize(stmt);
	return r;
}

static bool read_given(struct db *db, struct given *ret)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db->handle, db->kind->given, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*ret = (struct given){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW;
}

bool db_note_given(struct db *db)
{
	struct given given;
	if (!db->kind->given)
		return true;
	if (!read_given(db, &given))
		return false;
	if (given.seq <= db->given.seq && given.event <= db->given.event)
		return true;
	if (given.seq < db->given.seq)
		given.seq = db->given.seq;
	if (given.event < db->given.event)
		given.event = db->given.event;
	if (!given_write(db->path, &given))
		return false;
	db->given = given;
	return true;
}

int db_newest_schema(const struct db_kind *kind)
{
	int n = 0;
	while (kind->migrations[n].sql)
		n++;
	return n;
}

void db_finalize(struct db *db)
{
	for (int i = 0; i < db->n_statements; i++)
		sqlite3_finalize(db->statements[i].stmt);
	free(db->statements);
	db->statements = NULL;
	db->n_statements = db->room = 0;
}

void db_close_handle(struct db *db)
{
	db_finalize(db);
	sqlite3_close(db->handle);
	db->handle = NULL;
}

void db_close(struct db *db)
{
	db_rollback(db);
	db_close_handle(db);
	journal_done(&db->journal);
}

void db_rollback(struct db *db)
{
	bool refused = db->refused;
	fail_transaction(db, 0);
	db->refused = refused;
	db->transaction = DB_NO_TRANSACTION;
	journal_drop(&db->journal);
}
