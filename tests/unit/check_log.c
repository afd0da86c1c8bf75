/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static char captured[4096];

/* What one call writes to standard error. */
static const char *line_of(const char *text)
{
	int pipes[2], saved = dup(STDERR_FILENO);
	ck_assert_int_eq(pipe(pipes), 0);
	dup2(pipes[1], STDERR_FILENO);
	log_warning("%s", text);
	dup2(saved, STDERR_FILENO);
	close(pipes[1]);
	ssize_t n = read(pipes[0], captured, sizeof(captured) - 1);
	captured[n > 0 ? n : 0] = '\0';
	close(pipes[0]);
	close(saved);
	return captured;
}

START_TEST(a_newline_in_a_value_cannot_forge_a_line)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	ck_assert_str_eq(line_of("a\n<2>forged\x1b[31m"), "<4>a\\x0a<2>forged\\x1b[31m\n");
}
END_TEST

START_TEST(without_a_journal_a_line_begins_with_the_time)
{
	unsetenv("JOURNAL_STREAM");
	const char *line = line_of("荷塘");
	int year;
	ck_assert_int_eq(sscanf(line, "%4d-", &year), 1);
	ck_assert_int_ge(year, 2024);
	ck_assert_ptr_nonnull(strstr(line, " warning: 荷塘\n"));
}
END_TEST

START_TEST(a_line_that_is_too_long_is_cut_and_still_ends)
{
	char text[8000];
	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	setenv("JOURNAL_STREAM", "8:1", 1);
	const char *line = line_of(text);
	size_t n = strlen(line);
	ck_assert_uint_lt(n, 4096);
	ck_assert_int_eq(line[n - 1], '\n');
	ck_assert_ptr_eq(strchr(line, '\n'), line + n - 1);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("log");
	TCase *tc = tcase_create("log");
	tcase_add_test(tc, a_newline_in_a_value_cannot_forge_a_line);
	tcase_add_test(tc, without_a_journal_a_line_begins_with_the_time);
	tcase_add_test(tc, a_line_that_is_too_long_is_cut_and_still_ends);
	suite_add_tcase(suite, tc);
	return suite;
}
