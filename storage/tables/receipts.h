/* SPDX-License-Identifier: MIT */
/*
 * What units answered to warnings, orders and slips, and what can be answered.
 *
 * Persons are in these rows and belong into no message. Writers run inside the caller's
 * transaction. Times are milliseconds since 1970 UTC. Strings given are borrowed.
 */
#ifndef STORAGE_TABLES_RECEIPTS_H
#define STORAGE_TABLES_RECEIPTS_H

#include "commands.h"
#include "store.h"

#define RECEIPTS_UNSAID (-1)

struct receipt_row {
	const char *ref, *unit, *person, *outcome;
	int64_t time_ms;  /* when it was given */
	int32_t done_pct; /* 0..100, or RECEIPTS_UNSAID */
	int64_t cut_gpd;  /* grams a day, or RECEIPTS_UNSAID */
	const char *note; /* may name people */
};
int receipts_put(struct store *store, const char *command, const struct receipt_row *row);

/* Hands over the receipts given at from_ms or later, oldest first, the newest `most` of them;
 * strings are borrowed during the call. */
int receipts_since(struct store *store, int64_t from_ms, int most,
		   void (*take)(void *ctx, const struct receipt_row *row), void *ctx);

/* Hands over the newest `most` as they were accepted, the newest first; strings as above. */
int receipts_newest(struct store *store, int most,
		    void (*take)(void *ctx, const struct receipt_row *row), void *ctx);

/* Hands over each unit that answered `ref`, once, if the station received that at from_ms or later:
 * a sender's clock does not count. */
int receipts_units(struct store *store, const char *ref, int64_t from_ms,
		   void (*take)(void *ctx, const char *unit), void *ctx);

/*
 * Whether a receipt can answer `ref`: the id of an accepted directive or release, the number of a
 * slip, order/<source id> of a source of the list in force or one that has an order,
 * episode-<number> of a directive, or the id of a message of this database.
 */
int receipts_find_ref(struct store *store, const char *ref, bool *ret_known);

/* The episode's id from the number of the directive that began it. */
#define RECEIPTS_EPISODE_SIZE 32
const char *receipts_episode(int64_t number, char ret[RECEIPTS_EPISODE_SIZE]);

/* Of those, the ids of the `most` newest directives, then the numbers of as many slips. */
int receipts_each_ref(struct store *store, int most, void (*take)(void *ctx, const char *ref),
		      void *ctx);

#endif
