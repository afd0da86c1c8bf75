/* SPDX-License-Identifier: MIT */
#include "calendar.h"

#include <string.h>

#include "conf.h"
#include "conf_rules.h"
#include "unit.h"

#define DAY_MS INT64_C(86400000)
#define Y2026 20454 /* days from 1970-01-01 to 2026-01-01, a Thursday */

static struct calendar calendar;

/* The shipped calendar. */
static void setup(void)
{
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct yaml_file *file =
		yaml_open(unit_source("config/calendars/china.yaml"), arena, &problems);
	ck_assert_ptr_nonnull(file);
	ck_assert(conf_read_calendar(file, &calendar));
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
}

/* The day of the n-th of a month of 2026, from the number of days before that month. */
static int32_t day(int before_month, int n)
{
	return Y2026 + before_month + n - 1;
}

#define FEBRUARY 31
#define SEPTEMBER 243
#define OCTOBER 273
#define DECEMBER 334

START_TEST(the_shipped_calendar_has_the_working_days_of_2026)
{
	/* 365 days less 104 of weekends, 33 off of which 10 fall on weekends, 6 weekend days
	 * worked: counted by hand from the announcement */
	int works = 0;
	for (int32_t d = Y2026; d < Y2026 + 365; d++)
		works += calendar_works(&calendar, d);
	ck_assert_int_eq(calendar.off.n, 33);
	ck_assert_int_eq(calendar.works.n, 6);
	ck_assert_int_eq(works, 248);
	ck_assert(calendar_works(&calendar, day(FEBRUARY, 14)));  /* a Saturday */
	ck_assert(!calendar_works(&calendar, day(FEBRUARY, 16))); /* a Monday */
	ck_assert(!calendar_works(&calendar, day(FEBRUARY, 22))); /* a Sunday */
	ck_assert(calendar_works(&calendar, day(SEPTEMBER, 20))); /* a Sunday */
	ck_assert(!calendar_works(&calendar, day(OCTOBER, 7)));   /* a Wednesday */
}
END_TEST

START_TEST(five_working_days_leave_out_the_day_of_the_lift_and_the_festival)
{
	bool certain = false;
	ck_assert_int_eq(calendar_due(&calendar, day(FEBRUARY, 13), 5, &certain),
			 day(FEBRUARY, 27));
	ck_assert(certain);
	ck_assert_int_eq(calendar_due(&calendar, day(DECEMBER, 7), 5, &certain),
			 day(DECEMBER, 14)); /* Monday to Monday */
	ck_assert(certain);
}
END_TEST

START_TEST(beyond_the_days_it_knows_the_date_is_not_certain)
{
	bool certain = true;
	ck_assert_int_eq(calendar_due(&calendar, day(DECEMBER, 28), 5, &certain),
			 day(DECEMBER, 28) + 7);
	ck_assert(!certain);
	const struct calendar none = {.first = 0, .last = -1};
	ck_assert_int_eq(calendar_due(&none, day(DECEMBER, 7), 5, &certain), day(DECEMBER, 14));
	ck_assert(!certain);
}
END_TEST

START_TEST(a_day_begins_at_midnight_in_beijing)
{
	ck_assert_int_eq(calendar_day(Y2026 * DAY_MS), Y2026);
	ck_assert_int_eq(calendar_day(Y2026 * DAY_MS - 8 * 3600000), Y2026);
	ck_assert_int_eq(calendar_day(Y2026 * DAY_MS - 8 * 3600000 - 1), Y2026 - 1);
	for (int i = 0; i < 1000; i++) {
		int32_t d = (int32_t)(unit_random() % 60000) - 10000;
		ck_assert_int_eq(calendar_day(calendar_begin_ms(d)), d);
		ck_assert_int_eq(calendar_day(calendar_begin_ms(d) - 1), d - 1);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tc = tcase_create("calendar");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_shipped_calendar_has_the_working_days_of_2026);
	tcase_add_test(tc, five_working_days_leave_out_the_day_of_the_lift_and_the_festival);
	tcase_add_test(tc, beyond_the_days_it_knows_the_date_is_not_certain);
	tcase_add_test(tc, a_day_begins_at_midnight_in_beijing);
	suite_add_tcase(suite, tc);
	return suite;
}
