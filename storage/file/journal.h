/* SPDX-License-Identifier: MIT */
/*
 * The changes that a database file has not got yet: the statements of each transaction as text, in
 * order, to be run again when its disk works. Bounded: when it is full the oldest transactions go,
 * and are counted. Knows nothing of SQLite, and never writes anywhere.
 */
#ifndef STORAGE_FILE_JOURNAL_H
#define STORAGE_FILE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal {
	size_t limit; /* bytes; 0: off */
	char *text;   /* statements, NUL after each; an empty one ends a transaction */
	size_t n, size;
	size_t kept;   /* bytes of whole transactions; what follows is the one that runs */
	bool overflow; /* the one that runs did not fit */
	int64_t transactions, lost;
};

void journal_done(struct journal *journal);

/* Adds a statement to the transaction that runs. Without room or memory that one is lost. */
void journal_add(struct journal *journal, const char *sql);
/* The one that runs never was. */
void journal_drop(struct journal *journal);
/* The one that runs is to be kept; makes room by dropping the oldest. */
void journal_keep(struct journal *journal);
/* Everything is on disk. */
void journal_clear(struct journal *journal);

/* The statement at *at, which moves on to the next; "" ends a transaction, NULL is the end. */
const char *journal_next(const struct journal *journal, size_t *at);

#endif
