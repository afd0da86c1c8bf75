/* SPDX-License-Identifier: MIT */
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db.h"

int directory_complain(struct store *store, int error, const char *path, const char *what)
{
	snprintf(store->message, sizeof(store->message), "%.300s: %s", path, what);
	return error;
}

static int complain_os(struct store *store, const char *path)
{
	int os = errno;
	int error = -os;
	if (os == ENOSPC || os == EDQUOT)
		error = STORE_E_FULL;
	if (os == EIO || os == EROFS)
		error = STORE_E_IO;
	return directory_complain(store, error, path, strerror(os));
}

static int make_directory(struct store *store, const char *dir)
{
	struct stat st;
	if (mkdir(dir, DIRECTORY_MODE) == 0) {
		chmod(dir, DIRECTORY_MODE); /* whatever the umask */
		return 0;
	}
	if (errno != EEXIST)
		return complain_os(store, dir);
	if (stat(dir, &st) < 0)
		return complain_os(store, dir);
	return S_ISDIR(st.st_mode) ? 0
				   : directory_complain(store, -ENOTDIR, dir, strerror(ENOTDIR));
}

int directory_lock(struct store *store, const char *dir)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/lock", dir);
	if (n < 0 || (size_t)n >= sizeof(path))
		return directory_complain(store, -ENAMETOOLONG, dir, strerror(ENAMETOOLONG));
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock < 0 && errno == EROFS)
		store->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (store->lock < 0)
		return complain_os(store, path);
	if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	int r = errno == EWOULDBLOCK
			? directory_complain(store, STORE_E_BUSY, dir, "another hazewatchd uses it")
			: complain_os(store, path);
	close(store->lock);
	store->lock = -1;
	return r;
}

int directory_take(struct store *store, const char *dir)
{
	int r = make_directory(store, dir);
	return r ? r : directory_lock(store, dir);
}

void directory_of(const struct store *store, char ret[PATH_MAX])
{
	const char *path = store->state.path;
	snprintf(ret, PATH_MAX, "%.*s", (int)(strrchr(path, '/') - path), path);
}

int directory_keep(struct store *store)
{
	char dir[PATH_MAX];
	struct stat st;
	if (store->lock < 0 || fstat(store->lock, &st) < 0 || st.st_nlink > 0)
		return 0;
	close(store->lock);
	store->lock = -1;
	directory_of(store, dir);
	return directory_take(store, dir);
}
