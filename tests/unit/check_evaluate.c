/* SPDX-License-Identifier: MIT */
#include "evaluate.h"

#include <string.h>

#include "hetang.h"
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
static enum truth called(int level)
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
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].release.released, TRUTH_FALSE);
	hours(1, 160, 160);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].met, TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].release.released, TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_FALSE);
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
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.onset, timeline.now + 31 - 24);
}
END_TEST

START_TEST(a_forecast_of_clean_air_shortens_the_wait_for_a_release)
{
	hours(24, 100, 100);
	hours(40, 160, 210);
	hours(1, 150, 100);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_FALSE);
	timeline.ahead = 35;
	for (int i = 0; i < 35; i++)
		timeline.hours[timeline.past + i] = timeline_hour_of(90, 90);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_TRUE);
	timeline.hours[timeline.past + 34].daily_milli = 151 * AQI_MILLI;
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_FALSE);
}
END_TEST

/* n hours of which the first ends at 01:00 in Beijing. */
static void days(const int *daily, int n)
{
	int64_t midnight = H - (H + 8) % 24;
	for (int i = 0; i < n; i++)
		timeline_observe(&timeline, midnight + 1 + i, timeline_hour_of(daily[i], daily[i]));
}

START_TEST(counting_natural_days_sees_only_the_values_of_midnight)
{
	int series[24 * 6];
	plan.counting = COUNTING_NATURAL_DAY;
	for (int i = 0; i < 24 * 6; i++)
		series[i] = i % 24 == 23 && i / 24 >= 2 ? 210 : 100; /* only the days' own values */
	series[24 * 3 + 5] = 400;                                    /* nobody's */
	setup();
	plan.counting = COUNTING_NATURAL_DAY;
	days(series, 24 * 4 - 1);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	setup();
	plan.counting = COUNTING_NATURAL_DAY;
	days(series, 24 * 4); /* two days above 200: 48 h, a short spell inside */
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.parts[0].hours, 48);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_FALSE);
	setup();
	plan.counting = COUNTING_NATURAL_DAY;
	days(series, 24 * 5 + 11); /* three days, and the fourth goes on */
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].evidence.parts[0].hours, 72 + 11);
}
END_TEST

/* 49 values above 200 from one midnight to the second after it, one above 300 in between: 72 h by
 * span, with 24 h above 300; three calendar days, none above 300; 49 h by rolling. */
START_TEST(one_series_gives_another_level_under_each_counting)
{
	static const struct {
		enum counting counting;
		int level;
	} cases[] = {{COUNTING_SPAN, LEVEL_RED},
		     {COUNTING_NATURAL_DAY, LEVEL_ORANGE},
		     {COUNTING_ROLLING, LEVEL_YELLOW}};
	int series[24 * 4];
	for (int i = 0; i < 24 * 4; i++)
		series[i] = i < 24 * 2 - 1 ? 100 : 210;
	series[24 * 3] = 310;
	for (int c = 0; c < 3; c++) {
		setup();
		plan.counting = cases[c].counting;
		days(series, 24 * 4);
		int level = LEVEL_RED;
		while (level > LEVEL_NONE && called(level) != TRUTH_TRUE)
			level--;
		ck_assert_int_eq(level, cases[c].level);
	}
}
END_TEST

static void forecast_hours(int n, int daily, int realtime)
{
	for (int i = 0; i < n; i++) {
		struct timeline_hour hour = timeline_hour_of(daily, realtime);
		hour.basis = BASIS_FORECAST;
		hour.issue = 1;
		timeline.hours[timeline.past + timeline.ahead++] = hour;
	}
	timeline.n_issues = 1;
}

START_TEST(a_condition_met_only_by_forecast_hours_rests_on_the_forecast)
{
	hours(24, 100, 100);
	hours(25, 160, 210);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.basis, BASIS_OBSERVED);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.basis, BASIS_OBSERVED);
	forecast_hours(30, 210, 220);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.basis, BASIS_OBSERVED);
	ck_assert_int_eq(called(LEVEL_ORANGE), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_ORANGE].evidence.basis, BASIS_FORECAST);
	ck_assert_int_eq(verdict.basis, BASIS_FORECAST);
}
END_TEST

