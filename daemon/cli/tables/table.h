/* SPDX-License-Identifier: MIT */
/*
 * Rows for people or programs: a table as wide as the terminal, in a pager if it is one; CSV; JSON.
 */
#ifndef DAEMON_CLI_TABLES_TABLE_H
#define DAEMON_CLI_TABLES_TABLE_H

#include <stdio.h>

#include "columns.h"

enum table_form { TABLE_PEOPLE, TABLE_CSV, TABLE_JSON };

struct table {
	enum table_form form;
	const struct conf *conf;
	const struct table_column *columns;
	int n_columns;
	int width;           /* columns of the terminal */
	const char *nothing; /* English, for tr: what stands there without rows */
	FILE *out;
	bool began;  /* JSON: a row stands there already */
	void *lines; /* of libsmartcols */
};

/* -ENOMEM. */
int table_begin(struct table *table);
/* False: no memory, or the output cannot be written. `ctx` is the table: for past_rows. */
bool table_add(void *ctx, const struct past_cell *cells, int n);
/* Writes what is not written yet, and frees. -ENOMEM. */
int table_end(struct table *table);

#endif
