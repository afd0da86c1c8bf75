/* SPDX-License-Identifier: MIT */
/*
 * A file whose disk refuses: a database in memory takes its place, with the rows that running needs
 * copied as far as they can be read, and the journal keeps every change. When the disk works again
 * the journal is run on the file in one transaction, and the memory goes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "db.h"
#include "salvage.h"

#define CARRIED_ROWS_MAX 5000 /* from each end of a damaged table */

/* Not with a file that is another's or newer, nor with a damaged one that may be mended. */
static bool may_begin(const struct db *db, int error)
{
	if (db->damaged)
		return !mend_is_foreign(db->path, db->kind->application_id);
	return db_disk_refuses(error) && error != STORE_E_CORRUPT && error != STORE_E_NEWER &&
	       error != STORE_E_BUSY;
}

/* Literals only. */
static int run_memory_literal(sqlite3 *handle, const char *sql)
{
	return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

static int bind_and_step(sqlite3 *handle, const char *sql, const char *text, int64_t number)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK && text)
		code = sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
	else if (code == SQLITE_OK)
		code = sqlite3_bind_int64(stmt, 1, number);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static int read_pragma(sqlite3 *memory, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(memory, sql, -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

/* The ways to a file on a disk that may have no room for the memory that its log is shared by: the
 * usual one; with the log for us alone; as it lies there, when nothing is in the log. */
enum way { WAY_SHARED, WAY_ALONE, WAY_STILL };

static int attach_by(const struct db *db, sqlite3 *memory, enum way way)
{
	char uri[PATH_MAX + 32];
	snprintf(uri, sizeof(uri), "file:%s?immutable=1", db->path);
	if (way == WAY_ALONE) /* of what is attached from here on */
		run_memory_literal(memory, "PRAGMA locking_mode = EXCLUSIVE");
	int code = bind_and_step(memory, "ATTACH ? AS disk", way == WAY_STILL ? uri : db->path, 0);
	if (way == WAY_ALONE)
		run_memory_literal(memory, "PRAGMA locking_mode = NORMAL");
	return code;
}

/* Reads the schema, and so opens the log. */
static int attach_disk(const struct db *db, sqlite3 *memory)
{
	char wal[PATH_MAX + 8];
	struct stat st;
	snprintf(wal, sizeof(wal), "%s-wal", db->path);
	bool lies_still = (stat(wal, &st) < 0 || st.st_size == 0) && !strpbrk(db->path, "%?#");
	int code = attach_by(db, memory, WAY_SHARED);
	if (code != SQLITE_OK)
		code = attach_by(db, memory, lies_still ? WAY_STILL : WAY_ALONE);
	return code;
}

/* The table of a statement that is damaged, row by row from both ends. */
static void carry_rows(sqlite3 *memory, const char *sql)
{
	struct salvage salvage = {memory, memory, "disk", CARRIED_ROWS_MAX, 0, 0};
	char table[40];
	if (sscanf(sql, "INSERT INTO main.%39[a-z_]", table) == 1)
		salvage_table(&salvage, table);
}

/* What cannot be read stays behind: it is on the disk, or lost with it. The first error of all. A
 * statement that found damage is taken back by itself, and in a transaction no other would run
 * after it. */
static int carry_tables(const struct db *db, sqlite3 *memory)
{
	int first = SQLITE_OK;
	for (const char *const *sql = db->kind->carried; *sql; sql++) {
		int code = run_memory_literal(memory, *sql);
		if (code != SQLITE_OK)
			carry_rows(memory, *sql);
		first = first == SQLITE_OK ? code : first;
	}
	return first;
}

/* Of the schema that the statements of `carried` know, and whole. */
static int examine_disk(struct db *db, sqlite3 *memory)
{
	int64_t id = 0, version = 0, newest = db_newest_schema(db->kind), broken = 0;
	int code = read_pragma(memory, "PRAGMA disk.application_id", &id);
	if (code == SQLITE_OK)
		code = read_pragma(memory, "PRAGMA disk.user_version", &version);
	if (code == SQLITE_OK && db->kind->checked)
		code = read_pragma(memory,
				   "SELECT quick_check <> 'ok' FROM pragma_quick_check(1, 'disk')",
				   &broken);
	if (code != SQLITE_OK)
		return db_fail(db, code);
	if (broken > 0 || id != db->kind->application_id)
		return db_refuse(db, STORE_E_CORRUPT, "damaged or not a database of hazewatch");
	if (version != newest)
		return db_refuse(db, STORE_E_IO,
				 "schema %lld cannot be brought to %lld while the disk refuses",
				 (long long)version, (long long)newest);
	return 0;
}

/* At a start: everything, or it does not start. A file without content holds nothing. */
static int carry_all(struct db *db, sqlite3 *memory)
{
	struct stat st;
	if (stat(db->path, &st) < 0 && errno == ENOENT)
		return 0;
	if (st.st_size == 0)
		return 0;
	int code = attach_disk(db, memory);
	if (code != SQLITE_OK)
		return db_fail(db, code);
	int r = examine_disk(db, memory);
	if (r == 0) {
		code = carry_tables(db, memory);
		r = code == SQLITE_OK ? 0 : db_fail(db, code);
	}
	run_memory_literal(memory, "DETACH disk");
	return r;
}

static void carry_what_can_be_read(const struct db *db, sqlite3 *memory)
{
	if (attach_disk(db, memory) != SQLITE_OK)
		return;
	carry_tables(db, memory);
	run_memory_literal(memory, "DETACH disk");
}

/* No seq is given twice, whatever could be read or written. */
static int seed_sequence(const struct db *db, sqlite3 *handle)
{
	if (db->newest_seq == 0)
		return SQLITE_OK;
	int code = run_memory_literal(handle, "DELETE FROM sqlite_sequence WHERE name = 'outbox'");
	if (code != SQLITE_OK)
		return code;
	return bind_and_step(handle, "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)",
			     NULL, db->newest_seq);
}

/* Under a uuid of its own: what it is called by, a kill makes the next run forget. */
static int make_memory(struct db *db, sqlite3 **ret)
{
	sqlite3 *memory = NULL;
	int r = given_make_uuid(db->memory_uuid);
	if (r)
		return r;
	/* without SQLITE_OPEN_CREATE: the attached file would be made, too */
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE |
		    SQLITE_OPEN_URI;
	int code = sqlite3_open_v2(":memory:", &memory, flags, NULL);
	if (code == SQLITE_OK)
		code = run_memory_literal(memory, "PRAGMA temp_store = MEMORY");
	for (int i = 0; code == SQLITE_OK && db->kind->migrations[i].sql; i++)
		code = run_memory_literal(memory, db->kind->migrations[i].sql);
	if (code != SQLITE_OK) {
		sqlite3_close(memory);
		return code == SQLITE_NOMEM ? -ENOMEM : STORE_E_IO;
	}
	*ret = memory;
	return 0;
}

static void take_over_handle(struct db *db, sqlite3 *memory)
{
	sqlite3_db_config(memory, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	db_close_handle(db);
	db->handle = memory;
	db->in_memory = true;
	db->refused = db->suspect = false;
	db->openings++;
	db_watch_seq(db);
}

int memory_enter(struct db *db)
{
	sqlite3 *memory = NULL;
	int r = make_memory(db, &memory);
	if (r)
		return r;
	carry_what_can_be_read(db, memory);
	if (seed_sequence(db, memory) != SQLITE_OK) {
		sqlite3_close(memory);
		return STORE_E_IO;
	}
	snprintf(db->why, sizeof(db->why), "%s", db->message);
	take_over_handle(db, memory);
	return 0;
}

int memory_begin(struct db *db, int error)
{
	sqlite3 *memory = NULL;
	if (db->journal.limit == 0 || !may_begin(db, error))
		return error;
	snprintf(db->why, sizeof(db->why), "%s", db->message);
	int r = make_memory(db, &memory);
	if (r == 0 && db->damaged)
		carry_what_can_be_read(db, memory);
	else if (r == 0)
		r = carry_all(db, memory);
	if (r) {
		sqlite3_close(memory);
		return r;
	}
	take_over_handle(db, memory);
	return 0;
}

/* One transaction of the journal. One that collides was on disk after all, or its rows were
 * recovered; what it said is there. */
static int replay_one(sqlite3 *handle, const struct journal *journal, size_t *at)
{
	int code = run_memory_literal(handle, "SAVEPOINT one");
	const char *sql;
	while ((sql = journal_next(journal, at)) && *sql)
		if (code == SQLITE_OK)
			code = run_memory_literal(handle, sql);
	if ((code & 0xff) == SQLITE_CONSTRAINT)
		code = run_memory_literal(handle, "ROLLBACK TO one");
	return code == SQLITE_OK ? run_memory_literal(handle, "RELEASE one") : code;
}

int memory_replay(struct db *db)
{
	size_t at = 0;
	int r = db_begin_on_disk(db);
	if (r)
		return r;
	while (r == 0 && at < db->journal.kept) {
		errno = 0;
		int code = replay_one(db->handle, &db->journal, &at);
		r = code == SQLITE_OK ? 0 : db_fail(db, code);
	}
	if (r == 0 && seed_sequence(db, db->handle) != SQLITE_OK)
		r = db_fail(db, sqlite3_errcode(db->handle));
	int end = db_commit_on_disk(db);
	return r ? r : end;
}

/* What the quota refused has to be there before older rows can go: the file may be larger for as
 * much as was kept. */
static int make_way(struct db *db)
{
	char sql[64];
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld",
		 (long long)db->quota_pages + (long long)db->journal.kept / 1024 + 1024);
	return db_run(db, sql);
}

int memory_leave(struct db *db)
{
	sqlite3 *memory = db->handle;
	db_finalize(db);
	db->handle = NULL;
	db->in_memory = false;
	int r = db_ready(db);
	if (r == 0)
		r = make_way(db);
	if (r == 0)
		r = memory_replay(db);
	if (r == 0) {
		db_limit(db);
		sqlite3_close(memory);
		journal_clear(&db->journal);
		db->refused = false;
		db->known = true;
		return 0;
	}
	db_rollback(db);
	db_close_handle(db);
	db->handle = memory;
	db->in_memory = true;
	db->suspect = db->refused = false;
	return r;
}

/* The transaction that the disk refused at its end, once more in memory: with the numbers and under
 * the uuid that it has, so only if a start after a kill will know of them. */
int memory_rescue(struct db *db)
{
	int r = memory_enter(db);
	if (r)
		return r;
	int code = run_memory_literal(db->handle, "BEGIN");
	size_t at = db->journal.kept;
	while (code == SQLITE_OK && at < db->journal.n) {
		code = run_memory_literal(db->handle, db->journal.text + at);
		at += strlen(db->journal.text + at) + 1;
	}
	bool noted = code == SQLITE_OK && db_note_given(db);
	code = noted ? run_memory_literal(db->handle, "COMMIT") : code;
	if (noted && code == SQLITE_OK) {
		journal_keep(&db->journal);
		return 0;
	}
	run_memory_literal(db->handle, "ROLLBACK");
	journal_drop(&db->journal);
	return code == SQLITE_OK ? STORE_E_IO : db_fail(db, code);
}
