/* SPDX-License-Identifier: MIT */
/* A plan's own indices, releases and seasons, against hours that were made for it. */
#include "own_index.h"

#include <string.h>

#include "evaluate.h"
#include "models.h"
#include "unit.h"
#include "warning.h"

#define H 394344
#define PM25 (1u << POLLUTANT_PM25)
#define OWN PLAN_INDEX_OWN
#define DAY_H 24

static struct plan plan;
static struct timeline timeline;
static struct verdict verdict;
static struct advice advice;

/* One level by one part of the plan's first own index, or of an AQI. */
static void begin(struct own_index own, int index, bool at_least, int threshold, int for_h)
{
	plan = (struct plan){.id = "own", .n_levels = 1, .gap_h = 2, .release_h = 36};
	plan.n_own = 1;
	plan.own[0] = own;
	struct plan_level *level = &plan.levels[1];
	level->n_any = level->any[0].n_parts = 1;
	level->any[0].parts[0] = (struct plan_part){index, at_least, threshold, for_h};
	ck_assert(plan_level_prepare(&plan, level));
	memset(&timeline, 0, sizeof(timeline));
	timeline.n_own = 1;
	advice = (struct advice){0};
}

static const struct own_index daily_pm25 = {"daily_pm25", OWN_CONCENTRATION, true, PM25};

static void begin_pm25(int for_h)
{
	begin(daily_pm25, OWN, false, 115, for_h);
}

/* n hours of both AQIs and of the own index, stepped through. */
static void hours(int n, int aqi, int own)
{
	struct event events[WARNING_EVENTS_MAX];
	for (int i = 0; i < n; i++) {
		timeline_observe(&timeline, timeline.past ? timeline.now + 1 : H,
				 timeline_hour_of(aqi, aqi));
		struct own_hour *hour = &timeline.own[timeline.past - 1];
		hour->milli[0] = hour->full_milli[0] = own < 0 ? own : own * 1000;
		evaluate(&plan, &timeline, &verdict);
		advice_step(&advice, &verdict, events);
	}
}

static struct aqi aqi_of(const struct edition *edition, const struct scope *scope, double pm25,
			 int o3)
{
	struct window window = {0};
	struct aqi aqi;
	struct hour_values values = {.valid = PM25 | 1u << POLLUTANT_O3};
	values.milli[POLLUTANT_PM25] = (int32_t)(pm25 * 1000);
	values.milli[POLLUTANT_O3] = o3 * 1000;
	for (int h = 1; h <= WINDOW_HOURS; h++)
		window_put(&window, H + h, &values);
	aqi_daily(edition, scope, &window, &aqi);
	return aqi;
}

START_TEST(a_concentration_is_rounded_as_published_and_the_rest_is_of_the_iaqis)
{
	const struct scope scope = {POLLUTANT_ALL, PM25};
	const struct own_index without = {"w", OWN_IAQI, true, POLLUTANT_ALL & ~PM25};
	const struct own_index of_pm25 = {"i", OWN_IAQI, true, PM25};
	struct edition edition = models_hj633_2012();
	struct aqi aqi = aqi_of(&edition, &scope, 115.4, 216);
	ck_assert_int_eq(own_index_milli(&daily_pm25, &scope, &aqi, &aqi), 115000);
	ck_assert_int_eq(own_index_milli(&of_pm25, &scope, &aqi, &aqi), 151000);
	ck_assert_int_eq(own_index_milli(&without, &scope, &aqi, &aqi), 151000);
	aqi = aqi_of(&edition, &scope, 115.5, 0);
	ck_assert_int_eq(own_index_milli(&daily_pm25, &scope, &aqi, &aqi), 116000);
	ck_assert_int_eq(own_index_milli(&without, &scope, &aqi, &aqi), 0);
	aqi.means[POLLUTANT_PM25].n = 0;
	ck_assert_int_eq(own_index_milli(&daily_pm25, &scope, &aqi, &aqi), TIMELINE_UNKNOWN);
}
END_TEST

