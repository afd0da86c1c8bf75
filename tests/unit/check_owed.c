/* SPDX-License-Identifier: MIT */
#include "owed.h"

#include "unit.h"

static const struct request a = {3, 10, 2}, b = {3, 20, 2}, other = {3, 30, 1}, input = {4, 20, 2};

START_TEST(nothing_is_asked_whose_answer_might_be_that_to_another_request)
{
	struct owed owed = {0};

	ck_assert(owed_may_ask(&owed, &a));
	owed_ask(&owed, &a, 0);
	ck_assert(!owed_may_ask(&owed, &b));
	ck_assert(owed_may_ask(&owed, &a));
	ck_assert(owed_may_ask(&owed, &other));
	ck_assert(owed_may_ask(&owed, &input));
	owed_take_answer(&owed, &a);
	ck_assert(owed_may_ask(&owed, &b));
	ck_assert(!owed_has(&owed, &a));
}
END_TEST

START_TEST(an_answer_settles_all_that_was_asked_before)
{
	struct owed owed = {0};

	owed_ask(&owed, &a, 0);
	owed_ask(&owed, &other, 500);
	owed_take_answer(&owed, &other);
	ck_assert(!owed_has(&owed, &a));
	/* not what was asked after it: the answer may be that to the first time */
	owed_ask(&owed, &other, 1000);
	owed_ask(&owed, &a, 1500);
	owed_ask(&owed, &other, 2000);
	owed_take_answer(&owed, &other);
	ck_assert(owed_has(&owed, &a));
	ck_assert(owed_has(&owed, &other));
}
END_TEST

START_TEST(of_two_times_asked_one_answer_may_still_come)
{
	struct owed owed = {0};

	owed_ask(&owed, &a, 0);
	owed_ask(&owed, &a, 1000);
	owed_take_answer(&owed, &a);
	ck_assert(!owed_may_ask(&owed, &b));
	owed_take_answer(&owed, &a);
	ck_assert(owed_may_ask(&owed, &b));
}
END_TEST

START_TEST(an_exception_may_be_that_to_any_request_of_its_function)
{
	struct owed owed = {0};

	owed_ask(&owed, &input, 0);
	owed_ask(&owed, &a, 0);
	owed_ask(&owed, &other, 0);
	ck_assert(!owed_take_exception(&owed, &other));
	ck_assert(owed_has(&owed, &a));
	ck_assert(owed_has(&owed, &other));
	ck_assert(!owed_has(&owed, &input)); /* that was before all of them */
	owed_take_answer(&owed, &other);
	owed_ask(&owed, &b, 0);
	ck_assert(owed_take_exception(&owed, &b));
	ck_assert(!owed_has(&owed, &b));
}
END_TEST

START_TEST(an_answer_that_never_comes_is_given_up)
{
	struct owed owed = {0};

	owed_ask(&owed, &a, 0);
	owed_ask(&owed, &a, 1000);
	owed_expire(&owed, 1000 + OWED_MS - 1);
	ck_assert(!owed_may_ask(&owed, &b));
	owed_expire(&owed, 1000 + OWED_MS);
	ck_assert(owed_may_ask(&owed, &b));
}
END_TEST

START_TEST(more_than_can_be_remembered_is_not_asked)
{
	struct owed owed = {0};

	for (int i = 0; i < OWED_MAX; i++) {
		const struct request request = {3, 0, (uint16_t)(i + 1)};
		ck_assert(owed_may_ask(&owed, &request));
		owed_ask(&owed, &request, 0);
	}
	ck_assert(!owed_may_ask(&owed, &input));
	ck_assert(owed_may_ask(&owed, &(struct request){3, 0, 1}));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("owed");
	TCase *tc = tcase_create("owed");

	tcase_add_test(tc, nothing_is_asked_whose_answer_might_be_that_to_another_request);
	tcase_add_test(tc, an_answer_settles_all_that_was_asked_before);
	tcase_add_test(tc, of_two_times_asked_one_answer_may_still_come);
	tcase_add_test(tc, an_exception_may_be_that_to_any_request_of_its_function);
	tcase_add_test(tc, an_answer_that_never_comes_is_given_up);
	tcase_add_test(tc, more_than_can_be_remembered_is_not_asked);
	suite_add_tcase(suite, tc);
	return suite;
}
