/* SPDX-License-Identifier: MIT */
/*
 * A file that was deleted or replaced while it was open: the system keeps the old one until it is
 * closed, and every write goes there and is lost with it. A whole copy of it takes the old place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"

#define PATH_SIZE (PATH_MAX + 16)

static bool is_gone(const struct db *db)
{
	struct stat st;
	int moved = 0;
	if (db->in_memory)
		return db->known && stat(db->path, &st) < 0 && errno == ENOENT;
	if (!db->handle || db->transaction != DB_NO_TRANSACTION)
		return false;
	return sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) ==
		       SQLITE_OK &&
	       moved;
}

static int sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return r;
}

/* Never db_fail: a handle under suspicion would be closed, and this one holds the only copy. */
static int refuse_restore(struct db *db, int code)
{
	bool full = (code & 0xff) == SQLITE_FULL || errno == ENOSPC || errno == EDQUOT;
	return db_refuse(db, full ? STORE_E_FULL : STORE_E_IO, "cannot be written again: %s%s%s",
			 sqlite3_errmsg(db->handle), errno ? ": " : "",
			 errno ? strerror(errno) : "");
}

static int copy_to(struct db *db, const char *path)
{
	sqlite3_stmt *stmt = NULL;
	unlink(path);
	errno = 0;
	int code = sqlite3_prepare_v2(db->handle, "VACUUM main INTO ?", -1, &stmt, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	int r = code == SQLITE_DONE ? sync_file(path) : refuse_restore(db, code);
	sqlite3_finalize(stmt);
	if (r)
		unlink(path);
	return r;
}

/* The old log goes first: a new file beside it would be overwritten by it. Cut off between the
 * renames, the next start ends it (mend_finish). */
static int take_the_place(struct db *db, const char *copy)
{
	char beside[PATH_SIZE];
	snprintf(beside, sizeof(beside), "%s-wal", db->path);
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s-shm", db->path);
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s.replaced", db->path);
	if (rename(db->path, beside) < 0 && errno != ENOENT)
		return -errno;
	return rename(copy, db->path) < 0 ? -errno : 0;
}

int restore_file(struct db *db, bool *ret_gone)
{
	char copy[PATH_SIZE];
	*ret_gone = is_gone(db);
	if (!*ret_gone)
		return 0;
	snprintf(copy, sizeof(copy), "%s" MEND_SUFFIX, db->path);
	int r = copy_to(db, copy);
	if (r == 0)
		r = take_the_place(db, copy);
	if (r)
		return r;
	db_close_handle(db);
	db->in_memory = db->refused = false;
	journal_clear(&db->journal);
	return db_ready(db);
}
