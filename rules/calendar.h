/* SPDX-License-Identifier: MIT */
/*
 * Working days, for what is due so many of them later (plan 7: the summary after a lift).
 *
 * The State Council announces each year which days are off and which Saturdays and Sundays are
 * worked; they come from config/calendars/<id>.yaml. A day is counted since 1970-01-01, by the date
 * in Beijing.
 */
#ifndef RULES_CALENDAR_H
#define RULES_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_DAYS_MAX 400 /* some twelve years of holidays */

struct calendar_days {
	int n;
	int32_t days[CALENDAR_DAYS_MAX];
};

struct calendar {
	int32_t first, last;        /* the days it knows; last < first: none */
	struct calendar_days off;   /* public holidays */
	struct calendar_days works; /* weekend days that are worked */
};

/* The day of a moment (ms since 1970 UTC), by the date in Beijing, and the moment it begins. */
int32_t calendar_day(int64_t wall_ms);
int64_t calendar_begin_ms(int32_t day);

/* True on a working day: Monday to Friday but for what the calendar says. */
bool calendar_works(const struct calendar *calendar, int32_t day);

/* The n-th working day after `day`, which is not counted; n >= 1. *ret_certain is false if that
 * went beyond the days the calendar knows, and only weekends were taken out there. */
int32_t calendar_due(const struct calendar *calendar, int32_t day, int n, bool *ret_certain);

#endif
