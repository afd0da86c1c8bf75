/* SPDX-License-Identifier: MIT */
/*
 * The concentrations of a district, out of those of its assessment points: the mean of the points
 * that are valid, if enough of them are (HJ 663 6.1.4, A.2; HJ 633-2026 4.2.1). What follows from a
 * concentration is aqi.h's: rounding, IAQI, AQI. Never a mean of indices, and never a day out of
 * the district's hours: each point has its own 24 hours first.
 *
 * The points are those of the roster that count, all of them, valid or not; traffic, background and
 * micro stations are not among them.
 */
#ifndef RULES_DISTRICT_H
#define RULES_DISTRICT_H

#include "aqi.h"

#define DISTRICT_POINTS_MAX 256 /* assessment points; a city has 10 to 40 */
/* A concentration beyond it, in thousandths, counts as none: so every sum fits into 64 bits. */
#define DISTRICT_MILLI_MAX 100000000

/* Points of the roster, by their place in it. */
struct point_set {
	uint32_t bits[DISTRICT_POINTS_MAX / 32];
};

/* An index of the district; aqi.hours has the fewest valid hours that one of the points had on
 * which the mean rests. */
struct district_index {
	struct aqi aqi;
	struct point_set points[POLLUTANT_COUNT]; /* which; none where there is no mean */
};

bool point_set_has(const struct point_set *set, int point);

/* Whether so many valid ones of n points make a value: 75 % of them, of fewer than four 50 %; of no
 * points none (HJ 663 6.1.4). */
bool district_is_enough(int valid, int n);

/* The mean of an hour of the points that have one, as a fraction; n == 0: too few have. */
struct mean district_hour(int n, const struct hour_values *points, enum pollutant pollutant);

/* The real-time AQI of an hour in which the points, 0..DISTRICT_POINTS_MAX, had these means. */
void district_realtime(const struct edition *edition, const struct scope *scope, int n,
		       const struct hour_values *points, struct district_index *ret);

/* The daily AQI of the 24 hours that end with the newest hour of the points' windows, which is the
 * same of all: of one that is silent, an hour without values. A point's 24 h mean needs 20 hours,
 * should an edition ask for fewer (GB 3095 table 4). */
void district_daily(const struct edition *edition, const struct scope *scope, int n,
		    const struct window *points, struct district_index *ret);

#endif