START_TEST(a_mean_of_aqis_just_above_a_threshold_is_above_it)
{
	hours(24, 100, 100);
	forecast_hours(30, 150, 210);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	for (int i = 0; i < 30; i++)
		timeline.hours[timeline.past + i].daily_milli += 42; /* 1/24 */
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.run_max, 151);
}
END_TEST

START_TEST(unknown_hours_at_the_end_of_a_forecast_release_nothing_and_raise_nothing)
{
	hours(40, 60, 60);
	forecast_hours(72, MISSING, MISSING);
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		ck_assert_int_eq(called(l), TRUTH_FALSE);
		ck_assert_int_eq(verdict.levels[l].release.released, TRUTH_UNKNOWN);
	}
	ck_assert_int_eq(verdict.basis, BASIS_OBSERVED);
}
END_TEST

START_TEST(a_day_with_a_short_spell_fulfils_the_hourly_part)
{
	hours(24, 100, 100);
	forecast_hours(48, 160, 160);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE);
	timeline.hours[timeline.past + 30].short_heavy = true;
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
}
END_TEST

START_TEST(what_a_forecast_says_in_words_does_not_become_hours)
{
	hours(24, 100, 100);
	forecast_hours(48, 160, 190);
	for (int i = 24; i < 48; i++)
		timeline.hours[timeline.past + i].short_heavy = true;
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	const struct evidence *evidence = &verdict.levels[LEVEL_YELLOW].evidence;
	ck_assert(!evidence->parts[0].said && evidence->parts[1].said);
	ck_assert_int_eq(evidence->parts[1].hours, 0);
	ck_assert_int_eq(evidence->parts[1].needed, 1);
	timeline.hours[timeline.past + 3].realtime_milli = 201 * AQI_MILLI; /* hours speak first */
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert(!evidence->parts[1].said);
	ck_assert_int_eq(evidence->parts[1].hours, 1);
}
END_TEST

START_TEST(a_run_never_exceeds_what_is_known_of_its_air)
{
	/* a bulletin of three days on a station that begins: the first mean needs 20 of its hours
	 */
	hours(1, MISSING, MISSING);
	forecast_hours(19, MISSING, 170);
	forecast_hours(53, 170, 170);
	ck_assert_int_ne(called(LEVEL_ORANGE), TRUTH_TRUE);
	const struct evidence *evidence = &verdict.levels[LEVEL_ORANGE].evidence;
	ck_assert_int_eq(evidence->run_hours, 72); /* not 53 + 23 */
	ck_assert_int_eq(evidence->parts[0].hours, 72);
	/* 49 values are 72 hours by the plan, though 68 are known */
	timeline.ahead -= 4;
	called(LEVEL_ORANGE);
	ck_assert_int_eq(evidence->run_hours, 68);
	ck_assert_int_eq(evidence->parts[0].hours, 72);
	timeline.ahead -= 1;
	called(LEVEL_ORANGE);
	ck_assert_int_eq(evidence->run_hours, 67);
	ck_assert_int_eq(evidence->parts[0].hours, 67);
}
END_TEST

/* The last n observed hours are dust, of whatever value. */
static void make_dust(int n)
{
	for (int i = 0; i < n; i++)
		timeline.hours[timeline.past - 1 - i].dust = true;
}

START_TEST(hours_of_dust_neither_extend_nor_break_a_run)
{
	hours(24, 100, 100);
	hours(20, 160, 210);
	hours(30, 500, 500);
	make_dust(30);
	evaluate(&plan, &timeline, &verdict);
	ck_assert(verdict.dust);
	ck_assert_int_ne(verdict.levels[LEVEL_RED].called, TRUTH_TRUE);
	hours(4, 160, 160);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_FALSE); /* 24 values */
	ck_assert(!verdict.dust);
	hours(1, 160, 160);
	ck_assert_int_eq(called(LEVEL_YELLOW), TRUTH_TRUE);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.run_hours, 48);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].evidence.run_max, 160);
}
END_TEST

