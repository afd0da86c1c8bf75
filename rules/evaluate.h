/* SPDX-License-Identifier: MIT */
/*
 * Plan + timeline -> for each level: is its condition met, is it called for, and why (plan 4.1,
 * domain.md 3).
 *
 * Three-valued: up to plan.gap_h missing hours inside a run are bridged; otherwise a question is
 * TRUE if the answer is yes with every missing value taken as 0, FALSE if it is no with every one
 * taken as 500, else UNKNOWN. Evaluates the present hour only; keeps no state.
 */
#ifndef RULES_EVALUATE_H
#define RULES_EVALUATE_H

#include "plan.h"
#include "released.h"
#include "timeline.h"

/* How far one part has come in the base run that comes nearest. */
struct part_progress {
	int32_t hours; /* longest stretch so far, in the plan's hours (k values cover k + 23); never
			  more than is known, unless the plan counts them so */
	int32_t needed; /* for_h */
	bool said;      /* fulfilled by what a forecast says in words (short_heavy), not by hours */
};

/* What a person needs to check the answer. Hours are END labels; 0: none. */
struct evidence {
	int condition;     /* index into plan_level.any, the nearest to being met */
	int64_t run_first; /* first and last value of the base run */
	int64_t run_last;  /* the present hour while it goes on */
	int64_t met_at;    /* the hour at which the last part was fulfilled; 0: not met */
	int64_t onset;    /* START of the first hour of air the run covers, or, if that is past, the
			     present hour's label; of an advice fixed when the level was advised */
	enum basis basis; /* what it rests on: forecast hours if it is met only by them */
	int32_t run_max;  /* highest daily AQI of the run, rounded up */
	int32_t run_hours; /* hours of air the run covers, as far as they are known */
	struct part_progress parts[PLAN_PARTS_MAX];
};

/* One alternative of a level: which part holds and how far the others are. */
struct condition_verdict {
	enum truth met;  /* by a base run that is going on or lies ahead */
	int64_t met_run; /* the first value of the run that goes on now and meets it, 0: none */
	/* hours until it is met if the air stays as it is now; 0: it is met; NOT_SO: it would not
	 * be */
	int32_t in_h;
	struct part_progress parts[PLAN_PARTS_MAX]; /* in the run that comes nearest */
};
#define NOT_SO (-1)

struct level_verdict {
	enum truth met;    /* one of its conditions is */
	enum truth called; /* met, and the stretch above the release threshold is near enough; a
			      level called for calls for every level below it */
	struct release_verdict release;
	struct evidence evidence; /* of the condition nearest to being met */
	uint32_t issues;          /* bits: on whose hours ahead the evidence rests */
	struct condition_verdict conditions[PLAN_CONDITIONS_MAX]; /* as in plan_level.any */
};

struct verdict {
	int64_t hour; /* the present hour */
	bool bridged; /* the present hour is missing, the gap is still short: nothing is decided */
	bool dust;    /* the present hour is of a dust event: nothing is decided either */
	int n_levels, horizon_hold_h; /* of the plan */
	enum basis basis;             /* what the hours ahead rest on, observed if there are none */
	bool waits_for_forecast; /* what is unknown is unknown for want of a forecast that is not
				    too old; else of observed hours */
	int n_issues;            /* of the timeline */
	struct forecast_issue issues[FORECAST_SOURCES_MAX];
	struct level_verdict levels[LEVEL_SLOTS]; /* by rank; [LEVEL_NONE] unused */
};

/* Holds the plan against the timeline at its present hour. O(hours of the timeline). */
void evaluate(const struct plan *plan, const struct timeline *timeline, struct verdict *ret);

#endif
