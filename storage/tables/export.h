/* SPDX-License-Identifier: MIT */
/*
 * Rows for people and spreadsheets: every column as text, times of China with their offset, means
 * in whole units. Reads only, in short transactions, so that it may run beside the daemon.
 */
#ifndef STORAGE_TABLES_EXPORT_H
#define STORAGE_TABLES_EXPORT_H

#include "store.h"

#define EXPORT_COLUMNS_MAX 24

/* NULL-terminated fields; a missing value is "". */
struct export_row {
	int n;
	const char *fields[EXPORT_COLUMNS_MAX]; /* borrowed during the call */
};

/* What can be exported; NULL after the last. */
const char *export_name(int kind);
/* The layout of others in which a name stands once more, NULL: it is ours. */
const char *export_layout(int kind);
/* The line of its column names. */
const char *export_header(int kind);

struct export_job {
	int kind;
	int64_t from, to; /* END labels, hours since 1970 UTC */
	void *ctx;
	/* False: no more. It must not wait for anybody: the daemon's log grows meanwhile. */
	bool (*each)(void *ctx, const struct export_row *row);
	/* Between two transactions, and at the end: here it may. Or NULL. */
	bool (*pause)(void *ctx);
};

/* The rows of air measured after `from` and up to `to`, oldest first; of events those of these
 * hours. A store error. */
int export_rows(struct store *store, const struct export_job *job);

/* The first and the last hour that `kind` has rows of; STORE_E_NONE if there are none. */
int export_span(struct store *store, int kind, int64_t *ret_first, int64_t *ret_last);

#endif
