/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <string.h>

#include "unit.h"

#define H 394344 /* 2014-12-26 08:00 +08:00; a window from it crosses a day */

static struct window window;

static void put(int64_t hour, int milli)
{
	struct hour_values values = {.valid = 1u << POLLUTANT_O3 | 1u << POLLUTANT_PM25};
	values.milli[POLLUTANT_O3] = values.milli[POLLUTANT_PM25] = milli;
	window_put(&window, hour, &values);
}

static void skip(int64_t hour)
{
	struct hour_values values = {0};
	window_put(&window, hour, &values);
}

static struct mean day(void)
{
	return window_sum(&window, POLLUTANT_PM25, window.newest, 24);
}

START_TEST(a_day_of_24_hours_has_its_exact_sum)
{
	memset(&window, 0, sizeof(window));
	for (int i = 0; i < 24; i++)
		put(H + i, 1001 + i);
	ck_assert_int_eq(day().n, 24);
	ck_assert_int_eq(day().sum_milli, 24 * 1001 + 23 * 24 / 2);
}
END_TEST

START_TEST(an_hour_that_never_came_is_missing)
{
	memset(&window, 0, sizeof(window));
	put(H, 1000);
	put(H + 5, 2000);
	ck_assert_int_eq(day().n, 2);
	ck_assert_int_eq(window.hours[(H + 3) % WINDOW_HOURS].valid, 0);
	put(H + 28, 4000); /* H falls out, H + 5 is still in */
	ck_assert_int_eq(day().n, 2);
	put(H + 29, 4000);
	ck_assert_int_eq(day().n, 2);
	put(H + 29 + 24, 1000);
	ck_assert_int_eq(day().n, 1);
}
END_TEST

START_TEST(an_hour_put_again_replaces_and_an_old_one_is_ignored)
{
	memset(&window, 0, sizeof(window));
	put(H, 1000);
	put(H + 1, 2000);
	put(H, 5000);
	ck_assert_int_eq(day().sum_milli, 7000);
	put(H - 30, 9000);
	ck_assert_int_eq(day().sum_milli, 7000);
	ck_assert_int_eq(window.newest, H + 1);
}
END_TEST

START_TEST(the_largest_8_h_mean_lies_wholly_inside_the_24)
{
	memset(&window, 0, sizeof(window));
	put(H - 1, 9000000); /* one hour before the window */
	for (int i = 0; i < 24; i++)
		put(H + i, i >= 10 && i < 18 ? 120000 : 80000);
	struct mean largest = window_max_8h(&window, POLLUTANT_O3, 6, 14);
	ck_assert_int_eq(largest.n, 8);
	ck_assert_int_eq(largest.sum_milli, 8 * 120000);
}
END_TEST

START_TEST(a_maximum_of_8_h_means_needs_14_of_the_17)
{
	for (int gap = 4; gap <= 6; gap++) {
		/* a gap at the start: means ending early have fewer than 6 of 8 hours */
		memset(&window, 0, sizeof(window));
		for (int i = 0; i < 24; i++)
			i < gap ? skip(H + i) : put(H + i, 100000);
		/* means ending at hours 7 .. 23; the one ending at e has e - gap + 1 hours */
		struct mean largest = window_max_8h(&window, POLLUTANT_O3, 6, 14);
		ck_assert_int_eq(largest.n > 0, gap <= 5);
	}
}
END_TEST

START_TEST(a_mean_of_six_hours_may_be_the_largest)
{
	memset(&window, 0, sizeof(window));
	for (int i = 0; i < 24; i++) {
		if (i == 8 || i == 9)
			skip(H + i);
		else
			put(H + i, i < 8 ? 100000 : 100001);
	}
	struct mean largest = window_max_8h(&window, POLLUTANT_O3, 6, 14);
	ck_assert_int_eq(largest.sum_milli, (int64_t)100001 * largest.n);
}
END_TEST

START_TEST(the_largest_hour_needs_20_of_24)
{
	memset(&window, 0, sizeof(window));
	for (int i = 0; i < 24; i++)
		i < 4 ? skip(H + i) : put(H + i, i * 1000);
	ck_assert_int_eq(window_max_1h(&window, POLLUTANT_O3, 20).sum_milli, 23000);
	skip(H + 10);
	ck_assert_int_eq(window_max_1h(&window, POLLUTANT_O3, 20).n, 0);
}
END_TEST

START_TEST(a_window_fed_hour_by_hour_equals_one_made_from_scratch)
{
	struct hour_values hours[500] = {0};
	memset(&window, 0, sizeof(window));
	for (int i = 0; i < 500; i++) {
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			hours[i].milli[p] = (int)(unit_random() % 1000000);
			hours[i].valid |= unit_random() % 5 ? 1u << p : 0;
		}
		if (unit_random() % 20 == 0) { /* never put in: missing */
			hours[i].valid = 0;
			continue;
		}
		window_put(&window, H + i, &hours[i]);
		struct window scratch = {0};
		for (int j = i < 23 ? 0 : i - 23; j <= i; j++)
			window_put(&scratch, H + j, &hours[j]);
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			struct mean a = window_sum(&window, (enum pollutant)p, H + i, 24);
			struct mean b = window_sum(&scratch, (enum pollutant)p, H + i, 24);
			ck_assert(a.n == b.n && a.sum_milli == b.sum_milli);
			a = window_max_8h(&window, (enum pollutant)p, 6, 14);
			b = window_max_8h(&scratch, (enum pollutant)p, 6, 14);
			ck_assert(a.n == b.n && a.sum_milli == b.sum_milli);
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("window");
	TCase *tc = tcase_create("window");
	tcase_add_test(tc, a_day_of_24_hours_has_its_exact_sum);
	tcase_add_test(tc, an_hour_that_never_came_is_missing);
	tcase_add_test(tc, an_hour_put_again_replaces_and_an_old_one_is_ignored);
	tcase_add_test(tc, the_largest_8_h_mean_lies_wholly_inside_the_24);
	tcase_add_test(tc, a_maximum_of_8_h_means_needs_14_of_the_17);
	tcase_add_test(tc, a_mean_of_six_hours_may_be_the_largest);
	tcase_add_test(tc, the_largest_hour_needs_20_of_24);
	tcase_add_test(tc, a_window_fed_hour_by_hour_equals_one_made_from_scratch);
	suite_add_tcase(suite, tc);
	return suite;
}
