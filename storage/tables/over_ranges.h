/* SPDX-License-Identifier: MIT */
/*
 * Instruments that stand at the end of their range, of which a hold was told that has not ended.
 */
#ifndef STORAGE_TABLES_OVER_RANGES_H
#define STORAGE_TABLES_OVER_RANGES_H

#include "over_range.h"
#include "store.h"

/* All zero: none. */
int over_ranges_load(struct store *store, struct over_range *ret);

/* Replaces what was stored, in the caller's transaction. */
int over_ranges_save(struct store *store, const struct over_range *over_range);

#endif
