/* SPDX-License-Identifier: MIT */
/*
 * The advice as it stands and the events that led there. Writers run inside the caller's
 * transaction. The advice row carries a CRC-32; a row whose CRC is wrong is STORE_E_CORRUPT.
 */
#ifndef STORAGE_TABLES_WARNINGS_H
#define STORAGE_TABLES_WARNINGS_H

#include "store.h"
#include "warning.h"

/* The rules that the stored advice was made by, to notice a change. */
struct rules_used {
	char edition[40];
	char plan[40];
	uint32_t sum; /* over all numbers in them that decide */
};

/* STORE_E_NONE on a fresh database, STORE_E_LEVEL if a level is held that the plan lacks. */
int warnings_load(struct store *store, struct advice *ret, struct rules_used *ret_rules);
int warnings_save(struct store *store, const struct advice *advice, const struct rules_used *rules);

/* The newest issue, upgrade, downgrade or lift of the advice or of a directive; STORE_E_NONE. A
 * level that the plan lacks is LEVEL_UNKNOWN. */
int warnings_newest_change(struct store *store, enum event_about about, struct event *ret);

#endif
