/* SPDX-License-Identifier: MIT */
/*
 * A damaged file is never repaired in place: a new one is built beside it with every row that can
 * be read, from both ends of each table, and takes its place; the old one goes to quarantine/.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"
#include "directory.h"
#include "salvage.h"

#define QUARANTINE_MAX 2 /* of each file; older ones go */
#define NUMBER_MAX 10000
#define HEADER_SIZE 72
#define APPLICATION_ID_AT 68
#define PAGE_SIZE 4096
#define SPARE_PAGES 64
#define SCHEMA_AT 60
#define MIGRATIONS_MAX 64

#define DIR_MAX 900 /* a station's folder is shorter */

struct path {
	char text[1024];
};

static struct path path_in(const char *dir, const char *file, const char *suffix)
{
	struct path path;
	snprintf(path.text, sizeof(path.text), "%.*s/%.40s%.20s", DIR_MAX, dir, file, suffix);
	return path;
}

static struct path make_quarantine_path(const char *dir, const char *file, int number,
					const char *suffix)
{
	struct path path;
	snprintf(path.text, sizeof(path.text), "%.*s/quarantine/%.40s.%d%.20s", DIR_MAX, dir, file,
		 number, suffix);
	return path;
}

/* A number of the file's header; false if it has none. */
static bool read_header(const char *path, size_t at, int32_t *ret)
{
	uint8_t header[HEADER_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, header, sizeof(header));
	if (fd >= 0)
		close(fd);
	if (n != HEADER_SIZE || memcmp(header, "SQLite format 3", 16) != 0)
		return false;
	const uint8_t *b = header + at;
	*ret = (int32_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
	return true;
}

bool mend_is_foreign(const char *path, int32_t application_id)
{
	int32_t id;
	return read_header(path, APPLICATION_ID_AT, &id) && id != application_id;
}

/*
 * The migrations that the old file has seen, all if it does not say: rows are brought over as they
 * were, and the next opening migrates them like those of a file that is good.
 */
struct past {
	struct db_kind kind;
	struct db_migration migrations[MIGRATIONS_MAX + 1];
};

static void go_back_to_old(const char *old_path, const struct db_kind *kind, struct past *ret)
{
	int32_t schema, newest = db_newest_schema(kind);
	if (!read_header(old_path, SCHEMA_AT, &schema) || schema < 1 || schema > newest)
		schema = newest;
	if (schema > MIGRATIONS_MAX)
		schema = MIGRATIONS_MAX;
	*ret = (struct past){.kind = *kind};
	memcpy(ret->migrations, kind->migrations, (size_t)schema * sizeof(ret->migrations[0]));
	ret->kind.migrations = ret->migrations;
}

/* ---- rows ---- */

/* Damage is what brought us here, or only a foreign number in the header of a good file. */
static bool is_good(sqlite3 *old)
{
	sqlite3_stmt *stmt = NULL;
	bool good = sqlite3_prepare_v2(old, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)",
				       -1, &stmt, NULL) == SQLITE_OK &&
		    sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0) == 1;
	sqlite3_finalize(stmt);
	return good;
}

