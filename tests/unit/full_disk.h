/* SPDX-License-Identifier: MIT */
/* The disk as SQLite sees it in one test program, full when the test says so. */
#ifndef TESTS_FULL_DISK_H
#define TESTS_FULL_DISK_H

#include <errno.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <unistd.h>

static bool disk_is_full;

static ssize_t disk_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	if (disk_is_full) {
		errno = ENOSPC;
		return -1;
	}
	return pwrite(fd, data, size, offset);
}

static void stand_before_the_disk(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)disk_pwrite);
	vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)disk_pwrite);
}

#endif
