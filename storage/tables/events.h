/* SPDX-License-Identifier: MIT */
/*
 * Every event, whole: what was sent, when it was made, and by which rules. Rows are never changed.
 * Each carries the SHA-256 of the row before and its own, so that a row that was changed, taken out
 * or put in shows; where old rows are pruned an anchor row keeps the chain. Rows of databases
 * before this table carried hashes have none, and the chain begins behind them.
 *
 * Writers run inside the caller's transaction. Times are ms since 1970 UTC. Strings given are
 * borrowed.
 */
#ifndef STORAGE_TABLES_EVENTS_H
#define STORAGE_TABLES_EVENTS_H

#include "event.h"
#include "store.h"

#define EVENTS_HASH_SIZE 65 /* hexadecimal, the NUL included */

struct event_row {
	int64_t number;
	enum event_kind kind;
	enum event_about about;
	int level, previous; /* ranks of the plan in use; on disk names */
	int64_t made_ms;
	int64_t hour;     /* END label of the last closed hour when it was made */
	int64_t onset_ms; /* 0: none */
	const char *basis;
	int64_t episode;       /* 0: none */
	int64_t directive, by; /* 0: none */
	const char *reason;    /* NULL: none */
	int revised;           /* of a correction of the advice, else -1 */
	int64_t revised_from;  /* 0: none */
	const char *plan, *edition;
	int64_t rules;       /* rules_used.sum: their version */
	int64_t list;        /* version of the reduction list, 0: none */
	const char *message; /* as sent: texts, evidence and directive are in it */
};

/* Its number is the key, so that a second append fails with -EEXIST. */
int events_append(struct store *store, const struct event_row *row);

/* Number and time of the newest event; all zero if there is none. */
int events_newest(struct store *store, struct event_series *ret);

/* Hands over the newest messages as they were sent, the newest first, `most` at most; each is
 * borrowed during the call. */
int events_each_newest(struct store *store, int most, void (*take)(void *ctx, const char *message),
		       void *ctx);

/* The newest hash of the chain; "" before the first. */
int events_newest_hash(struct store *store, char ret[EVENTS_HASH_SIZE]);

#endif
