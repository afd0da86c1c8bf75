/* SPDX-License-Identifier: MIT */
/*
 * The newest payload of each retained topic, as it was published.
 */
#ifndef STORAGE_TABLES_LATEST_H
#define STORAGE_TABLES_LATEST_H

#include "store.h"

/* Heap, for the caller to free. STORE_E_NONE: the topic never had one, or it is not what was
 * written. */
int latest_get(struct store *store, const char *topic, char **ret);

#endif
