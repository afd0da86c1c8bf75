/* SPDX-License-Identifier: MIT */
/*
 * Commands that whoever gave them has been told are received, until they are in the database: two
 * append-only files with check sums beside state.db, of which one is written while the other is
 * cut.
 *
 * spool_append is called on the thread that receives (of a person on this machine the main thread),
 * and comes back when the command is on the card (fdatasync); it waits for the card alone, never
 * for the main thread, which takes the commands, commits what they do, and then cuts the files. A
 * file that is full or cannot be written leaves the command in memory alone, and it says so. What a
 * kill left is read first at the next open: a torn end is what nobody was promised, a damaged
 * record is skipped and counted. Knows nothing of what a command says, and never sees the database.
 */
#ifndef STORAGE_SPOOL_H
#define STORAGE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPOOL_KIND_MAX 24                    /* bytes of a kind, its NUL included */
#define SPOOL_PAYLOAD_MAX (64 * 1024)        /* bytes of a payload */
#define SPOOL_FILE_BYTES (4 * 1024 * 1024)   /* of each file; what finds no room stays in memory */
#define SPOOL_MEMORY_BYTES (4 * 1024 * 1024) /* of those in memory alone; more are refused */

struct spool;

struct spool_entry {
	int64_t number; /* as they came: 1, 2, 3, ... */
	bool retained;
	bool from_box; /* a person on this machine gave it, not the network */
	bool on_disk;  /* false: a kill would have lost it */
	int length;    /* of the payload, which a NUL follows */
	char kind[SPOOL_KIND_MAX];
	const char *payload;
};

enum spool_kept {
	SPOOL_ON_DISK,
	SPOOL_IN_MEMORY, /* the files are full or cannot be written */
	SPOOL_REFUSED,   /* neither: too large, or no memory */
};

/* Reads what is in `dir`, which exists. Files that cannot be opened or are no files leave
 * everything in memory, and spool_state says why. NULL without memory. */
struct spool *spool_open(const char *dir);
/* The thread that appends must have ended. Accepts NULL, returns NULL. */
struct spool *spool_close(struct spool *spool);

/* From any thread: copies a command in. Comes back when it is on the card, or is not to be. */
#define SPOOL_RETAINED 1u
#define SPOOL_FROM_BOX 2u
enum spool_kept spool_append(struct spool *spool, const char *kind, unsigned flags,
			     const void *payload, int length);

/* ---- the main thread ---- */

/* Readable when something came since spool_hear. */
int spool_fd(const struct spool *spool);
void spool_hear(struct spool *spool);

/* The oldest that spool_pass has not passed, borrowed until spool_cut; NULL: there is none. */
const struct spool_entry *spool_first(struct spool *spool);
void spool_pass(struct spool *spool);
/* The one that came after an entry that spool_pass has not passed; NULL: none yet. */
const struct spool_entry *spool_next(struct spool *spool, const struct spool_entry *entry);
/* What was passed is on disk elsewhere: forgets it and cuts the files as far as they hold nothing
 * else. Opens files again that could not be opened or were deleted. */
void spool_cut(struct spool *spool);

/* At a stop: writes what is in memory alone. Returns how many are still not on disk. */
int spool_save(struct spool *spool);

struct spool_state {
	int waiting;            /* not passed */
	int found;              /* read at the open */
	int64_t used;           /* bytes, until the files are cut, what is in memory included */
	int64_t unreadable;     /* bytes skipped at the open, */
	int64_t torn;           /* and of a torn end, which nobody was promised */
	uint64_t kept_volatile; /* since the open: in memory alone, */
	uint64_t refused;       /* not even there */
	bool failing;           /* the newest is not on disk; `why` */
	char why[320];
};
void spool_get_state(struct spool *spool, struct spool_state *ret);

#endif
