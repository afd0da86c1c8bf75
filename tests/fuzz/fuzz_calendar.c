/* SPDX-License-Identifier: MIT */
/* Any file as a calendar: it is refused with problems, or working days can be counted by it. */
#include <assert.h>

#include "conf_rules.h"
#include "fuzz.h"

#define COUNTED 40 /* working days, beyond the end of what it knows */

static void check_days(const struct calendar *calendar, const struct calendar_days *days)
{
	assert(days->n >= 0 && days->n <= CALENDAR_DAYS_MAX);
	for (int i = 0; i < days->n; i++) {
		assert(days->days[i] >= calendar->first && days->days[i] <= calendar->last);
		for (int j = 0; j < i; j++)
			assert(days->days[i] != days->days[j]);
	}
}

static void check_calendar(const struct calendar *calendar)
{
	assert(calendar->first <= calendar->last);
	check_days(calendar, &calendar->off);
	check_days(calendar, &calendar->works);
	for (int i = 0; i < calendar->works.n; i++)
		assert(calendar_works(calendar, calendar->works.days[i]));
	int32_t before = calendar->last - 10;
	for (int n = 1; n <= COUNTED; n++) {
		bool certain = false;
		int32_t day = calendar_due(calendar, calendar->last - 10, n, &certain);
		assert(day > before && calendar_works(calendar, day));
		assert(!certain || day <= calendar->last);
		before = day;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct calendar calendar;
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read = file && conf_read_calendar(file, &calendar);
	assert(read == (problems.n == 0));
	if (read)
		check_calendar(&calendar);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
