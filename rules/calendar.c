/* SPDX-License-Identifier: MIT */
/*
 *   a lift on Friday 13 February 2026, five working days: Saturday the 14th is worked (1), the
 * festival lasts to the 23rd, then 24 (2), 25 (3), 26 (4), 27 (5)
 */
#include "calendar.h"

#include "hour.h"

#define DAYS_A_WEEK 7
#define SATURDAY 2 /* of days since Thursday, 1 January 1970 */
#define SUNDAY 3
#define DAY_MS INT64_C(86400000)
#define BEIJING_MS (BEIJING_H * HOUR_MS)

static bool has_day(const struct calendar_days *days, int32_t day)
{
	for (int i = 0; i < days->n; i++) {
		if (days->days[i] == day)
			return true;
	}
	return false;
}

int32_t calendar_day(int64_t wall_ms)
{
	int64_t beijing_ms = wall_ms + BEIJING_MS;
	return (int32_t)(beijing_ms / DAY_MS - (beijing_ms % DAY_MS < 0));
}

int64_t calendar_begin_ms(int32_t day)
{
	return day * DAY_MS - BEIJING_MS;
}

bool calendar_works(const struct calendar *calendar, int32_t day)
{
	int32_t weekday = ((day % DAYS_A_WEEK) + DAYS_A_WEEK) % DAYS_A_WEEK;
	if (has_day(&calendar->works, day))
		return true;
	return weekday != SATURDAY && weekday != SUNDAY && !has_day(&calendar->off, day);
}

int32_t calendar_due(const struct calendar *calendar, int32_t day, int n, bool *ret_certain)
{
	bool certain = true;
	while (n > 0) {
		day++;
		certain = certain && day >= calendar->first && day <= calendar->last;
		n -= calendar_works(calendar, day);
	}
	*ret_certain = certain;
	return day;
}
