/* SPDX-License-Identifier: MIT */
/* Hours that somebody asked for once more and that were not told yet: one stretch, END labels. A
 * stop ends nothing. */
#ifndef STORAGE_TABLES_RESENDS_H
#define STORAGE_TABLES_RESENDS_H

#include <stdint.h>

#include "store.h"

/* What is to be told from now on, inside the caller's transaction; first > last: nothing more. */
int resends_put(struct store *store, int64_t first, int64_t last);

/* STORE_E_NONE: nothing waits. */
int resends_get(struct store *store, int64_t *ret_first, int64_t *ret_last);

#endif
