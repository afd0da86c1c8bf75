/* SPDX-License-Identifier: MIT */
/*
 * The highest counter that each key has signed: a command with a lower one is an old one.
 */
#ifndef STORAGE_TABLES_SIGNERS_H
#define STORAGE_TABLES_SIGNERS_H

#include "store.h"

/* 0: the key has signed nothing yet. */
int signers_counter(struct store *store, const char *key, int64_t *ret);

/* Keeps a counter if it is higher than the one that is known; in the caller's transaction, which is
 * that of the command that was signed with it. */
int signers_raise(struct store *store, const char *key, int64_t counter);

/* The key has signed nothing yet, as it were. Own transaction. */
int signers_reset(struct store *store, const char *key);

#endif
