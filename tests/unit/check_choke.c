/* SPDX-License-Identifier: MIT */
#include "choke.h"
#include "unit.h"

#define NOW 1000

static struct choke choked(int times)
{
	struct choke choke = {0};
	for (int i = 0; i < times; i++)
		choke_lost(&choke, NOW);
	return choke;
}

START_TEST(three_losses_by_too_large_a_message_make_it_deaf_for_an_hour)
{
	struct choke choke = choked(CHOKE_LOSSES - 1);
	ck_assert_int_eq(choke.until_ms, 0);
	choke_lost(&choke, NOW);
	ck_assert_int_eq(choke.until_ms, NOW + CHOKE_DEAF_MS);
	ck_assert(!choke_is_over(&choke, NOW + CHOKE_DEAF_MS - 1));
	ck_assert(choke_is_over(&choke, NOW + CHOKE_DEAF_MS));
	ck_assert(!choke_is_over(&choke, NOW + CHOKE_DEAF_MS));
	ck_assert_int_eq(choke.until_ms, 0);
}
END_TEST

START_TEST(after_the_hour_one_more_loss_is_enough_and_a_connection_that_holds_clears_it)
{
	struct choke choke = choked(CHOKE_LOSSES), good;
	ck_assert(choke_is_over(&choke, NOW + CHOKE_DEAF_MS));
	good = choke;
	choke_lost(&choke, NOW);
	ck_assert_int_ne(choke.until_ms, 0);
	choke_held(&good);
	choke_lost(&good, NOW);
	ck_assert_int_eq(good.until_ms, 0);
}
END_TEST

START_TEST(a_deaf_connection_that_holds_proves_nothing)
{
	struct choke choke = choked(CHOKE_LOSSES);
	choke_held(&choke);
	ck_assert_int_eq(choke.until_ms, NOW + CHOKE_DEAF_MS);
	ck_assert_int_eq(choke.losses, CHOKE_LOSSES);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("choke");
	TCase *tcase = tcase_create("choke");
	tcase_add_test(tcase, three_losses_by_too_large_a_message_make_it_deaf_for_an_hour);
	tcase_add_test(
		tcase,
		after_the_hour_one_more_loss_is_enough_and_a_connection_that_holds_clears_it);
	tcase_add_test(tcase, a_deaf_connection_that_holds_proves_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}
