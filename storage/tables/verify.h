/* SPDX-License-Identifier: MIT */
/* Whether a row of the chained logs was changed, taken out or put in. */
#ifndef STORAGE_TABLES_VERIFY_H
#define STORAGE_TABLES_VERIFY_H

#include "chain_check.h"
#include "store.h"

enum verified { VERIFIED_EVENTS, VERIFIED_FORCE, VERIFIED_ORDERS };
#define VERIFIED_COUNT 3

/* Checks all of them: what was found of each, by enum verified. */
int verify_logs(struct store *store, chain_look *look, struct chain_check ret[VERIFIED_COUNT]);

#endif
