/* SPDX-License-Identifier: MIT */
/*
 * Hours that were measured elsewhere, or by a logger while the station was off. They are marked,
 * never take the place of a valid hour of the station's own unless told to, and the same file again
 * changes nothing. What follows from them is computed by the daemon at its next start.
 */
#ifndef STORAGE_TABLES_IMPORT_H
#define STORAGE_TABLES_IMPORT_H

#include "auxiliaries.h"
#include "store.h"
#include "window.h"

struct import {
	bool replace;                       /* valid hours of the station's own, too */
	int64_t added, changed, same, kept; /* kept: the station's own is there */
};

/* Puts the valid values of an hour (END label), inside the caller's transaction; adds to *counts
 * and widens the stretch that changed_pending tells. Those `beyond` what air can be are hours of
 * quality T without a value. */
int import_hour(struct store *store, int64_t hour, const struct hour_values *values,
		pollutant_set beyond, struct import *import);

/* The same of an hour of an auxiliary quantity, inside transactions on both files. Nothing follows
 * from it, and nothing tells it from what the station measured: an import before it stays, too. One
 * that is not normal fills gaps alone. */
int import_auxiliary(struct store *store, const struct auxiliary_mean *hour, struct import *import);

#endif
