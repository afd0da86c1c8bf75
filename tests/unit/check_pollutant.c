/* SPDX-License-Identifier: MIT */
#include "pollutant.h"
#include "unit.h"

START_TEST(a_half_goes_to_the_even_neighbour_on_both_sides_of_zero)
{
	ck_assert_int_eq(round_half_even(25, 10), 2);
	ck_assert_int_eq(round_half_even(35, 10), 4);
	ck_assert_int_eq(round_half_even(26, 10), 3);
	ck_assert_int_eq(round_half_even(-25, 10), -2);
	ck_assert_int_eq(round_half_even(-35, 10), -4);
	ck_assert_int_eq(round_half_even(-26, 10), -3);
	ck_assert_int_eq(round_half_even(7, 3), 2);
	ck_assert_int_eq(round_half_even(8, 3), 3);
}
END_TEST

START_TEST(rounding_survives_the_largest_numbers)
{
	ck_assert_int_eq(round_half_even(INT64_MAX, INT64_MAX), 1);
	ck_assert_int_eq(round_half_even(INT64_MAX, 1), INT64_MAX);
	ck_assert_int_eq(round_half_even(INT64_MAX - 1, INT64_MAX), 1);
}
END_TEST

START_TEST(every_pollutant_is_found_by_its_key_and_no_other)
{
	enum pollutant found;
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		ck_assert(pollutant_parse(pollutant_info((enum pollutant)i)->key, &found));
		ck_assert_int_eq(found, i);
	}
	ck_assert(!pollutant_parse("pm1", &found));
	ck_assert(!pollutant_parse("", &found));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("pollutant");
	TCase *tc = tcase_create("pollutant");
	tcase_add_test(tc, a_half_goes_to_the_even_neighbour_on_both_sides_of_zero);
	tcase_add_test(tc, rounding_survives_the_largest_numbers);
	tcase_add_test(tc, every_pollutant_is_found_by_its_key_and_no_other);
	suite_add_tcase(suite, tc);
	return suite;
}
