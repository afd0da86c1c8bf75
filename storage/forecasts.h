/* SPDX-License-Identifier: MIT */
/*
 * Forecasts as they came; the newest issue is the one that counts.
 */
#ifndef STORAGE_FORECASTS_H
#define STORAGE_FORECASTS_H

#include "forecast.h"
#include "store.h"

/* Stores a forecast with all its steps, inside the caller's transaction. */
int forecasts_put(struct store *store, const char *command, const struct forecast *forecast,
		  int64_t received_ms);

/* The forecast issued last, of equals the one stored last; STORE_E_NONE if there is none. */
int forecasts_newest(struct store *store, struct forecast *ret);

#endif
