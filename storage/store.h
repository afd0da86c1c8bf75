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
#include <stddef.h>
#include <stdint.h>

enum store_error {
	STORE_E_NEWER = 1, /* written by a newer hazewatch; nothing was changed */
	STORE_E_CORRUPT,   /* damaged or not a database */
	STORE_E_FULL,      /* disk or quota full */
	STORE_E_BUSY,      /* another process holds the lock */
	STORE_E_IO,        /* the disk failed or is read-only */
	STORE_E_NONE,      /* no such row */
	STORE_E_LEVEL,     /* a level that matters still is none of the plan's */
};

struct store;
struct plan;

/* Opens or creates both files in `dir` (created with mode 0700 if absent) and migrates them. */
int store_open(const char *dir, struct store **ret);
/* Opens what exists, read-only: never creates, never migrates, and writes nothing beside it.
 * -ESTALE: an older schema that store_open has to migrate first. */
int store_open_readonly(const char *dir, struct store **ret);
/* True if a daemon has begun since then with files that nobody used: what was read may be torn, and
 * is to be read once more from a store opened anew. */
bool store_is_overtaken(const struct store *store);
/* True while a daemon has the files, as far as the kernel says. */
bool store_is_in_use(const struct store *store);
/* Closes both files cleanly (WAL checkpointed). Accepts NULL, returns NULL. */
struct store *store_close(struct store *store);

/* The plan whose ranks the levels of all tables have from now on; borrowed. On disk they have their
 * names. To be told before the first row with a level is written or read. */
void store_use_plan(struct store *store, const struct plan *plan);

/* A large file is not checked whole when it is opened: this checks a table of what was left, or all
 * of it, in tenths of a second. True: there are more. What is damaged is found out by the next use,
 * as at an opening. */
bool store_check_slice(struct store *store);

/* A message for people about the last failure: which file, what SQLite said. NULL asks for that of
 * the last store_open, which leaves no store behind when it fails. */
const char *store_message(const struct store *store);
const char *store_strerror(int error);

/* The uuid under which messages go out now, 36 characters: the database's own (of state.db), made
 * when it was created; while that is in memory another, which nobody else will ever have. */
const char *store_uuid(const struct store *store);

/*
 * One transaction on state.db. Nested begin is a bug (assert). A call that fails rolls the
 * transaction back at once; what follows in it does nothing and returns the same error, and so does
 * the commit that ends it (rollback or the next begin end it too); the commit of what could not
 * begin is STORE_E_IO. After STORE_E_IO from a commit the file is opened and checked again by the
 * next call; whether the transaction survived is then for the tables to say.
 */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* The same on samples.db, for the rows of one minute; commit ends it, failed or not. */
int store_samples_begin(struct store *store);
int store_samples_commit(struct store *store);
void store_samples_rollback(struct store *store);

/* What is read back from the disk into memory, as far as it can be read. */
#define STORE_KEPT_HOURS 1500    /* sixty days and some */
#define STORE_KEPT_MINUTES 180   /* of samples.db */
#define STORE_KEPT_MESSAGES 2000 /* those that would go next; the others wait on the disk */
#define STORE_KEPT_LINKS 500     /* of the events and of the log of what was in force, the newest */
#define STORE_KEPT_COMMANDS 1000 /* the newest: known again when they are repeated */

/*
 * From now on a transaction that the disk refuses is committed in memory, and so are those after
 * it; their changes are kept, at most `bytes` of them a file, until store_recover finds the disk
 * working. Then the oldest go first, and are counted.
 */
void store_keep(struct store *store, size_t bytes);
/* store_open and store_keep at once: a disk that is full, fails or is read-only from the start is
 * only read, and what it holds goes on in memory; if not all of that can be read, the code why. */
int store_open_keeping(const char *dir, size_t bytes, struct store **ret);
/* The same for files that are damaged and that store_mend could not replace: what can be read of
 * them goes on in memory, the files stay as they are until store_recover. */
int store_open_damaged(const char *dir, size_t bytes, struct store **ret);

/* Messages that wait, by their state: the store keeps the figures, outbox_counts() asks for them.
 */
struct outbox_counts {
	int64_t pending, sent, acked, blocked;
	int64_t oldest_seq; /* 0: empty */
	bool urgent;        /* of the pending ones some are warnings, orders or the like */
};

struct store_kept {
	bool state, samples;        /* which file is in memory */
	int64_t transactions, lost; /* not on disk yet; dropped because there was no room */
};
struct store_kept store_kept(const struct store *store);
/* What is committed may be lost by a power cut: state.db is in memory. */
bool store_is_volatile(const struct store *store);
/* Rows that were skipped because they are not what was written, each counted once; which was the
 * newest. */
int64_t store_bad_rows(const struct store *store, const char **ret_newest);
/* Messages that were not published because their check sum was wrong. */
int64_t store_damaged(const struct store *store);
/* Why the file that went to memory last did. */
const char *store_why(const struct store *store);

/* What became of a damaged file. */
struct mended {
	const char *file; /* NULL: it was good */
	char moved[256];  /* where the old one is */
	int64_t rows;     /* brought over */
	int broken_tables;
	int64_t newest_hour;         /* of state.db, 0: none is left */
	int64_t gap_first, gap_last; /* hours lost before it, 0: none */
};
#define STORE_FILES 2

/*
 * Replaces what is damaged in `dir` by new files with every row that can be read; the damaged ones
 * go to quarantine/, the newest two of each stay there. No store may be open, STORE_E_BUSY. A file
 * of another program is STORE_E_CORRUPT and left alone. If the new file cannot be written whole the
 * old one stays where it is: STORE_E_FULL, STORE_E_IO or a negative errno, and store_message(NULL).
 * A good file with a foreign user_version keeps its uuid.
 */
int store_mend(const char *dir, struct mended ret[STORE_FILES]);
/* The same for files of an open store that are in memory; then store_recover may succeed. */
int store_mend_open(struct store *store, struct mended ret[STORE_FILES]);

/*
 * Files that were deleted or replaced while the store was open are written again from what is open
 * (of one that is in memory: what was read back and what came since); a file that was put in the
 * place stays beside it as <file>.replaced. ret_gone: which. On an error the old file goes on.
 */
int store_restore(struct store *store, const char *ret_gone[STORE_FILES]);

/* Opens and checks what is in memory on disk again and writes what was kept. 0: nothing is in
 * memory any more. Another code: it goes on; STORE_E_CORRUPT: store_mend may help. */
int store_recover(struct store *store);

#endif
