/* SPDX-License-Identifier: MIT */
/*
 * A word of the command centre: a directive as it was said, what it withdraws, and what is answered
 * to it.
 *
 * Decides only whether a word may be taken at all; what it does to the timetable is judge.h.
 */
#ifndef RULES_WORD_H
#define RULES_WORD_H

#include "event.h"
#include "timetable.h"

#define WORD_WITHDRAWS_MAX 16
#define WORD_TOO_LATE_MAX (WORD_WITHDRAWS_MAX + TIMETABLE_BEGUN_MAX)
#define WORD_AHEAD_MS INT64_C(3600000)       /* so far a sender's clock may be ahead of ours */
#define WORD_FAR_MS INT64_C(2592000000)      /* 30 days: a start further away is a mistake */
#define WORD_CLOCKS_APART_MS INT64_C(300000) /* default of the setting clocks_apart */

/* What is answered; numbers are directives' numbers. Filled in by judge. */
struct word_answer {
	enum refusal refusal;
	int64_t number; /* given at its acceptance; 0: refused */
	/* REFUSAL_OLDER: than which accepted one, and when that was said */
	int64_t older_than, older_than_ms;
	int n_taken_out, n_kept, n_too_late;
	int64_t taken_out[TIMETABLE_PENDING_MAX];
	int64_t kept[1]; /* a raise to the same level just before it, which stays */
	char too_late[WORD_TOO_LATE_MAX][TIMETABLE_ID_SIZE]; /* begun already, or unknown */
	int64_t passed_over_by;                              /* 0: it was not */
	int document_was; /* -1, or the level that this document number had */
	bool no_effect;   /* a lift, and there was nothing to lift or to take out */
};

#define WORD_AREA_SIZE 2001 /* bytes, the NUL included */

/* What a directive says beside its place in the timetable. */
struct word_details {
	int64_t number;            /* of the directive */
	bool regional;             /* for a regional joint response, else for local reasons */
	char area[WORD_AREA_SIZE]; /* "": the plan's district */
};

struct timetable_word {
	char id[TIMETABLE_ID_SIZE];
	char issuer[TIMETABLE_TEXT_SIZE];
	char document[TIMETABLE_TEXT_SIZE];
	int64_t time_ms, received_ms;
	bool has_level; /* false: it only withdraws */
	int level;      /* 0: a lift */
	int64_t start_ms;
	int64_t planned_end_ms;        /* 0: none */
	char after[TIMETABLE_ID_SIZE]; /* "": it names none */
	int n_withdraws;
	char withdraws[WORD_WITHDRAWS_MAX][TIMETABLE_ID_SIZE];
	int64_t order_ms; /* words_sort's own */
	struct word_answer answer;
};

/* When and under which settings words are judged. */
struct word_moment {
	int64_t now_ms;
	struct event_series *series; /* goes on with each event */
	int64_t clocks_apart_ms;     /* a setting: WORD_CLOCKS_APART_MS */
	bool unsynchronised;         /* nothing is refused for lying ahead of now then */
};

/* When it was said: the earlier of its time and its reception, never after now. */
int64_t word_said_ms(const struct timetable_word *word, int64_t now_ms);

/*
 * Whether it may be taken; the last refusal, REFUSAL_TOO_MANY, is judge's. Of an older one says in
 * the answer than which. An equal moment is not older; of the same issuer any earlier one is.
 */
enum refusal word_refusal(const struct timetable *timetable, struct timetable_word *word,
			  const struct word_moment *moment);

/*
 * Sorts n words into the order in which they were said, equal ones as they came; one that comes
 * `after` another of them stands behind it.
 */
void words_sort(struct timetable_word *words[], int n, int64_t now_ms);

/* True if a known directive has the word's document number, but another level or start and is no
 * part of the same announcement: "document_was". */
bool word_contradicts(const struct timetable_entry *known, const struct timetable_entry *word);

#endif