START_TEST(hours_of_dust_do_not_count_among_the_hours_of_a_release)
{
	hours(24, 100, 100);
	hours(30, 160, 210);
	hours(20, 100, 100);
	hours(50, MISSING, MISSING);
	make_dust(50); /* no gap limit */
	hours(15, 100, 100);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_FALSE);
	hours(1, 100, 100);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].release.released, TRUTH_TRUE);
}
END_TEST

START_TEST(each_alternative_says_how_far_it_has_come)
{
	hours(24, 100, 100);
	hours(30, 250, 260);
	evaluate(&plan, &timeline, &verdict);
	const struct condition_verdict *orange = verdict.levels[LEVEL_ORANGE].conditions;
	const struct condition_verdict *red = verdict.levels[LEVEL_RED].conditions;
	ck_assert_int_eq(orange[0].met, TRUTH_FALSE);
	ck_assert_int_eq(orange[0].parts[0].hours, 53);
	ck_assert_int_eq(orange[0].parts[0].needed, 72);
	ck_assert_int_eq(orange[0].parts[1].hours, 53);
	ck_assert_int_eq(red[0].parts[1].hours, 0);
	ck_assert_int_eq(red[1].parts[0].hours, 0);
	ck_assert_int_eq(red[1].parts[0].needed, 24);
	ck_assert_int_eq(orange[0].in_h, 19);
	ck_assert_int_eq(red[0].in_h, NOT_SO); /* nothing above 300 */
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].conditions[0].in_h, 0);
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].conditions[0].met_run, timeline.now - 29);
	hours(1, 160, 160); /* above 200 no more, but long enough before */
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(orange[0].in_h, 18);
	hours(1, 310, 310);
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(red[0].in_h, 48); /* a new stretch above 200 */
	ck_assert_int_eq(verdict.levels[LEVEL_YELLOW].conditions[0].met, TRUTH_TRUE);
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

/* If the air really goes on as it is, the level comes when it was said to come. */
START_TEST(what_is_said_of_the_hours_to_go_comes_true_if_the_air_goes_on)
{
	int series[90], told = 0;
	for (int round = 0; round < 200; round++) {
		setup();
		random_series(series, 90);
		for (int i = 0; i < 90; i++)
			hours(1, series[i], series[i]);
		evaluate(&plan, &timeline, &verdict);
		for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
			struct timeline before = timeline;
			int32_t in_h = verdict.levels[l].conditions[0].in_h;
			for (int32_t h = 1; in_h > 0 && h <= in_h; h++) {
				hours(1, series[89], series[89]);
				struct verdict then;
				evaluate(&plan, &timeline, &then);
				ck_assert_int_eq(then.levels[l].conditions[0].met == TRUTH_TRUE,
						 h == in_h);
				told++;
			}
			timeline = before;
		}
	}
	ck_assert_int_gt(told, 100);
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
	tcase_add_test(tc, counting_natural_days_sees_only_the_values_of_midnight);
	tcase_add_test(tc, one_series_gives_another_level_under_each_counting);
	tcase_add_test(tc, a_condition_met_only_by_forecast_hours_rests_on_the_forecast);
	tcase_add_test(tc, a_mean_of_aqis_just_above_a_threshold_is_above_it);
	tcase_add_test(tc,
		       unknown_hours_at_the_end_of_a_forecast_release_nothing_and_raise_nothing);
	tcase_add_test(tc, a_day_with_a_short_spell_fulfils_the_hourly_part);
	tcase_add_test(tc, what_a_forecast_says_in_words_does_not_become_hours);
	tcase_add_test(tc, a_run_never_exceeds_what_is_known_of_its_air);
	tcase_add_test(tc, hours_of_dust_neither_extend_nor_break_a_run);
	tcase_add_test(tc, hours_of_dust_do_not_count_among_the_hours_of_a_release);
	tcase_add_test(tc, each_alternative_says_how_far_it_has_come);
	tcase_add_test(tc, what_is_said_of_the_hours_to_go_comes_true_if_the_air_goes_on);
	suite_add_tcase(suite, tc);
	return suite;
}
