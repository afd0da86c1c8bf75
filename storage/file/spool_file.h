/* SPDX-License-Identifier: MIT */
/*
 * One file of the spool: records one after another, each with a check sum. Inside storage/file
 * only; not safe from two threads at once. A failed write leaves the file as it was, or broken.
 */
#ifndef STORAGE_FILE_SPOOL_FILE_H
#define STORAGE_FILE_SPOOL_FILE_H

#include <limits.h>

#include "spool.h"

#define SPOOL_HEADER_BYTES (24 + SPOOL_KIND_MAX) /* in front of each payload */

struct spool_file {
	char path[PATH_MAX];
	int fd;       /* -1: cannot be used */
	int64_t end;  /* of the last whole record */
	int64_t torn; /* bytes behind it that were there when it was read */
	bool broken;  /* what lies behind `end` could not be taken back: not before a cut */
};

/* Opens or makes it, mode 0600. False: fd is -1 and `why` says what is there instead. */
bool spool_file_open(struct spool_file *file, const char *dir, int number, size_t size, char *why);
void spool_file_close(struct spool_file *file);
/* Deleted, or never there. */
bool spool_file_is_gone(const struct spool_file *file);

/* True once the record is on the card. */
bool spool_file_write(struct spool_file *file, const struct spool_entry *entry, size_t size,
		      char *why);
/* Room for a payload of so many bytes. */
bool spool_file_has_room(const struct spool_file *file, int length);
void spool_file_cut(struct spool_file *file);

/* Hands over every sound record, borrowed during the call; the end of the last one is the file's.
 * Returns the bytes between and before them that are none; negative errno. */
int64_t spool_file_read(struct spool_file *file,
			void (*take)(void *ctx, const struct spool_entry *entry), void *ctx);

#endif
