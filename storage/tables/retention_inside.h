/* SPDX-License-Identifier: MIT */
/* What the files of retention.h and command_quota.h share. Nobody else includes it. */
#ifndef STORAGE_TABLES_RETENTION_INSIDE_H
#define STORAGE_TABLES_RETENTION_INSIDE_H

#include "db.h"
#include "retention.h"

/* What the plan's timeline needs of hours, and what was in force in them. */
#define RETENTION_DAYS_LEFT 60

#define DAY_HOURS 24
#define MINUTES_LEFT_H 2 /* what the running hour and the one before it need */
#define HOURS_LEFT (RETENTION_DAYS_LEFT * DAY_HOURS)

/* The last of the oldest hours that may go, 0: none. `newest`: of what is stored. */
int64_t retention_last_to_go(int64_t oldest, int64_t newest, int64_t too_old, bool full,
			     int64_t left);
/* The hour up to which something is too old now; INT64_MIN: nobody knows what hour it is. */
int64_t retention_too_old(int64_t now, int32_t days);

/* Of the auxiliary quantities, by age, or as the first of a full samples.db. */
int retention_prune_auxiliaries(struct store *store, const struct retention *retention, int64_t now,
				bool *ret_more);

/* Whether a file would be full with so many pages more. */
int retention_db_is_full(struct db *db, int64_t more, bool *ret);

enum retention_said {
	RETENTION_DIRECTIVES,
	RETENTION_SLIPS,
	RETENTION_FAULTY_SLIPS,
	RETENTION_REVIEWS,
	RETENTION_REVIEWED_ANEW, /* of hours that were reviewed once more */
	RETENTION_OLD_REVIEWS,   /* of old hours that are there, of no episode that is kept */
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