START_TEST(a_mean_of_aqis_wants_as_many_hours_as_a_day_and_leaves_dust_out)
{
	begin_pm25(24);
	hours(10, 100, 0);
	hours(10, 200, 0);
	int last = timeline.past - 1;
	ck_assert_int_eq(own_index_mean_of_day(&timeline, last, 20, false), 150000);
	ck_assert_int_eq(own_index_mean_of_day(&timeline, last, 21, false), TIMELINE_UNKNOWN);
	timeline.hours[last].dust = true;
	ck_assert_int_eq(own_index_mean_of_day(&timeline, last, 20, false), TIMELINE_UNKNOWN);
	ck_assert_int_eq(own_index_mean_of_day(&timeline, last, 20, true), 150000);
}
END_TEST

START_TEST(a_concentration_calls_and_ends_as_an_aqi_does)
{
	begin_pm25(48);
	hours(40, 60, 60);
	hours(24, 60, 116);
	ck_assert_int_eq(advice_level(&advice), 0);
	hours(1, 60, 116);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(35, 60, 115);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(1, 60, 115);
	ck_assert_int_eq(advice_level(&advice), 0);
}
END_TEST

START_TEST(hours_alone_call_for_a_level_and_none_before_the_run_is_counted)
{
	begin(daily_pm25, PLAN_INDEX_HOURLY_AQI, true, 500, 8);
	hours(40, 60, 0);
	hours(7, 500, 0);
	hours(1, 499, 0);
	hours(7, 500, 0);
	ck_assert_int_eq(advice_level(&advice), 0);
	hours(1, 500, 0);
	ck_assert_int_eq(advice_level(&advice), 1);
	ck_assert_int_eq(verdict.levels[1].evidence.run_hours, 8);
	hours(35, 499, 0);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(1, 499, 0);
	ck_assert_int_eq(advice_level(&advice), 0);
}
END_TEST

START_TEST(a_short_spell_that_a_forecast_says_in_words_is_no_hour_of_500)
{
	begin(daily_pm25, PLAN_INDEX_HOURLY_AQI, true, 500, 8);
	hours(40, 60, 0);
	timeline.ahead = DAY_H;
	for (int i = 0; i < DAY_H; i++) {
		timeline.hours[timeline.past + i] = timeline_hour_of(220, TIMELINE_UNKNOWN);
		timeline.hours[timeline.past + i].short_heavy = true;
	}
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_ne(verdict.levels[1].called, TRUTH_TRUE);
}
END_TEST

START_TEST(each_limit_of_a_release_of_its_own_must_be_kept_for_its_own_hours)
{
	begin_pm25(24);
	plan.levels[1].release = (struct plan_release){
		.n = 2,
		.own = true,
		.for_h = 3,
		.limits = {{OWN, false, 115}, {PLAN_INDEX_HOURLY_AQI, true, 200}}};
	hours(40, 60, 60);
	hours(5, 60, 116);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(10, 200, 100);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(2, 199, 115);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(1, 199, 115);
	ck_assert_int_eq(advice_level(&advice), 0);
}
END_TEST

START_TEST(a_forecast_in_aqis_leaves_a_concentration_ahead_unsaid_and_holds_nothing)
{
	begin_pm25(24);
	hours(40, 60, 60);
	hours(5, 60, 116);
	hours(36, 60, 60);
	ck_assert_int_eq(advice_level(&advice), 0);
	timeline.ahead = 48;
	for (int i = 0; i < 48; i++) {
		timeline.hours[timeline.past + i] = timeline_hour_of(90, 90);
		timeline.own[timeline.past + i].milli[0] = TIMELINE_UNKNOWN;
		timeline.own[timeline.past + i].full_milli[0] = TIMELINE_UNKNOWN;
	}
	evaluate(&plan, &timeline, &verdict);
	ck_assert_int_eq(verdict.levels[1].called, TRUTH_FALSE);
	ck_assert_int_eq(verdict.levels[1].release.released, TRUTH_TRUE);
}
END_TEST

