/* SPDX-License-Identifier: MIT */
#include "aqi.h"

#include <string.h>

#include "models.h"
#include "unit.h"

#define H 394344

static struct edition e2012, e2026;
static struct window window;
static const struct scope all = {POLLUTANT_ALL, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
static const struct hour_values clean = {
	.valid = POLLUTANT_ALL,
	.milli = {10000, 20000, 5000, 20000, 500, 60000},
};

static void setup(void)
{
	e2012 = models_hj633_2012();
	e2026 = models_hj633_2026();
	memset(&window, 0, sizeof(window));
}

static void fill(struct hour_values values, int hours)
{
	for (int i = 0; i < hours; i++)
		window_put(&window, window.newest ? window.newest + 1 : H, &values);
}

static struct aqi daily(const struct edition *edition, const struct scope *scope)
{
	struct aqi aqi;
	aqi_daily(edition, scope, &window, &aqi);
	return aqi;
}

static struct aqi realtime(const struct edition *edition, struct hour_values values)
{
	struct aqi aqi;
	aqi_realtime(edition, &all, &values, &aqi);
	return aqi;
}

START_TEST(a_daily_aqi_is_the_largest_iaqi_of_the_24_h_means)
{
	struct hour_values smog = clean;
	smog.milli[POLLUTANT_PM25] = 151000;
	smog.milli[POLLUTANT_PM10] = 250000;
	fill(smog, 24);
	struct aqi aqi = daily(&e2012, &all);
	ck_assert(aqi.known && aqi.complete && aqi.publishable);
	ck_assert_int_eq(aqi.value, 201);
	ck_assert_int_eq(aqi.iaqi[POLLUTANT_PM10], 150);
	ck_assert_int_eq(aqi.primary, 1u << POLLUTANT_PM25);
	ck_assert_int_eq(aqi.category, 4);
	ck_assert_int_eq(aqi.hours[POLLUTANT_PM25], 24);
}
END_TEST

START_TEST(air_with_19_hours_has_no_24_h_mean)
{
	fill(clean, 19);
	ck_assert(!daily(&e2012, &all).known);
	fill(clean, 1);
	ck_assert(daily(&e2012, &all).known);
}
END_TEST

START_TEST(a_dead_co_cell_does_not_blind_the_plan)
{
	struct hour_values smog = clean;
	smog.milli[POLLUTANT_PM25] = 180000;
	smog.valid &= ~(1u << POLLUTANT_CO);
	fill(smog, 24);
	struct aqi aqi = daily(&e2026, &all);
	ck_assert(aqi.known && !aqi.complete && aqi.publishable);
	ck_assert_int_eq(aqi.value, 230);
	ck_assert_int_eq(aqi.iaqi[POLLUTANT_CO], IAQI_NONE);
}
END_TEST

START_TEST(without_a_leading_pollutant_the_daily_aqi_is_unknown)
{
	struct hour_values gases = clean;
	gases.valid &= ~all.leading;
	fill(gases, 24);
	ck_assert(!daily(&e2026, &all).known);
	/* but 5.3.1 publishes an AQI above 100 whatever the plan knows */
	ck_assert(!daily(&e2026, &all).publishable);
	gases.milli[POLLUTANT_NO2] = 120000;
	fill(gases, 24);
	ck_assert(!daily(&e2026, &all).known);
	ck_assert(daily(&e2026, &all).publishable);
	ck_assert_int_eq(daily(&e2026, &all).value, 120);
	ck_assert_int_eq(daily(&e2026, &all).primary, 1u << POLLUTANT_NO2);
}
END_TEST

START_TEST(a_clean_day_with_a_pollutant_missing_is_not_published_in_2026_only)
{
	struct hour_values values = clean;
	values.valid &= ~(1u << POLLUTANT_CO);
	fill(values, 24);
	ck_assert(daily(&e2026, &all).known);
	ck_assert(!daily(&e2026, &all).publishable);
	ck_assert(daily(&e2012, &all).publishable);
}
END_TEST

START_TEST(what_the_station_does_not_monitor_is_not_missing)
{
	const struct scope particles = {all.leading, all.leading};
	struct hour_values values = clean;
	values.valid = all.leading;
	fill(values, 24);
	ck_assert(daily(&e2026, &particles).complete);
	ck_assert(daily(&e2026, &particles).publishable);
}
END_TEST

START_TEST(all_pollutants_that_tie_are_primary)
{
	struct hour_values values = clean;
	values.milli[POLLUTANT_PM25] = 60000;
	values.milli[POLLUTANT_PM10] = 120000;
	fill(values, 24);
	struct aqi aqi = daily(&e2026, &all);
	ck_assert_int_eq(aqi.value, 100);
	ck_assert_int_eq(aqi.primary, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10);
}
END_TEST

START_TEST(excellent_air_has_no_primary_pollutant)
{
	fill(clean, 24);
	struct aqi aqi = daily(&e2026, &all);
	ck_assert_int_le(aqi.value, 50);
	ck_assert_int_eq(aqi.primary, 0);
}
END_TEST

START_TEST(the_2026_edition_rounds_the_mean_and_the_2012_edition_does_not)
{
	struct hour_values values = clean;
	values.milli[POLLUTANT_PM25] = 150300; /* 150 or 150.3 */
	fill(values, 24);
	ck_assert_int_eq(daily(&e2026, &all).value, 200);
	ck_assert_int_eq(daily(&e2012, &all).value, 201);
}
END_TEST

START_TEST(the_largest_ozone_hour_counts_by_day_in_2012_only)
{
	fill(clean, 23);
	struct hour_values peak = clean;
	peak.milli[POLLUTANT_O3] = 400000;
	fill(peak, 1);
	/* 8 h: (7 * 60 + 400) / 8 = 102.5 */
	ck_assert_int_eq(daily(&e2012, &all).value, 200);
	ck_assert_int_eq(daily(&e2026, &all).iaqi[POLLUTANT_O3], 52);
	ck_assert_int_eq(daily(&e2012, &all).means[POLLUTANT_O3].n, 8);
}
END_TEST

START_TEST(the_real_time_aqi_takes_particles_of_one_hour_on_the_24_h_column)
{
	struct hour_values values = clean;
	values.milli[POLLUTANT_PM25] = 158000;
	values.milli[POLLUTANT_PM10] = 258000;
	ck_assert_int_eq(realtime(&e2012, values).value, 208);
	ck_assert_int_eq(realtime(&e2012, values).primary, 1u << POLLUTANT_PM25);
}
END_TEST

START_TEST(so2_above_800_in_an_hour_is_left_out_in_2012_and_200_in_2026)
{
	struct hour_values values = clean;
	values.milli[POLLUTANT_SO2] = 819000;
	values.milli[POLLUTANT_NO2] = 90000;
	values.milli[POLLUTANT_CO] = 9900;
	struct aqi aqi = realtime(&e2012, values);
	ck_assert_int_eq(aqi.value, 99);
	ck_assert(aqi.complete);
	ck_assert_int_eq(realtime(&e2026, values).value, 200);
}
END_TEST

START_TEST(air_without_anything_in_it_has_the_lowest_aqi_of_its_edition)
{
	struct hour_values values = {.valid = POLLUTANT_ALL};
	ck_assert_int_eq(realtime(&e2012, values).value, 0);
	values.milli[POLLUTANT_SO2] = -4000;
	struct aqi aqi = realtime(&e2026, values);
	ck_assert(aqi.known && aqi.publishable);
	ck_assert_int_eq(aqi.value, 1);
	ck_assert_int_eq(aqi.category, 0);
	ck_assert_int_eq(aqi.iaqi[POLLUTANT_SO2], 0);
}
END_TEST

START_TEST(an_aqi_is_never_below_one_of_its_iaqis)
{
	for (int round = 0; round < 5000; round++) {
		struct hour_values values = {.valid = unit_random() % (POLLUTANT_ALL + 1)};
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			values.milli[p] = (int)(unit_random() % 900000);
		const struct edition *edition = round % 2 ? &e2012 : &e2026;
		struct aqi aqi = realtime(edition, values);
		bool any = false;
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			any = any || aqi.iaqi[p] != IAQI_NONE;
			ck_assert(!aqi.known || aqi.iaqi[p] <= aqi.value);
		}
		ck_assert_int_eq(aqi.known, any);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("aqi");
	TCase *tc = tcase_create("aqi");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_daily_aqi_is_the_largest_iaqi_of_the_24_h_means);
	tcase_add_test(tc, air_with_19_hours_has_no_24_h_mean);
	tcase_add_test(tc, a_dead_co_cell_does_not_blind_the_plan);
	tcase_add_test(tc, without_a_leading_pollutant_the_daily_aqi_is_unknown);
	tcase_add_test(tc, a_clean_day_with_a_pollutant_missing_is_not_published_in_2026_only);
	tcase_add_test(tc, what_the_station_does_not_monitor_is_not_missing);
	tcase_add_test(tc, all_pollutants_that_tie_are_primary);
	tcase_add_test(tc, excellent_air_has_no_primary_pollutant);
	tcase_add_test(tc, the_2026_edition_rounds_the_mean_and_the_2012_edition_does_not);
	tcase_add_test(tc, the_largest_ozone_hour_counts_by_day_in_2012_only);
	tcase_add_test(tc, the_real_time_aqi_takes_particles_of_one_hour_on_the_24_h_column);
	tcase_add_test(tc, so2_above_800_in_an_hour_is_left_out_in_2012_and_200_in_2026);
	tcase_add_test(tc, air_without_anything_in_it_has_the_lowest_aqi_of_its_edition);
	tcase_add_test(tc, an_aqi_is_never_below_one_of_its_iaqis);
	suite_add_tcase(suite, tc);
	return suite;
}
