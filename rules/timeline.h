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

/* What an hour rests on; of several hours the highest counts. */
enum basis { BASIS_OBSERVED, BASIS_FORECAST, BASIS_FORECAST_AQI };

struct timeline_hour {
	int32_t daily_milli;    /* 0..500000 or TIMELINE_UNKNOWN */
	int32_t realtime_milli; /* 0..500000 or TIMELINE_UNKNOWN */
	int32_t full_milli;     /* of an observed hour the daily AQI with hours of dust counted */
	bool dust;              /* sand-dust weather: the hour counts for nothing (plan 1.3) */
	bool dust_blind;        /* no daily AQI only because hours of dust are left out of it */
	bool short_heavy; /* a forecast day with a short spell of heavy pollution, AQI unsaid */
	uint8_t basis;    /* enum basis: of the daily AQI */
	uint8_t issue;    /* of an hour ahead, 1 + index into issues; 0: nobody speaks of it */
};

/* The same hour by the indices that a plan has of its own (own_index.h), in thousandths. One that
 * is unknown only because dust is left out of it (milli is, full_milli is not) is passed over. */
#define OWN_SLOTS 6
#define OWN_MILLI_MAX 10000000
struct own_hour {
	int32_t milli[OWN_SLOTS];      /* 0..OWN_MILLI_MAX or TIMELINE_UNKNOWN */
	int32_t full_milli[OWN_SLOTS]; /* with hours of dust counted */
};

#define FORECAST_TEXT_MAX 128 /* bytes, the NUL included */
#define FORECAST_SOURCES_MAX 8

/* One issue of a forecast, as messages name it. */
struct forecast_issue {
	int64_t issued_ms; /* since 1970 UTC; 0: none */
	char source[FORECAST_TEXT_MAX];
};

struct timeline {
	int64_t now; /* END of the present hour, the newest observed; 0: empty */
	int past;    /* observed hours held, the present one included */
	int ahead;   /* forecast hours after it */
	int n_issues;
	struct forecast_issue issues[FORECAST_SOURCES_MAX]; /* that speak of hours ahead */
	struct timeline_hour hours[TIMELINE_MAX]; /* oldest first; hours[past - 1] is now */
	int n_own; /* indices that are kept in own[]; 0: it moves not along */
	struct own_hour own[TIMELINE_MAX]; /* of the hour in the same place */
};

/* Empty, as {0} is. Hours that it held are left in their places, where nobody looks: a page of
 * memory that no hour came to stays out of use. */
void timeline_clear(struct timeline *timeline);

/* The same hours; those that `from` does not hold stay what they were. */
void timeline_copy(struct timeline *to, const struct timeline *from);

/* An hour of whole AQIs, 0..500 or TIMELINE_UNKNOWN. */
struct timeline_hour timeline_hour_of(int32_t daily_aqi, int32_t realtime_aqi);

/*
 * Adds an observed hour later than `now`; hours in between become unknown, hours too old to keep
 * are forgotten, forecast hours are dropped (they are joined anew each hour). An hour at or before
 * `now` that is held replaces what was there; any other is ignored.
 */
void timeline_observe(struct timeline *timeline, int64_t hour, struct timeline_hour values);

/* Nothing is known of the i-th hour. */
void timeline_forget(struct timeline *timeline, int i);

/* The place of the hour `hour`, -1: it is not held. */
int timeline_place(const struct timeline *timeline, int64_t hour);

/* The END of the i-th hour held. */
int64_t timeline_label(const struct timeline *timeline, int i);

/* The index of the issue among `issues` (bits) that was issued last; -1: there are none. */
int timeline_newest_issue(const struct timeline *timeline, uint32_t issues);

/* The issues that speak of hours from first to last, indices of the timeline, as bits. */
uint32_t timeline_issues(const struct timeline *timeline, int first, int last);

/* "observed", "forecast", "forecast_aqi" */
const char *basis_name(enum basis basis);

#endif
