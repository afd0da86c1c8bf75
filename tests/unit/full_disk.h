/* SPDX-License-Identifier: MIT */
/* The disk as SQLite sees it in one test program, full or read-only when the test says so. */
#ifndef TESTS_FULL_DISK_H
#define TESTS_FULL_DISK_H

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <unistd.h>

static bool disk_is_full, disk_is_read_only;

static ssize_t disk_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	if (disk_is_full) {
		errno = ENOSPC;
		return -1;
	}
	return pwrite(fd, data, size, offset);
}

static int disk_open(const char *path, int flags, int mode)
{
	if (disk_is_read_only && (flags & (O_RDWR | O_CREAT))) {
		errno = EROFS;
		return -1;
	}
	return open(path, flags, mode);
}

static int disk_unlink(const char *path)
{
	if (disk_is_read_only) {
		errno = EROFS;
		return -1;
	}
	return unlink(path);
}

static void stand_before_the_disk(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)disk_open);
	vfs->xSetSystemCall(vfs, "unlink", (sqlite3_syscall_ptr)disk_unlink);
	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)disk_pwrite);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)disk_pwrite);
}

#endif
