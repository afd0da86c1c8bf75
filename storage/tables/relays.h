/* SPDX-License-Identifier: MIT */
/*
 * What a district relays to its stations, read out of what it accepted itself, and what each
 * station answered. Writers run inside the caller's transaction.
 */
#ifndef STORAGE_TABLES_RELAYS_H
#define STORAGE_TABLES_RELAYS_H

#include "commands.h"
#include "plan.h"
#include "store.h"

#define RELAYS_MAX 64 /* what is beyond it is a forecast */
#define RELAYS_STATION_SIZE 33

/* A command that counts now. */
struct relay_command {
	char name[COMMANDS_NAME_MAX]; /* by which the database knows it: it ends in the id */
	char kind[16], issuer[COMMANDS_TEXT_MAX];
	int64_t time_ms;          /* when it was given */
	char level[LEVEL_ID_MAX]; /* of a directive; "": it has none */
};

/*
 * In the order in which stations must get them: directives as they were accepted (in force, or the
 * newest lift; pending; with slip_binds the one that binds; of those of 30 days that withdrew or
 * covered another, or may have, the newest 8; no lift that began 29 days ago), the newest good slip
 * of each but the last, dust windows that ended at most 72 h ago, the newest forecast of each
 * source, both while their text is kept. A store error, after which *ret_n is as far as it came.
 */
int relays_wanted(struct store *store, int64_t now_ms, bool slip_binds,
		  struct relay_command ret[RELAYS_MAX], int *ret_n);

/* The command as it came, heap; STORE_E_NONE: its text is kept no more. */
int relays_text(struct store *store, const char *name, char **ret);

struct relay_answer {
	const char *command, *station;
	bool refused;
	const char *why;
	int64_t at_ms;
};
int relays_put(struct store *store, const struct relay_answer *row);
/* Every answer; strings are borrowed during the call. */
int relays_each(struct store *store, void (*take)(void *ctx, const struct relay_answer *row),
		void *ctx);
/* Forgets what was answered to all but n commands. */
int relays_keep(struct store *store, const struct relay_command commands[], int n);

#endif