static int salvage_tables(struct salvage *salvage)
{
	sqlite3_stmt *tables = NULL;
	int code = sqlite3_prepare_v2(salvage->to,
				      "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
				      " AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')"
				      /* triggers count what comes over */
				      " AND name <> 'command_totals'",
				      -1, &tables, NULL);
	while (code == SQLITE_OK && (code = sqlite3_step(tables)) == SQLITE_ROW)
		code = salvage_table(salvage, (const char *)sqlite3_column_text(tables, 0));
	sqlite3_finalize(tables);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* In one transaction, and out of the log into the file: SQLite's code of whatever failed. */
static int salvage_all(sqlite3 *old, sqlite3 *new, struct mended *mended)
{
	struct salvage salvage = {old, new, "main", INT64_MAX, 0, 0};
	bool named = strcmp(mended->file, state_kind.file) == 0, good = is_good(old);
	int code = sqlite3_exec(new, "BEGIN", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = salvage_tables(&salvage);
	/* a new database has a name of its own, so that no message's id is given twice */
	if (code == SQLITE_OK && named && !(good && salvage.broken_tables == 0))
		code = sqlite3_exec(new, "DELETE FROM meta WHERE key = 'uuid'", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_exec(new, "COMMIT", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_wal_checkpoint_v2(new, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	mended->rows = salvage.rows;
	mended->broken_tables = salvage.broken_tables;
	return code;
}

/* The hours between the oldest and the newest that are left, and which of them are not. */
static void find_gap(sqlite3 *new, struct mended *mended)
{
	sqlite3_stmt *stmt = NULL;
	sqlite3_prepare_v2(new,
			   "WITH kept AS (SELECT DISTINCT hour FROM hours), gaps AS"
			   " (SELECT hour, lead(hour) OVER (ORDER BY hour) AS next FROM kept)"
			   " SELECT (SELECT coalesce(max(hour), 0) FROM kept),"
			   " coalesce(min(hour) + 1, 0), coalesce(max(next) - 1, 0)"
			   " FROM gaps WHERE next > hour + 1",
			   -1, &stmt, NULL);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		mended->newest_hour = sqlite3_column_int64(stmt, 0);
		mended->gap_first = sqlite3_column_int64(stmt, 1);
		mended->gap_last = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_finalize(stmt);
}

/* ---- files ---- */

/* A folder that is there already is as good. */
static int find_quarantine_number(const char *dir, const char *file)
{
	int number = 1;
	if (mkdir(path_in(dir, "quarantine", "").text, DIRECTORY_MODE) == 0)
		chmod(path_in(dir, "quarantine", "").text, DIRECTORY_MODE);
	for (int i = 1; i < NUMBER_MAX; i++)
		if (access(make_quarantine_path(dir, file, i, "").text, F_OK) == 0)
			number = i + 1;
	return number;
}

/* The log goes first: a new file beside an old log would be overwritten by it. */
static int move_away(const char *dir, const char *file, int number)
{
	struct path wal = path_in(dir, file, "-wal"),
		    to = make_quarantine_path(dir, file, number, "-wal");
	bool moved = rename(wal.text, to.text) == 0;
	if (rename(path_in(dir, file, "").text, make_quarantine_path(dir, file, number, "").text) ==
	    0)
		return 0;
	int r = -errno;
	if (moved)
		rename(to.text, wal.text);
	return r;
}

static void move_back(const char *dir, const char *file, int number)
{
	rename(make_quarantine_path(dir, file, number, "").text, path_in(dir, file, "").text);
	rename(make_quarantine_path(dir, file, number, "-wal").text,
	       path_in(dir, file, "-wal").text);
}

/* The old one is where it was if this fails. */
static int exchange_file(const char *dir, const char *file, struct mended *mended)
{
	int number = find_quarantine_number(dir, file);
	int r = move_away(dir, file, number);
	if (r)
		return r;
	unlink(path_in(dir, file, "-shm").text);
	if (rename(path_in(dir, file, MEND_SUFFIX).text, path_in(dir, file, "").text) < 0) {
		r = -errno;
		move_back(dir, file, number);
		return r;
	}
	snprintf(mended->moved, sizeof(mended->moved), "%.255s",
		 make_quarantine_path(dir, file, number, "").text);
	unlink(make_quarantine_path(dir, file, number - QUARANTINE_MAX, "").text);
	unlink(make_quarantine_path(dir, file, number - QUARANTINE_MAX, "-wal").text);
	return 0;
}

/* The old file is opened so that nothing in it is changed, not even its log written back. */
static sqlite3 *open_old(const char *path)
{
	sqlite3 *old = NULL;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE;
	if (sqlite3_open_v2(path, &old, flags, NULL) == SQLITE_OK) {
		sqlite3_db_config(old, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		sqlite3_exec(old, "PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON",
			     NULL, NULL, NULL);
	}
	return old;
}

/* As much room as the old file has, which may be more than the usual quota. */
static int64_t pages_for(const char *old_path, const struct db_kind *kind)
{
	struct stat st;
	int64_t pages = stat(old_path, &st) == 0 ? st.st_size / PAGE_SIZE : 0;
	pages += pages / 4 + SPARE_PAGES;
	return pages > kind->quota_pages ? pages : kind->quota_pages;
}

static int fill_mended(struct db *new, const char *old_path, struct mended *mended)
{
	sqlite3 *old = open_old(old_path);
	int code = old ? salvage_all(old, new->handle, mended) : SQLITE_NOMEM;
	int r = code == SQLITE_OK ? 0 : db_fail(new, code);
	sqlite3_close(old);
	if (r == 0 && strcmp(mended->file, state_kind.file) == 0)
		find_gap(new->handle, mended);
	return r;
}

static int rebuild_file(const char *old_path, const struct db_kind *kind, const char *new_path,
			char *message, struct mended *mended)
{
	struct past past;
	struct db *new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	go_back_to_old(old_path, kind, &past);
	new->kind = &past.kind;
	new->message = message;
	new->quota_pages = pages_for(old_path, kind);
	snprintf(new->path, sizeof(new->path), "%.1000s", new_path);
	int r = db_ready(new);
	if (r == 0)
		r = fill_mended(new, old_path, mended);
	db_close(new);
	free(new);
	return r;
}

int mend_file(const char *dir, const struct db_kind *kind, char *message, struct mended *ret)
{
	struct path old = path_in(dir, kind->file, "");
	struct path new = path_in(dir, kind->file, MEND_SUFFIX);
	struct mended mended = {.file = kind->file};
	if (mend_is_foreign(old.text, kind->application_id))
		return STORE_E_CORRUPT;
	unlink(new.text);
	unlink(path_in(dir, kind->file, MEND_SUFFIX "-wal").text);
	int r = rebuild_file(old.text, kind, new.text, message, &mended);
	if (r == 0) {
		r = exchange_file(dir, kind->file, &mended);
		if (r)
			snprintf(message, DB_MESSAGE_MAX, "%.300s: %s", old.text, strerror(-r));
	}
	if (r) {
		unlink(new.text);
		unlink(path_in(dir, kind->file, MEND_SUFFIX "-wal").text);
		unlink(path_in(dir, kind->file, MEND_SUFFIX "-shm").text);
		return r;
	}
	*ret = mended;
	return 0;
}

/* A mend that was cut off between its two renames. */
void mend_finish(const char *path)
{
	struct path new = {.text = ""};
	snprintf(new.text, sizeof(new.text), "%.*s%s", DIR_MAX, path, MEND_SUFFIX);
	if (access(path, F_OK) < 0 && errno == ENOENT && access(new.text, F_OK) == 0)
		rename(new.text, path);
}
