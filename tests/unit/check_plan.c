/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <string.h>

#include "hetang.h"
#include "models.h"
#include "unit.h"

START_TEST(two_days_of_air_need_25_values_and_three_need_49)
{
	struct plan plan = {.counting = COUNTING_SPAN};
	const int hours[] = {24, 48, 72, 96}, values[] = {1, 25, 49, 73};
	for (int i = 0; i < 4; i++) {
		struct plan_part part = {.for_h = hours[i]};
		ck_assert_int_eq(plan_part_values(&plan, &part), values[i]);
		ck_assert_int_eq(plan_part_hours(&plan, &part, values[i]), hours[i]);
	}
	plan.counting = COUNTING_ROLLING;
	struct plan_part part = {.for_h = 48};
	ck_assert_int_eq(plan_part_values(&plan, &part), 48);
}
END_TEST

START_TEST(above_is_strict_and_at_least_is_not)
{
	struct plan_part part = {.threshold = 150};
	ck_assert(!plan_part_holds(&part, 150 * 1000));
	ck_assert(plan_part_holds(&part, 150 * 1000 + 1));
	part.at_least = true;
	ck_assert(plan_part_holds(&part, 150 * 1000));
	ck_assert(!plan_part_holds(&part, 149 * 1000));
}
END_TEST

START_TEST(the_release_thresholds_of_hetang_are_150_200_300)
{
	struct plan plan = models_hetang();
	ck_assert_int_eq(plan.levels[LEVEL_YELLOW].release_threshold, 150);
	ck_assert_int_eq(plan.levels[LEVEL_ORANGE].release_threshold, 200);
	ck_assert_int_eq(plan.levels[LEVEL_RED].release_threshold, 300);
}
END_TEST

START_TEST(the_longest_daily_part_becomes_the_base)
{
	struct plan plan = models_hetang();
	ck_assert_int_eq(plan.levels[LEVEL_YELLOW].any[0].parts[0].index, PLAN_INDEX_DAILY_AQI);
	ck_assert_int_eq(plan.levels[LEVEL_YELLOW].any[0].parts[1].index, PLAN_INDEX_HOURLY_AQI);
	struct plan_level empty = {.n_any = 1};
	ck_assert(!plan_level_prepare(&plan, &empty));
}
END_TEST

START_TEST(a_stronger_measure_replaces_the_weaker_one_and_the_rest_is_inherited)
{
	struct plan plan = {.n_measures = 4};
	plan.measures[0] = (struct plan_measure){.level = LEVEL_YELLOW, .replaces = -1};
	plan.measures[1] = (struct plan_measure){.level = LEVEL_YELLOW, .replaces = -1};
	plan.measures[2] = (struct plan_measure){.level = LEVEL_RED, .replaces = 0};
	plan.measures[3] = (struct plan_measure){.level = LEVEL_NONE, .replaces = -1};
	int at[PLAN_MEASURES_MAX];
	ck_assert_int_eq(plan_measures_at(&plan, LEVEL_NONE, at), 0);
	ck_assert_int_eq(plan_measures_at(&plan, LEVEL_YELLOW, at), 3);
	ck_assert_int_eq(at[0], 0);
	ck_assert_int_eq(plan_measures_at(&plan, LEVEL_ORANGE, at), 3);
	ck_assert_int_eq(plan_measures_at(&plan, LEVEL_RED, at), 3);
	ck_assert_int_eq(at[0], 1);
	ck_assert_int_eq(at[1], 2);
}
END_TEST

START_TEST(a_level_ends_after_as_many_hours_as_are_missing_at_or_below_its_threshold)
{
	struct plan plan = {.release_h = 4};
	plan.levels[LEVEL_YELLOW].release = (struct plan_release){
		.n = 1, .limits[0] = {.index = PLAN_INDEX_DAILY_AQI, .threshold = 150}};
	int32_t daily[4] = {200000, 200000, 150000, 150000};
	const int32_t *const milli[PLAN_INDEX_SLOTS] = {daily};
	ck_assert_int_eq(plan_release_in_h(&plan, LEVEL_YELLOW, milli), 2);
	daily[3] = 150001;
	ck_assert_int_eq(plan_release_in_h(&plan, LEVEL_YELLOW, milli), 4);
	daily[3] = -1; /* not known is not clean */
	ck_assert_int_eq(plan_release_in_h(&plan, LEVEL_YELLOW, milli), 4);
	for (int i = 0; i < 4; i++)
		daily[i] = 0;
	ck_assert_int_eq(plan_release_in_h(&plan, LEVEL_YELLOW, milli), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");
	tcase_add_test(tc, two_days_of_air_need_25_values_and_three_need_49);
	tcase_add_test(tc, above_is_strict_and_at_least_is_not);
	tcase_add_test(tc, the_release_thresholds_of_hetang_are_150_200_300);
	tcase_add_test(tc, the_longest_daily_part_becomes_the_base);
	tcase_add_test(tc, a_stronger_measure_replaces_the_weaker_one_and_the_rest_is_inherited);
	tcase_add_test(tc,
		       a_level_ends_after_as_many_hours_as_are_missing_at_or_below_its_threshold);
	suite_add_tcase(suite, tc);
	return suite;
}
