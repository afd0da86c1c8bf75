/* SPDX-License-Identifier: MIT */
/*
 * Rows out of a table that may be damaged, from both ends, one by one into another table of the
 * same name. Inside storage/file only.
 */
#ifndef STORAGE_FILE_SALVAGE_H
#define STORAGE_FILE_SALVAGE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct salvage {
	sqlite3 *from, *to;      /* may be the same */
	const char *from_schema; /* "main", or what it is attached as */
	int64_t most;            /* rows from each end */
	int64_t rows;            /* brought over so far */
	int broken_tables;
};

/* Copies what can be read of the columns that both have; a row that breaks a rule of the table is
 * none that we wrote. SQLITE_OK, or SQLite's code for a write that failed: what is in the new table
 * is not all that could be had. */
int salvage_table(struct salvage *salvage, const char *table);

#endif
