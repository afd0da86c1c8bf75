/* SPDX-License-Identifier: MIT */
/*
 * The last word counts: what words of the command centre and the passing of time make of the
 * timetable, and the events that tell of it (plan 4.1, 4.3; domain.md 3 "Who decides").
 *
 * A new entry takes out what is pending from its start on, until its planned end if it has one; a
 * lift or downgrade to the same level pending just before it is postponed by it; a raise is not.
 * Parts of one announcement take out none of each other. Words that arrive together are judged as
 * if each had come when it was said, starts between them included, and only the outcome takes
 * effect. Nothing takes effect or ends without an event; every announced entry ends in exactly one.
 */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "word.h"

#define JUDGE_ON_TIME_MS INT64_C(60000) /* told so soon after its start it began on time */

enum told_reason {
	TOLD_BECAUSE_SAID,         /* accepted just now */
	TOLD_BECAUSE_BEGUN,        /* the start of an announced one came */
	TOLD_BECAUSE_END_PASSED,   /* a planned end without a lift */
	TOLD_BECAUSE_REPLACED,     /* withdrawn: a later word covers its start */
	TOLD_BECAUSE_POSTPONED,    /* withdrawn: the same lift or downgrade, later */
	TOLD_BECAUSE_NAMED,        /* withdrawn: a later word names it */
	TOLD_BECAUSE_PASSED_OVER,  /* withdrawn: another began before it could take effect */
	TOLD_BECAUSE_NOTHING_LEFT, /* withdrawn: a lift, and nothing was in force */
};
#define TOLD_REASON_COUNT 8

struct told {
	enum event_kind kind;
	enum told_reason reason;
	int64_t number;               /* of the event, without gaps */
	int64_t time_ms;              /* the later of now and the last event's */
	int64_t onset_ms;             /* its start before it begins, then `effective` */
	int level, previous;          /* in force after it and before; of an announced or
					 withdrawn one: its own, and the one it would follow */
	int64_t episode;              /* 0: outside one */
	int64_t by;                   /* of a withdrawn one: the directive that did it; else 0 */
	struct timetable_entry entry; /* the directive it is about, as it is after the event */
};

#define JUDGE_TOLD_MAX (2 * TIMETABLE_PENDING_MAX + 3)

/* What came of it. */
struct judge_outcome {
	int64_t before, after; /* the directive in force; 0: none */
	int level_before, level_after;
	int n_told;
	struct told told[JUDGE_TOLD_MAX];
};

/*
 * Takes n words (0: only time passed) that arrived together, sorts them into the order in which
 * they were said, answers each, and begins what has to begin by now. The caller keeps the state of
 * before until its transaction is on disk.
 */
void judge(struct timetable *timetable, struct timetable_word *words[], int n,
	   const struct word_moment *moment, struct judge_outcome *ret);

/* "said", "begun", ... */
const char *told_reason_name(enum told_reason reason);

#endif
