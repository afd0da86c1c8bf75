/* SPDX-License-Identifier: MIT */
/*
 * The hours the plan looks at: observed ones up to now, then those of a forecast.
 *
 * Each hour carries the daily AQI of the 24 hours ending with it and its real-time AQI, or
 * TIMELINE_UNKNOWN. Hours before the first are unknown too.
 */
#ifndef RULES_TIMELINE_H
#define RULES_TIMELINE_H

#include <stdint.h>

#define TIMELINE_PAST_HOURS 1440 /* sixty days; a run that is longer counts as this long */
#define TIMELINE_AHEAD_HOURS 240
#define TIMELINE_MAX (TIMELINE_PAST_HOURS + TIMELINE_AHEAD_HOURS)
#define TIMELINE_UNKNOWN (-1)

struct timeline_hour {
	int16_t daily_aqi;    /* 0..500 or TIMELINE_UNKNOWN */
	int16_t realtime_aqi; /* 0..500 or TIMELINE_UNKNOWN */
};

struct timeline {
	int64_t now; /* END of the present hour, the newest observed; 0: empty */
	int past;    /* observed hours held, the present one included */
	int ahead;   /* forecast hours after it */
	struct timeline_hour hours[TIMELINE_MAX]; /* oldest first; hours[past - 1] is now */
};

/*
 * Adds an observed hour later than `now`; hours in between become unknown, hours too old to keep
 * are forgotten, forecast hours are dropped (they are joined anew each hour). An hour at or before
 * `now` that is held replaces what was there; any other is ignored.
 */
void timeline_observe(struct timeline *timeline, int64_t hour, struct timeline_hour values);

/* The END of the i-th hour held. */
int64_t timeline_label(const struct timeline *timeline, int i);

#endif
