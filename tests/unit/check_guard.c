/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include "unit.h"

#define MINUTE_MS 60000

static const struct profile_row row = {
	.type = TYPE_U16, .frozen_min = 60, .floor_milli = 10000, .jump_milli = 500000};

/* Gives the guard a reading of whole ug/m3; the reason that came of it. */
static enum why take(struct guard *guard, int64_t at_min, int value)
{
	const uint16_t words[] = {(uint16_t)value};
	struct sample sample = {.at_ms = at_min * MINUTE_MS,
				.value_milli = value * 1000,
				.quality = QUALITY_NORMAL};

	guard_take(guard, &row, words, &sample);
	ck_assert_int_eq(sample.quality, why_quality(sample.why));
	return sample.why;
}

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
	tcase_add_test(tc, ozone_at_its_floor_for_102_hours_is_not_frozen);
	tcase_add_test(tc, a_leap_counts_once_three_readings_agree);
	tcase_add_test(tc, nothing_is_compared_across_a_long_silence);
	tcase_add_test(tc, a_row_that_asks_for_nothing_is_believed);
	tcase_add_test(tc, a_sample_that_is_none_stays_as_it_is);
	suite_add_tcase(suite, tc);
	return suite;
}
