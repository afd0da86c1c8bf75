/* SPDX-License-Identifier: MIT */
/* Tables and whole numbers held against the C library's sines and logarithms. */
#include "auxiliary.h"

#include <math.h>
#include <stdlib.h>

#include "pollutant.h"
#include "unit.h"

#define H 400000 /* any hour */

static struct hour hour;

static int32_t noise_of_halves(int32_t first_milli, int32_t second_milli)
{
	struct hour_mean mean;
	hour_begin(&hour, H, 30 * MINUTE_MS, NULL);
	hour.scale = auxiliary_scale(AUXILIARY_NOISE);
	struct sample sample = {.at_ms = (int64_t)(H - 1) * HOUR_MS,
				.value_milli = first_milli,
				.quality = QUALITY_NORMAL};
	ck_assert(hour_take(&hour, &sample));
	sample.at_ms += 30 * MINUTE_MS;
	sample.value_milli = second_milli;
	ck_assert(hour_take(&hour, &sample));
	hour_mean(&hour, INT64_MAX, 45 * MINUTE_MS, &mean);
	ck_assert(mean.valid);
	return mean.mean_milli;
}

START_TEST(every_quantity_is_found_by_its_key_and_is_no_pollutant)
{
	enum auxiliary found = AUXILIARY_NONE;
	enum pollutant pollutant;
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		const struct auxiliary_info *info = auxiliary_info((enum auxiliary)i);
		ck_assert(auxiliary_parse(info->key, &found));
		ck_assert_int_eq(found, i);
		ck_assert(!pollutant_parse(info->key, &pollutant));
		ck_assert_int_lt(info->least_milli, info->most_milli);
	}
	ck_assert(!auxiliary_parse("pm25", &found));
	ck_assert(!auxiliary_parse("", &found));
}
END_TEST

START_TEST(noise_has_the_mean_of_its_energy_and_not_of_its_decibels)
{
	ck_assert_int_le(abs(noise_of_halves(50000, 60000) - 57404), 2);
	ck_assert_int_le(abs(noise_of_halves(40000, 90000) - 86990), 2);
	ck_assert_int_le(abs(noise_of_halves(130000, 130000) - 130000), 1);
	ck_assert_int_le(abs(noise_of_halves(20000, 20000) - 20000), 100);
}
END_TEST

START_TEST(a_level_comes_back_from_its_energy)
{
	for (int32_t level = 40000; level <= 130000; level += 7) {
		int64_t energy = noise_energy(level);
		double exact = pow(10, level / 10000.0) / 4;
		ck_assert(fabs((double)energy - exact) <= 0.51 + exact * 1e-4);
		ck_assert_int_le(abs(noise_level_milli(energy) - level), 2);
	}
	ck_assert_int_eq(noise_level_milli(0), 20000);
	ck_assert_int_eq(noise_level_milli(INT64_MAX - 1), 130000);
}
END_TEST

START_TEST(more_noise_is_more_energy)
{
	int64_t before = 0;
	for (int32_t level = 20000; level <= 130000; level++) {
		ck_assert(noise_energy(level) >= before);
		before = noise_energy(level);
	}
}
END_TEST

static int32_t direction_of(int32_t east_milli, int32_t north_milli)
{
	int32_t direction = -1;
	const struct wind wind = {east_milli, north_milli};
	return wind_direction_milli(&wind, &direction) ? direction : -1;
}

START_TEST(winds_from_both_sides_of_north_come_from_north)
{
	struct wind a = wind_parts(350000, 10000), b = wind_parts(10000, 10000);
	ck_assert_int_eq(direction_of(a.east_milli + b.east_milli, a.north_milli + b.north_milli),
			 0);
	a = wind_parts(0, 3000);
	b = wind_parts(90000, 1000);
	ck_assert_int_le(
		abs(direction_of(a.east_milli + b.east_milli, a.north_milli + b.north_milli) -
		    18435),
		10);
}
END_TEST

START_TEST(a_direction_comes_back_from_its_parts)
{
	for (int32_t direction = 0; direction <= 360000; direction += 13) {
		struct wind wind = wind_parts(direction, 20000);
		double angle = direction / 1000.0 * M_PI / 180;
		ck_assert(fabs(wind.east_milli - 20000 * sin(angle)) < 4);
		ck_assert(fabs(wind.north_milli - 20000 * cos(angle)) < 4);
		int32_t apart = abs(direction_of(wind.east_milli, wind.north_milli) - direction);
		ck_assert_int_le(apart < 180000 ? apart : 360000 - apart, 25);
	}
}
END_TEST

START_TEST(a_calm_and_winds_that_cancel_out_come_from_nowhere)
{
	ck_assert_int_eq(direction_of(0, 0), -1);
	ck_assert_int_eq(direction_of(0, WIND_CALM_MILLI), -1);
	ck_assert_int_eq(direction_of(-WIND_CALM_MILLI - 1, 0), 270000);
	struct wind a = wind_parts(45000, 5000), b = wind_parts(225000, 5000);
	ck_assert_int_eq(direction_of(a.east_milli + b.east_milli, a.north_milli + b.north_milli),
			 -1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("auxiliary");
	TCase *tc = tcase_create("auxiliary");
	tcase_add_test(tc, every_quantity_is_found_by_its_key_and_is_no_pollutant);
	tcase_add_test(tc, noise_has_the_mean_of_its_energy_and_not_of_its_decibels);
	tcase_add_test(tc, a_level_comes_back_from_its_energy);
	tcase_add_test(tc, more_noise_is_more_energy);
	tcase_add_test(tc, winds_from_both_sides_of_north_come_from_north);
	tcase_add_test(tc, a_direction_comes_back_from_its_parts);
	tcase_add_test(tc, a_calm_and_winds_that_cancel_out_come_from_nowhere);
	suite_add_tcase(suite, tc);
	return suite;
}
