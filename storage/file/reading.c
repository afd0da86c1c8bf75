/* SPDX-License-Identifier: MIT */
/*
 * Opens a file for readers: they write nothing, not even beside it. While a log stands there its
 * index is only read; without one the file alone is all there is, and SQLite is told that it does
 * not change (it would otherwise make a log). That holds only while no daemon has the lock.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"

#define URI_SIZE (3 * PATH_MAX + 64)

/* As a URI wants it: everything but the plainest letters in hexadecimal. */
static bool write_uri(const char *path, const char *options, char ret[URI_SIZE])
{
	char *to = ret + sprintf(ret, "file:");
	for (const char *from = path; *from; from++) {
		bool plain = strchr("/._-", *from) || (*from >= '0' && *from <= '9') ||
			     (*from >= 'a' && *from <= 'z') || (*from >= 'A' && *from <= 'Z');
		if (to - ret > URI_SIZE - 64)
			return false;
		to += sprintf(to, plain ? "%c" : "%%%02X", (unsigned char)*from);
	}
	sprintf(to, "?%s", options);
	return true;
}

/* Never by taking it, not even for a moment: a daemon that starts just then would go away. A reader
 * may not open the lock either; the kernel tells who has which. */
static bool find_lock(ino_t file)
{
	char line[256];
	bool found = false;
	FILE *locks = fopen("/proc/locks", "re");
	if (!locks)
		return true;
	while (!found && fgets(line, sizeof(line), locks)) {
		unsigned long long inode;
		/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers */
		found = sscanf(line, "%*d: FLOCK %*s %*s %*d %*x:%*x:%llu", &inode) == 1 &&
			inode == (unsigned long long)file;
	}
	fclose(locks);
	return found;
}

#define LOOKS 3

/* More than once: the kernel's list may lose a line while others come and go. */
static bool is_locked(const struct db *db)
{
	char path[PATH_MAX + 8];
	struct stat st;
	const char *name = strrchr(db->path, '/');
	snprintf(path, sizeof(path), "%.*s/lock", name ? (int)(name - db->path) : 1,
		 name ? db->path : ".");
	if (stat(path, &st) < 0)
		return false;
	bool found = false;
	for (int i = 0; i < LOOKS && !found; i++)
		found = find_lock(st.st_ino);
	return found;
}

static bool has_part(const struct db *db, const char *end)
{
	char path[PATH_MAX + 8];
	struct stat st;
	snprintf(path, sizeof(path), "%s%s", db->path, end);
	return stat(path, &st) == 0;
}

int db_open_for_reading(struct db *db, int flags)
{
	char uri[URI_SIZE];
	struct stat st;
	db->still = !has_part(db, "-wal") && !is_locked(db);
	if (!write_uri(db->path, db->still ? "immutable=1" : "readonly_shm=1", uri))
		return SQLITE_CANTOPEN;
	errno = 0;
	if (stat(db->path, &st) < 0 || access(db->path, R_OK) < 0)
		return SQLITE_CANTOPEN;
	return sqlite3_open_v2(uri, &db->handle, flags | SQLITE_OPEN_URI, NULL);
}

bool db_is_overtaken(const struct db *db)
{
	return db->still && (has_part(db, "-wal") || is_locked(db));
}

bool db_is_in_use(const struct db *db)
{
	return is_locked(db);
}
