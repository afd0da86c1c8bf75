/* SPDX-License-Identifier: MIT */
#include "evaluate.h"

#include <string.h>

#include "models.h"
#include "unit.h"

#define H 394344
#define MISSING TIMELINE_UNKNOWN

static struct plan plan;
static struct timeline timeline;
static struct verdict verdict;

static void setup(void)
{
	plan = models_hetang();
	memset(&timeline, 0, sizeof(timeline));
}

/* Adds n hours of a daily and a real-time AQI. */
static void hours(int n, int daily, int realtime)
{
	for (int i = 0; i < n; i++)
		timeline_observe(&timeline, timeline.past ? timeline.now + 1 : H,
				 timeline_hour_of(daily, realtime));
}

/* The present hour's answer for a level. */
static enum truth called(enum level level)
{
	evaluate(&plan, &timeline, &verdict);
	return verdict.levels[level].called;
}

START_TEST(yellow_needs_25_values_above_150_and_one_hour_above_200)
{
	hours(24, 100, 100);
	hours(23, 160, 190);
	hours(1, 160, 201);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.parts[0].hours, 47);
	hours(1, 160, 190);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	const struct evidence *evidence = &verdict.levels[LEVEL_YELLOW].evidence;
	ck_assert_int_eq(evidence->run_hours, 48);
	ck_assert_int_eq(evidence->met_at, timeline.now);
	ck_assert_int_eq(evidence->run_first, timeline.now - 24);
	ck_assert_int_eq(evidence->onset, timeline.now);
}
END_TEST

START_TEST(two_days_above_150_without_a_short_spell_raise_nothing)
{
	hours(24, 100, 100);
	hours(60, 200, 200);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
}
END_TEST

START_TEST(a_short_spell_counts_in_the_hours_the_run_covers_and_not_an_hour_before)
{
	for (int before = 23; before <= 24; before++) {
		setup();
		hours(24, 100, 100);
		hours(1, 100, 201); /* so many hours before the first value of the run */
		hours(before - 1, 100, 100);
		hours(25, 160, 160);
		ck_assert_int_eq(called(LEVEL_YELLOW), before == 23 ? TRUTH_TRUE : TRUTH_FALSE);
	}
}
END_TEST

START_TEST(thresholds_are_strict_but_500_counts_at_500)
{
	hours(24, 100, 100);
	hours(80, 150, 500);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	hours(1, 499, 499);
	ck_assert_int_eq(called(LEVEL_RED), TRUTH_FALSE);
	hours(1, 500, 500);
	ck_assert_int_eq(called(LEVEL_RED), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_RED].evidence.condition, 1);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
}
END_TEST

START_TEST(orange_needs_49_values_and_one_above_200_inside_the_run)
{
	hours(24, 100, 100);
	hours(47, 160, 160);
	hours(1, 201, 160);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	hours(1, 160, 160);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_TRUE);
	/* orange calls for yellow, though no hour was above 200 */
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].met, TRUTH_FALSE);
}
END_TEST

START_TEST(two_days_above_200_are_only_yellow)
{
	hours(24, 100, 100);
	hours(38, 260, 260);
	hours(10, 350, 350);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	ck_assert_int_eq(called(LEVEL_RED), TRUTH_FALSE);
	hours(1, 260, 260);
	ck_assert_int_eq(called(LEVEL_RED), TRUTH_TRUE);
}
END_TEST

START_TEST(orange_is_called_for_while_its_stretch_ended_less_than_36_h_ago)
{
	hours(24, 100, 100);
	hours(50, 210, 210);
	hours(35, 160, 160);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].released, TRUTH_FALSE);
	hours(1, 160, 160);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].met, TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].released, TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].released, TRUTH_FALSE);
}
END_TEST

START_TEST(a_run_that_ended_calls_for_nothing)
{
	hours(24, 100, 100);
	hours(60, 210, 210);
	hours(1, 150, 210);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
}
END_TEST

START_TEST(a_gap_of_two_hours_is_bridged_and_counts_as_clock_time)
{
	hours(24, 100, 100);
	hours(10, 160, 201);
	hours(2, MISSING, MISSING);
	hours(12, 160, 160);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	hours(1, 160, 160);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.run_hours, 48);
}
END_TEST

START_TEST(a_gap_of_three_hours_makes_the_answer_unknown)
{
	hours(24, 100, 100);
	hours(10, 160, 201);
	hours(3, MISSING, MISSING);
	hours(12, 160, 201);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_UNKNOWN);
	hours(13, 160, 160); /* 25 values behind the gap */
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
}
END_TEST

START_TEST(a_gap_that_ends_below_the_threshold_bridges_nothing)
{
	hours(24, 100, 100);
	hours(24, 160, 201);
	hours(2, MISSING, MISSING);
	hours(1, 150, 100);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
}
END_TEST

START_TEST(in_a_short_gap_nothing_is_decided)
{
	hours(24, 100, 100);
	hours(30, 160, 201);
	hours(2, MISSING, MISSING);
	evaluate(&plan, &timeline, &verdict);
	ck_assert(verdict.bridged);
	hours(1, MISSING, MISSING);
	evaluate(&plan, &timeline, &verdict);
	ck_assert(!verdict.bridged);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].called, TRUTH_UNKNOWN);
}
END_TEST

