/* SPDX-License-Identifier: MIT */
/*
 * The minutes of the running hour and of those before it, in samples.db: bulk, which may be lost.
 *
 * Minutes are named by their START, minutes since 1970 UTC. Writers run inside the caller's
 * transaction (store_samples_begin).
 */
#ifndef STORAGE_TABLES_MINUTES_H
#define STORAGE_TABLES_MINUTES_H

#include "hour.h"
#include "store.h"

/* A row that is there is replaced. */
int minutes_put(struct store *store, int64_t minute, const char *channel,
		const struct minute *sums);

/* Gives each stored minute of an hour (END label) and channel back to `hour` (hour_restore). */
int minutes_load(struct store *store, const char *channel, struct hour *hour);
/* The same as they were measured, those included that are not believed any more. */
int minutes_load_measured(struct store *store, const char *channel, struct hour *hour);
/* The sums of the stored minutes of a channel from `first` on, n of them (1..HOUR_MINUTES), as far
 * as they are believed. */
int minutes_total(struct store *store, const char *channel, int64_t first, int n,
		  struct minute *ret);

/* One minute as it is believed; STORE_E_NONE. */
int minutes_get(struct store *store, int64_t minute, const char *channel, struct minute *ret);

/* What was stored of a channel in the minutes from first to last is not believed any more, for this
 * reason; the sums stay, and minutes_load gives them back as samples that do not count. */
int minutes_doubt(struct store *store, const char *channel, int64_t first, int64_t last,
		  enum why why);

/* Deletes the minutes from `first` on, of one channel or (NULL) of all, inside a transaction on
 * samples.db. */
int minutes_withdraw(struct store *store, int64_t first, const char *channel);

/* The newest stored minute of any channel, 0 if there is none. */
int minutes_newest(struct store *store, int64_t *ret_minute);

/* Minutes that follow carry the names of a clock that nobody has confirmed: `newest` is the newest
 * of before, 0 if there is none. minutes_end_doubt: there are none any more. Inside a transaction.
 */
int minutes_begin_doubt(struct store *store, int64_t newest);
int minutes_end_doubt(struct store *store);

/* The newest minute that a confirmed clock named, 0: none; and whether others may be stored. */
int minutes_sure(struct store *store, int64_t *ret_newest, bool *ret_doubt);

/* The oldest stored minute of any channel; STORE_E_NONE if there is none. */
int minutes_oldest(struct store *store, int64_t *ret_minute);

#endif
