/* SPDX-License-Identifier: MIT */
#include "plain_text.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static const char *plain(const char *text, size_t size)
{
	static char ret[200];
	memset(ret, 'x', sizeof(ret));
	ck_assert_uint_eq(plain_text_write(ret, size, text), strlen(ret));
	ck_assert_uint_lt(strlen(ret), size);
	return ret;
}

START_TEST(what_people_read_stays_as_it_is)
{
	ck_assert_str_eq(plain("unknown key 级别 é 🌫", 100), "unknown key 级别 é 🌫");
	ck_assert_str_eq(plain("", 1), "");
}
END_TEST

START_TEST(what_steers_a_terminal_or_ends_a_line_is_shown)
{
	ck_assert_str_eq(plain("a\x1b[31m\n\x7f", 100), "a\\x1b[31m\\x0a\\x7f");
	ck_assert_str_eq(plain("\xc2\x9b"
			       "31m",
			       100),
			 "\\xc2\\x9b31m"); /* CSI in one character */
}
END_TEST

START_TEST(what_is_no_utf_8_is_shown_byte_by_byte)
{
	ck_assert_str_eq(plain("a\xff"
			       "b",
			       100),
			 "a\\xffb");
	ck_assert_str_eq(plain("\xe9\xa2\x84\xe8\xad", 100), "预\\xe8\\xad"); /* cut */
	ck_assert_str_eq(plain("\xc0\xaf\xed\xa0\x80", 100), "\\xc0\\xaf\\xed\\xa0\\x80");
}
END_TEST

START_TEST(a_text_that_is_too_long_ends_with_a_whole_character)
{
	ck_assert_str_eq(plain("预警", 6), "预");
	ck_assert_str_eq(plain("预警", 7), "预警");
	ck_assert_str_eq(plain("a\x1b"
			       "b",
			       5),
			 "a");
	ck_assert_str_eq(plain("a\x1b"
			       "b",
			       6),
			 "a\\x1b");
}
END_TEST

START_TEST(any_bytes_become_plain_text)
{
	char bytes[60];
	for (int i = 0; i < 2000; i++) {
		size_t n = unit_random() % (sizeof(bytes) - 1);
		for (size_t at = 0; at < n; at++)
			bytes[at] = (char)(1 + unit_random() % 255);
		bytes[n] = '\0';
		const char *text = plain(bytes, 1 + unit_random() % 199);
		for (size_t left = strlen(text); left > 0;) {
			size_t size = plain_text_character(text, left);
			ck_assert_uint_gt(size, 0);
			ck_assert_uint_ge((unsigned char)*text, ' ');
			text += size;
			left -= size;
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("plain_text");
	TCase *tc = tcase_create("plain_text");
	tcase_add_test(tc, what_people_read_stays_as_it_is);
	tcase_add_test(tc, what_steers_a_terminal_or_ends_a_line_is_shown);
	tcase_add_test(tc, what_is_no_utf_8_is_shown_byte_by_byte);
	tcase_add_test(tc, a_text_that_is_too_long_ends_with_a_whole_character);
	tcase_add_test(tc, any_bytes_become_plain_text);
	suite_add_tcase(suite, tc);
	return suite;
}
