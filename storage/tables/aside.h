/* SPDX-License-Identifier: MIT */
/*
 * Rows that are not what was written: counted, told once (store_bad_rows), and, where they stand in
 * the way, moved to quarantine/rows.txt. Never decides that a row is bad.
 */
#ifndef STORAGE_TABLES_ASIDE_H
#define STORAGE_TABLES_ASIDE_H

#include "db.h"

/* A row that was skipped, such as "hours 900000 pm25"; one that is known already is not counted
 * again. */
void aside_note(struct store *store, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether it was noted, among the newest STORE_BAD_ROWS. */
bool aside_is_noted(const struct store *store, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Notes the row that the query stands on, named by its first column, and writes it as JSON. */
void aside_row(struct store *store, const char *table, struct query *q);

/* Appends a line to quarantine/rows.txt, on the card when this comes back. Negative errno. */
int aside_write(struct store *store, const char *table, const char *row);

#endif
