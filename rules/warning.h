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

enum event_kind {
	EVENT_ISSUE,
	EVENT_UPGRADE,
	EVENT_DOWNGRADE,
	EVENT_LIFT,
	EVENT_HOLD,          /* nothing can be decided for want of data */
	EVENT_RESUME,        /* it can again */
	EVENT_RULES_CHANGED, /* another plan or edition from this hour on */
	EVENT_CORRECTION,    /* reviewed hours would have advised otherwise; of a directive: another
				end or document, the same level */
};
#define EVENT_KIND_COUNT 8

enum event_about { ABOUT_ADVICE, ABOUT_DIRECTIVE };

/* The state; all zero is a station that never advised anything. Survives a restart as it is. */
struct advice {
	uint32_t held;            /* bits 1u << level */
	bool holding;             /* a hold was published and not yet ended */
	int64_t episode;          /* hour of the episode's issue, its id; 0: none */
	int64_t since;            /* hour from which the present level holds */
	int64_t last_event;       /* number of the newest event; 0: none yet */
	int64_t last_hour;        /* the hour last stepped to */
	struct evidence evidence; /* why the present level was called for, the newest reason */
};

struct event {
	enum event_kind kind;
	enum event_about about;
	enum level level;    /* the advice (directive) after the event; LEVEL_NONE after a lift */
	enum level previous; /* and before it */
	int64_t number;      /* 1, 2, 3, ... without gaps */
	int64_t hour;
	int64_t onset;    /* 0: none */
	enum basis basis; /* a rise: of its evidence; else of the hours ahead, if there are any */
	int64_t episode;  /* 0 for a hold or resume outside an episode */
	/* a correction of the advice: what the hours as they are now would have advised by this
	 * hour, and the first hour at which that differs from what was advised; 0: it does not */
	enum level revised;
	int64_t revised_from;
};
#define WARNING_EVENTS_MAX 2 /* a change and a hold or resume may fall into one hour */

/* The advice: the highest level held. */
enum level advice_level(const struct advice *advice);

/* "issue", "upgrade", ... */
const char *event_name(enum event_kind kind);
/* "advice", "directive" */
const char *event_about_name(enum event_about about);

/*
 * Takes the verdict of the next hour. Writes what changed and returns how many events there are;
 * an hour not later than the last one changes nothing.
 */
int advice_step(struct advice *advice, const struct verdict *verdict,
		struct event ret[WARNING_EVENTS_MAX]);

/* Judges the hour last stepped to once more, after something but the hours changed (a forecast, a
 * dust event, a review). Writes what changed, as advice_step. */
int advice_step_again(struct advice *advice, const struct verdict *verdict,
		      struct event ret[WARNING_EVENTS_MAX]);

/* The kind of a change from one level to another; they differ. */
enum event_kind event_kind_between(enum level before, enum level after);

/* Numbers an event that the shell saw (rules_changed, correction); the advice itself stays. */
void advice_note(struct advice *advice, enum event_kind kind, int64_t hour, struct event *ret);

/* Gives an event about a directive the next number: one series for both. */
void advice_number(struct advice *advice, struct event *event);

#endif
