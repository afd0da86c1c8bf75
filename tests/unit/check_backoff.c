/* SPDX-License-Identifier: MIT */
#include "backoff.h"
#include "unit.h"

#define NOW 1000000
#define OUTAGES 200

/* Waits until the next attempt, after an attempt that took a moment. */
static int64_t lose(struct backoff *backoff, bool hurry, int64_t took_ms, bool refused,
		    unsigned dice)
{
	backoff_fail(backoff, NOW, NOW - took_ms, refused, dice);
	return backoff_due(backoff, hurry) - NOW;
}

START_TEST(waits_double_to_two_minutes_give_or_take_half)
{
	struct backoff backoff = {0};
	int64_t wait = BACKOFF_MIN_MS;
	for (unsigned dice = 0; dice < OUTAGES; dice++) {
		int64_t ms = lose(&backoff, false, 0, true, dice * 7919u);
		ck_assert_int_ge(ms, wait / 2);
		ck_assert_int_le(ms, wait + wait / 2);
		wait = wait * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : wait * 2;
	}
	backoff_held(&backoff);
	ck_assert_int_le(lose(&backoff, false, 0, true, 12345), BACKOFF_MIN_MS * 3 / 2);
}
END_TEST

START_TEST(whoever_is_in_a_hurry_tries_a_closed_port_again_after_a_second)
{
	struct backoff backoff = {0};
	for (unsigned dice = 0; dice < OUTAGES; dice++)
		ck_assert_int_le(lose(&backoff, true, 0, true, dice * 7919u), 1000);
	ck_assert_int_gt(lose(&backoff, false, 0, true, 0), 10000);
}
END_TEST

START_TEST(in_a_hurry_attempts_of_any_other_kind_begin_at_most_ten_seconds_apart)
{
	struct backoff backoff = {0};
	int64_t least = BACKOFF_HURRIED_MS, most = 0;
	for (unsigned dice = 0; dice < OUTAGES; dice++) {
		int64_t took = dice % 2 ? 0 : 3000;
		int64_t apart = took + lose(&backoff, true, took, false, dice * 7919u);
		ck_assert_int_le(apart, BACKOFF_HURRIED_MS);
		if (dice < 10)
			continue; /* the first waits are short anyway */
		least = apart < least ? apart : least;
		most = apart > most ? apart : most;
	}
	ck_assert_int_gt(most - least, 3000); /* stations do not keep step */
}
END_TEST

START_TEST(an_attempt_that_took_long_is_followed_by_a_pause_all_the_same)
{
	struct backoff backoff = {0};
	backoff_most(&backoff);
	ck_assert_int_eq(lose(&backoff, true, 15000, false, 4999), 1000);
	ck_assert_int_ge(lose(&backoff, false, 15000, false, 0), BACKOFF_MAX_MS / 2);
}
END_TEST

START_TEST(a_broker_that_listens_again_and_is_not_ready_is_asked_again_soon)
{
	struct backoff backoff = {0};
	for (int i = 0; i < 10; i++)
		lose(&backoff, true, 0, true, 0);
	ck_assert_int_le(lose(&backoff, true, 0, false, 4999), BACKOFF_MIN_MS * 3 / 2);
	ck_assert_int_le(lose(&backoff, true, 0, false, 4999), BACKOFF_MIN_MS * 3);
}
END_TEST

START_TEST(another_address_is_tried_at_once_and_makes_no_later_wait_longer)
{
	struct backoff backoff = {0};
	lose(&backoff, false, 0, true, 0);
	int64_t next_ms = backoff.wait_ms;
	backoff_none(&backoff, NOW);
	ck_assert_int_eq(backoff_due(&backoff, false), NOW);
	ck_assert_int_eq(backoff.wait_ms, next_ms);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("backoff");
	TCase *tcase = tcase_create("backoff");
	tcase_add_test(tcase, waits_double_to_two_minutes_give_or_take_half);
	tcase_add_test(tcase, whoever_is_in_a_hurry_tries_a_closed_port_again_after_a_second);
	tcase_add_test(tcase,
		       in_a_hurry_attempts_of_any_other_kind_begin_at_most_ten_seconds_apart);
	tcase_add_test(tcase, an_attempt_that_took_long_is_followed_by_a_pause_all_the_same);
	tcase_add_test(tcase, a_broker_that_listens_again_and_is_not_ready_is_asked_again_soon);
	tcase_add_test(tcase, another_address_is_tried_at_once_and_makes_no_later_wait_longer);
	suite_add_tcase(suite, tcase);
	return suite;
}
