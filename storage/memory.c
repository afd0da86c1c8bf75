/* SPDX-License-Identifier: MIT */
/*
 * A file whose disk refuses: a database in memory takes its place, with the rows that running needs
 * copied as far as they can be read, and the journal keeps every change. When the disk works again
 * the journal is run on the file in one transaction, and the memory goes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "db.h"

/* Errors of the machine. What is left are mistakes of a statement, which a memory shares. */
static bool disk_refuses(int error)
{
	return error != -EEXIST && error != -EINVAL && error != -E2BIG && error != -ENOMEM;
}

void memory_refused(struct db *db, int error)
{
	if (db->journal.limit > 0 && !db->in_memory && disk_refuses(error))
		db->refused = true;
}

/* Literals only. */
static int run(sqlite3 *handle, const char *sql)
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

/* What cannot be read stays behind: it is on the disk, or lost with it. */
static void carry(struct db *db, sqlite3 *memory)
{
	if (bind_and_step(memory, "ATTACH ? AS disk", db->path, 0) != SQLITE_OK)
		return;
	run(memory, "BEGIN");
	for (const char *const *sql = db->kind->carried; *sql; sql++)
		run(memory, *sql);
	run(memory, "COMMIT");
	run(memory, "DETACH disk");
}

/* No seq is given twice, whatever could be read. */
static int seed_sequence(struct db *db, sqlite3 *memory)
{
	if (db->newest_seq == 0)
		return SQLITE_OK;
	int code = run(memory, "DELETE FROM sqlite_sequence WHERE name = 'outbox'");
	if (code != SQLITE_OK)
		return code;
	return bind_and_step(memory, "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)",
			     NULL, db->newest_seq);
}

static int make_memory(struct db *db, sqlite3 **ret)
{
	sqlite3 *memory = NULL;
	/* without SQLITE_OPEN_CREATE: the attached file would be made, too */
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE;
	int code = sqlite3_open_v2(":memory:", &memory, flags, NULL);
	if (code == SQLITE_OK)
		code = run(memory, "PRAGMA temp_store = MEMORY");
	for (int i = 0; code == SQLITE_OK && db->kind->migrations[i].sql; i++)
		code = run(memory, db->kind->migrations[i].sql);
	if (code != SQLITE_OK) {
		sqlite3_close(memory);
		return code == SQLITE_NOMEM ? -ENOMEM : STORE_E_IO;
	}
	carry(db, memory);
	code = seed_sequence(db, memory);
	if (code != SQLITE_OK) {
		sqlite3_close(memory);
		return STORE_E_IO;
	}
	sqlite3_db_config(memory, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	*ret = memory;
	return 0;
}

int memory_enter(struct db *db)
{
	sqlite3 *memory = NULL;
	int r = make_memory(db, &memory);
	if (r)
		return r;
	snprintf(db->why, sizeof(db->why), "%s", db->message);
	db_close_handle(db);
	db->handle = memory;
	db->in_memory = true;
	db->refused = db->suspect = false;
	db_watch_seq(db);
	return 0;
}

/* One transaction of the journal. One that collides was on disk after all, or its rows were
 * recovered; what it said is there. */
static int replay_one(sqlite3 *handle, const struct journal *journal, size_t *at)
{
	int code = run(handle, "SAVEPOINT one");
	const char *sql;
	while ((sql = journal_next(journal, at)) && *sql)
		if (code == SQLITE_OK)
			code = run(handle, sql);
	if ((code & 0xff) == SQLITE_CONSTRAINT)
		code = run(handle, "ROLLBACK TO one");
	return code == SQLITE_OK ? run(handle, "RELEASE one") : code;
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
	int end = db_commit_on_disk(db);
	return r ? r : end;
}

int memory_leave(struct db *db)
{
	sqlite3 *memory = db->handle;
	db_finalize(db);
	db->handle = NULL;
	db->in_memory = false;
	int r = db_ready(db);
	if (r == 0)
		r = memory_replay(db);
	if (r == 0) {
		sqlite3_close(memory);
		journal_clear(&db->journal);
		db->refused = false;
		return 0;
	}
	db_rollback(db);
	db_close_handle(db);
	db->handle = memory;
	db->in_memory = true;
	db->suspect = db->refused = false;
	return r;
}

/* The transaction that the disk refused at its end, once more in memory. */
int memory_rescue(struct db *db)
{
	int r = memory_enter(db);
	if (r)
		return r;
	int code = run(db->handle, "BEGIN");
	size_t at = db->journal.kept;
	while (code == SQLITE_OK && at < db->journal.n) {
		code = run(db->handle, db->journal.text + at);
		at += strlen(db->journal.text + at) + 1;
	}
	code = code == SQLITE_OK ? run(db->handle, "COMMIT") : code;
	if (code == SQLITE_OK) {
		journal_keep(&db->journal);
		return 0;
	}
	run(db->handle, "ROLLBACK");
	journal_drop(&db->journal);
	return db_fail(db, code);
}
