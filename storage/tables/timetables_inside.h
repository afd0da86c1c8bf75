/* SPDX-License-Identifier: MIT */
/* What the files of the timetable share. Inside storage/tables only. */
#ifndef STORAGE_TABLES_TIMETABLES_INSIDE_H
#define STORAGE_TABLES_TIMETABLES_INSIDE_H

#include "db.h"
#include "timetables.h"

/* Numbers of rows that are not what was written. */
struct timetable_bad {
	int n;
	int64_t numbers[TIMETABLE_BEGUN_MAX + TIMETABLE_PENDING_MAX];
	bool any; /* in any of the tables */
	bool state;
};

/* timetable_entries.c */
int timetable_read_entries(struct store *store, struct timetable *ret, struct timetable_bad *bad);
void timetable_write_entries(struct store *store, const struct timetable *timetable);
/* Puts one that was healed in its place. */
void timetable_insert(struct timetable *timetable, const struct timetable_entry *entry);

/* timetable_words.c */
int timetable_read_issuers(struct store *store, struct timetable *ret, struct timetable_bad *bad);
int timetable_read_refused(struct store *store, struct timetable *ret, struct timetable_bad *bad);
void timetable_write_issuers(struct store *store, const struct timetable *timetable);
void timetable_write_refused(struct store *store, const struct timetable *timetable);

/* timetable_old.c: of a database from before the timetable, as its directives counted when it last
 * told the time. All zero: it has none. */
int timetable_from_directives(struct store *store, struct timetable *ret);

/* timetable_heal.c: a row of the timetable that is damaged, from its directive and the log of what
 * was in force: the one in force, or a pending one. STORE_E_NONE: it matters no more, or nothing is
 * known of it. */
int timetable_heal(struct store *store, int64_t number, const struct timetable *timetable,
		   struct timetable_entry *ret);

#endif
