/* SPDX-License-Identifier: MIT */
/*
 * A disk for SQLite in memory that can lose its power or fail: a write is durable only when its
 * file was synced; a cut leaves what was durable and, of every write since, all, nothing, or some
 * of its 512-byte sectors. Every call that a real disk could fail is an operation, counted from 1.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include <stdbool.h>

/* Becomes SQLite's default VFS. */
void disk_install(void);
/* An empty disk without faults. */
void disk_format(void);
/* Remembers the disk as it is, every file closed; and the disk as it was then, without faults. */
void disk_keep(void);
void disk_take_kept(void);

/* Operations since the last disk_format, disk_cut or disk_fail. */
int disk_operations(void);

/* The power fails at the n-th operation from now, which and all after it fail. 0: it stays. */
void disk_cut(int n);
/* From the n-th operation from now on so many (-1: all) fail: full, or with an I/O error. */
void disk_fail(int n, int times, bool full);
/* True if the cut or the failure has happened. */
bool disk_struck(void);

/* After a cut, with every file closed: the files are what the cut left of them; works again. */
void disk_restart(void);

#endif
