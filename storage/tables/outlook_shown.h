/* SPDX-License-Identifier: MIT */
/* Whether the outlook of 24 hours is shown because its last days prove it, and since when. */
#ifndef STORAGE_TABLES_OUTLOOK_SHOWN_H
#define STORAGE_TABLES_OUTLOOK_SHOWN_H

#include "store.h"

/* Of this model; STORE_E_NONE: that was never told of it. `since`: END of an hour. */
int outlook_shown_load(struct store *store, const char *model, bool *ret_shown, int64_t *ret_since);

/* Replaces what was stored, in the caller's transaction. */
int outlook_shown_save(struct store *store, const char *model, bool shown, int64_t since);

#endif
