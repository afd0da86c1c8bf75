/* SPDX-License-Identifier: MIT */
/*
 * The advice as a state machine: issue, upgrade, downgrade, lift, hold, resume (plan 4.2, 4.3,
 * domain.md 3 "Held", "Unknown").
 *
 * Advice is the station's own; only a directive of the city puts a level in force (plan 4.1), and
 * nothing here becomes, changes or lifts one.
 */
#ifndef RULES_WARNING_H
#define RULES_WARNING_H

#include <stdbool.h>
#include <stdint.h>

#include "evaluate.h"
#include "event.h"

struct told; /* judge.h */

#define ADVICE_RAISED_AGAIN_H 24 /* after a downgrade or lift */
#define ADVICE_HOLD_AGAIN_H 24   /* a hold for want of data is told again */

/* The state; all zero is a station that never advised anything. Survives a restart as it is. */
struct advice {
	uint32_t held;                 /* bits 1u << level */
	bool holding;                  /* a hold was published and not yet ended */
	enum event_reason hold_reason; /* of that hold; REASON_NONE: there is none */
	int64_t hold_told;             /* the hour of its newest event */
	uint32_t undecided;            /* bits: levels that the data do not decide now */
	int64_t episode;               /* hour of the episode's issue, its id; 0: none */
	int64_t since;                 /* hour from which the present level holds */
	int64_t last_event;            /* number of the newest event; 0: none yet */
	int64_t last_hour;             /* the hour last stepped to */
	int64_t lowered;               /* hour of the newest downgrade or lift; 0: none yet */
	int64_t ended;                 /* the episode that the newest lift ended */
	/* raised again: the next downgrade or lift that rests on hours ahead needs two issues in a
	 * row. Which issue said so first; issued_ms 0: none yet */
	bool wary;
	struct forecast_issue said_first;
	/* by level: the hour from which it is held beyond the horizon without a break; 0: it is
	 * not */
	int64_t beyond_since[LEVEL_SLOTS];
	struct evidence evidence; /* why the present level was called for, the newest reason */
};

/* Other rules than those of before. Names are borrowed. */
struct rules_change {
	const char *plan_before, *plan, *edition_before, *edition;
	uint32_t sum_before, sum; /* over every number that decides */
	bool plan_same, edition_same;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.*): in the order of what belongs together */
struct event {
	enum event_kind kind;
	enum event_about about;
	enum event_reason reason; /* about the advice */
	int level;       /* the advice (directive) after the event; LEVEL_NONE after a lift */
	int previous;    /* and before it */
	int64_t number;  /* 1, 2, 3, ... without gaps */
	int64_t time_ms; /* when it was made, since 1970 UTC; the shell dates those of the advice */
	int64_t hour;    /* END label of the last closed hour when it was made */
	int64_t onset_ms; /* since 1970 UTC; 0: none */
	enum basis basis; /* a rise: of its evidence; else of the hours ahead, if there are any */
	int64_t episode;  /* of the advice: the hour of its issue; of a directive: the number of the
			     one that began it; 0: outside one */
	/* a correction of the advice: what the hours as they are now would have advised by this
	 * hour, and the first hour at which that differs from what was advised; 0: it does not */
	int revised;
	int64_t revised_from;
	/* REASON_OVER_RANGE: of what the air has at least how much, and what that would call for if
	 * it lasted */
	enum pollutant pollutant;
	int32_t at_least_milli;
	int would_call_for;
	/* what is told about a directive: kind, level, previous, number, time, onset and episode
	 * are copies of it; NULL: it is about the advice. Borrowed */
	const struct told *told;
	/* the forecast that a change of the advice rests on; issued_ms 0: on none */
	struct forecast_issue issue;
	int32_t behind_h;        /* of a downgrade or lift: observed hours at or below */
	uint32_t undecided;      /* a hold for want of data, bits: levels that cannot be decided */
	bool waits_for_forecast; /* and it is a forecast that is wanted, not observed hours */
	/* of dust: END labels of the flagged hours, or of those taken back */
	int64_t dust_from, dust_to;
	bool dust_cleared;
	const char *dust_source;          /* who flagged them; borrowed */
	const struct rules_change *rules; /* of rules_changed; borrowed */
};
#define WARNING_EVENTS_MAX 2 /* a change and a hold or resume may fall into one hour */

/* The advice: the highest level held. */
int advice_level(const struct advice *advice);

/*
 * Takes the verdict of the next hour. Writes what changed and returns how many events there are;
 * an hour not later than the last one changes nothing.
 */
int advice_step(struct advice *advice, const struct verdict *verdict,
		struct event ret[WARNING_EVENTS_MAX]);

/* Judges the hour last stepped to once more, after something was told: `cause` is REASON_FORECAST,
 * REASON_DUST, REASON_REVIEW, REASON_INSTRUMENT, REASON_LATE, or REASON_NONE for
 * hours imported. Writes what changed, as advice_step; a rise names the cause, and so does an onset
 * that lay ahead and has moved (EVENT_AMENDED). */
int advice_step_again(struct advice *advice, const struct verdict *verdict, enum event_reason cause,
		      struct event ret[WARNING_EVENTS_MAX]);

/*
 * Ends levels (bits) at once that no history without the false hours would ever have called for
 * (domain.md 1), whatever the air is: of the levels held those are taken. The verdict is of the
 * hours as they are now: it says why a lower level is held. `reason` is REASON_REVIEW,
 * REASON_INSTRUMENT or REASON_LATE. Returns how many events there are.
 */
int advice_end(struct advice *advice, const struct verdict *verdict, uint32_t levels,
	       enum event_reason reason, struct event ret[1]);

/* The kind of a change from one level to another; they differ. */
enum event_kind event_kind_between(int before, int after);

/* Numbers an event that the shell saw (rules_changed, correction, over range); the advice itself
 * stays. */
void advice_note(struct advice *advice, enum event_kind kind, int64_t hour, struct event *ret);

#endif
