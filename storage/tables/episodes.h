/* SPDX-License-Identifier: MIT */
/*
 * What a summary assessment says of an episode of directives (plan 7): from none in force to none
 * again. Reads only, in short transactions, so that it may run beside the daemon. Cells are those
 * of past.h: times are ms since 1970 UTC, levels their names, concentrations thousandths, cuts
 * grams a day. Nobody's name is in them but a post's.
 */
#ifndef STORAGE_TABLES_EPISODES_H
#define STORAGE_TABLES_EPISODES_H

#include "force.h"
#include "past.h"

enum episode_part {
	EPISODE_TIMELINE,   /* time, about, kind, level, from, document; slips stand in it, too */
	EPISODE_CHAIN,      /* directive, level, said, accepted, released, delivered: first, last */
	EPISODE_POLLUTANTS, /* pollutant, mean, highest, its hour, hours, valid, invalidated,
			     * doubted, corrected */
	EPISODE_ORDERS, /* source, name, level, issued, delivered, receipt, percentage done, cut,
			 * minutes from the first order to the first receipt */
	EPISODE_ORDER_SUMS, /* sources, issued, delivered, withdrawn, received, done, partly, not,
			       cut */
	EPISODE_RECEIPTS,   /* unit, what it answers, when that was made, received, outcome,
			     * percentage, cut, minutes */
	EPISODE_REVIEWS,    /* time, first and last hour, pollutants, taken back, reason */
	EPISODE_TEXTS,      /* time, about, kind, message */
};

struct episode_span {
	int64_t begun_ms, ended_ms; /* ended: now, while the response runs */
	int64_t until_ms; /* answers count until then: the begin of the next episode, or now */
};

/* Oldest first; `each` as in past.h. A store error. */
int episode_rows(struct store *store, enum episode_part part, const struct episode_span *span,
		 const struct past_job *job);

/* Hands over the whole log of what was in force, oldest first. */
int episode_force(struct store *store, void (*take)(void *ctx, const struct force_row *row),
		  void *ctx);

/* The number of the directive of that id; STORE_E_NONE. */
int episode_directive(struct store *store, const char *id, int64_t *ret_number);

#endif
