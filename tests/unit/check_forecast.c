/* SPDX-License-Identifier: MIT */
#include "ahead.h"

#include <string.h>

#include "models.h"
#include "unit.h"

#define H INT64_C(394336) /* 24:00 of a day in Beijing: (H + 8) % 24 == 0 */
#define HOUR_MS INT64_C(3600000)

static struct edition edition;
static struct plan plan;
static const struct scope scope = {POLLUTANT_ALL, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
static struct dust_hours dust;
static struct forecasts forecasts; /* one source */
#define forecast forecasts.of[0]
static struct timeline timeline;
static struct window window;

static void setup(void)
{
	edition = models_hj633_2012();
	memset(&dust, 0, sizeof(dust));
	plan = models_hetang();
	plan.dust_excludes = 1u << POLLUTANT_PM25;
	memset(&forecasts, 0, sizeof(forecasts));
	forecasts.n = 1;
	memset(&timeline, 0, sizeof(timeline));
	memset(&window, 0, sizeof(window));
	forecast.issued_ms = H * HOUR_MS;
}

static struct hour_values particles(int32_t pm25_milli)
{
	struct hour_values values = {.valid = 1u << POLLUTANT_PM25};
	values.milli[POLLUTANT_PM25] = pm25_milli;
	return values;
}

/* Observes one more hour, the way the engine does. */
static void observe(struct window *w, struct timeline *t, int64_t hour,
		    const struct hour_values *values)
{
	struct aqi realtime, daily;
	window_put(w, hour, values);
	aqi_realtime(&edition, &scope, values, &realtime);
	aqi_daily(&edition, &scope, w, &daily);
	timeline_observe(t, hour,
			 timeline_hour_of(daily.known ? daily.value : TIMELINE_UNKNOWN,
					  realtime.known ? realtime.value : TIMELINE_UNKNOWN));
}

/* n hours up to and including H. */
static void observed(int n, int32_t pm25_milli)
{
	const struct hour_values values = particles(pm25_milli);
	for (int i = n - 1; i >= 0; i--)
		observe(&window, &timeline, H - i, &values);
}

static void step(int64_t hour, int aqi_min, int aqi_max)
{
	forecast.steps[forecast.n++] =
		(struct forecast_step){.hour = hour, .aqi_min = aqi_min, .aqi_max = aqi_max};
}

static void concentration(int64_t hour, int32_t pm25_milli)
{
	forecast.steps[forecast.n++] =
		(struct forecast_step){.hour = hour, .values = particles(pm25_milli)};
}

static void join(bool expired, bool take_max)
{
	const struct forecast_use use = {.edition = &edition,
					 .plan = &plan,
					 .scope = &scope,
					 .dust = &dust,
					 .take_max = take_max,
					 .first = FORECASTS_BY_RANK};
	if (expired)
		forecast.issued_ms = (timeline.now - plan.forecast_max_age_h) * HOUR_MS - 1;
	forecast_join(&use, &forecasts, &window, &timeline);
}

static const struct timeline_hour *ahead(int i)
{
	ck_assert_int_le(i, timeline.ahead);
	return &timeline.hours[timeline.past - 1 + i];
}

START_TEST(hours_of_a_forecast_count_as_they_would_if_they_were_observed)
{
	static struct timeline expected;
	static struct window later;
	for (int round = 0; round < 50; round++) {
		setup();
		memset(&expected, 0, sizeof(expected));
		memset(&later, 0, sizeof(later));
		for (int i = 0; i < 100; i++) {
			struct hour_values values = {0};
			values.valid = unit_random() % (POLLUTANT_ALL + 1);
			for (int p = 0; p < POLLUTANT_COUNT; p++)
				values.milli[p] =
					(int32_t)(unit_random() % 200000); /* CO ends there */
			if (i < 30)
				observe(&window, &timeline, H + i, &values);
			else if (unit_random() % 8 == 0)
				values.valid = 0; /* an hour that the forecast leaves out */
			if (i >= 30 && values.valid != 0)
				forecast.steps[forecast.n++] =
					(struct forecast_step){.hour = H + i, .values = values};
			observe(&later, &expected, H + i, &values);
		}
		join(false, false);
		ck_assert_int_ge(timeline.ahead, 60);
		ck_assert_int_eq(ahead(1)->basis, BASIS_FORECAST);
		for (int i = 0; i < timeline.past + timeline.ahead; i++) {
			ck_assert_int_eq(timeline.hours[i].daily_milli,
					 expected.hours[i].daily_milli);
			ck_assert_int_eq(timeline.hours[i].realtime_milli,
					 expected.hours[i].realtime_milli);
		}
	}
}
END_TEST

START_TEST(a_concentration_that_no_air_can_have_is_unknown)
{
	pollutant_set beyond = 0;
	for (int i = 0; i < 48; i++)
		concentration(H + 1 + i, i == 30 || i == 31 ? 2000001 : 30000);
	observed(30, 30000);
	join(false, false);
	ck_assert_int_eq(timeline.ahead, 48);
	ck_assert_int_eq(ahead(31)->realtime_milli, TIMELINE_UNKNOWN);
	ck_assert_int_eq(ahead(40)->daily_milli, ahead(20)->daily_milli);
	ck_assert_int_eq(forecast_beyond(&forecast, &edition, &beyond), 2);
	ck_assert_uint_eq(beyond, 1u << POLLUTANT_PM25);
}
END_TEST

START_TEST(observed_hours_beat_a_forecast_of_the_same_hours)
{
	observed(24, 20000);
	struct timeline before = timeline;
	for (int64_t hour = H - 5; hour <= H + 3; hour++)
		concentration(hour, 400000);
	join(false, false);
	ck_assert_int_eq(timeline.ahead, 3);
	ck_assert_mem_eq(before.hours, timeline.hours, 24 * sizeof(before.hours[0]));
}
END_TEST

START_TEST(a_window_with_a_forecast_aqi_is_the_mean_of_its_24_hourly_aqis_unrounded)
{
	observed(24, 75000); /* 100 of the 2012 edition */
	forecast.form = FORECAST_HOURLY_AQI;
	step(H + 1, 260, 260);
	step(H + 2, 100, 100);
	join(false, false);
	ck_assert_int_eq(ahead(1)->daily_milli, 106667);
	ck_assert_int_eq(ahead(1)->realtime_milli, 260000);
	ck_assert_int_eq(ahead(2)->daily_milli, 106667);
	ck_assert_int_eq(ahead(1)->basis, BASIS_FORECAST_AQI);
}
END_TEST

START_TEST(a_mean_of_aqis_needs_as_many_hours_as_a_day_does)
{
	observed(18, 75000);
	forecast.form = FORECAST_HOURLY_AQI;
	for (int64_t hour = H + 1; hour <= H + 3; hour++)
		step(hour, 100, 100);
	join(false, false);
	ck_assert_int_eq(ahead(1)->daily_milli, TIMELINE_UNKNOWN);
	ck_assert_int_eq(ahead(2)->daily_milli, 100000);
}
END_TEST

START_TEST(a_forecast_day_gives_the_middle_of_its_range_to_its_24_hours)
{
	observed(24, 20000);
	forecast.form = FORECAST_DAILY_AQI;
	step(H + 24, 120, 181);
	step(H + 48, 90, 90);
	forecast.steps[1].short_heavy = true;
	ck_assert(forecast_has_range(&forecast));
	join(false, false);
	ck_assert_int_eq(timeline.ahead, 48);
	for (int i = 1; i <= 24; i++)
		ck_assert_int_eq(ahead(i)->realtime_milli, 150500);
	ck_assert_int_eq(ahead(24)->daily_milli, 150500);
	ck_assert_int_eq(ahead(25)->realtime_milli, 90000);
	ck_assert(!ahead(24)->short_heavy);
	ck_assert(ahead(25)->short_heavy && ahead(48)->short_heavy);
	join(false, true);
	ck_assert_int_eq(ahead(24)->daily_milli, 181000);
}
END_TEST

START_TEST(an_expired_forecast_leaves_its_hours_unknown_and_not_absent)
{
	observed(24, 20000);
	for (int64_t hour = H + 1; hour <= H + 60; hour++)
		concentration(hour, 300000);
	ck_assert(!forecast_expired(&forecast, 36, (H + 36) * HOUR_MS));
	ck_assert(forecast_expired(&forecast, 36, (H + 36) * HOUR_MS + 1));
	join(true, false);
	ck_assert_int_eq(timeline.ahead, 60);
	for (int i = 1; i <= 60; i++) {
		ck_assert_int_eq(ahead(i)->daily_milli, TIMELINE_UNKNOWN);
		ck_assert_int_eq(ahead(i)->realtime_milli, TIMELINE_UNKNOWN);
	}
}
END_TEST

START_TEST(a_forecast_that_is_over_or_was_never_there_leaves_no_hours_ahead)
{
	observed(24, 20000);
	timeline.ahead = 7;
	forecasts.n = 0;
	join(false, false);
	ck_assert_int_eq(timeline.ahead, 0);
	forecasts.n = 1;
	concentration(H - 3, 1000);
	join(false, false);
	ck_assert_int_eq(timeline.ahead, 0);
}
END_TEST

START_TEST(in_hours_of_dust_a_forecast_of_particles_does_not_count)
{
	observed(24, 20000);
	for (int64_t hour = H + 1; hour <= H + 40; hour++)
		concentration(hour, 300000);
	for (int64_t hour = H + 3; hour <= H + 30; hour++)
		ck_assert(dust_flag(&dust, hour));
	join(false, false);
	ck_assert(!ahead(2)->dust && ahead(3)->dust && ahead(30)->dust && !ahead(31)->dust);
	/* its window holds but one hour that counts: blind for want of what dust took away */
	ck_assert_int_eq(ahead(31)->daily_milli, TIMELINE_UNKNOWN);
	ck_assert(ahead(31)->dust_blind);
	ck_assert_int_eq(ahead(31)->realtime_milli, 350000);
}
END_TEST

START_TEST(what_is_wrong_with_a_forecast_is_named)
{
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_TOO_MANY); /* no hours */
	concentration(H + 1, 5000);
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_GOOD);
	concentration(H + 1, 5000);
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_NO_RISE);
	forecast.steps[1].hour = H + 999;
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_FAR);
	forecast.steps[1] = (struct forecast_step){.hour = H + 2};
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_NO_VALUE);
	forecast.steps[1].values = particles(-1);
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_BAD_VALUE);
	forecast.n = 0;
	forecast.form = FORECAST_DAILY_AQI;
	step(H + 23, 100, 120);
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_DAY_ENDS);
	forecast.steps[0].hour = H + 24;
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_GOOD);
	forecast.steps[0].aqi_min = 121;
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_NO_AQI);
	forecast.n = 0;
	for (int i = 1; i <= 11; i++)
		step(H + 24 * i, 100, 120);
	ck_assert_int_eq(forecast_fault(&forecast), FORECAST_TOO_MANY);
}
END_TEST

