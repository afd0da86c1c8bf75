/* SPDX-License-Identifier: MIT */
/*
 * A text file as a spreadsheet program saved it -> UTF-8 in memory: UTF-8 with or without a byte
 * order mark, UTF-16 with one, or GB18030 (GBK, GB 2312), which is recognised by not being UTF-8;
 * and what parts its fields.
 */
#ifndef DAEMON_BASE_SHEET_H
#define DAEMON_BASE_SHEET_H

#include <stdbool.h>

#include "checksum.h"
#include "problems.h"

#define SHEET_BYTES_MAX (64 * 1024 * 1024) /* of a file, as it is */

struct sheet {
	char *bytes; /* UTF-8 without a NUL among them, one behind them */
	size_t n;
	const char *encoding;       /* it had: "utf-8", "gb18030", "utf-16" */
	char separator;             /* of its fields: a comma, a tab, a semicolon */
	char sha256[CHECKSUM_SIZE]; /* of the file as it was */
};

/*
 * Reads a whole file ("-" is standard input). 0 with *ret to be freed by sheet_done; 1 after a
 * problem, which has been told; a negative errno if the file cannot be read.
 */
int sheet_load(const char *path, struct problems *problems, struct sheet *ret);
void sheet_done(struct sheet *sheet);

/* What parts the fields, as a word for people: "tabs". */
const char *sheet_separator(const struct sheet *sheet);

/* True if n bytes are UTF-8 by the book: nothing overlong, no surrogates, at most U+10FFFF. If not,
 * *ret_at is where it stops being so. */
bool sheet_is_utf8(const char *bytes, size_t n, size_t *ret_at);

#endif
