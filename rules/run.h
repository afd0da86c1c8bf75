/* SPDX-License-Identifier: MIT */
/*
 * The hours of a timeline as one question sees them, and the runs in them (domain.md 3 "Duration",
 * "Unknown", "Dust event").
 *
 * A view takes every missing value as one and the same AQI. Hours of a dust event are passed over:
 * they neither extend nor break a run. With counting natural-day a daily AQI is that of the
 * calendar day of Beijing: the value of its last hour stands until the next day's.
 */
#ifndef RULES_RUN_H
#define RULES_RUN_H

#include "plan.h"
#include "timeline.h"

/* Hours of air that the first daily value of a run covers before it. */
#define COVERED_BEFORE_H 23
/* Hours before the record are unknown, not absent: as many as a part can ask for. */
#define UNKNOWN_BEFORE_H (PLAN_HOURS_MAX + COVERED_BEFORE_H)
/* An index that is none. */
#define NEVER (-UNKNOWN_BEFORE_H - COVERED_BEFORE_H - 1)

/* No air has more. */
#define VIEW_MOST_MILLI (500 * AQI_MILLI)

/* Hours are indices into timeline->hours; negative ones lie before the record. */
struct view {
	const struct plan *plan;
	const struct timeline *timeline;
	int32_t assumed_milli; /* what a missing value is taken as: 0 or VIEW_MOST_MILLI */
	int now, end;          /* the present hour; one past the last hour to be seen */
	int open; /* from here to `end` nobody knows anything: taken as VIEW_MOST_MILLI */
	int own_end[PLAN_OWN_MAX]; /* one past the last hour that knows it, where that is before
				      `end`: a forecast in AQIs says nothing of it */
};

struct run {
	int first, last;
	int index; /* of the base part */
};

/* The value of an index at an hour in thousandths, TIMELINE_UNKNOWN if there is none. */
int32_t view_value(const struct view *view, int index, int i);

/* True if the hour belongs to a dust event, as far as the index is concerned. */
bool view_dust(const struct view *view, int index, int i);

/* True if a part's threshold is fulfilled at the hour, by its value, the assumed one, or because up
 * to plan.gap_h missing hours between fulfilling ones are bridged. */
bool view_holds(const struct view *view, const struct plan_part *part, int i);

/* The next run of the part that ends at `from` or later; false if there is none. */
bool view_next_run(const struct view *view, const struct plan_part *part, int from,
		   struct run *ret);

/* Consecutive values at which a part holds, at most so many. */
struct stretch {
	int32_t longest;
	int32_t in_numbers; /* those that hold by what a forecast says in words left out */
};

/*
 * The first hour inside a base run (for an hourly part: inside the hours of air it covers) at which
 * the part has held for as many hours as it asks for; NEVER if none.
 */
int view_fulfilled(const struct view *view, const struct plan_part *part, struct run run,
		   struct stretch *ret);

/* An index of an hour in thousandths as the timeline has it, TIMELINE_UNKNOWN. */
int32_t timeline_index(const struct timeline *timeline, int index, int i);

/* True if the hour is passed over for the index: it is of a dust event, or the index is unknown
 * only because of one. */
bool timeline_passes(const struct plan *plan, const struct timeline *timeline, int index, int i);

/* Hours of a run that are no dust. */
int32_t view_run_values(const struct view *view, struct run run);

/* Hours of air that a run covers, as far back as anything is known of them. */
int32_t view_run_air(const struct view *view, struct run run);

#endif
