/* SPDX-License-Identifier: MIT */
/* What the files of retention.h and command_quota.h share. Nobody else includes it. */
#ifndef STORAGE_TABLES_RETENTION_INSIDE_H
#define STORAGE_TABLES_RETENTION_INSIDE_H

#include "db.h"
#include "retention.h"

/* What the plan's timeline needs of hours, and what was in force in them. */
#define RETENTION_DAYS_LEFT 60

/* Whether a file would be full with so many pages more. */
int retention_db_is_full(struct db *db, int64_t more, bool *ret);

enum retention_said {
	RETENTION_DIRECTIVES,
	RETENTION_SLIPS,
	RETENTION_FAULTY_SLIPS,
	RETENTION_REVIEWS,
	RETENTION_REVIEWED_ANEW, /* of hours that were reviewed once more */
};

/* Inside the caller's transaction: deletes, with their commands, what was accepted before a moment
 * and nothing rests on, of the next hundred rows behind the key *from, which goes to the last of
 * them, and to 0 behind the last of all. *gone grows by the rows deleted. */
int retention_drop_said(struct db *db, enum retention_said which, int64_t before_ms, int64_t *from,
			int64_t *gone);

/* The same in a transaction of its own, of the whole tables, some at a time; ret_more as
 * retention_prune has it. */
int retention_prune_said(struct db *db, int64_t before_ms, bool *ret_more);

#endif
