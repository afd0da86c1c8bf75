/* SPDX-License-Identifier: MIT */
/*
 * What an event may be and whom it is about: the station's own advice, or a directive of the city
 * (domain.md 3 "Who decides"). One series of numbers for both.
 */
#ifndef RULES_EVENT_H
#define RULES_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum event_kind {
	/* the level advised, or in force, changed */
	EVENT_ISSUE,
	EVENT_UPGRADE,
	EVENT_DOWNGRADE,
	EVENT_LIFT,
	EVENT_AMENDED,   /* the same level: of a directive another end, area or document; of an
			    advice another onset */
	EVENT_ANNOUNCED, /* a directive was accepted and has not begun */
	EVENT_WITHDRAWN, /* an announced one will not begin */
	EVENT_OVERDUE,   /* a planned end passed without a lift */
	/* about the advice alone */
	EVENT_HOLD,          /* nothing can be decided for want of data */
	EVENT_RESUME,        /* it can again */
	EVENT_RULES_CHANGED, /* another plan or edition from this hour on */
	EVENT_CORRECTION,    /* reviewed hours would have advised otherwise */
	EVENT_DUST,          /* hours were flagged as a dust event, or that was taken back */
};
#define EVENT_KIND_COUNT 13

/* Why, where the kind alone does not say it; about the advice. */
enum event_reason {
	REASON_NONE,
	/* of a downgrade or lift */
	REASON_OBSERVED,   /* observed hours at or below the release threshold */
	REASON_FORECAST,   /* hours of a forecast, with what observed hours they need */
	REASON_REVIEW,     /* a person took away the hours that called for it */
	REASON_INSTRUMENT, /* an instrument was found at fault in them; of a correction too */
	REASON_LATE,       /* a data logger told them late or otherwise; of a correction too */
	/* of a hold, and of the resume that ends it */
	REASON_INSUFFICIENT_DATA,
	REASON_BEYOND_HORIZON, /* what a forecast does not reach could call for it */
	REASON_SECOND_ISSUE,   /* raised again a short time ago: one issue does not end it */
	REASON_OVER_RANGE,     /* an instrument stands at the end of its range */
	/* of a rise or an onset that moves, as the forecast, the review and the instrument above */
	REASON_DUST, /* hours were flagged as a dust event, or that was taken back */
};
#define EVENT_REASON_COUNT 11

enum event_about { ABOUT_ADVICE, ABOUT_DIRECTIVE };

/* The numbering of all events of a station. */
struct event_series {
	int64_t number;  /* of the newest event; 0: none yet */
	int64_t time_ms; /* of the newest event: times never run backwards */
};

/* "issue", "upgrade", ... */
const char *event_name(enum event_kind kind);
/* "observed_hours", "forecast", ...; NULL: none */
const char *event_reason_name(enum event_reason reason);
/* False if no reason bears the name. */
bool event_reason_parse(const char *name, enum event_reason *ret);
/* "advice", "directive" */
const char *event_about_name(enum event_about about);
#endif
