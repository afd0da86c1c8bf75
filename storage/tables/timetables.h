/* SPDX-License-Identifier: MIT */
/*
 * The directives' timetable, the binding and the log of what was in force (rules/timetable.h,
 * binding.h, force.h), row by row with check sums. Writers run inside the caller's transaction. A
 * row whose check sum is wrong is skipped, set aside and told once (store_bad_rows).
 */
#ifndef STORAGE_TABLES_TIMETABLES_H
#define STORAGE_TABLES_TIMETABLES_H

#include "binding.h"
#include "force.h"
#include "store.h"
#include "timetable.h"

/* All zero on a fresh database. Of a database from before this table: made of its directives, as
 * they counted at the time of the migration (the last begun one, those pending). */
int timetables_load(struct store *store, struct timetable *ret, struct binding *ret_binding);
/* Writes what differs from what is stored. A level is stored by its name. */
int timetables_save(struct store *store, const struct timetable *timetable,
		    const struct binding *binding);

/* Fills in what a directive that the log alone has in force says, from its row, its command or its
 * events. STORE_E_NONE, STORE_E_CORRUPT: nothing is known of it. Health names it as damaged. */
int timetables_recall(struct store *store, struct timetable_entry *entry);

/* Whether an event told that the planned end of this directive has passed. */
int timetables_told_overdue(struct store *store, int64_t number, bool *ret);
/* True if a row of this directive was found damaged since the store was opened. */
bool timetables_is_damaged(const struct store *store, int64_t number);

/* The log of what was in force: rows are never changed, and chained as events are. */
int force_log_append(struct store *store, const struct force_row *row, int64_t made_ms);
/* STORE_E_NONE: it is empty. */
int force_log_newest(struct store *store, struct force_row *ret);
/* Hands over its rows, oldest first; a damaged one is left out and told. */
int force_log_each(struct store *store, void (*take)(void *ctx, const struct force_row *row),
		   void *ctx);
/* What was in force at a moment, by the log; STORE_E_NONE: none was. */
int force_log_at(struct store *store, int64_t at_ms, struct force_row *ret);

#endif
