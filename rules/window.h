/* SPDX-License-Identifier: MIT */
/*
 * The last hours of the station -> running means over 24 and 8 hours (GB 3095 table 4, HJ 663 A.1).
 *
 * Means are kept exact, as a sum of thousandths and a count; nobody rounds before the edition says
 * so. The window holds the newest WINDOW_HOURS hours; an hour that was never put in is missing.
 */
#ifndef RULES_WINDOW_H
#define RULES_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "pollutant.h"

#define WINDOW_HOURS 24

/* A mean of n hourly values; n == 0: there is none. */
struct mean {
	int64_t sum_milli;
	int32_t n;
};

/* The hourly means of one hour; a value counts only where its pollutant is in `valid`. */
struct hour_values {
	pollutant_set valid;
	int32_t milli[POLLUTANT_COUNT];
};

struct window {
	int64_t newest; /* END of the newest hour, 0 if the window is empty */
	struct hour_values hours[WINDOW_HOURS]; /* hour h at h % WINDOW_HOURS */
};

/*
 * Puts an hour in. Later than the newest: the window moves on, hours in between are missing. Inside
 * the window: replaces what was there. Older than the window: ignored.
 */
void window_put(struct window *window, int64_t hour, const struct hour_values *values);

/* Sum and count of the valid hours among the `hours` that end at `last`, inside the window. */
struct mean window_sum(const struct window *window, enum pollutant pollutant, int64_t last,
		       int hours);

/* The largest mean of 8 hours that lies wholly inside the 24 hours ending at the newest hour, over
 * windows with at least min_hours valid values; n == 0 if fewer than min_windows exist.
 * domain.md 2, HJ 663 6.1.2: 17 windows, at least 14. */
struct mean window_max_8h(const struct window *window, enum pollutant pollutant, int min_hours,
			  int min_windows);

/* The largest hourly value of the 24, as a mean of one; n == 0 if fewer than min_hours are valid.
 */
struct mean window_max_1h(const struct window *window, enum pollutant pollutant, int min_hours);

#endif
