/* SPDX-License-Identifier: MIT */
/*
 * Which summaries are due (plan 7): one for each episode of directives, from none in force to none
 * again, within so many working days of its end. A newer directive takes none away: a summary is
 * closed when every unit of the episode's measures has answered for it, and forgotten 60 days
 * behind its date.
 *
 * Goes through the log of what was in force row by row. Reads no receipt: who answered, it is told.
 */
#ifndef RULES_SUMMARY_H
#define RULES_SUMMARY_H

#include "calendar.h"
#include "force.h"
#include "plan.h"

#define SUMMARY_KEPT_DAYS 60
#define SUMMARIES_MAX 8 /* the newest; older ones are dropped */

struct summary {
	int64_t episode; /* number of the directive that began it */
	int64_t begun_ms, ended_ms;
	int level;       /* the highest that was in force */
	uint32_t units;  /* bits: index into plan.units, of the measures of all its levels */
	uint32_t done;   /* of these, those that have answered */
	int32_t due_day; /* as in calendar.h */
	bool certain;    /* the calendar knows all days up to it */
};

/* Begin with summaries_of. */
struct summaries {
	const struct plan *plan;
	const struct calendar *calendar;
	int64_t now_ms;
	struct summary running; /* episode 0: none */
	int n;
	struct summary list[SUMMARIES_MAX]; /* oldest first */
};

/* Nothing seen yet; both are borrowed. */
struct summaries summaries_of(const struct plan *plan, const struct calendar *calendar,
			      int64_t now_ms);

/* The next row of the log, oldest first. A level of another plan has units that this one does not
 * know. */
void summaries_follow(struct summaries *summaries, const struct force_row *row);

/* That a unit, by its id, has answered for one of the list. */
void summary_answered(struct summary *summary, const struct plan *plan, const char *unit);

/* False once every unit has answered; where the plan names no units nobody can. */
bool summary_is_open(const struct summary *summary);

/* True if its date has passed. */
bool summary_is_late(const struct summary *summary, int64_t now_ms);

#endif
