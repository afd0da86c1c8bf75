/* SPDX-License-Identifier: MIT */
/*
 * Instruments that stand at the end of their range: of the air it is known that it has at least so
 * much. Such a value decides nothing, but nobody may be left without a word of what it would call
 * for. Pure.
 */
#ifndef RULES_OVER_RANGE_H
#define RULES_OVER_RANGE_H

#include "edition.h"
#include "plan.h"

/* All zero: none. Survives a restart. */
struct over_range {
	pollutant_set set;
	int32_t at_least_milli[POLLUTANT_COUNT];
};

/* The highest level of the plan that air with just so much of a pollutant would call for if it
 * lasted; LEVEL_NONE: none. */
int over_range_level(const struct edition *edition, const struct plan *plan,
		     enum pollutant pollutant, int32_t at_least_milli);

#endif
