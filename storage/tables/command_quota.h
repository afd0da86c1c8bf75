/* SPDX-License-Identifier: MIT */
/*
 * What the network's commands may take of state.db, kind by kind, so that nobody can fill it. Of a
 * kind that has all it may have the oldest go: commands that nothing rests on; receipts that the
 * same unit followed with another, then any; forecasts but the three newest of each source; slips
 * that made nothing public, and reviews of hours that were reviewed anew; then directives, slips
 * and reviews of sixty days ago that are neither in force nor pending nor of an episode that can
 * still be reported (retention_said.c). If none may go, one more is not refused room. A call looks
 * at some hundred rows, however many there are, and the next one goes on behind them.
 */
#ifndef STORAGE_TABLES_COMMAND_QUOTA_H
#define STORAGE_TABLES_COMMAND_QUOTA_H

#include "store.h"

struct command_quota {
	const char *table;   /* whose rows go when it is used up */
	int64_t rows, bytes; /* the most of this kind; bytes of their texts, of the file's quota */
};

#define COMMAND_QUOTA_NOTHING_GOES (-1)

/* The quota of a kind ("receipt"); of one that there is not, none: rows 0. */
struct command_quota command_quota_of(struct store *store, const char *kind);

/* Makes room for one more command with a text of so many bytes, inside the caller's transaction;
 * *ret_gone: how many rows went for it, or COMMAND_QUOTA_NOTHING_GOES: none may, and there is no
 * room. */
int command_quota_make_room(struct store *store, const char *kind, size_t bytes, int64_t *ret_gone);

#endif
