/* SPDX-License-Identifier: MIT */
/*
 * What a reduction list comes to: each level and pollutant held against the plan, where the list
 * falls short the sources that could give the most, and who gets no order. Reads no file and prints
 * nothing.
 */
#ifndef DAEMON_CLI_LIST_AUDIT_H
#define DAEMON_CLI_LIST_AUDIT_H

#include "list.h"
#include "order.h"

#define AUDIT_CANDIDATES 5

/* A source that emits more at a level than the list cuts. */
struct audit_candidate {
	const struct list_row *row;
	int64_t left_gpd; /* what it still emits at the level */
};

#define AUDIT_QUIET_MAX 100

/* A source that gets no order at some level. */
struct audit_quiet {
	const struct list_row *row;
	struct order_source source;
	uint32_t levels; /* bits 1u << level: those at which it gets none */
	unsigned why;    /* bits of enum order_why: at the highest of these */
};

struct audit_target {
	struct cuts_target target;
	int n; /* where the list falls short: the sources with the most left, the most first */
	struct audit_candidate candidates[AUDIT_CANDIDATES];
	int64_t left_gpd; /* what all sources together that have to act could still give */
};

struct audit {
	const struct list *list;
	const struct plan *plan;
	const struct list_whole *whole; /* NULL: no denominator */
	struct cuts_sums sums;
	struct audit_target targets[LEVEL_SLOTS][EMISSION_COUNT]; /* [LEVEL_NONE] unused */
	int quiet_at[LEVEL_SLOTS];                 /* how many sources get no order at a level */
	int n_quiet;                               /* how many get none at some level */
	struct audit_quiet quiet[AUDIT_QUIET_MAX]; /* the first of them */
	bool required;                             /* the plan names a percentage somewhere */
	bool met; /* every percentage that the plan names is met; false without one */
};

/* Audits the rows without a problem; all that is given must live as long as *ret. Sources that may
 * go on (list_may_go_on) are no candidates. */
void audit_list(const struct list *list, const struct plan *plan, const struct list_whole *whole,
		struct audit *ret);

/* A denominator as the rules want it; nothing is known if it is NULL. */
struct cuts_whole audit_whole(const struct list_whole *whole);

#endif
