/* SPDX-License-Identifier: MIT */
#include "health.h"

#include "unit.h"

START_TEST(a_first_success_makes_an_unknown_device_ok)
{
	struct health health = {0};

	ck_assert(health_take(&health, WHY_NONE, 500));
	ck_assert_int_eq(health.state, HEALTH_OK);
	ck_assert_int_eq(health.since_ms, 500);
	ck_assert(!health_take(&health, WHY_NONE, 900));
	ck_assert_int_eq(health.since_ms, 500);
}
END_TEST

START_TEST(a_device_is_suspect_at_once_and_failed_after_three_failures_in_a_row)
{
	struct health health = {0};

	health_take(&health, WHY_NONE, 0);
	ck_assert(health_take(&health, WHY_TIMEOUT, 1000));
	ck_assert_int_eq(health.state, HEALTH_SUSPECT);
	ck_assert(!health_take(&health, WHY_BAD_FRAME, 2000));
	ck_assert_int_eq(health.state, HEALTH_SUSPECT);
	ck_assert(health_take(&health, WHY_TIMEOUT, 3000));
	ck_assert_int_eq(health.state, HEALTH_FAILED);
	ck_assert_int_eq(health.failures, 3);
	ck_assert_int_eq(health.since_ms, 3000);
}
END_TEST

START_TEST(failures_that_are_not_in_a_row_never_fail_a_device)
{
	struct health health = {0};

	for (int i = 0; i < 30; i++)
		health_take(&health, i % 3 == 2 ? WHY_NONE : WHY_TIMEOUT, i * 1000);
	ck_assert_int_eq(health.state, HEALTH_OK);
	health_take(&health, WHY_TIMEOUT, 31000);
	health_take(&health, WHY_TIMEOUT, 32000);
	ck_assert_int_eq(health.state, HEALTH_SUSPECT);
}
END_TEST

START_TEST(one_success_makes_a_failed_device_ok)
{
	struct health health = {0};

	for (int i = 0; i < 5; i++)
		health_take(&health, WHY_TIMEOUT, i);
	ck_assert_int_eq(health.state, HEALTH_FAILED);
	ck_assert(health_take(&health, WHY_NONE, 70000));
	ck_assert_int_eq(health.state, HEALTH_OK);
	ck_assert_int_eq(health.failures, 0);
	ck_assert_int_eq(health.since_ms, 70000);
}
END_TEST

START_TEST(only_a_failed_device_must_wait_for_its_probe)
{
	struct health health = {0};

	ck_assert(health_may_poll(&health, 0));
	health_take(&health, WHY_TIMEOUT, 100);
	ck_assert(health_may_poll(&health, 100));
	health_take(&health, WHY_TIMEOUT, 200);
	health_take(&health, WHY_TIMEOUT, 300);
	ck_assert(!health_may_poll(&health, 300));
	ck_assert(!health_may_poll(&health, 300 + HEALTH_PROBE_MS - 1));
	ck_assert(health_may_poll(&health, 300 + HEALTH_PROBE_MS));
}
END_TEST

START_TEST(a_failure_that_cost_no_time_is_followed_by_the_next_poll)
{
	struct health health = {0};

	for (int i = 0; i < 3; i++) {
		health_take(&health, WHY_EXCEPTION, 100 * i);
		health_ask_on(&health);
	}
	ck_assert_int_eq(health.state, HEALTH_FAILED);
	ck_assert(!health_is_dead(&health));
	ck_assert(health_may_poll(&health, 300));
	health_take(&health, WHY_TIMEOUT, 300);
	ck_assert(health_is_dead(&health));
	ck_assert(!health_may_poll(&health, 400));
}
END_TEST

START_TEST(a_probe_that_fails_is_told_to_nobody_and_puts_off_the_next)
{
	struct health health = {0};

	for (int i = 0; i < 3; i++)
		health_take(&health, WHY_TIMEOUT, 0);
	ck_assert(!health_take(&health, WHY_EXCEPTION, HEALTH_PROBE_MS));
	ck_assert_int_eq(health.why, WHY_EXCEPTION);
	ck_assert_int_eq(health.failures, 4);
	ck_assert_int_eq(health.since_ms, 0);
	ck_assert(!health_may_poll(&health, 2 * HEALTH_PROBE_MS - 1));
	ck_assert(health_may_poll(&health, 2 * HEALTH_PROBE_MS));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("health");
	TCase *tc = tcase_create("health");

	tcase_add_test(tc, a_first_success_makes_an_unknown_device_ok);
	tcase_add_test(tc, a_device_is_suspect_at_once_and_failed_after_three_failures_in_a_row);
	tcase_add_test(tc, failures_that_are_not_in_a_row_never_fail_a_device);
	tcase_add_test(tc, one_success_makes_a_failed_device_ok);
	tcase_add_test(tc, only_a_failed_device_must_wait_for_its_probe);
	tcase_add_test(tc, a_failure_that_cost_no_time_is_followed_by_the_next_poll);
	tcase_add_test(tc, a_probe_that_fails_is_told_to_nobody_and_puts_off_the_next);
	suite_add_tcase(suite, tc);
	return suite;
}
