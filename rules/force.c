/* SPDX-License-Identifier: MIT */
/*
 *   issue yellow 08:00, upgrade red 12:00, lift 20:00: at 11:59 yellow, at 12:00 red, at 20:00 none
 */
#include "force.h"

#include <stddef.h>
#include <string.h>

bool force_row_of(const struct told *told, struct force_row *ret)
{
	switch (told->kind) {
	case EVENT_ISSUE:
	case EVENT_UPGRADE:
	case EVENT_DOWNGRADE:
	case EVENT_LIFT:
	case EVENT_AMENDED:
		*ret = (struct force_row){told->entry.effective_ms, told->entry.number,
					  told->number, told->level};
		return true;
	case EVENT_ANNOUNCED:
	case EVENT_WITHDRAWN:
	case EVENT_OVERDUE:
	case EVENT_HOLD:
	case EVENT_RESUME:
	case EVENT_RULES_CHANGED:
	case EVENT_CORRECTION:
	case EVENT_DUST:
		return false;
	}
	return false;
}

const struct force_row *force_at(const struct force_row rows[], int n, int64_t at_ms)
{
	while (n > 0 && rows[n - 1].from_ms > at_ms)
		n--;
	return n > 0 && rows[n - 1].level > 0 ? &rows[n - 1] : NULL;
}

/* An empty log (a database of an earlier revision) says nothing. A lift that had nothing to lift
 * has taken its turn without a row. */
static bool agrees_with_row(const struct timetable *timetable, const struct force_row *newest)
{
	const struct timetable_entry *in_force = timetable_in_force(timetable);
	if (!newest)
		return true;
	if (newest->level == 0)
		return !in_force;
	return in_force && in_force->number == newest->directive &&
	       in_force->level == newest->level;
}

/* Room for one more; what is left of the damaged entry goes. */
static void make_begun_room(struct timetable *timetable, int64_t damaged)
{
	int n = timetable->n_begun;
	if (n > 0 && timetable->begun[n - 1].number == damaged)
		n--;
	if (n == TIMETABLE_BEGUN_MAX)
		memmove(&timetable->begun[0], &timetable->begun[1],
			(size_t)(--n) * sizeof(timetable->begun[0]));
	timetable->n_begun = n;
}

bool force_mend(struct timetable *timetable, const struct force_row *newest)
{
	if (agrees_with_row(timetable, newest))
		return false;
	make_begun_room(timetable, newest->directive);
	const struct timetable_entry entry = {.number = newest->directive,
					      .level = newest->level,
					      .start_ms = newest->from_ms,
					      .said_ms = newest->from_ms,
					      .accepted_ms = newest->from_ms,
					      .effective_ms = newest->from_ms,
					      .begun_ms = newest->from_ms,
					      .previous = timetable_level(timetable),
					      .turn = ++timetable->last_turn};
	timetable->begun[timetable->n_begun++] = entry;
	if (entry.level == 0)
		timetable->episode = 0;
	else if (timetable->episode == 0)
		timetable->episode = entry.number;
	return true;
}
