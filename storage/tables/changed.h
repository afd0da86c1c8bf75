/* SPDX-License-Identifier: MIT */
/*
 * Hours that changed after they were closed and from which it is not computed yet what follows: one
 * stretch, kept until that is done, so that a start after a kill takes it up. Writers run inside
 * the caller's transaction (store_begin).
 */
#ifndef STORAGE_TABLES_CHANGED_H
#define STORAGE_TABLES_CHANGED_H

#include <stdint.h>

#include "store.h"

/* Who changed them, as bits. */
enum changed_by {
	CHANGED_BY_IMPORT = 1,
	CHANGED_BY_REVIEW = 2,
	CHANGED_BY_FAULT = 4, /* an instrument's, found late */
	CHANGED_BY_LATE = 8,  /* a data logger's, which told periods late or otherwise */
};

#define CHANGED_BY_ALL 15

/* Hours from first to last changed, by whom as bits. */
int changed_widen(struct store *store, int64_t first, int64_t last, uint32_t by);

/* The first and the last hour of the stretch; STORE_E_NONE. */
int changed_pending(struct store *store, int64_t *ret_first, int64_t *ret_last);

/* Who changed the stretch; of one from before schema 8, as far as that can be told: a fault, where
 * nothing tells. */
int changed_by(struct store *store, int64_t first, int64_t last, uint32_t *ret_by);

/* What follows from them was computed. */
int changed_settle(struct store *store);

#endif
