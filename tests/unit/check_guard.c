/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include "decode.h"
#include "unit.h"

#define MINUTE_MS 60000

static const struct profile_row row = {.pollutant = POLLUTANT_O3,
				       .type = TYPE_U16,
				       .frozen_min = 60,
				       .floor_milli = 10000,
				       .jump_milli = 500000};

static const struct profile_row particles = {.type = TYPE_U16,
					     .frozen_min = 720,
					     .update_s = 60,
					     .floor_milli = -1,
					     .jump_milli = 500000};
static const struct profile_row hourly = {.type = TYPE_U16,
					  .delivers = DELIVERS_HOURLY,
					  .frozen_min = 1440,
					  .update_s = 60,
					  .floor_milli = -1};

/* The whole ug/m3 end at 1000. */
static const struct profile_row saturating = {.type = TYPE_U16,
					      .scale = 1,
					      .range_max = 1000,
					      .frozen_min = 720,
					      .update_s = 60,
					      .floor_milli = -1,
					      .jump_milli = 500000};

/* Gives the guard a reading of whole ug/m3; the sample that came of it. */
static struct sample sample_of(const struct profile_row *of, struct guard *guard, int64_t at_min,
			       int value)
{
	const uint16_t words[] = {(uint16_t)value};
	struct sample sample = {.at_ms = at_min * MINUTE_MS,
				.value_milli = value * 1000,
				.quality = QUALITY_NORMAL};

	if (of->range_max > 0)
		decode_row(of, words, &sample);
	guard_take(guard, of, words, &sample);
	ck_assert_int_eq(sample.quality, why_quality(sample.why));
	return sample;
}

static enum why take_of(const struct profile_row *of, struct guard *guard, int64_t at_min,
			int value)
{
	return sample_of(of, guard, at_min, value).why;
}

static enum why take(struct guard *guard, int64_t at_min, int value)
{
	return take_of(&row, guard, at_min, value);
}

/* Minutes that a value may be the same. */
static int patience(const struct profile_row *of, int value, int poll_min)
{
	struct guard guard = {0};

	for (int minute = 0; minute < 3000; minute += poll_min)
		if (take_of(of, &guard, minute, value) == WHY_FROZEN)
			return minute;
	return 3000;
}

START_TEST(the_more_particles_there_are_the_sooner_an_unchanging_value_is_frozen)
{
	ck_assert_int_eq(patience(&particles, 0, 1), 720);
	ck_assert_int_eq(patience(&particles, 10, 1), 720);
	ck_assert_int_eq(patience(&particles, 11, 1), 240);
	ck_assert_int_eq(patience(&particles, 150, 10), 240);
	ck_assert_int_eq(patience(&particles, 151, 1), 60);
	ck_assert_int_eq(patience(&particles, 1000, 10), 60);
	/* with the 24th, the 8th and the 4th value of an hour that is the same */
	ck_assert_int_eq(patience(&hourly, 0, 20), 23 * 60);
	ck_assert_int_eq(patience(&hourly, 50, 20), 7 * 60);
	ck_assert_int_eq(patience(&hourly, 160, 20), 3 * 60);
}
END_TEST

START_TEST(an_instrument_that_forms_its_values_slowly_is_given_time_for_as_many)
{
	struct profile_row slow = particles;

	slow.update_s = 180;
	ck_assert_int_eq(patience(&slow, 151, 1), 180);
	slow.update_s = 3600;
	ck_assert_int_eq(patience(&slow, 151, 1), 240);
}
END_TEST

START_TEST(a_counter_that_dies_at_zero_is_found_after_ten_values)
{
	struct guard guard = {0};

	for (int minute = 0; minute < 30; minute++)
		ck_assert_int_eq(take_of(&particles, &guard, minute, 40 + minute % 7), WHY_NONE);
	for (int minute = 30; minute < 40; minute++)
		ck_assert_int_eq(take_of(&particles, &guard, minute, 0), WHY_NONE);
	for (int minute = 40; minute < 900; minute++)
		ck_assert_int_eq(take_of(&particles, &guard, minute, 0), WHY_FALL);
	ck_assert_int_eq(take_of(&particles, &guard, 900, 3), WHY_NONE);
}
END_TEST

START_TEST(a_fall_that_moves_on_is_air)
{
	struct guard guard = {0};

	take_of(&particles, &guard, 0, 90);
	for (int minute = 1; minute < 900; minute++)
		ck_assert_int_eq(take_of(&particles, &guard, minute, 4 + minute / 9 % 2), WHY_NONE);
}
END_TEST

