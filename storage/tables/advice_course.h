/* SPDX-License-Identifier: MIT */
/*
 * What the advice remembers of how it came to be held: the second half of its row (warnings.c),
 * with a CRC-32 of its own.
 */
#ifndef STORAGE_TABLES_ADVICE_COURSE_H
#define STORAGE_TABLES_ADVICE_COURSE_H

#include "store.h"
#include "warning.h"

/* Fills in what is stored; without a row, or with a damaged one (STORE_E_CORRUPT), nothing is
 * remembered. Ranks are those of the plan by which it was saved. */
int advice_course_load(struct store *store, struct advice *advice);
int advice_course_save(struct store *store, const struct advice *advice);

#endif
