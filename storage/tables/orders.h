/* SPDX-License-Identifier: MIT */
/*
 * Which source has which order, and how far the orders of the present run have come.
 *
 * A run is one decision (a level, by whose authority, of which list); its cursor moves on in the
 * transaction that appends the messages, so that a kill neither loses nor repeats one. Writers run
 * inside the caller's transaction. Knows no message and sends nothing. Each order is in a log whose
 * rows are never changed, chained as events are.
 */
#ifndef STORAGE_TABLES_ORDERS_H
#define STORAGE_TABLES_ORDERS_H

#include "plan.h"
#include "sources.h"
#include "store.h"

/* What a run does, in this order. */
enum order_phase {
	ORDERS_GIVING,      /* one order per source of the list */
	ORDERS_WITHDRAWING, /* orders of earlier runs that this one did not replace */
	ORDERS_CLEARING,    /* topics of withdrawals, once these are delivered */
	ORDERS_DONE,
};

struct order_run {
	int64_t number;     /* 1, 2, 3, ...; 0: there never was one */
	int level;          /* LEVEL_NONE: nobody has an order; LEVEL_UNKNOWN: of another plan */
	bool binding;       /* under a directive */
	int64_t directive;  /* its number, 0: the station's advice */
	int64_t since_ms;   /* what tells two pieces of advice of one level apart */
	int64_t list;       /* version of the reduction list, 0: there is none */
	int64_t from_ms;    /* since 1970 UTC */
	int64_t until_ms;   /* 0: open */
	bool released;      /* a slip names its directive */
	bool outlives_lift; /* what lifts or lowers it is not published yet */
	enum order_phase phase;
	char after[SOURCE_ID_MAX]; /* GIVING: the source that got its order last, "": none yet */
};

/* The present run; number 0 if there never was one. */
int orders_run(struct store *store, struct order_run *ret);

/* Stores the run in place of the one before. */
int orders_save(struct store *store, const struct order_run *run);

/* The source has the order of this run now, in the outbox row `seq`: in the log, too, as issued, or
 * as changed if it had another order. */
int orders_give(struct store *store, const char *id, const struct order_run *run, int64_t seq,
		int64_t made_ms);

/* A source whose order is of an earlier run; STORE_E_NONE if there is no more. */
int orders_next_stale(struct store *store, int64_t run, char ret_id[SOURCE_ID_MAX]);

/* Its order was withdrawn by the outbox row `seq`; in the log, too. */
int orders_withdraw(struct store *store, const char *id, const struct order_run *run, int64_t seq,
		    int64_t made_ms);

/* A source whose withdrawal has left the outbox, delivered; STORE_E_NONE: none now. */
int orders_next_delivered(struct store *store, char ret_id[SOURCE_ID_MAX]);

/* Its topic is cleared by a row that is in the outbox: the source is forgotten, and so is `topic`
 * among those that are published again. */
int orders_clear(struct store *store, const char *id, const char *topic, int64_t made_ms);

/* Writes into the log what was delivered since the last time, at most `most` rows; own transaction,
 * if there are any. *ret_n: how many it were. */
int orders_follow_deliveries(struct store *store, int64_t made_ms, int most, int *ret_n);

struct order_counts {
	int64_t given, withdrawn; /* withdrawn: not cleared yet */
};
int orders_counts(struct store *store, struct order_counts *ret);

#endif
