/* SPDX-License-Identifier: MIT */
#include "db.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BUSY_TIMEOUT_MS 2000
#define OPENING_SHIFT 44 /* above what a handle ever changes */

/* The shared-memory file only fails to grow, and SQLite keeps no errno of that. */
static bool out_of_space(int code, int os)
{
	return code == SQLITE_IOERR_SHMSIZE || os == ENOSPC || os == EDQUOT || os == EFBIG;
}

/* SQLite's open-ended codes -> ours. */
static int meaning(int code, int os)
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
	case SQLITE_TOOBIG:
		return -E2BIG;
	default:
		return STORE_E_IO;
	}
}

static bool shakes_trust(int code)
{
	int primary = code & 0xff;
	return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

static int fail_transaction(struct db *db, int error)
{
	if (db->transaction != DB_TRANSACTION)
		return error;
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->transaction = DB_TRANSACTION_FAILED;
	db->error = error;
	memory_refused(db, error);
	return error;
}

int db_fail(struct db *db, int code)
{
	/* Not sqlite3_system_errno: a commit that fails leaves nothing there. */
	int os = errno;
	int error = meaning(code, os);
	bool tell_os = os && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN);
	snprintf(db->message, DB_MESSAGE_MAX, "%.300s: %s%s%s (SQLite %d)", db->path,
		 db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code),
		 tell_os ? ": " : "", tell_os ? strerror(os) : "", code);
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
	return fail_transaction(db, error);
}

/* For literals, numbers and the embedded migrations only. */
static int run(struct db *db, const char *sql)
{
	errno = 0;
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : db_fail(db, code);
}

