/* SPDX-License-Identifier: MIT */
/* The disk as SQLite sees it in one test program: full, read-only or dead when the test says so. */
#ifndef TESTS_FULL_DISK_H
#define TESTS_FULL_DISK_H

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <unistd.h>

static bool disk_is_full, disk_is_read_only;
static long disk_room = -1;      /* bytes that can still be written; -1: there is no end to it */
static int disk_reads_left = -1; /* then it is dead; -1: it lives */

static ssize_t disk_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	if (disk_is_full || (disk_room >= 0 && disk_room < (long)size)) {
		errno = ENOSPC;
		return -1;
	}
	disk_room -= disk_room >= 0 ? (long)size : 0;
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

static ssize_t disk_pread(int fd, void *data, size_t size, off_t offset)
{
	if (disk_reads_left == 0) {
		errno = EIO;
		return -1;
	}
	disk_reads_left -= disk_reads_left > 0;
	return pread(fd, data, size, offset);
}

static void stand_before_the_disk(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, "open", (sqlite3_syscall_ptr)disk_open);
	vfs->xSetSystemCall(vfs, "unlink", (sqlite3_syscall_ptr)disk_unlink);
	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)disk_pwrite);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)disk_pwrite);
	vfs->xSetSystemCall(vfs, "pread", (sqlite3_syscall_ptr)disk_pread);
	vfs->xSetSystemCall(vfs, "pread64", (sqlite3_syscall_ptr)disk_pread);
}

#endif
