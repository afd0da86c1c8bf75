/* SPDX-License-Identifier: MIT */
/*
 * What the city's command centre ordered, and what of it is in force (plan 4.1, 4.3; domain.md 3
 * "Who decides").
 *
 * A directive is somebody else's decision: no condition is claimed for it, and the station's own
 * advice neither makes, changes nor ends one. It is in force from its start until a lift or another
 * directive begins; a planned end that passes without a lift leaves it in force, overdue. Of
 * several that have begun the one with the latest start counts, of equals the one accepted last. A
 * lift also withdraws what was accepted before it and has not begun when it takes effect.
 */
#ifndef RULES_DIRECTIVE_H
#define RULES_DIRECTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"
#include "warning.h"

#define DIRECTIVE_TEXT_MAX 128 /* bytes, the NUL included */

struct directive {
	int64_t number;         /* in order of acceptance: 1, 2, 3, ... */
	enum level level;       /* LEVEL_NONE: a lift */
	int64_t start_ms;       /* since 1970 UTC */
	int64_t planned_end_ms; /* 0: none was said; else later than the start */
	bool regional;          /* for a regional joint response, else for local reasons */
	char area[DIRECTIVE_TEXT_MAX];
	char document[DIRECTIVE_TEXT_MAX]; /* its number as a document; may be empty */
	char issuer[DIRECTIVE_TEXT_MAX];
};

/* Those that still matter: what is in force, what has yet to begin, and the newest. */
#define DIRECTIVES_MAX 16
struct directives {
	int n;
	struct directive list[DIRECTIVES_MAX]; /* rising numbers */
};

/* The directive in force at a moment; NULL: none is, or a lift was the last. */
const struct directive *directive_in_force(const struct directives *directives, int64_t at_ms);

/* The one accepted last, a lift too; NULL: there was none. */
const struct directive *directive_newest(const struct directives *directives);

/* True if it is in force beyond its planned end. */
bool directive_overdue(const struct directive *directive, int64_t at_ms);

/* The first moment after at_ms at which something begins or becomes overdue; 0: none. */
int64_t directives_next_ms(const struct directives *directives, int64_t at_ms);

/*
 * Adds a directive with a higher number than the others; forgets what has ended by now_ms. False if
 * DIRECTIVES_MAX - 1 others have yet to begin: nothing changes then.
 */
bool directives_take(struct directives *directives, const struct directive *directive,
		     int64_t now_ms);

/* The kind of the event that a directive is: issue, upgrade, downgrade, lift, or a correction that
 * keeps the level (another end, another document). Both none: no event, false. */
bool directive_event(enum level before, enum level after, enum event_kind *ret);

#endif
