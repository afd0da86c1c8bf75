/* SPDX-License-Identifier: MIT */
#include "rain.h"

#include "hour.h"
#include "unit.h"

#define TURNS 6553600 /* of 65536 tips of 0.1 mm */
#define END (-1)

/* What readings a minute apart say, in thousandths of a millimetre. */
static int64_t sum_of(const int32_t *totals)
{
	struct rain_counter counter = {0};
	int64_t sum = 0;
	for (int i = 0; totals[i] != END; i++)
		sum += rain_take(&counter, (int64_t)i * MINUTE_MS, totals[i], TURNS);
	return sum;
}
#define SUM(...) sum_of((const int32_t[]){__VA_ARGS__, END})

START_TEST(rain_is_what_a_counter_rose_by)
{
	ck_assert_int_eq(SUM(12300), 0);
	ck_assert_int_eq(SUM(12300, 12300, 12300), 0);
	ck_assert_int_eq(SUM(12300, 12800, 12800, 13000), 700);
	ck_assert_int_eq(SUM(0, 38000), 38000);
}
END_TEST

START_TEST(a_counter_that_turns_loses_nothing)
{
	ck_assert_int_eq(SUM(6553400, 100), 300);
	ck_assert_int_eq(SUM(6553400, 6553500, 0, 100), 300);
}
END_TEST

START_TEST(a_counter_that_begins_anew_goes_on)
{
	ck_assert_int_eq(SUM(300000, 200, 400), 400);
	ck_assert_int_eq(SUM(300000, 0, 0, 200), 200);
	ck_assert_int_eq(SUM(500, 0, 0, 100), 100);
	/* again before anybody looked twice */
	ck_assert_int_eq(SUM(300000, 9000, 100, 300), 9300);
}
END_TEST

START_TEST(a_slip_of_the_line_is_no_rain)
{
	ck_assert_int_eq(SUM(12300, 900000, 12400), 100);
	ck_assert_int_eq(SUM(12300, 0, 12300, 12400), 100);
	ck_assert_int_eq(SUM(12300, 5000, 12400), 100);
	ck_assert_int_eq(SUM(312300, 30000, 312400), 100);
	ck_assert_int_eq(SUM(30000, 29900, 30000, 29900, 29900, 30100), 200);
	/* another gauge in its place */
	ck_assert_int_eq(SUM(12300, 900000, 900000, 900200), 200);
}
END_TEST

START_TEST(rain_of_a_gap_counts_for_an_hour_and_no_longer)
{
	struct rain_counter counter = {0};
	ck_assert_int_eq(rain_take(&counter, 0, 1000, TURNS), 0);
	ck_assert_int_eq(rain_take(&counter, 20 * MINUTE_MS, 301000, TURNS), 300000);
	ck_assert_int_eq(rain_take(&counter, 20 * MINUTE_MS + HOUR_MS, 801000, TURNS), 500000);
	ck_assert_int_eq(rain_take(&counter, 21 * MINUTE_MS + 2 * HOUR_MS, 802000, TURNS), 0);
	ck_assert_int_eq(rain_take(&counter, 22 * MINUTE_MS + 2 * HOUR_MS, 802100, TURNS), 100);
	/* a clock that was set back */
	ck_assert_int_eq(rain_take(&counter, 0, 802300, TURNS), 0);
	ck_assert_int_eq(rain_take(&counter, MINUTE_MS, 802400, TURNS), 100);
}
END_TEST

START_TEST(no_reading_makes_more_than_can_rain)
{
	struct rain_counter counter = {0};
	int64_t at_ms = 0;
	for (int i = 0; i < 100000; i++) {
		int64_t step_ms = (int64_t)(unit_random() % (HOUR_MS / 2));
		int32_t fallen =
			rain_take(&counter, at_ms, (int32_t)(unit_random() % INT32_MAX), TURNS);
		ck_assert_int_ge(fallen, 0);
		ck_assert_int_le(fallen, 500000);
		at_ms += step_ms;
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("rain");
	TCase *tc = tcase_create("rain");
	tcase_add_test(tc, rain_is_what_a_counter_rose_by);
	tcase_add_test(tc, a_counter_that_turns_loses_nothing);
	tcase_add_test(tc, a_counter_that_begins_anew_goes_on);
	tcase_add_test(tc, a_slip_of_the_line_is_no_rain);
	tcase_add_test(tc, rain_of_a_gap_counts_for_an_hour_and_no_longer);
	tcase_add_test(tc, no_reading_makes_more_than_can_rain);
	suite_add_tcase(suite, tc);
	return suite;
}
