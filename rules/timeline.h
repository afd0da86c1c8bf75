/* SPDX-License-Identifier: MIT */
/*
 * The hours the plan looks at: observed ones up to now, then those of a forecast.
 *
 * Each hour carries the daily AQI of the 24 hours ending with it and its real-time AQI, or
 * TIMELINE_UNKNOWN. Hours before the first are unknown too. AQIs are in thousandths, because a
 * forecast that gives only AQIs makes means of them, which are compared unrounded.
 */
#ifndef RULES_TIMELINE_H
#define RULES_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#define TIMELINE_PAST_HOURS 1440 /* sixty days; a run that is longer counts as this long */
#define TIMELINE_AHEAD_HOURS 240
#define TIMELINE_MAX (TIMELINE_PAST_HOURS + TIMELINE_AHEAD_HOURS)
#define TIMELINE_UNKNOWN (-1)
#define AQI_MILLI 1000

struct timeline_hour {
	int32_t daily_milli;    /* 0..500000 or TIMELINE_UNKNOWN */
	int32_t realtime_milli; /* 0..500000 or TIMELINE_UNKNOWN */
	bool dust;              /* sand-dust weather: the hour counts for nothing (plan 1.3) */
	bool dust_blind;        /* no daily AQI only because hours of dust are left out of it */
	bool short_heavy; /* a forecast day with a short spell of heavy pollution, AQI unsaid */
};

/* What the hours ahead rest on. */
enum basis { BASIS_OBSERVED, BASIS_FORECAST, BASIS_FORECAST_AQI };

struct timeline {
	int64_t now;      /* END of the present hour, the newest observed; 0: empty */
	int past;         /* observed hours held, the present one included */
	int ahead;        /* forecast hours after it */
	enum basis basis; /* of the hours ahead, if there are any */
	struct timeline_hour hours[TIMELINE_MAX]; /* oldest first; hours[past - 1] is now */
};

/* An hour of whole AQIs, 0..500 or TIMELINE_UNKNOWN. */
struct timeline_hour timeline_hour_of(int32_t daily_aqi, int32_t realtime_aqi);

/*
 * Adds an observed hour later than `now`; hours in between become unknown, hours too old to keep
 * are forgotten, forecast hours are dropped (they are joined anew each hour). An hour at or before
 * `now` that is held replaces what was there; any other is ignored.
 */
void timeline_observe(struct timeline *timeline, int64_t hour, struct timeline_hour values);

/* The END of the i-th hour held. */
int64_t timeline_label(const struct timeline *timeline, int i);

/* "observed", "forecast", "forecast_aqi" */
const char *basis_name(enum basis basis);

#endif
