/* SPDX-License-Identifier: MIT */
/*
 * The two databases of a station: state.db (hours, AQI, advice, events, outbox: what decides) and
 * samples.db (minute sums: bulk, may be lost).
 *
 * Main thread only. WAL, synchronous FULL, STRICT tables, prepared statements, settings of
 * reliability.md 3.2. Migrations are numbered SQL files embedded in the binary; a schema newer than
 * the binary is refused. Functions return 0, a negative errno, or one of these codes.
 */
#ifndef STORAGE_STORE_H
#define STORAGE_STORE_H

#include <stdbool.h>
#include <stdint.h>

enum store_error {
	STORE_E_NEWER = 1, /* written by a newer hazewatch; nothing was changed */
	STORE_E_CORRUPT,   /* damaged or not a database */
	STORE_E_FULL,      /* disk or quota full */
	STORE_E_BUSY,      /* another process holds the lock */
	STORE_E_IO,        /* the disk failed or is read-only */
	STORE_E_NONE,      /* no such row */
};

struct store;

/* Opens or creates both files in `dir` (created with mode 0700 if absent) and migrates them. */
int store_open(const char *dir, struct store **ret);
/* Opens what exists, read-only: never creates, never migrates. -ESTALE: an older schema that
 * store_open has to migrate first. */
int store_open_readonly(const char *dir, struct store **ret);
/* Closes both files cleanly (WAL checkpointed). Accepts NULL, returns NULL. */
struct store *store_close(struct store *store);

/* A message for people about the last failure: which file, what SQLite said. NULL asks for that of
 * the last store_open, which leaves no store behind when it fails. */
const char *store_message(const struct store *store);
const char *store_strerror(int error);

/* The database's own uuid (of state.db), made when it was created: 36 characters. */
const char *store_uuid(const struct store *store);

/*
 * One transaction on state.db. Nested begin is a bug (assert). A call that fails rolls the
 * transaction back at once; what follows in it does nothing and returns the same error, and so does
 * the commit that ends it (rollback or the next begin end it too). After STORE_E_IO from a commit
 * the file is opened and checked again by the next call; whether the transaction survived is then
 * for the tables to say.
 */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* The same on samples.db, for the rows of one minute; commit ends it, failed or not. */
int store_samples_begin(struct store *store);
int store_samples_commit(struct store *store);

#endif
