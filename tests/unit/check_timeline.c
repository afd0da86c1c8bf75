/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <string.h>

#include "unit.h"

#define H 394344

static struct timeline timeline;

static void observe(int64_t hour, int daily)
{
	timeline_observe(&timeline, hour, timeline_hour_of(daily, daily));
}

START_TEST(hours_in_between_become_unknown)
{
	memset(&timeline, 0, sizeof(timeline));
	observe(H, 100);
	observe(H + 3, 103);
	ck_assert_int_eq(timeline.past, 4);
	ck_assert_int_eq(timeline.now, H + 3);
	ck_assert_int_eq(timeline.hours[1].daily_milli, TIMELINE_UNKNOWN);
	ck_assert_int_eq(timeline.hours[3].daily_milli, 103 * AQI_MILLI);
	ck_assert_int_eq(timeline_label(&timeline, 0), H);
}
END_TEST

START_TEST(an_old_hour_is_replaced_and_one_before_the_record_is_ignored)
{
	memset(&timeline, 0, sizeof(timeline));
	observe(H, 100);
	observe(H + 1, 101);
	observe(H, 200);
	observe(H - 1, 300);
	ck_assert_int_eq(timeline.past, 2);
	ck_assert_int_eq(timeline.hours[0].daily_milli, 200 * AQI_MILLI);
	ck_assert_int_eq(timeline.hours[1].daily_milli, 101 * AQI_MILLI);
}
END_TEST

START_TEST(the_oldest_hours_are_forgotten)
{
	memset(&timeline, 0, sizeof(timeline));
	for (int i = 0; i < TIMELINE_PAST_HOURS + 10; i++)
		observe(H + i, i % 500);
	ck_assert_int_eq(timeline.past, TIMELINE_PAST_HOURS);
	ck_assert_int_eq(timeline_label(&timeline, 0), H + 10);
	ck_assert_int_eq(timeline.hours[0].daily_milli, 10 * AQI_MILLI);
	observe(H + 10 * TIMELINE_PAST_HOURS, 7);
	ck_assert_int_eq(timeline.past, 1);
}
END_TEST

START_TEST(a_cleared_timeline_is_empty_and_takes_hours_again)
{
	observe(H, 100);
	timeline.ahead = timeline.n_issues = timeline.n_own = 1;
	timeline_clear(&timeline);
	ck_assert_int_eq(timeline.now, 0);
	ck_assert_int_eq(timeline.past + timeline.ahead + timeline.n_issues + timeline.n_own, 0);
	observe(H - 5, 50);
	ck_assert_int_eq(timeline.past, 1);
	ck_assert_int_eq(timeline.hours[0].daily_milli, 50 * AQI_MILLI);
}
END_TEST

START_TEST(a_copy_has_what_is_held_and_no_more)
{
	static struct timeline copy;
	memset(&timeline, 0, sizeof(timeline));
	observe(H, 100);
	observe(H + 1, 101);
	timeline.ahead = timeline.n_own = 1;
	timeline.hours[2] = timeline_hour_of(102, 102);
	timeline.hours[3] = timeline_hour_of(103, 103);
	timeline.own[2].milli[0] = 7;
	timeline_copy(&copy, &timeline);
	ck_assert_int_eq(copy.now, H + 1);
	ck_assert_int_eq(copy.hours[2].daily_milli, 102 * AQI_MILLI);
	ck_assert_int_eq(copy.hours[3].daily_milli, 0);
	ck_assert_int_eq(copy.own[2].milli[0], 7);
	ck_assert_int_eq(copy.n_own, 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("timeline");
	TCase *tc = tcase_create("timeline");
	tcase_add_test(tc, hours_in_between_become_unknown);
	tcase_add_test(tc, an_old_hour_is_replaced_and_one_before_the_record_is_ignored);
	tcase_add_test(tc, the_oldest_hours_are_forgotten);
	tcase_add_test(tc, a_cleared_timeline_is_empty_and_takes_hours_again);
	tcase_add_test(tc, a_copy_has_what_is_held_and_no_more);
	suite_add_tcase(suite, tc);
	return suite;
}
