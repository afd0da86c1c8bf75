/* SPDX-License-Identifier: MIT */
/*
 * What the network's commands may take of state.db, kind by kind, so that nobody can fill it. Of a
 * kind that has all it may have the oldest go: receipts that the same unit followed with another,
 * then any; forecasts but the three newest of each source; commands that nothing rests on. A
 * directive, a release and a review that were accepted never go, and neither is one refused room.
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
