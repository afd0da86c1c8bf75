/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "district.h"
#include "models.h"
#include "unit.h"

#define H INT64_C(384430)
#define PM25 POLLUTANT_PM25
#define PM25_BIT (1u << POLLUTANT_PM25)

static struct edition e2012, e2026;
static const struct scope all = {POLLUTANT_ALL, PM25_BIT | 1u << POLLUTANT_PM10};
static struct window windows[DISTRICT_POINTS_MAX];
static struct hour_values values[DISTRICT_POINTS_MAX];

static void setup(void)
{
	e2012 = models_hj633_2012();
	e2026 = models_hj633_2026();
	memset(windows, 0, sizeof(windows));
	memset(values, 0, sizeof(values));
	for (int i = 0; i < DISTRICT_POINTS_MAX; i++)
		window_put(&windows[i], H, &values[i]);
}

/* So many hours up to H, all alike. */
static void fill(int point, enum pollutant pollutant, int32_t milli, int hours)
{
	struct hour_values hour = {.valid = 1u << pollutant};
	hour.milli[pollutant] = milli;
	for (int i = hours - 1; i >= 0; i--)
		window_put(&windows[point], H - i, &hour);
}

static void fill_none(int point)
{
	static const struct hour_values nothing = {0};
	for (int i = 23; i >= 0; i--)
		window_put(&windows[point], H - i, &nothing);
}

static struct district_index daily(int n)
{
	struct district_index index;
	district_daily(&e2026, &all, n, windows, &index);
	return index;
}

static int count_points(const struct district_index *index)
{
	int n = 0;
	for (int i = 0; i < DISTRICT_POINTS_MAX; i++)
		n += point_set_has(&index->points[PM25], i);
	return n;
}

static struct district_index realtime(int n)
{
	struct district_index index;
	district_realtime(&e2026, &all, n, values, &index);
	return index;
}

/* ---- the worked example ---- */

START_TEST(three_clean_points_and_one_heavy_one_make_a_heavy_district)
{
	fill(0, PM25, 60000, 24);
	fill(1, PM25, 60000, 24);
	fill(2, PM25, 60000, 24);
	fill(3, PM25, 424000, 24);
	struct district_index index = daily(4);
	ck_assert(index.aqi.known);
	ck_assert_int_eq(index.aqi.means[PM25].sum_milli, 151000);
	ck_assert_int_eq(index.aqi.means[PM25].n, 1);
	ck_assert_int_eq(index.aqi.value, 201);
	ck_assert_int_eq(index.aqi.hours[PM25], 24);
	ck_assert_int_eq(count_points(&index), 4);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(point_set_has(&index.points[PM25], i), i < 4);
}
END_TEST

START_TEST(three_valid_of_four_make_a_value_and_two_do_not_and_two_of_three_do)
{
	fill(0, PM25, 60000, 24);
	fill(3, PM25, 424000, 24);
	ck_assert(!daily(4).aqi.known);
	ck_assert_int_eq(daily(4).aqi.hours[PM25], 0);
	ck_assert(!point_set_has(&daily(4).points[PM25], 0));
	fill(1, PM25, 60000, 19); /* too few hours are none */
	ck_assert(!daily(4).aqi.known);
	fill(1, PM25, 60000, 20);
	ck_assert(daily(4).aqi.known);
	ck_assert_int_eq(daily(4).aqi.hours[PM25], 20);
	ck_assert(point_set_has(&daily(4).points[PM25], 1));
	fill_none(1);
	ck_assert(!daily(3).aqi.known); /* one of three */
	fill(2, PM25, 61000, 24);
	ck_assert(daily(3).aqi.known);
	ck_assert_int_eq(daily(3).aqi.means[PM25].sum_milli, 60000); /* 60.5, half to even */
	ck_assert(point_set_has(&daily(3).points[PM25], 2));
	ck_assert(!point_set_has(&daily(3).points[PM25], 1));
}
END_TEST

START_TEST(so_many_valid_points_are_enough_and_one_fewer_is_not)
{
	static const struct {
		int n, least;
	} cases[] = {{1, 1}, {2, 1}, {3, 2}, {4, 3}, {5, 4}, {8, 6}, {9, 7}, {256, 192}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert(district_is_enough(cases[i].least, cases[i].n));
		ck_assert(!district_is_enough(cases[i].least - 1, cases[i].n));
	}
	ck_assert(!district_is_enough(0, 0));
}
END_TEST

START_TEST(without_an_assessment_point_there_is_no_value)
{
	ck_assert(!daily(0).aqi.known && !daily(0).aqi.publishable);
	ck_assert(!realtime(0).aqi.known && !realtime(0).aqi.publishable);
}
END_TEST

/* ---- exact ---- */

START_TEST(means_of_different_hours_are_added_without_rounding_any)
{
	/* 20, 21 and 23 hours: 1/20 + 1/21 + 1/23 of a thousandth above 60.499...: rounding each
	 * first would make 60.5, and so 60 */
	static const int hours[] = {20, 21, 23};
	for (int i = 0; i < 3; i++) {
		fill(i, PM25, 60500, hours[i]);
		struct hour_values last = {.valid = PM25_BIT};
		last.milli[PM25] = 60501; /* in one of them */
		window_put(&windows[i], H, &last);
	}
	ck_assert_int_eq(daily(3).aqi.means[PM25].sum_milli, 61000);
}
END_TEST

