/* SPDX-License-Identifier: MIT */
/*
 * When a level that is held may go: so many known hours within every limit of its release, and
 * nothing in the air at the end of a forecast that could yet call for it (domain.md 3 "Held",
 * "Horizon").
 */
#ifndef RULES_RELEASED_H
#define RULES_RELEASED_H

#include "plan.h"
#include "timeline.h"

struct view;

enum truth { TRUTH_FALSE, TRUTH_UNKNOWN, TRUTH_TRUE };

/* So far beyond the last known hour a run is thought to go on, at its worst. */
#define HORIZON_LOOK_H 48

struct release_verdict {
	enum truth released; /* hours ahead as far as a forecast reaches, the rest behind */
	enum truth observed; /* release_h observed hours say the same, whatever lies ahead */
	int32_t for_h;       /* hours that the level asks for */
	int32_t behind_h;    /* observed hours at or below up to the present one, at most for_h
				and not counting dust */
	uint32_t issues;     /* bits: timeline.issues on whose hours `released` rests */
	bool beyond_horizon; /* a base run reaches the last known hour ahead, and would meet a
				condition if the hours after it were 500 */
};

/* `known` sees missing values as 0 and ends with the last known hour; level: its rank. */
void evaluate_release(const struct view *known, int level, struct release_verdict *ret);

#endif
