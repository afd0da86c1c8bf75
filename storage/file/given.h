/* SPDX-License-Identifier: MIT */
/*
 * What was given away and must never be given again: the seq of messages and the number of events,
 * beside the database in <file>-numbers. A database that is in memory loses them with a kill; this
 * small file is there before, and writing over it needs no room. Inside storage/ only.
 */
#ifndef STORAGE_FILE_GIVEN_H
#define STORAGE_FILE_GIVEN_H

#include <stdbool.h>
#include <stdint.h>

#define GIVEN_SUFFIX "-numbers"
#define GIVEN_UUID_SIZE 37

/* The highest so far. */
struct given {
	int64_t seq, event;
};

/* What the file beside a database says; -1 where it says nothing or is damaged. */
struct given given_read(const char *path);
/* On disk when it comes back. False: it is not. */
bool given_write(const char *path, const struct given *given);

/* A random one; -EIO without random numbers. */
int given_make_uuid(char ret[GIVEN_UUID_SIZE]);

#endif
