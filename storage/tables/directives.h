/* SPDX-License-Identifier: MIT */
/*
 * What the command centre said, one row an accepted directive, kept as long as something rests on
 * it, and as long as hours at least (retention.h). What counts of it is in the timetable. A row
 * carries a CRC-32; one that is not what was written is told once (store_bad_rows) and read from
 * the text of its command, and without that from the newest event about it. The column
 * passed_over_by, for whoever looks back, has the number of the one that took effect in its place.
 */
#ifndef STORAGE_TABLES_DIRECTIVES_H
#define STORAGE_TABLES_DIRECTIVES_H

#include "store.h"
#include "word.h"

/* SQL: the sender's id of a directive, whose command has the name directive/key/id. */
#define DIRECTIVES_ID_OF(name) "substr(" name ", 11 + instr(substr(" name ", 11), '/'))"

/* Inside the caller's transaction: an accepted word, under the number that its answer has and the
 * name of its command (commands_put). Of one that only withdraws, level, start and end are not
 * stored. */
int directives_append(struct store *store, const char *command, const struct timetable_word *word,
		      const struct word_details *details, int64_t said_ms);

/* Likewise: one that was accepted before was passed over by another. */
int directives_pass_over(struct store *store, int64_t number, int64_t by);

/* STORE_E_NONE: no directive has this number. STORE_E_CORRUPT: it is damaged, its command and its
 * events too; a transaction goes on. */
int directives_details(struct store *store, int64_t number, struct word_details *ret);

/* The directive as it was accepted, pending. The same errors; STORE_E_NONE also if it only
 * withdraws. A level of another plan is LEVEL_UNKNOWN. */
int directives_entry(struct store *store, int64_t number, struct timetable_entry *ret);

/* What it came too late for, in an answer that has nothing else but its number. STORE_E_NONE, and
 * STORE_E_CORRUPT if the row is damaged: its command does not know. */
int directives_too_late(struct store *store, int64_t number, struct word_answer *ret);

#endif
