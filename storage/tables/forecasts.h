/* SPDX-License-Identifier: MIT */
/*
 * Forecasts as they came, and which key a source belongs to.
 */
#ifndef STORAGE_TABLES_FORECASTS_H
#define STORAGE_TABLES_FORECASTS_H

#include "ahead.h"
#include "commands.h"
#include "store.h"

#define FORECASTS_BOUND_MAX                                                                        \
	1000 /* sources with a key; of more, the one last used longest ago goes */

/* Stores a forecast with all its steps, inside the caller's transaction. */
int forecasts_put(struct store *store, const char *command, const struct forecast *forecast,
		  int64_t received_ms);

/* The newest issue of each source, of equals the one stored last, as forecasts_take keeps them:
 * what speaks of an hour after `now` before what is over. What cannot be read is passed over and
 * comes back as an error, after the others are in *ret. */
int forecasts_load(struct store *store, int64_t now, struct forecasts *ret);

/* How far the forecasts were read in the order in which they came; a new one: {from_ms}. */
struct forecasts_place {
	int64_t received_ms;
	char command[COMMANDS_NAME_MAX];
};

/* The next one received at place->received_ms or later, and when; STORE_E_NONE: no more yet.
 * What cannot be read is passed over. */
int forecasts_next(struct store *store, struct forecasts_place *place, struct forecast *ret);

#define FORECASTS_KEY_MAX 128 /* bytes of a key's name, the NUL included */

/* The key a source belongs to; STORE_E_NONE: none. */
int forecasts_owner(struct store *store, const char *source, char ret_key[FORECASTS_KEY_MAX]);
/* A key has used a source: it belongs to it from now on. In the caller's transaction. */
int forecasts_bind(struct store *store, const char *source, const char *key, int64_t now_ms);

#endif