START_TEST(an_hourly_fall_is_no_sign_of_death)
{
	struct guard guard = {0};

	take_of(&hourly, &guard, 0, 90);
	for (int minute = 60; minute < 60 + 23 * 60; minute += 10)
		ck_assert_int_eq(take_of(&hourly, &guard, minute, 3), WHY_NONE);
}
END_TEST

START_TEST(the_end_of_the_range_on_three_polls_is_at_least_that)
{
	struct guard guard = {0};

	ck_assert_int_eq(take_of(&saturating, &guard, 0, 900), WHY_NONE);
	ck_assert_int_eq(take_of(&saturating, &guard, 5, 1000), WHY_NONE);
	ck_assert_int_eq(take_of(&saturating, &guard, 10, 1000), WHY_NONE);
	/* however long: a saturated instrument stands still, and that is no sign of its death */
	for (int minute = 15; minute < 30 * 60; minute += 5) {
		struct sample sample = sample_of(&saturating, &guard, minute, 1000);
		ck_assert_int_eq(sample.why, WHY_OVER_RANGE);
		ck_assert_int_eq(sample.value_milli, 1000000);
		ck_assert_int_eq(sample.doubt_ms, (minute - 5) * MINUTE_MS);
	}
	ck_assert_int_eq(take_of(&saturating, &guard, 30 * 60, 990), WHY_NONE);
	ck_assert_int_eq(take_of(&saturating, &guard, 30 * 60 + 5, 1000), WHY_NONE);
}
END_TEST

START_TEST(a_reading_beyond_the_range_is_at_least_its_end)
{
	struct guard guard = {0};

	ck_assert_int_eq(take_of(&saturating, &guard, 0, 1150), WHY_OUT_OF_RANGE);
	ck_assert_int_eq(take_of(&saturating, &guard, 1, 1000), WHY_NONE);
	struct sample sample = sample_of(&saturating, &guard, 2, 1980);
	ck_assert_int_eq(sample.why, WHY_OVER_RANGE);
	ck_assert_int_eq(sample.value_milli, 1000000);
	/* this is no reading of a saturated instrument */
	for (int minute = 3; minute < 10; minute++)
		ck_assert_int_eq(take_of(&saturating, &guard, minute, 65535), WHY_OUT_OF_RANGE);
}
END_TEST

START_TEST(a_leap_to_the_end_of_the_range_is_over_range_with_the_third_poll)
{
	struct guard guard = {0};

	take_of(&saturating, &guard, 0, 35);
	ck_assert_int_eq(take_of(&saturating, &guard, 1, 1000), WHY_JUMP);
	ck_assert_int_eq(take_of(&saturating, &guard, 2, 1000), WHY_JUMP);
	ck_assert_int_eq(take_of(&saturating, &guard, 3, 1000), WHY_OVER_RANGE);
	ck_assert_int_eq(take_of(&saturating, &guard, 4, 700), WHY_NONE);
}
END_TEST

START_TEST(one_hour_at_the_end_of_the_range_of_an_hourly_instrument_is_enough)
{
	struct guard guard = {0};
	struct profile_row row_of = hourly;

	row_of.scale = 1;
	row_of.range_max = 1000;
	ck_assert_int_eq(take_of(&row_of, &guard, 0, 1000), WHY_OVER_RANGE);
	ck_assert_int_eq(take_of(&row_of, &guard, 60, 999), WHY_NONE);
}
END_TEST

START_TEST(what_is_found_frozen_says_since_when)
{
	struct guard guard = {0};

	take_of(&particles, &guard, 0, 400);
	for (int minute = 1; minute < 61; minute++)
		ck_assert_int_eq(sample_of(&particles, &guard, minute, 300).doubt_ms, 0);
	ck_assert_int_eq(sample_of(&particles, &guard, 61, 300).doubt_ms, 60 * MINUTE_MS);
}
END_TEST

START_TEST(the_same_words_for_an_hour_are_frozen_until_they_change)
{
	struct guard guard = {0};

	for (int minute = 0; minute < 60; minute++)
		ck_assert_int_eq(take(&guard, minute, 35), WHY_NONE);
	for (int minute = 60; minute < 200; minute++)
		ck_assert_int_eq(take(&guard, minute, 35), WHY_FROZEN);
	ck_assert_int_eq(take(&guard, 200, 36), WHY_NONE);
	ck_assert_int_eq(take(&guard, 201, 35), WHY_NONE);
}
END_TEST

