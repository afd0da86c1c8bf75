/* SPDX-License-Identifier: MIT */
/*
 * What was advised from hour to hour, as the events tell it.
 */
#ifndef STORAGE_TABLES_ADVISED_H
#define STORAGE_TABLES_ADVISED_H

#include "store.h"

/* The level advised after each of n hours from `first` on; LEVEL_UNKNOWN if the plan lacks it. */
int advised_levels(struct store *store, int64_t first, int n, int ret[]);

#endif
