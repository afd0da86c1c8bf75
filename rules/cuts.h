/* SPDX-License-Identifier: MIT */
/*
 * Emission cuts: from the sources of a reduction list and the district's whole-society emission to
 * what a level requires, what the list plans, and the shortfall (plan 3.1 to 3.3).
 *
 * Amounts are whole grams a day, exact; what nobody said is CUT_UNSAID, never 0. Knows no file, no
 * name and no unit; allocates nothing: the caller goes through its sources one by one.
 */
#ifndef RULES_CUTS_H
#define RULES_CUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* No amount of one source or district is larger, and no list has more sources: every sum and a
 * hundred times it fit. 100,000 t a day are more than any country emits. */
#define CUTS_GRAMS_MAX 100000000000
#define CUTS_SOURCES_MAX 500000

/* One source of the list. Each amount is 0..CUTS_GRAMS_MAX or CUT_UNSAID. */
struct cuts_source {
	int64_t base_gpd[EMISSION_COUNT];
	int64_t cut_gpd[LEVEL_SLOTS][EMISSION_COUNT]; /* [LEVEL_NONE] unused */
};

/* What all sources together emit and plan to cut; begins as {0}. */
struct cuts_sums {
	int64_t n_sources;
	int64_t base_gpd[EMISSION_COUNT];
	int64_t cut_gpd[LEVEL_SLOTS][EMISSION_COUNT];
};

/* The denominator: what the whole society of the district emits, or CUT_UNSAID. */
struct cuts_whole {
	int64_t gpd[EMISSION_COUNT];
};

/* Of one level and pollutant. */
struct cuts_target {
	int32_t min_cut_pct;   /* of the plan: a lower bound; CUT_UNSAID */
	int64_t base_gpd;      /* what the list's sources emit */
	int64_t whole_gpd;     /* what the district emits; CUT_UNSAID without a denominator */
	int64_t required_gpd;  /* CUT_UNSAID without a percentage or a denominator */
	int64_t planned_gpd;   /* sum of the cuts; what is unsaid adds nothing */
	int64_t shortfall_gpd; /* required less planned, at least 0; CUT_UNSAID as required */
	int32_t ratio_centi;   /* planned in hundredths of a per cent of whole_gpd, rounded down */
	int32_t list_ratio_centi; /* the same of base_gpd: a ratio within the list only */
	bool met;                 /* required is known and planned reaches it */
};

/* A source without anything said. */
struct cuts_source cuts_source_unsaid(void);

/* Nothing known of the district. */
struct cuts_whole cuts_whole_unsaid(void);

/* Adds a source to the sums; at most CUTS_SOURCES_MAX are added. */
void cuts_add(struct cuts_sums *sums, const struct cuts_source *source);

/*
 * What a level (not LEVEL_NONE) asks of a pollutant, held against the list (3.2). Ratios are
 * CUT_UNSAID where the divisor is unsaid or 0, and INT32_MAX where they are larger.
 */
struct cuts_target cuts_target(const struct cuts_sums *sums, const struct cuts_whole *whole,
			       const struct plan *plan, int level, enum emission emission);

/* min_cut_pct of gpd, rounded up to the gram: "at least" is never rounded away. */
int64_t cuts_required_gpd(int64_t gpd, int32_t min_cut_pct);

/* True if a source says it will cut more of a pollutant than it emits, or cut what it does not say
 * it emits. */
bool cuts_above_base(const struct cuts_source *source, int level, enum emission emission);

/* What a source cuts of a pollutant at a level: what it says of the highest level up to it;
 * CUT_UNSAID. */
int64_t cuts_at_gpd(const struct cuts_source *source, int level, enum emission emission);

/*
 * True if a source cuts less of a pollutant at a level than at a lower one, or says nothing at the
 * level and something at the lower one: levels build on each other.
 */
bool cuts_fall(const struct cuts_source *source, int level, enum emission emission);

/* What a source still emits at a level, its largest possible further contribution; 0 if unsaid. */
int64_t cuts_left_gpd(const struct cuts_source *source, int level, enum emission emission);

#endif
