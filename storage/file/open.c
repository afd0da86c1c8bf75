/* SPDX-License-Identifier: MIT */
/* A file is opened: whose it is, its settings, its soundness, its schema; and its transactions, as
 * long as the disk plays along. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "db.h"
#include "directory.h"

#define BUSY_TIMEOUT_MS 2000
#define OPENING_SHIFT 44 /* above what a handle ever changes */

/* Refuses what is not ours or too new, before anything is changed. */
static int identify_file(struct db *db, int64_t *ret_version)
{
	int64_t id = 0, version = 0, objects = 0;
	int newest = db_newest_schema(db->kind);
	int r = db_read_number(db, "PRAGMA application_id", &id);
	if (r == 0)
		r = db_read_number(db, "PRAGMA user_version", &version);
	if (r == 0)
		r = db_read_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
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
	char mode[16] = "";
	int r = db_read_text(db, "PRAGMA journal_mode = WAL", mode, sizeof(mode));
	if (r == 0 && strcmp(mode, "wal") != 0)
		return db_refuse(db, -ENOTSUP, "this file system has no write-ahead log");
	return r;
}

int db_limit(struct db *db)
{
	char sql[96];
	if (db->quota_pages == 0)
		db->quota_pages = db->kind->quota_pages;
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld; PRAGMA journal_size_limit = %d",
		 (long long)db->quota_pages, DB_LOG_BYTES_MAX);
	return db_run(db, sql);
}

static int configure_handle(struct db *db)
{
	int r = db_run(db, "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
			   "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
	if (r || db->readonly)
		return r;
	r = db_run(db, "PRAGMA page_size = 4096; PRAGMA auto_vacuum = NONE");
	if (r == 0)
		r = use_wal(db);
	if (r == 0)
		r = db_run(db, "PRAGMA wal_autocheckpoint = 256; PRAGMA cache_size = -512");
	return r ? r : db_limit(db);
}

int db_commit_on_disk(struct db *db)
{
	assert(db->transaction != DB_NO_TRANSACTION);
	int r = db->transaction == DB_TRANSACTION ? db_run(db, "COMMIT") : db->error;
	db->transaction = DB_NO_TRANSACTION;
	return r;
}

static int migrate_schema(struct db *db, int64_t version)
{
	int r = 0;
	for (int64_t i = version; r == 0 && db->kind->migrations[i].sql; i++) {
		r = db_run(db, "BEGIN IMMEDIATE");
		if (r)
			return r;
		db->transaction = DB_TRANSACTION;
		db_run(db, db->kind->migrations[i].sql);
		r = db_commit_on_disk(db);
	}
	return r;
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

/* The log takes its mode from the file when it is made; one that a kill left has its own. */
static void set_modes(const struct db *db)
{
	static const char *const parts[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		char path[PATH_MAX + 8];
		struct stat st;
		snprintf(path, sizeof(path), "%s%s", db->path, parts[i]);
		if (stat(path, &st) == 0 && (st.st_mode & 07777) != DATABASE_MODE)
			chmod(path, DATABASE_MODE);
	}
}

/* Never to memory: what stands there is somebody's mistake, and stays. */
static int refuse_no_file(struct db *db)
{
	struct stat st;
	if (stat(db->path, &st) == 0 && !S_ISREG(st.st_mode))
		return db_refuse(db, -EINVAL, "is no regular file");
	return 0;
}

static int open_handle(struct db *db)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	flags |= db->readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	if (!db->readonly && !db->known)
		flags |= SQLITE_OPEN_CREATE;
	int r = refuse_no_file(db);
	if (r)
		return r;
	errno = 0;
	int code = db->readonly ? db_open_for_reading(db, flags)
				: sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	if (code != SQLITE_OK)
		return db_fail(db, code);
	if (!db->readonly)
		set_modes(db);
	db->suspect = false;
	db->openings++;
	if (!db->readonly && sqlite3_db_readonly(db->handle, "main"))
		return db_refuse(db, STORE_E_IO, "cannot be written: the disk is read-only");
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	int64_t version = 0;
	r = identify_file(db, &version);
	if (r == 0)
		r = configure_handle(db);
	if (r == 0)
		r = db_check_at_opening(db);
	if (r == 0)
		r = migrate_schema(db, version);
	sqlite3_db_release_memory(db->handle); /* pages that only the check needed */
	db_watch_seq(db);
	return r;
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

int db_begin_on_disk(struct db *db)
{
	assert(db->transaction != DB_TRANSACTION);
	db->transaction = DB_NO_TRANSACTION;
	int r = db_ready(db);
	if (r == 0)
		r = db_run(db, "BEGIN IMMEDIATE");
	if (r == 0)
		db->transaction = DB_TRANSACTION;
	return r;
}

int64_t db_version(struct db *db)
{
	if (db->readonly || db->transaction != DB_NO_TRANSACTION || db_ready(db) != 0)
		return 0;
	return db->openings << OPENING_SHIFT | sqlite3_total_changes64(db->handle);
}