START_TEST(a_concentration_that_is_missing_for_long_is_unknown_and_lifts_nothing)
{
	begin_pm25(24);
	hours(40, 60, 60);
	hours(5, 60, 116);
	hours(40, 60, TIMELINE_UNKNOWN);
	ck_assert_int_eq(advice_level(&advice), 1);
	ck_assert_int_eq(verdict.levels[1].called, TRUTH_UNKNOWN);
	ck_assert_int_eq(plan_release_in_h(&plan, 1, (const int32_t *[PLAN_INDEX_SLOTS]){NULL}),
			 RELEASE_UNTOLD);
}
END_TEST

START_TEST(a_season_over_the_end_of_the_year_has_both_its_days_in_beijing)
{
	const struct plan_season season = {1015, 315};
	const int64_t midnight = 393256; /* 2014-11-11 24:00 in Beijing, an END label */
	ck_assert_int_eq((midnight + 8) % DAY_H, 0);
	ck_assert(plan_season_has(&season, midnight));
	const int64_t march_15 = midnight + 124 * DAY_H, october_14 = midnight - 28 * DAY_H;
	ck_assert(plan_season_has(&season, march_15));
	ck_assert(!plan_season_has(&season, march_15 + 1));
	ck_assert(!plan_season_has(&season, october_14));
	ck_assert(plan_season_has(&season, october_14 + 1));
	ck_assert(plan_season_has(&(struct plan_season){0, 0}, march_15 + 1));
}
END_TEST

START_TEST(a_plan_out_of_season_or_validity_calls_for_nothing_and_lifts_what_is_held)
{
	begin_pm25(24);
	hours(40, 60, 60);
	hours(5, 60, 200);
	ck_assert_int_eq(advice_level(&advice), 1);
	plan.valid_until = 20141201; /* the hours are of the end of December */
	hours(5, 60, 200);
	ck_assert_int_eq(verdict.levels[1].called, TRUTH_FALSE);
	ck_assert_int_eq(advice_level(&advice), 1);
	hours(36, 60, 60);
	ck_assert_int_eq(advice_level(&advice), 0);
	hours(5, 60, 200);
	ck_assert_int_eq(advice_level(&advice), 0);
	plan.valid_until = 0;
	plan.levels[1].any[0].season = (struct plan_season){301, 1130};
	hours(5, 60, 200);
	ck_assert_int_eq(advice_level(&advice), 0);
	plan.levels[1].any[0].season = (struct plan_season){1201, 228};
	hours(1, 60, 200);
	ck_assert_int_eq(advice_level(&advice), 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("own_index");
	TCase *tc = tcase_create("own_index");
	tcase_add_test(tc, a_concentration_is_rounded_as_published_and_the_rest_is_of_the_iaqis);
	tcase_add_test(tc, a_mean_of_aqis_wants_as_many_hours_as_a_day_and_leaves_dust_out);
	tcase_add_test(tc, a_concentration_calls_and_ends_as_an_aqi_does);
	tcase_add_test(tc, hours_alone_call_for_a_level_and_none_before_the_run_is_counted);
	tcase_add_test(tc, a_short_spell_that_a_forecast_says_in_words_is_no_hour_of_500);
	tcase_add_test(tc, each_limit_of_a_release_of_its_own_must_be_kept_for_its_own_hours);
	tcase_add_test(tc,
		       a_forecast_in_aqis_leaves_a_concentration_ahead_unsaid_and_holds_nothing);
	tcase_add_test(tc, a_concentration_that_is_missing_for_long_is_unknown_and_lifts_nothing);
	tcase_add_test(tc, a_season_over_the_end_of_the_year_has_both_its_days_in_beijing);
	tcase_add_test(tc,
		       a_plan_out_of_season_or_validity_calls_for_nothing_and_lifts_what_is_held);
	suite_add_tcase(suite, tc);
	return suite;
}
