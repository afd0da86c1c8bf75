/* SPDX-License-Identifier: MIT */
/* Which hours a district asks a station for, and when it asks again. */
#include "ask.h"

#include "unit.h"

#define NEWEST 490000
#define FIRST (NEWEST - ASK_HOURS + 1)

static bool told[ASK_HOURS];
static struct absent absent;
static int64_t first, last;

static void setup(void)
{
	for (int i = 0; i < ASK_HOURS; i++)
		told[i] = true;
	absent = (struct absent){0};
	first = last = 0;
}

START_TEST(nothing_is_asked_for_where_everything_was_told)
{
	ck_assert(!ask_stretch(&absent, NEWEST, told, &first, &last));
}
END_TEST

START_TEST(an_empty_district_asks_for_its_whole_window)
{
	for (int i = 0; i < ASK_HOURS; i++)
		told[i] = false;
	ck_assert(ask_stretch(&absent, NEWEST, told, &first, &last));
	ck_assert_int_eq(first, FIRST);
	ck_assert_int_eq(last, NEWEST);
}
END_TEST

START_TEST(one_stretch_goes_from_the_first_missing_hour_to_the_last)
{
	told[41] = told[50] = told[59] = false;
	ck_assert(ask_stretch(&absent, NEWEST, told, &first, &last));
	ck_assert_int_eq(first, FIRST + 41);
	ck_assert_int_eq(last, FIRST + 59);
}
END_TEST

START_TEST(an_hour_that_the_station_has_not_is_never_asked_for_again)
{
	told[41] = told[42] = told[59] = false;
	absent_note(&absent, FIRST + 41, FIRST + 41);
	ck_assert(ask_stretch(&absent, NEWEST, told, &first, &last));
	ck_assert_int_eq(first, FIRST + 42);
	ck_assert_int_eq(last, FIRST + 59);
	absent_note(&absent, FIRST + 42, FIRST + 59);
	ck_assert(!ask_stretch(&absent, NEWEST, told, &first, &last));
	/* what lay before the window, or is another hour at the same place, does not count */
	told[ASK_HOURS - 1] = false;
	absent_note(&absent, NEWEST - ASK_HOURS, NEWEST - ASK_HOURS);
	ck_assert(ask_stretch(&absent, NEWEST, told, &first, &last));
	ck_assert_int_eq(first, NEWEST);
}
END_TEST

START_TEST(a_long_absence_fills_the_window_and_no_more)
{
	for (int i = 0; i < ASK_HOURS; i++)
		told[i] = false;
	absent_note(&absent, 1, NEWEST - 1);
	ck_assert(ask_stretch(&absent, NEWEST, told, &first, &last));
	ck_assert_int_eq(first, NEWEST);
	ck_assert_int_eq(last, NEWEST);
}
END_TEST

START_TEST(pauses_double_up_to_the_longest)
{
	static const int64_t due[] = {15, 45, 105, 225, 345, 465};
	struct patience patience = {0};
	int64_t now = 0;
	ck_assert(patience_is_due(&patience, now));
	for (int i = 0; i < 6; i++) {
		patience_wait(&patience, now, 15, 120);
		ck_assert(!patience_is_due(&patience, due[i] - 1));
		now = due[i];
		ck_assert(patience_is_due(&patience, now));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ask");
	TCase *tcase = tcase_create("ask");
	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, nothing_is_asked_for_where_everything_was_told);
	tcase_add_test(tcase, an_empty_district_asks_for_its_whole_window);
	tcase_add_test(tcase, one_stretch_goes_from_the_first_missing_hour_to_the_last);
	tcase_add_test(tcase, an_hour_that_the_station_has_not_is_never_asked_for_again);
	tcase_add_test(tcase, a_long_absence_fills_the_window_and_no_more);
	tcase_add_test(tcase, pauses_double_up_to_the_longest);
	suite_add_tcase(suite, tcase);
	return suite;
}
