/* SPDX-License-Identifier: MIT */
/*
 * Running means of the newest 24 hours. Every question is one scan of at most 24 values, also the
 * daily maximum of 8 h means, whose sum slides.
 *
 * The daily maximum of 8 h means: of the 17 spans of eight hours that lie wholly inside the 24,
 * those with at least six valid hours have a mean; with fewer than 14 such means there is no
 * maximum.
 *
 *   24 hours of 80, but for 8 in a row of 120: seventeen means, the largest is 120
 */
#include "window.h"

#include <assert.h>
#include <string.h>

#define SPAN_8H 8

static int find_slot(int64_t hour)
{
	int64_t rest = hour % WINDOW_HOURS;
	return (int)(rest < 0 ? rest + WINDOW_HOURS : rest);
}

static bool holds_hour(const struct window *window, int64_t hour)
{
	return window->newest != 0 && hour <= window->newest &&
	       hour > window->newest - WINDOW_HOURS;
}

void window_put(struct window *window, int64_t hour, const struct hour_values *values)
{
	if (window->newest == 0 || hour - window->newest >= WINDOW_HOURS) {
		memset(window, 0, sizeof(*window));
		window->newest = hour;
	}
	while (window->newest < hour) {
		window->newest++;
		window->hours[find_slot(window->newest)].valid = 0;
	}
	if (holds_hour(window, hour))
		window->hours[find_slot(hour)] = *values;
}

struct mean window_sum(const struct window *window, enum pollutant pollutant, int64_t last,
		       int hours)
{
	struct mean sum = {0};
	int64_t hour = last - hours + 1;
	if (window->newest == 0)
		return sum;
	if (hour <= window->newest - WINDOW_HOURS)
		hour = window->newest - WINDOW_HOURS + 1;
	if (last > window->newest)
		last = window->newest;
	for (int i = find_slot(hour); hour <= last; hour++) {
		const struct hour_values *values = &window->hours[i];
		if (values->valid & (1u << pollutant)) {
			sum.sum_milli += values->milli[pollutant];
			sum.n++;
		}
		i = i + 1 == WINDOW_HOURS ? 0 : i + 1;
	}
	return sum;
}

/* a > b, compared exactly as fractions */
static bool mean_exceeds(struct mean a, struct mean b)
{
	return b.n == 0 || a.sum_milli * b.n > b.sum_milli * a.n;
}

/* Takes an hour into a sliding sum (sign 1) or out of it (-1). */
static void count_hour(const struct window *window, enum pollutant pollutant, int64_t hour,
		       int sign, struct mean *sum)
{
	const struct hour_values *values = &window->hours[find_slot(hour)];
	if (values->valid & (1u << pollutant)) {
		sum->sum_milli += (int64_t)sign * values->milli[pollutant];
		sum->n += sign;
	}
}

struct mean window_max_8h(const struct window *window, enum pollutant pollutant, int min_hours,
			  int min_windows)
{
	struct mean largest = {0};
	int64_t first = window->newest - WINDOW_HOURS + 1;
	struct mean mean = window_sum(window, pollutant, first + SPAN_8H - 2, SPAN_8H - 1);
	int means = 0;
	for (int64_t last = first + SPAN_8H - 1; last <= window->newest; last++) {
		count_hour(window, pollutant, last, 1, &mean);
		if (mean.n >= min_hours && mean.n > 0) {
			means++;
			if (mean_exceeds(mean, largest))
				largest = mean;
		}
		count_hour(window, pollutant, last - SPAN_8H + 1, -1, &mean);
	}
	return means >= min_windows ? largest : (struct mean){0};
}

struct mean window_max_1h(const struct window *window, enum pollutant pollutant, int min_hours)
{
	struct mean largest = {0};
	int valid = 0;
	for (int back = 0; back < WINDOW_HOURS; back++) {
		struct mean value = window_sum(window, pollutant, window->newest - back, 1);
		valid += value.n;
		if (value.n > 0 && mean_exceeds(value, largest))
			largest = value;
	}
	return valid >= min_hours ? largest : (struct mean){0};
}
