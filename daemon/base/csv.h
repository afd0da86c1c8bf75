/* SPDX-License-Identifier: MIT */
/*
 * Rows of values with positions, separated by commas or another byte. Strict: a field is plain or
 * wholly in quotes (RFC 4180), a line ends with LF or CRLF, and no field goes on over a line's end.
 * As spreadsheet programs write it: a field in quotes may go on over the line's end, a tab is a
 * blank, and empty lines are passed over. Knows nothing of hours, pollutants or sources.
 */
#ifndef DAEMON_BASE_CSV_H
#define DAEMON_BASE_CSV_H

#include <stdbool.h>

#include "problems.h"

#define CSV_LINE_MAX 4096
#define CSV_ROW_MAX 65536 /* of a spreadsheet, its line ends included */
#define CSV_FIELDS_MAX 128
#define CSV_FIELDS_WIDE 2048             /* where a reader has room for them */
#define CSV_BYTES_MAX (64 * 1024 * 1024) /* of a file; nothing is read beyond */

struct csv_field {
	const char *text; /* without its quotes */
	int line, column; /* of its first character, from 1 */
};

struct csv {
	FILE *in;
	const char *path;
	struct problems *problems;
	bool spreadsheet; /* as spreadsheet programs write it */
	char separator;   /* of fields; '\0': a comma */
	int most;         /* fields of a row, up to CSV_FIELDS_WIDE; 0: CSV_FIELDS_MAX */
	int error;        /* errno of a read that failed, 0: none did */
	long read;        /* bytes so far */
	int line;         /* at which the row last read begins, from 1 */
	int extra;        /* lines that it has beyond the first */
	int n;            /* its fields; 0: it had a problem, which has been told */
	struct csv_field fields[CSV_FIELDS_WIDE];
	char bytes[CSV_ROW_MAX];
};

/* Reads the next row; false at the end of the file, or if it cannot be read: see error. */
bool csv_next(struct csv *csv);

/* A problem of the line at which the row last read begins. */
void csv_problem(struct csv *csv, int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A problem of one field of the row last read. */
void csv_field_problem(struct csv *csv, int field, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A field's text as messages show it: in quotes, shortened. `size` of ret: CSV_SHOWN. */
#define CSV_SHOWN 48
const char *csv_shown(const char *text, char ret[CSV_SHOWN]);

#endif
