/* SPDX-License-Identifier: MIT */
/*
 * What people and other systems told the station: every command with its text and its answer, and
 * what the accepted ones left behind (directives, releases, reviews; receipts have a file of their
 * own).
 *
 * Writers run inside the caller's transaction. Times are milliseconds since 1970 UTC. Strings given
 * are borrowed.
 */
#ifndef STORAGE_TABLES_COMMANDS_H
#define STORAGE_TABLES_COMMANDS_H

#include "binding.h"
#include "pollutant.h"
#include "store.h"

#define COMMANDS_NAME_MAX 192 /* bytes, the NUL included */
#define COMMANDS_TEXT_MAX 128 /* bytes of a short text, the NUL included */
#define COMMANDS_WHY_MAX 512  /* the same of an answer */

struct command_row {
	const char *id, *kind, *issuer, *json;
	const char *raw;  /* as it came: so older versions stored it; NULL: as json */
	const char *key;  /* that signed it; NULL: nobody */
	const char *user; /* who typed it on this machine; NULL, "": it came over the network */
	int64_t time_ms, received_ms;
	bool accepted;
	const char *why; /* "": nothing to say */
};

/* Stores a command and its answer. The id that a sender chose is unique for a kind and a key,
 * whoever brings it, and of what is typed on this machine without a key for a user. Together,
 * kind/key/id or kind/key@user/id, they are the name that other tables know the command by.
 * -EEXIST: it is taken. */
int commands_put(struct store *store, const struct command_row *row,
		 char ret_name[COMMANDS_NAME_MAX]);

/* A command that could not be read, and was refused, is kept by its text: of an id that it names
 * another may come yet. *ret_known: the same text was kept before, and is not once more. */
int commands_put_unread(struct store *store, const struct command_row *row, bool *ret_known);

/* The answer that a command got, also from somebody else who brought it under the same key;
 * *ret_same tells whether the text is the same; of one that a full file
 * does not keep any more (retention.h) it never is. STORE_E_NONE if none of this name ever came. */
int commands_find(struct store *store, const struct command_row *row, bool *ret_same,
		  bool *ret_accepted, char ret_why[COMMANDS_WHY_MAX]);

/* Another answer for a command that was just stored. */
int commands_answer(struct store *store, const char *name, bool accepted, const char *why);

struct release_row {
	const char *number, *reviewer, *signer, *post;
	int level;                                /* LEVEL_UNKNOWN: none of the plan's */
	int64_t reviewed_ms, signed_ms, start_ms; /* 0: unsaid */
	const char *directive;                    /* the id of the command it names; "": none */
	int64_t directive_number;                 /* 0: unknown */
	enum release_fault fault;
	bool post_differs;
};
int releases_put(struct store *store, const char *command, const struct release_row *row);

/* Calls back with the newest release, whose strings are borrowed during the call; STORE_E_NONE if
 * there is none. */
int releases_newest(struct store *store, void (*take)(void *ctx, const struct release_row *row),
		    void *ctx);

/* The same of the newest good slip of a directive. */
int releases_of(struct store *store, int64_t directive_number,
		void (*take)(void *ctx, const struct release_row *row), void *ctx);

struct review_row {
	int64_t first_hour, last_hour;
	pollutant_set pollutants;
	bool restored;
	const char *reason, *reviewer;
	int64_t time_ms;
};
int reviews_put(struct store *store, const char *command, const struct review_row *row);

#endif
