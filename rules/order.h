/* SPDX-License-Identifier: MIT */
/*
 * Who on a reduction list gets an order at a level, which of the plan's measures stand in it, and
 * why somebody gets none (plan 3.1, 5.2.3, 5.3.3, 5.4.3; domain.md 4).
 *
 * A source gets one if its row says something of the level or a lower one, or if a measure of the
 * plan is addressed to it. Its grade and its kind of control take nothing away. What the list does
 * not say makes no order; a measure that may be a source's stands in one that is given anyway.
 */
#ifndef RULES_ORDER_H
#define RULES_ORDER_H

#include "evaluate.h"
#include "plan.h"

#define ORDER_UNSAID (-1)

/* A source as its row in the list has it. */
struct order_source {
	enum source_kind kind;
	uint32_t said;        /* bits 1u << level: a measure, a line or a cut above 0 */
	uint32_t worded;      /* bits 1u << level: a measure or a line */
	int32_t movements;    /* heavy vehicles in and out a day, or ORDER_UNSAID */
	int32_t old_machines; /* non-road machines of China II and older, or ORDER_UNSAID */
	bool in_park;         /* an industrial park is named */
	uint32_t exempt;      /* bits: index into plan.exemptions */
};

/* Why a source has no order: bits. */
enum order_why {
	ORDER_WHY_ROW = 1 << 0,          /* its row says nothing: stands with each of the others */
	ORDER_WHY_KIND = 1 << 1,         /* the plan addresses no measure to its kind */
	ORDER_WHY_MOVEMENTS = 1 << 2,    /* not more movements a day than the measure names */
	ORDER_WHY_NO_MOVEMENTS = 1 << 3, /* how many is unsaid */
	ORDER_WHY_MACHINES = 1 << 4,     /* no old machinery */
	ORDER_WHY_NO_MACHINES = 1 << 5,  /* how many is unsaid */
	ORDER_WHY_PARK = 1 << 6,         /* no park is named */
	ORDER_WHY_EXEMPT = 1 << 7,       /* of a kind of work that the measure leaves alone */
};
#define ORDER_WHY_COUNT 8

/* The plan's measures at a level that are addressed to sources of some kind. */
struct order_level {
	const struct plan *plan;
	int level;
	int n;
	int measures[PLAN_MEASURES_MAX]; /* indices into plan.measures */
};

/* Of a level, not LEVEL_NONE; the plan is borrowed. */
struct order_level order_level_of(const struct plan *plan, int level);

/* Whether a measure is a source's at a level; of a TRUTH_FALSE or TRUTH_UNKNOWN the reasons are
 * added to *why, bits of enum order_why. */
enum truth order_applies(const struct order_level *level, const struct plan_measure *measure,
			 const struct order_source *source, unsigned *why);

/* 0 if the source gets an order at the level, else why not: bits of enum order_why. */
unsigned order_why_none(const struct order_level *level, const struct order_source *source);

/* The measures of the plan that stand in its order, indices into plan.measures: how many. */
int order_measures(const struct order_level *level, const struct order_source *source,
		   int ret[PLAN_MEASURES_MAX]);

/*
 * Which level's words count at a level: the highest up to it that has any, as those of a level
 * replace those of the lower ones. `bits` as in struct order_source; LEVEL_NONE: none has.
 */
int order_level_said(uint32_t bits, int level);

#endif
