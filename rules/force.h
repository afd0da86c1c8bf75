/* SPDX-License-Identifier: MIT */
/*
 * The log of what was in force from when to when: one row for each event that changes it. Replayed
 * it gives what was in force at every past moment, and it stands in for a directive whose own row
 * is damaged: what is in force is never silently none.
 */
#ifndef RULES_FORCE_H
#define RULES_FORCE_H

#include "judge.h"

struct force_row {
	int64_t from_ms;   /* `effective`: rows never go backwards */
	int64_t directive; /* number */
	int64_t event;     /* number of the event that told it */
	int level;         /* 0: none in force from then on */
};

/* The row that an event brings; false: it changes nothing of what is in force. */
bool force_row_of(const struct told *told, struct force_row *ret);

/* What was in force at a moment, by n rows, oldest first; NULL: none was. */
const struct force_row *force_at(const struct force_row rows[], int n, int64_t at_ms);

/*
 * Holds a timetable that was read back against the log's newest row (NULL: the log is empty, and
 * says nothing): if the directive that the log has in force is missing or another, it is put in
 * force by the log, with what the log knows of it, and true is returned: a row is damaged.
 */
bool force_mend(struct timetable *timetable, const struct force_row *newest);

#endif
