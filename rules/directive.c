/* SPDX-License-Identifier: MIT */
/*
 *   yellow from Monday 08:00, accepted on Sunday; orange from Tuesday 00:00, accepted on Monday:
 * yellow is in force on Monday, orange from Tuesday on, until a lift begins
 */
#include "directive.h"

#include <stddef.h>
#include <string.h>

/* Withdrawn by a lift that was accepted later and takes effect before this one begins. */
static bool withdrawn(const struct directives *directives, int i, int64_t at_ms)
{
	for (int j = i + 1; j < directives->n; j++) {
		const struct directive *lift = &directives->list[j];
		if (lift->level == LEVEL_NONE && lift->start_ms <= at_ms &&
		    lift->start_ms <= directives->list[i].start_ms)
			return true;
	}
	return false;
}

/* The one that has taken effect at a moment, a lift too; -1: none. */
static int effective(const struct directives *directives, int64_t at_ms)
{
	int found = -1;
	for (int i = 0; i < directives->n; i++) {
		int64_t start_ms = directives->list[i].start_ms;
		if (start_ms > at_ms || withdrawn(directives, i, at_ms))
			continue;
		if (found < 0 || start_ms >= directives->list[found].start_ms)
			found = i;
	}
	return found;
}

const struct directive *directive_in_force(const struct directives *directives, int64_t at_ms)
{
	int i = effective(directives, at_ms);
	if (i < 0 || directives->list[i].level == LEVEL_NONE)
		return NULL;
	return &directives->list[i];
}

const struct directive *directive_newest(const struct directives *directives)
{
	return directives->n > 0 ? &directives->list[directives->n - 1] : NULL;
}

bool directive_overdue(const struct directive *directive, int64_t at_ms)
{
	return directive->planned_end_ms != 0 && directive->planned_end_ms <= at_ms;
}

static int64_t sooner(int64_t next_ms, int64_t candidate_ms, int64_t at_ms)
{
	if (candidate_ms <= at_ms)
		return next_ms;
	return next_ms == 0 || candidate_ms < next_ms ? candidate_ms : next_ms;
}

int64_t directives_next_ms(const struct directives *directives, int64_t at_ms)
{
	int64_t next_ms = 0;
	for (int i = 0; i < directives->n; i++) {
		next_ms = sooner(next_ms, directives->list[i].start_ms, at_ms);
		next_ms = sooner(next_ms, directives->list[i].planned_end_ms, at_ms);
	}
	return next_ms;
}

/* What is over: begun, and something else took effect since. */
static void forget(struct directives *directives, int64_t now_ms)
{
	int current = effective(directives, now_ms), kept = 0;
	for (int i = 0; i < directives->n; i++) {
		const struct directive *directive = &directives->list[i];
		bool waits = directive->start_ms > now_ms && !withdrawn(directives, i, now_ms);
		if (i != current && !waits)
			continue;
		directives->list[kept++] = *directive;
	}
	directives->n = kept;
}

bool directives_take(struct directives *directives, const struct directive *directive,
		     int64_t now_ms)
{
	struct directives next = *directives;
	forget(&next, now_ms);
	if (next.n == DIRECTIVES_MAX)
		return false;
	next.list[next.n++] = *directive;
	*directives = next;
	return true;
}

bool directive_event(enum level before, enum level after, enum event_kind *ret)
{
	if (before == LEVEL_NONE && after == LEVEL_NONE)
		return false;
	*ret = before == after ? EVENT_CORRECTION : event_kind_between(before, after);
	return true;
}
