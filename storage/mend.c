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

#define QUARANTINE_MAX 2 /* of each file; older ones go */
#define NUMBER_MAX 10000
#define HEADER_SIZE 72
#define APPLICATION_ID_AT 68

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

static struct path quarantined(const char *dir, const char *file, int number, const char *suffix)
{
	struct path path;
	snprintf(path.text, sizeof(path.text), "%.*s/quarantine/%.40s.%d%.20s", DIR_MAX, dir, file,
		 number, suffix);
	return path;
}

bool mend_is_foreign(const char *path, int32_t application_id)
{
	uint8_t header[HEADER_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, header, sizeof(header));
	if (fd >= 0)
		close(fd);
	if (n != HEADER_SIZE || memcmp(header, "SQLite format 3", 16) != 0)
		return false;
	const uint8_t *id = header + APPLICATION_ID_AT;
	return (id[0] << 24 | id[1] << 16 | id[2] << 8 | id[3]) != application_id;
}

/* ---- rows ---- */

/* One text of the new file's schema; the caller frees it with sqlite3_free, NULL: none. */
static char *ask_text(sqlite3 *db, const char *sql, const char *table)
{
	sqlite3_stmt *stmt = NULL;
	char *text = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0))
		text = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

/* Copies rows until the end or the damage; true: the end. */
static bool copy_rows(sqlite3_stmt *from, sqlite3_stmt *to, struct mended *mended)
{
	int code;
	while ((code = sqlite3_step(from)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(from); i++)
			sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
		/* a row that breaks a rule of the table is none that we wrote */
		if (sqlite3_step(to) == SQLITE_DONE)
			mended->rows += sqlite3_changes(sqlite3_db_handle(to));
		sqlite3_reset(to);
	}
	return code == SQLITE_DONE;
}

static bool copy_table(sqlite3 *old, const char *select, const char *order, sqlite3_stmt *to,
		       struct mended *mended)
{
	sqlite3_stmt *from = NULL;
	char *sql = sqlite3_mprintf("%s %s", select, order ? order : "");
	bool whole = sql && sqlite3_prepare_v2(old, sql, -1, &from, NULL) == SQLITE_OK &&
		     copy_rows(from, to, mended);
	sqlite3_finalize(from);
	sqlite3_free(sql);
	return whole;
}

static void salvage_table(sqlite3 *old, sqlite3 *new, const char *table, struct mended *mended)
{
	char *columns = ask_text(new,
				 "SELECT group_concat(format('\"%w\"', name)) FROM "
				 "pragma_table_info(?)",
				 table);
	char *marks = ask_text(new, "SELECT group_concat('?') FROM pragma_table_info(?)", table);
	char *back = ask_text(new,
			      "SELECT 'ORDER BY ' || group_concat(format('\"%w\" DESC', name)) FROM"
			      " (SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk)",
			      table);
	char *select = sqlite3_mprintf("SELECT %s FROM \"%w\"", columns, table);
	char *insert = sqlite3_mprintf("INSERT OR IGNORE INTO \"%w\" (%s) VALUES (%s)", table,
				       columns, marks);
	sqlite3_stmt *to = NULL;
	if (insert && sqlite3_prepare_v2(new, insert, -1, &to, NULL) == SQLITE_OK &&
	    !copy_table(old, select, "", to, mended)) {
		mended->broken_tables++;
		copy_table(old, select, back, to, mended);
	}
	sqlite3_finalize(to);
	sqlite3_free(insert);
	sqlite3_free(select);
	sqlite3_free(back);
	sqlite3_free(marks);
	sqlite3_free(columns);
}

static void salvage(sqlite3 *old, sqlite3 *new, struct mended *mended)
{
	sqlite3_stmt *tables = NULL;
	sqlite3_exec(new, "BEGIN", NULL, NULL, NULL);
	sqlite3_prepare_v2(new,
			   "SELECT name FROM sqlite_schema WHERE type = 'table'"
			   " AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')",
			   -1, &tables, NULL);
	while (sqlite3_step(tables) == SQLITE_ROW)
		salvage_table(old, new, (const char *)sqlite3_column_text(tables, 0), mended);
	sqlite3_finalize(tables);
	/* a new database has a name of its own, so that no message's id is given twice */
	sqlite3_exec(new, "DELETE FROM meta WHERE key = 'uuid'", NULL, NULL, NULL);
	sqlite3_exec(new, "COMMIT", NULL, NULL, NULL);
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
static int next_number(const char *dir, const char *file)
{
	int number = 1;
	mkdir(path_in(dir, "quarantine", "").text, 0700);
	for (int i = 1; i < NUMBER_MAX; i++)
		if (access(quarantined(dir, file, i, "").text, F_OK) == 0)
			number = i + 1;
	return number;
}

static int move_away(const char *dir, const char *file, struct mended *mended)
{
	int number = next_number(dir, file);
	struct path to = quarantined(dir, file, number, "");
	snprintf(mended->moved, sizeof(mended->moved), "%.255s", to.text);
	/* first: a new file beside an old log would be overwritten by it */
	rename(path_in(dir, file, "-wal").text, quarantined(dir, file, number, "-wal").text);
	unlink(path_in(dir, file, "-shm").text);
	if (rename(path_in(dir, file, "").text, to.text) < 0)
		return -errno;
	unlink(quarantined(dir, file, number - QUARANTINE_MAX, "").text);
	unlink(quarantined(dir, file, number - QUARANTINE_MAX, "-wal").text);
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

static int build(const char *old_path, const struct db_kind *kind, const char *new_path,
		 struct mended *mended)
{
	char message[DB_MESSAGE_MAX];
	struct db *new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->kind = kind;
	new->message = message;
	snprintf(new->path, sizeof(new->path), "%.1000s", new_path);
	int r = db_ready(new);
	if (r == 0) {
		sqlite3 *old = open_old(old_path);
		salvage(old, new->handle, mended);
		sqlite3_close(old);
		if (strcmp(kind->file, "state.db") == 0)
			find_gap(new->handle, mended);
	}
	db_close(new); /* writes its log back: the file is whole */
	free(new);
	return r;
}

int mend_file(const char *dir, const struct db_kind *kind, struct mended *ret)
{
	struct path old = path_in(dir, kind->file, "");
	struct path new = path_in(dir, kind->file, MEND_SUFFIX);
	if (mend_is_foreign(old.text, kind->application_id))
		return STORE_E_CORRUPT;
	unlink(new.text);
	unlink(path_in(dir, kind->file, MEND_SUFFIX "-wal").text);
	*ret = (struct mended){.file = kind->file};
	int r = build(old.text, kind, new.text, ret);
	if (r == 0)
		r = move_away(dir, kind->file, ret);
	if (r == 0 && rename(new.text, old.text) < 0)
		r = -errno;
	return r;
}

/* A mend that was cut off between its two renames. */
void mend_finish(const char *path)
{
	struct path new = {.text = ""};
	snprintf(new.text, sizeof(new.text), "%.*s%s", DIR_MAX, path, MEND_SUFFIX);
	if (access(path, F_OK) < 0 && errno == ENOENT && access(new.text, F_OK) == 0)
		rename(new.text, path);
}