START_TEST(the_largest_values_of_all_points_do_not_overflow)
{
	for (int i = 0; i < DISTRICT_POINTS_MAX; i++)
		fill(i, PM25, DISTRICT_MILLI_MAX, 20 + i % 5);
	ck_assert_int_eq(daily(DISTRICT_POINTS_MAX).aqi.value, 500);
	district_daily(&e2012, &all, DISTRICT_POINTS_MAX, windows, &(struct district_index){0});
	for (int i = 0; i < DISTRICT_POINTS_MAX; i++)
		fill(i, PM25, DISTRICT_MILLI_MAX + 1, 24);
	ck_assert(!daily(DISTRICT_POINTS_MAX).aqi.known);
}
END_TEST

/* ---- each point first ---- */

/* Two points whose O3 is high at different times of the day. */
START_TEST(each_point_has_its_own_largest_eight_hours_before_the_mean)
{
	for (int i = 23; i >= 0; i--) {
		struct hour_values hour = {.valid = 1u << POLLUTANT_O3};
		hour.milli[POLLUTANT_O3] = i >= 16 ? 200000 : 50000;
		window_put(&windows[0], H - i, &hour);
		hour.milli[POLLUTANT_O3] = i < 8 ? 200000 : 50000;
		window_put(&windows[1], H - i, &hour);
	}
	struct district_index index = daily(2);
	ck_assert_int_eq(index.aqi.means[POLLUTANT_O3].sum_milli, 200000); /* of their mean: 125 */
	ck_assert_int_eq(index.aqi.iaqi[POLLUTANT_O3], 137);
}
END_TEST

START_TEST(a_point_that_fell_silent_counts_as_long_as_its_day_has_enough_hours)
{
	fill(0, PM25, 80000, 24);
	fill(1, PM25, 100000, 24);
	for (int later = 0; later <= 5; later++) {
		struct hour_values hour = {.valid = PM25_BIT, .milli[POLLUTANT_PM25] = 80000};
		window_put(&windows[0], H + later, &hour);
		hour.valid = later == 0 ? PM25_BIT : 0;
		hour.milli[PM25] = 100000;
		window_put(&windows[1], H + later, &hour);
		struct district_index index = daily(2);
		ck_assert_int_eq(count_points(&index), later <= 4 ? 2 : 1);
		ck_assert_int_eq(index.aqi.hours[PM25], later <= 4 ? 24 - later : 24);
		ck_assert_int_eq(index.aqi.means[PM25].sum_milli, later <= 4 ? 90000 : 80000);
	}
}
END_TEST

START_TEST(of_one_point_the_district_is_that_point)
{
	struct aqi alone;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		for (int i = 23; i >= 0; i--) {
			struct hour_values hour = windows[0].hours[(H - i) % WINDOW_HOURS];
			hour.valid |= 1u << p;
			hour.milli[p] = 1000 * ((p + 3) * i % 37 + 20);
			window_put(&windows[0], H - i, &hour);
		}
	}
	for (int edition = 0; edition < 2; edition++) {
		const struct edition *by = edition == 0 ? &e2012 : &e2026;
		struct district_index index;
		district_daily(by, &all, 1, windows, &index);
		aqi_daily(by, &all, &windows[0], &alone);
		ck_assert_int_eq(index.aqi.value, alone.value);
		ck_assert_mem_eq(index.aqi.iaqi, alone.iaqi, sizeof(alone.iaqi));
		ck_assert_uint_eq(index.aqi.primary, alone.primary);
		ck_assert_int_eq(index.aqi.complete, alone.complete);
		ck_assert_int_eq(index.aqi.publishable, alone.publishable);
	}
}
END_TEST

START_TEST(the_real_time_value_is_the_mean_of_the_hour_of_the_points_that_have_one)
{
	for (int i = 0; i < 4; i++) {
		values[i].valid = PM25_BIT;
		values[i].milli[PM25] = i == 3 ? 424000 : 60000;
	}
	ck_assert_int_eq(realtime(4).aqi.value, 201);
	values[0].valid = 0;
	ck_assert_int_eq(realtime(4).aqi.means[PM25].sum_milli, 181000); /* 181.33 */
	ck_assert_int_eq(realtime(4).aqi.hours[PM25], 1);
	ck_assert(!point_set_has(&realtime(4).points[PM25], 0));
	values[1].valid = 0;
	ck_assert(!realtime(4).aqi.known);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("district_mean");
	TCase *tc = tcase_create("district");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, three_clean_points_and_one_heavy_one_make_a_heavy_district);
	tcase_add_test(tc, three_valid_of_four_make_a_value_and_two_do_not_and_two_of_three_do);
	tcase_add_test(tc, so_many_valid_points_are_enough_and_one_fewer_is_not);
	tcase_add_test(tc, without_an_assessment_point_there_is_no_value);
	tcase_add_test(tc, means_of_different_hours_are_added_without_rounding_any);
	tcase_add_test(tc, the_largest_values_of_all_points_do_not_overflow);
	tcase_add_test(tc, each_point_has_its_own_largest_eight_hours_before_the_mean);
	tcase_add_test(tc, a_point_that_fell_silent_counts_as_long_as_its_day_has_enough_hours);
	tcase_add_test(tc, of_one_point_the_district_is_that_point);
	tcase_add_test(tc, the_real_time_value_is_the_mean_of_the_hour_of_the_points_that_have_one);
	suite_add_tcase(suite, tc);
	return suite;
}
