/* SPDX-License-Identifier: MIT */
/*
 * What people and other systems told the station: every command with its text and its answer, and
 * what the accepted ones left behind (directives, releases, receipts, reviews).
 *
 * Writers run inside the caller's transaction. Times are milliseconds since 1970 UTC. Strings given
 * are borrowed.
 */
#ifndef STORAGE_COMMANDS_H
#define STORAGE_COMMANDS_H

#include "directive.h"
#include "pollutant.h"
#include "store.h"

#define COMMANDS_WHY_MAX 128

struct command_row {
	const char *id, *kind, *issuer, *json;
	int64_t time_ms, received_ms;
	bool accepted;
	const char *why; /* "": nothing to say */
};

/* Stores a command and its answer; -EEXIST if its id is taken. */
int commands_put(struct store *store, const struct command_row *row);

/* The answer that a command got; *ret_same tells whether kind and text are the same. STORE_E_NONE
 * if none of this id ever came. */
int commands_find(struct store *store, const struct command_row *row, bool *ret_same,
		  bool *ret_accepted, char ret_why[COMMANDS_WHY_MAX]);

/* Another answer for a command that was just stored. */
int commands_answer(struct store *store, const char *id, bool accepted, const char *why);

/* Appends a directive under its number, which nothing else has. The row carries a CRC-32. */
int directives_put(struct store *store, const char *command, const struct directive *directive,
		   int64_t received_ms);

/* Brings back what still matters and the number of the newest (0: none ever). A row whose CRC is
 * wrong is STORE_E_CORRUPT. */
int directives_load(struct store *store, struct directives *ret, int64_t *ret_newest);

struct release_row {
	const char *number, *reviewer, *signer, *post;
	enum level level;
	int64_t reviewed_ms, signed_ms, start_ms; /* 0: unsaid */
};
int releases_put(struct store *store, const char *command, const struct release_row *row);

/* Calls back with the newest release, whose strings are borrowed during the call; STORE_E_NONE if
 * there is none. */
int releases_newest(struct store *store, void (*take)(void *ctx, const struct release_row *row),
		    void *ctx);

struct receipt_row {
	const char *ref, *unit, *person, *outcome;
	int64_t time_ms;
};
int receipts_put(struct store *store, const char *command, const struct receipt_row *row);

/* Hands over the receipts given at from_ms or later, oldest first, the newest `most` of them;
 * strings are borrowed during the call. */
int receipts_since(struct store *store, int64_t from_ms, int most,
		   void (*take)(void *ctx, const struct receipt_row *row), void *ctx);

struct review_row {
	int64_t first_hour, last_hour;
	pollutant_set pollutants;
	bool restored;
	const char *reason, *reviewer;
	int64_t time_ms;
};
int reviews_put(struct store *store, const char *command, const struct review_row *row);

#endif
