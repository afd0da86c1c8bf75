/* SPDX-License-Identifier: MIT */
/*
 * The directives' timetable: what the city's command centre ordered and has begun, and what is
 * announced and has not (plan 4.1, 4.3; domain.md 3 "Who decides").
 *
 * In force is the last entry whose start has come once; what has begun does not un-begin when the
 * clock steps back. A planned end that passes without a lift leaves it in force, overdue. The state
 * is plain values: stored row by row and read back it goes on as if it had never stopped. Changes
 * are made by judge.h alone; nothing here claims a condition or touches the station's own advice.
 *
 * A level is a rank: 0 none, rising with severity.
 */
#ifndef RULES_TIMETABLE_H
#define RULES_TIMETABLE_H

#include <stdbool.h>
#include <stdint.h>

#define TIMETABLE_ID_SIZE 65    /* bytes, the NUL included: a command's id */
#define TIMETABLE_TEXT_SIZE 128 /* the same of a document's number or an issuer */
#define TIMETABLE_RANK_MAX 8

#define TIMETABLE_PENDING_MAX 15
#define TIMETABLE_BEGUN_MAX 8    /* the newest that took effect; the last of them counts */
#define TIMETABLE_ISSUERS_MAX 16 /* whose newest word is remembered; the oldest word is dropped */
#define TIMETABLE_REFUSED_MAX 16 /* the newest refused are remembered */
#define TIMETABLE_REFUSED_MS INT64_C(86400000)

/* A directive that has its place in the timetable. Times are ms since 1970 UTC. */
struct timetable_entry {
	int64_t number; /* in order of acceptance: 1, 2, 3, ... */
	int level;      /* 0: a lift */
	int64_t start_ms;
	int64_t planned_end_ms; /* 0: none was said */
	int64_t time_ms;        /* of the command, by its sender's clock */
	int64_t said_ms;        /* the earlier of that and its reception */
	int64_t accepted_ms;    /* when it was judged; both lowered when the clock is set back */
	bool announced;         /* an event announced it */
	bool released;          /* a slip names it (binding.h) */
	/* Once it took effect; all zero before. */
	int64_t turn;         /* 1, 2, 3, ... in the order of taking effect */
	int64_t effective_ms; /* when it took effect here, never before that of the turn before */
	int64_t begun_ms; /* the same by the clock as it is now: lowered when that is set back */
	int previous;     /* the level in force until then */
	bool overdue;     /* its planned end has passed once */
	char id[TIMETABLE_ID_SIZE];
	char document[TIMETABLE_TEXT_SIZE]; /* may be empty: then it is part of no announcement */
	char issuer[TIMETABLE_TEXT_SIZE];
};

/* The newest accepted word of an issuer. */
struct timetable_issuer {
	int64_t number;
	int64_t said_ms; /* lowered when the clock is set back */
	char issuer[TIMETABLE_TEXT_SIZE];
};

/* Why a word was refused; REFUSAL_NONE: it was not. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_EMPTY,          /* neither a level nor anything to withdraw */
	REFUSAL_TIME_AHEAD,     /* its time lies ahead of now */
	REFUSAL_START_FAR,      /* its start is more than 30 days away */
	REFUSAL_LIFT_WITH_END,  /* a lift has no planned end */
	REFUSAL_END_NOT_LATER,  /* planned end not later than the start */
	REFUSAL_END_HAS_PASSED, /* planned end passed when it was said */
	REFUSAL_OLDER,          /* older than another accepted one, and does not come after it */
	REFUSAL_TOO_MANY,       /* it would be the 16th pending one */
	REFUSAL_MALFORMED,      /* none that the contract or the plan knows: it was not read */
};
#define REFUSAL_COUNT 10

struct timetable_refused {
	enum refusal why;
	int64_t at_ms;              /* lowered when the clock is set back */
	char id[TIMETABLE_ID_SIZE]; /* "": it named none, as its issuer */
	char issuer[TIMETABLE_TEXT_SIZE];
};

/* All zero: a station that was never told anything. */
struct timetable {
	int64_t last_number; /* of the newest accepted word, `withdraws` alone counted too */
	int64_t last_turn;
	int64_t episode; /* number of the directive that ended "none in force"; 0: none is */
	char newest_id[TIMETABLE_ID_SIZE]; /* of the newest accepted word */
	int n_begun, n_pending, n_issuers, n_refused;
	struct timetable_entry begun[TIMETABLE_BEGUN_MAX];     /* rising turns */
	struct timetable_entry pending[TIMETABLE_PENDING_MAX]; /* rising starts, no two equal */
	struct timetable_issuer issuers[TIMETABLE_ISSUERS_MAX];
	struct timetable_refused refused[TIMETABLE_REFUSED_MAX]; /* oldest first */
	int refused_more; /* that found no room there, until a day after the newest of them: */
	int64_t refused_more_ms;
};

/* The entry that took effect last, a lift too; NULL: none ever did. */
const struct timetable_entry *timetable_last(const struct timetable *timetable);

/* The directive in force; NULL: none is, or a lift was the last. */
const struct timetable_entry *timetable_in_force(const struct timetable *timetable);

/* The level in force, 0: none. */
int timetable_level(const struct timetable *timetable);

/* The level before pending[i] begins, if all before it begin. */
int timetable_level_before(const struct timetable *timetable, int i);

/* Index of the first pending entry that brings another level than the one before it, from
 * pending[i] on; -1: none. */
int timetable_next_change(const struct timetable *timetable, int i);

/* A pending or begun entry by its number; NULL. */
struct timetable_entry *timetable_find(struct timetable *timetable, int64_t number);

/* True if both are parts of one announcement: the same document, time and issuer. */
bool timetable_same_announcement(const struct timetable_entry *a, const struct timetable_entry *b);

/* The accepted word that was said last (its number and moment) among those of one issuer, or of all
 * with issuer NULL; NULL: none. */
const struct timetable_issuer *timetable_said_last(const struct timetable *timetable,
						   const char *issuer);

/* The first moment after which judge_look has something to do (a start, a planned end, a refusal to
 * forget); INT64_MAX: none. */
int64_t timetable_next_ms(const struct timetable *timetable);

/* Remembers that a word was accepted, or refused. */
void timetable_note_accepted(struct timetable *timetable, const struct timetable_issuer *word);
void timetable_note_refused(struct timetable *timetable, const struct timetable_refused *word);

/* Follows a clock that was set back (what is kept as later than now is now) and forgets refusals
 * after 24 h. */
void timetable_follow_clock(struct timetable *timetable, int64_t now_ms);

/* "empty", "time_ahead", "older", ... */
const char *refusal_name(enum refusal refusal);

#endif
