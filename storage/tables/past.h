/* SPDX-License-Identifier: MIT */
/*
 * What was, row by row, for people and programs that look back: hours, days, events, directives,
 * orders. Reads only, in short transactions, so that it may run beside
 * the daemon. Times are ms since 1970 UTC, levels their names, concentrations thousandths.
 */
#ifndef STORAGE_TABLES_PAST_H
#define STORAGE_TABLES_PAST_H

#include "order.h"
#include "store.h"

#define PAST_COLUMNS_MAX 16

enum past_kind {
	PAST_HOURS,
	PAST_DAYS, /* natural days of Beijing that are over */
	PAST_EVENTS,
	PAST_DIRECTIVES,
	PAST_ORDERS,      /* the sources of the list in force, whatever the time */
	PAST_AUXILIARIES, /* hours of what is measured beside the pollutants */
	PAST_ORDER_LOG, /* what became of orders: issued, changed, delivered, withdrawn, answered */
};
#define PAST_KINDS 7

struct past_cell {
	enum { PAST_NOTHING, PAST_NUMBER, PAST_TEXT, PAST_WHY_NONE } kind;
	int64_t number;                    /* PAST_WHY_NONE: bits of enum order_why */
	const char *text;                  /* borrowed during the call */
	const struct order_source *source; /* PAST_WHY_NONE: who has no order; borrowed likewise */
};

struct past_job {
	enum past_kind kind;
	int64_t since_ms, until_ms; /* after the first, up to the second */
	void *ctx;
	bool (*each)(void *ctx, const struct past_cell *cells, int n); /* false: no more */
};

/* Oldest first. The columns are those of hazewatch(1), in this order. A store error. */
int past_rows(struct store *store, const struct past_job *job);

#endif