START_TEST(hours_before_the_record_are_unknown_and_not_clean)
{
	hours(10, 160, 201);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_UNKNOWN);
	ck_assert_int_eq(called(LEVEL_RED), TRUTH_FALSE);
	setup();
	hours(1, 150, 201);
	hours(9, 160, 201);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
}
END_TEST

START_TEST(a_run_that_lies_ahead_is_called_for_at_once_with_its_onset)
{
	hours(40, 60, 60);
	timeline.ahead = 60;
	for (int i = 0; i < 60; i++)
		timeline.hours[timeline.past + i] =
			i < 30 ? timeline_hour_of(100, 100) : timeline_hour_of(210, 230);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	/* the first value of the run is 31 h ahead and covers 23 h before it */
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.onset, timeline.now + 31 - 23);
}
END_TEST

START_TEST(a_forecast_of_clean_air_shortens_the_wait_for_a_release)
{
	hours(24, 100, 100);
	hours(40, 160, 210);
	hours(1, 150, 100);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].released, TRUTH_FALSE);
	timeline.ahead = 35;
	for (int i = 0; i < 35; i++)
		timeline.hours[timeline.past + i] = timeline_hour_of(90, 90);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].released, TRUTH_TRUE);
	timeline.hours[timeline.past + 34].daily_milli = 151 * AQI_MILLI;
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].released, TRUTH_FALSE);
}
END_TEST

/* A random walk of daily AQIs without missing hours. */
static void random_series(int *series, int n)
{
	int value = 150;
	for (int i = 0; i < n; i++) {
		value += (int)(unit_random() % 41) - 20;
		value = value < 20 ? 20 : value > 500 ? 500 : value;
		series[i] = value;
	}
}

START_TEST(a_higher_series_never_calls_for_a_lower_level)
{
	int series[200];
	for (int round = 0; round < 300; round++) {
		random_series(series, 200);
		enum truth low[LEVEL_COUNT], high[LEVEL_COUNT];
		for (int pass = 0; pass < 2; pass++) {
			setup();
			for (int i = 0; i < 200; i++) {
				int up = pass ? (int)(unit_random() % 60) : 0;
				int value = series[i] + up > 500 ? 500 : series[i] + up;
				hours(1, value, value);
			}
			evaluate(&plan, &timeline, &verdict);
			for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++)
				(pass ? high : low)[l] = verdict.levels[l].called;
		}
		for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++)
			ck_assert_int_ge(high[l], low[l]);
	}
}
END_TEST

START_TEST(a_missing_hour_never_makes_a_sure_answer_wrong)
{
	int series[150];
	for (int round = 0; round < 300; round++) {
		random_series(series, 150);
		enum truth full[LEVEL_COUNT];
		plan.gap_h = 0;
		for (int pass = 0; pass < 2; pass++) {
			memset(&timeline, 0, sizeof(timeline));
			for (int i = 0; i < 150; i++) {
				bool missing = pass && unit_random() % 30 == 0;
				int value = missing ? MISSING : series[i];
				hours(1, value, value);
			}
			evaluate(&plan, &timeline, &verdict);
			for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
				enum truth truth = verdict.levels[l].called;
				if (pass && truth != TRUTH_UNKNOWN && full[l] != TRUTH_UNKNOWN)
					ck_assert_int_eq(truth, full[l]);
				full[l] = truth;
			}
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("evaluate");
	TCase *tc = tcase_create("evaluate");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, yellow_needs_25_values_above_150_and_one_hour_above_200);
	tcase_add_test(tc, two_days_above_150_without_a_short_spell_raise_nothing);
	tcase_add_test(tc, a_short_spell_counts_in_the_hours_the_run_covers_and_not_an_hour_before);
	tcase_add_test(tc, thresholds_are_strict_but_500_counts_at_500);
	tcase_add_test(tc, orange_needs_49_values_and_one_above_200_inside_the_run);
	tcase_add_test(tc, two_days_above_200_are_only_yellow);
	tcase_add_test(tc, orange_is_called_for_while_its_stretch_ended_less_than_36_h_ago);
	tcase_add_test(tc, a_run_that_ended_calls_for_nothing);
	tcase_add_test(tc, a_gap_of_two_hours_is_bridged_and_counts_as_clock_time);
	tcase_add_test(tc, a_gap_of_three_hours_makes_the_answer_unknown);
	tcase_add_test(tc, a_gap_that_ends_below_the_threshold_bridges_nothing);
	tcase_add_test(tc, in_a_short_gap_nothing_is_decided);
	tcase_add_test(tc, hours_before_the_record_are_unknown_and_not_clean);
	tcase_add_test(tc, a_run_that_lies_ahead_is_called_for_at_once_with_its_onset);
	tcase_add_test(tc, a_forecast_of_clean_air_shortens_the_wait_for_a_release);
	tcase_add_test(tc, a_higher_series_never_calls_for_a_lower_level);
	tcase_add_test(tc, a_missing_hour_never_makes_a_sure_answer_wrong);
	suite_add_tcase(suite, tc);
	return suite;
}