START_TEST(dust_hours_are_kept_in_order_each_once_and_only_so_many)
{
	for (int i = 0; i < 3 * DUST_HOURS_MAX; i++)
		dust_flag(&dust, H + (int64_t)(unit_random() % 5000));
	for (int i = 1; i < dust.n; i++)
		ck_assert_int_gt(dust.hours[i], dust.hours[i - 1]);
	while (dust.n < DUST_HOURS_MAX)
		ck_assert(dust_flag(&dust, H - dust.n));
	ck_assert(dust_flag(&dust, dust.hours[5])); /* is there already */
	ck_assert(!dust_flag(&dust, H + 999999));
	ck_assert_int_eq(dust.n, DUST_HOURS_MAX);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("forecast");
	TCase *tc = tcase_create("forecast");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, hours_of_a_forecast_count_as_they_would_if_they_were_observed);
	tcase_add_test(tc, a_concentration_that_no_air_can_have_is_unknown);
	tcase_add_test(tc, observed_hours_beat_a_forecast_of_the_same_hours);
	tcase_add_test(tc,
		       a_window_with_a_forecast_aqi_is_the_mean_of_its_24_hourly_aqis_unrounded);
	tcase_add_test(tc, a_mean_of_aqis_needs_as_many_hours_as_a_day_does);
	tcase_add_test(tc, a_forecast_day_gives_the_middle_of_its_range_to_its_24_hours);
	tcase_add_test(tc, an_expired_forecast_leaves_its_hours_unknown_and_not_absent);
	tcase_add_test(tc, a_forecast_that_is_over_or_was_never_there_leaves_no_hours_ahead);
	tcase_add_test(tc, in_hours_of_dust_a_forecast_of_particles_does_not_count);
	tcase_add_test(tc, what_is_wrong_with_a_forecast_is_named);
	tcase_add_test(tc, dust_hours_are_kept_in_order_each_once_and_only_so_many);
	suite_add_tcase(suite, tc);
	return suite;
}
