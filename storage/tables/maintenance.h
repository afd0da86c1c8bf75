/* SPDX-License-Identifier: MIT */
/*
 * Maintenance of sensors in state.db: until when a person works on which one. Survives a restart,
 * because a technician at the instrument does not know of one.
 */
#ifndef STORAGE_TABLES_MAINTENANCE_H
#define STORAGE_TABLES_MAINTENANCE_H

#include "store.h"

/* Milliseconds since 1970 UTC. */
struct maintenance {
	int64_t since_ms, until_ms;
};

/* Replaces what the sensor had, in a transaction of its own. */
int maintenance_put(struct store *store, const char *sensor, const struct maintenance *span);

/* The newest maintenance of a sensor, which may be over; STORE_E_NONE if it had none. */
int maintenance_get(struct store *store, const char *sensor, struct maintenance *ret);

#endif
