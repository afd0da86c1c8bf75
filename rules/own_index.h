/* SPDX-License-Identifier: MIT */
/*
 * The indices that a plan has beside the two AQIs, of an hour: an IAQI, an AQI without a pollutant,
 * a concentration, the mean of 24 real-time AQIs.
 */
#ifndef RULES_OWN_INDEX_H
#define RULES_OWN_INDEX_H

#include "aqi.h"
#include "plan.h"
#include "timeline.h"

/* In thousandths, of what the two AQIs of an hour were made of; TIMELINE_UNKNOWN where there is
 * none. Not of OWN_MEAN_AQI. An AQI of several pollutants wants a leading one, as that of all
 * does. */
int32_t own_index_milli(const struct own_index *index, const struct scope *scope,
			const struct aqi *realtime, const struct aqi *daily);

/* The IAQI of a concentration that ends a level; IAQI_NONE: it is none, or the edition has no
 * column for it. */
int32_t plan_limit_iaqi(const struct plan *plan, const struct plan_limit *limit,
			const struct edition *edition);

/* The mean of the real-time AQIs of the 24 hours that end with the i-th, those of dust left out
 * unless `full`; TIMELINE_UNKNOWN with fewer than min_hours. */
int32_t own_index_mean_of_day(const struct timeline *timeline, int i, int min_hours, bool full);

/* What an hour's own indices are made of; realtime NULL: there are no concentrations. */
struct own_input {
	const struct edition *edition;
	const struct scope *scope;
	const struct aqi *realtime;
	const struct aqi *daily; /* as the plan counts the hours: without what dust excludes */
	const struct aqi *full;  /* as they were measured */
};

/* Writes all of a plan's own of the i-th hour of the timeline. */
void own_index_put(const struct plan *plan, const struct own_input *input,
		   struct timeline *timeline, int i);

#endif