static int read_number(struct db *db, const char *sql, int64_t *ret)
{
	struct query q = db_read(db, sql);
	int64_t value = query_row(&q) ? query_column(&q, 0, INT64_MIN, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret = value;
	return r;
}

int db_newest_schema(const struct db_kind *kind)
{
	int n = 0;
	while (kind->migrations[n].sql)
		n++;
	return n;
}

/* Refuses what is not ours or too new, before anything is changed. */
static int identify(struct db *db, int64_t *ret_version)
{
	int64_t id = 0, version = 0, objects = 0;
	int newest = db_newest_schema(db->kind);
	int r = read_number(db, "PRAGMA application_id", &id);
	if (r == 0)
		r = read_number(db, "PRAGMA user_version", &version);
	if (r == 0)
		r = read_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
	if (r)
		return r;
	bool fresh = id == 0 && version == 0 && objects == 0;
	if (!fresh && (id != db->kind->application_id || version < 1))
		return db_refuse(db, STORE_E_CORRUPT, "not a database of hazewatch");
	if (version > newest)
		return db_refuse(db, STORE_E_NEWER,
				 "schema %lld, written by a newer hazewatch; this one knows up to "
				 "%d",
				 (long long)version, newest);
	if (db->readonly && version < newest)
		return db_refuse(db, -ESTALE, "schema %lld, hazewatchd has to bring it to %d first",
				 (long long)version, newest);
	*ret_version = version;
	return 0;
}

static int use_wal(struct db *db)
{
	struct query q = db_read(db, "PRAGMA journal_mode = WAL");
	bool wal = query_row(&q) && strcmp(query_column_text(&q, 0, 16), "wal") == 0;
	int r = query_end(&q);
	if (r == 0 && !wal)
		return db_refuse(db, -ENOTSUP, "this file system has no write-ahead log");
	return r;
}

int db_limit(struct db *db)
{
	char sql[64];
	if (db->quota_pages == 0)
		db->quota_pages = db->kind->quota_pages;
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld", (long long)db->quota_pages);
	return run(db, sql);
}

static int configure(struct db *db)
{
	int r = run(db, "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
			"PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
	if (r || db->readonly)
		return r;
	r = run(db, "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE");
	if (r == 0)
		r = use_wal(db);
	if (r == 0)
		r = run(db, "PRAGMA wal_autocheckpoint = 256; PRAGMA cache_size = -512");
	return r ? r : db_limit(db);
}

static int check(struct db *db)
{
	if (!db->kind->checked || db->readonly)
		return 0;
	struct query q = db_read(db, "PRAGMA quick_check(1)");
	char found[200] = "ok";
	if (query_row(&q))
		snprintf(found, sizeof(found), "%s", query_column_text(&q, 0, 1000));
	int r = query_end(&q);
	if (r == 0 && strcmp(found, "ok") != 0)
		return db_refuse(db, STORE_E_CORRUPT, "damaged: %s", found);
	return r;
}

static int migrate(struct db *db, int64_t version)
{
	int r = 0;
	for (int64_t i = version; r == 0 && db->kind->migrations[i].sql; i++) {
		r = run(db, "BEGIN IMMEDIATE");
		if (r)
			return r;
		db->transaction = DB_TRANSACTION;
		run(db, db->kind->migrations[i].sql);
		r = db_commit(db);
	}
	return r;
}

static int open_handle(struct db *db)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	flags |= db->readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	if (!db->readonly && !db->known)
		flags |= SQLITE_OPEN_CREATE;
	errno = 0;
	int code = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	if (code != SQLITE_OK)
		return db_fail(db, code);
	db->suspect = false;
	db->openings++;
	if (!db->readonly && sqlite3_db_readonly(db->handle, "main"))
		return db_refuse(db, STORE_E_IO, "cannot be written: the disk is read-only");
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	int64_t version = 0;
	int r = identify(db, &version);
	if (r == 0)
		r = configure(db);
	if (r == 0)
		r = check(db);
	if (r == 0)
		r = migrate(db, version);
	db_watch_seq(db);
	return r;
}

int db_open(struct db *db, const char *dir)
{
	int n = snprintf(db->path, sizeof(db->path), "%s/%s", dir, db->kind->file);
	if (n < 0 || (size_t)n >= sizeof(db->path))
		return db_refuse(db, -ENAMETOOLONG, "path too long");
	if (!db->readonly)
		mend_finish(db->path);
	int r = db_ready(db);
	db->known = r == 0;
	return r ? memory_begin(db, r) : 0;
}

void db_finalize(struct db *db)
{
	for (int i = 0; i < DB_STATEMENTS_MAX; i++) {
		sqlite3_finalize(db->statements[i].stmt);
		db->statements[i] = (struct db_statement){0};
	}
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

/* A handle that opened half stays closed, so that the next use tries again from the start. */
int db_ready(struct db *db)
{
	if (db->transaction == DB_TRANSACTION_FAILED)
		return db->error;
	if (db->transaction == DB_TRANSACTION || (db->handle && !db->suspect))
		return 0;
	db_close_handle(db);
	int r = open_handle(db);
	if (r) {
		db_rollback(db);
		db_close_handle(db);
	}
	return r;
}

int64_t db_version(struct db *db)
{
	if (db->readonly || db->transaction != DB_NO_TRANSACTION || db_ready(db) != 0)
		return 0;
	return db->openings << OPENING_SHIFT | sqlite3_total_changes64(db->handle);
}

static int begin(struct db *db)
{
	struct query q = db_read(db, "BEGIN IMMEDIATE");
	int r = query_run(&q);
	if (r == 0)
		db->transaction = DB_TRANSACTION;
	return r;
}

int db_begin_on_disk(struct db *db)
{
	assert(db->transaction != DB_TRANSACTION);
	db->transaction = DB_NO_TRANSACTION;
	return begin(db);
}

int db_begin(struct db *db)
{
	assert(db->transaction != DB_TRANSACTION);
	db->transaction = DB_NO_TRANSACTION;
	journal_drop(&db->journal);
	int r = db->refused ? STORE_E_IO : begin(db);
	if (r == 0)
		return 0;
	memory_refused(db, r);
	if (!db->refused)
		return r;
	int entered = memory_enter(db);
	return entered ? r : begin(db);
}

int db_commit_on_disk(struct db *db)
{
	assert(db->transaction != DB_NO_TRANSACTION);
	struct query q = db_read(db, "COMMIT");
	int r = query_run(&q);
	db->transaction = DB_NO_TRANSACTION;
	return r;
}

int db_commit(struct db *db)
{
	bool whole = db->transaction == DB_TRANSACTION;
	int r = db_commit_on_disk(db);
	if (r == 0 && db->in_memory)
		journal_keep(&db->journal);
	else if (r && whole && db->refused)
		return memory_rescue(db) == 0 ? 0 : r;
	else
		journal_drop(&db->journal);
	return r;
}

void db_rollback(struct db *db)
{
	bool refused = db->refused;
	fail_transaction(db, 0);
	db->refused = refused;
	db->transaction = DB_NO_TRANSACTION;
	journal_drop(&db->journal);
}

static void on_change(void *ctx, int kind, const char *schema, const char *table, sqlite3_int64 row)
{
	struct db *db = ctx;
	(void)schema;
	if (kind == SQLITE_INSERT && row > db->newest_seq && strcmp(table, "outbox") == 0)
		db->newest_seq = row;
}

void db_watch_seq(struct db *db)
{
	sqlite3_update_hook(db->handle, on_change, db);
}