START_TEST(ozone_at_its_floor_for_102_hours_is_not_frozen)
{
	struct guard guard = {0};

	for (int minute = 0; minute < 102 * 60; minute++)
		ck_assert_int_eq(take(&guard, minute, minute < 3000 ? 2 : 10), WHY_NONE);
}
END_TEST

START_TEST(a_leap_counts_once_three_readings_agree)
{
	struct guard guard = {0};

	ck_assert_int_eq(take(&guard, 0, 35), WHY_NONE);
	ck_assert_int_eq(take(&guard, 1, 535), WHY_NONE); /* exactly the step that is allowed */
	ck_assert_int_eq(take(&guard, 2, 2000), WHY_JUMP);
	ck_assert_int_eq(take(&guard, 3, 540), WHY_NONE);
	ck_assert_int_eq(take(&guard, 4, 2000), WHY_JUMP);
	ck_assert_int_eq(take(&guard, 5, 9000), WHY_JUMP); /* agrees with nobody */
	ck_assert_int_eq(take(&guard, 6, 9100), WHY_JUMP);
	ck_assert_int_eq(take(&guard, 7, 9050), WHY_NONE);
	ck_assert_int_eq(take(&guard, 8, 9055), WHY_NONE);
	ck_assert_int_eq(take(&guard, 9, 30), WHY_JUMP);
}
END_TEST

START_TEST(nothing_is_compared_across_a_long_silence)
{
	struct guard guard = {0};

	ck_assert_int_eq(take(&guard, 0, 35), WHY_NONE);
	ck_assert_int_eq(take(&guard, 121, 35), WHY_NONE);
	ck_assert_int_eq(take(&guard, 242, 3500), WHY_NONE);
	ck_assert_int_eq(take(&guard, 243, 35), WHY_JUMP);
}
END_TEST

START_TEST(a_row_that_asks_for_nothing_is_believed)
{
	const struct profile_row trusting = {.type = TYPE_F32};
	struct guard guard = {0};

	for (int i = 0; i < 10000; i++) {
		const uint16_t words[] = {17, (uint16_t)(i / 5000)};
		struct sample sample = {.at_ms = (int64_t)i * MINUTE_MS,
					.value_milli = i / 5000 * 1000000 + 50000,
					.quality = QUALITY_NORMAL};
		guard_take(&guard, &trusting, words, &sample);
		ck_assert_int_eq(sample.why, WHY_NONE);
	}
}
END_TEST

START_TEST(a_sample_that_is_none_stays_as_it_is)
{
	const uint16_t words[] = {65535};
	struct guard guard = {0};
	struct sample sample = {.quality = QUALITY_OVER_RANGE, .why = WHY_OUT_OF_RANGE};

	ck_assert_int_eq(take(&guard, 0, 35), WHY_NONE);
	sample.at_ms = 1;
	guard_take(&guard, &row, words, &sample);
	ck_assert_int_eq(sample.why, WHY_OUT_OF_RANGE);
	ck_assert_int_eq(sample.quality, QUALITY_OVER_RANGE);
	ck_assert_int_eq(take(&guard, 1, 36), WHY_NONE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("guard");
	TCase *tc = tcase_create("guard");

	tcase_add_test(tc, the_same_words_for_an_hour_are_frozen_until_they_change);
	tcase_add_test(tc, the_more_particles_there_are_the_sooner_an_unchanging_value_is_frozen);
	tcase_add_test(tc, an_instrument_that_forms_its_values_slowly_is_given_time_for_as_many);
	tcase_add_test(tc, a_counter_that_dies_at_zero_is_found_after_ten_values);
	tcase_add_test(tc, a_fall_that_moves_on_is_air);
	tcase_add_test(tc, the_end_of_the_range_on_three_polls_is_at_least_that);
	tcase_add_test(tc, a_reading_beyond_the_range_is_at_least_its_end);
	tcase_add_test(tc, a_leap_to_the_end_of_the_range_is_over_range_with_the_third_poll);
	tcase_add_test(tc, one_hour_at_the_end_of_the_range_of_an_hourly_instrument_is_enough);
	tcase_add_test(tc, what_is_found_frozen_says_since_when);
	tcase_add_test(tc, an_hourly_fall_is_no_sign_of_death);
	tcase_add_test(tc, ozone_at_its_floor_for_102_hours_is_not_frozen);
	tcase_add_test(tc, a_leap_counts_once_three_readings_agree);
	tcase_add_test(tc, nothing_is_compared_across_a_long_silence);
	tcase_add_test(tc, a_row_that_asks_for_nothing_is_believed);
	tcase_add_test(tc, a_sample_that_is_none_stays_as_it_is);
	suite_add_tcase(suite, tc);
	return suite;
}
