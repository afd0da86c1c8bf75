/* SPDX-License-Identifier: MIT */
#include "digits.h"

#include <string.h>

#include "unit.h"

START_TEST(a_whole_number_is_all_of_a_text_and_within_its_bounds)
{
	static const char *const none[] = {"",    " 1",  "1 ",  "+1",
					   "-1",  "1.0", "1e1", "0x1",
					   "501", "9",   "１",  "500000000000000000000"};
	int32_t value = -7;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_msg(!digits_whole(none[i], 10, 500, &value), "%s", none[i]);
		ck_assert_int_eq(value, -7);
	}
	ck_assert(digits_whole("10", 10, 500, &value) && value == 10);
	ck_assert(digits_whole("0500", 10, 500, &value) && value == 500);
	ck_assert(digits_whole("2147483647", 0, INT32_MAX, &value) && value == INT32_MAX);
	ck_assert(!digits_whole("2147483648", 0, INT32_MAX, &value));
}
END_TEST

START_TEST(a_number_that_a_text_begins_with_is_told_with_its_length)
{
	int32_t value = -7;
	ck_assert_uint_eq(digits_begin("45m", 100, &value), 2);
	ck_assert_int_eq(value, 45);
	ck_assert_uint_eq(digits_begin("101m", 100, &value), 0);
	ck_assert_uint_eq(digits_begin("m", 100, &value), 0);
	ck_assert_int_eq(value, 45);
}
END_TEST

START_TEST(a_decimal_is_rounded_half_to_even_at_its_last_place)
{
	static const struct {
		const char *text;
		int32_t milli;
	} good[] = {{"0", 0},
		    {"12.5", 12500},
		    {"0.0005", 0},
		    {"0.0015", 2},
		    {"0.00050001", 1},
		    {"007.1", 7100},
		    {"99.9994", 99999},
		    {"100", 100000},
		    {"100.0005", 100000},
		    {"0.0004999999999999999999999", 0}};
	static const char *const none[] = {"",
					   ".5",
					   "5.",
					   "1,5",
					   "1e3",
					   "-1",
					   "1.2.3",
					   "100.0006",
					   "101",
					   "1 ",
					   "9999999999999999"};
	int32_t value = -7;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		ck_assert_msg(!digits_decimal(none[i], 3, 100000, &value), "%s", none[i]);
		ck_assert_int_eq(value, -7);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ck_assert_msg(digits_decimal(good[i].text, 3, 100000, &value), "%s", good[i].text);
		ck_assert_msg(value == good[i].milli, "%s: %d", good[i].text, value);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("digits");
	TCase *tc = tcase_create("digits");
	tcase_add_test(tc, a_whole_number_is_all_of_a_text_and_within_its_bounds);
	tcase_add_test(tc, a_number_that_a_text_begins_with_is_told_with_its_length);
	tcase_add_test(tc, a_decimal_is_rounded_half_to_even_at_its_last_place);
	suite_add_tcase(suite, tc);
	return suite;
}
