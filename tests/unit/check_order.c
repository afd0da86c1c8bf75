/* SPDX-License-Identifier: MIT */
/* Who gets an order: a plan of four measures, and sources that have one thing or another. */
#include "order.h"

#include "hetang.h"
#include "models.h"
#include "unit.h"

enum { OWN, STOP, MACHINES, TRUCKS, PARK, DUTY, MEASURES };

static struct plan plan;

static void address(int i, int level, uint32_t sources, uint32_t only_if)
{
	struct plan_measure *measure = &plan.measures[i];
	*measure = (struct plan_measure){
		.level = level, .replaces = -1, .sources = sources, .only_if = only_if};
	for (int n = 0; n < PLAN_NUMBER_COUNT; n++)
		measure->numbers[n] = NUMBER_UNSAID;
}

static void begin(void)
{
	const uint32_t industry = 1u << SOURCE_INDUSTRY, sites = 1u << SOURCE_BUILDING;
	plan = models_hetang();
	plan.n_measures = MEASURES;
	plan.n_exemptions = 2;
	plan.exemptions[0].id = "repair";
	plan.exemptions[1].id = "livelihood";
	address(OWN, LEVEL_YELLOW, industry, 1u << NEED_OWN_MEASURES);
	address(STOP, LEVEL_YELLOW, sites, 0);
	plan.measures[STOP].except = 1u << 0;
	address(MACHINES, LEVEL_ORANGE, industry, 1u << NEED_OLD_MACHINERY);
	address(TRUCKS, LEVEL_ORANGE, industry | sites, 0);
	plan.measures[TRUCKS].numbers[NUMBER_MORE_THAN_MOVEMENTS_PER_DAY] = 10;
	plan.measures[TRUCKS].except = 1u << 1;
	address(PARK, LEVEL_NONE, sites, 1u << NEED_PARK);
	address(DUTY, LEVEL_NONE, 0, 0);
}

static struct order_source factory(void)
{
	return (struct order_source){.kind = SOURCE_INDUSTRY, .movements = 10};
}

static unsigned why_none(int level, const struct order_source *source)
{
	const struct order_level at = order_level_of(&plan, level);
	return order_why_none(&at, source);
}

/* The measures in an order, as bits. */
static unsigned measures_of(int level, const struct order_source *source)
{
	const struct order_level at = order_level_of(&plan, level);
	int indices[PLAN_MEASURES_MAX];
	unsigned bits = 0;
	for (int i = order_measures(&at, source, indices) - 1; i >= 0; i--)
		bits |= 1u << indices[i];
	return bits;
}

START_TEST(a_row_that_says_something_of_a_level_gives_orders_from_that_level_on)
{
	struct order_source source = factory();
	source.said = 1u << LEVEL_ORANGE;
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source), ORDER_WHY_ROW);
	ck_assert_uint_eq(why_none(LEVEL_ORANGE, &source), 0);
	ck_assert_uint_eq(why_none(LEVEL_RED, &source), 0);
	ck_assert_uint_eq(measures_of(LEVEL_RED, &source), 1u << OWN);
	ck_assert_uint_eq(measures_of(LEVEL_YELLOW, &source), 0);
}
END_TEST

START_TEST(a_factory_without_anything_gets_no_order_and_it_is_said_why)
{
	struct order_source source = factory();
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source), ORDER_WHY_ROW);
	ck_assert_uint_eq(why_none(LEVEL_RED, &source),
			  ORDER_WHY_ROW | ORDER_WHY_MACHINES | ORDER_WHY_MOVEMENTS);
	source.kind = SOURCE_MOBILE;
	ck_assert_uint_eq(why_none(LEVEL_RED, &source), ORDER_WHY_ROW | ORDER_WHY_KIND);
}
END_TEST

START_TEST(more_than_ten_movements_are_eleven)
{
	struct order_source source = factory();
	source.movements = 11;
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source), ORDER_WHY_ROW);
	ck_assert_uint_eq(why_none(LEVEL_ORANGE, &source), 0);
	ck_assert_uint_eq(measures_of(LEVEL_ORANGE, &source), 1u << TRUCKS);
	source.exempt = 1u << 1;
	ck_assert_uint_eq(why_none(LEVEL_ORANGE, &source),
			  ORDER_WHY_ROW | ORDER_WHY_MACHINES | ORDER_WHY_EXEMPT);
	source.exempt = 1u << 0; /* of another measure */
	ck_assert_uint_eq(why_none(LEVEL_ORANGE, &source), 0);
}
END_TEST

START_TEST(one_old_machine_is_enough)
{
	struct order_source source = factory();
	source.old_machines = 1;
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source), ORDER_WHY_ROW);
	ck_assert_uint_eq(measures_of(LEVEL_RED, &source), 1u << MACHINES);
}
END_TEST

START_TEST(what_the_list_does_not_say_makes_no_order_but_stands_in_one_that_is_given)
{
	struct order_source source = factory();
	source.movements = source.old_machines = ORDER_UNSAID;
	ck_assert_uint_eq(why_none(LEVEL_ORANGE, &source),
			  ORDER_WHY_ROW | ORDER_WHY_NO_MOVEMENTS | ORDER_WHY_NO_MACHINES);
	source.said = 1u << LEVEL_YELLOW;
	ck_assert_uint_eq(measures_of(LEVEL_ORANGE, &source),
			  1u << OWN | 1u << MACHINES | 1u << TRUCKS);
	ck_assert_uint_eq(measures_of(LEVEL_YELLOW, &source), 1u << OWN);
}
END_TEST

START_TEST(a_site_has_the_measures_of_its_kind_unless_it_is_exempt)
{
	struct order_source source = {.kind = SOURCE_BUILDING};
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source), 0);
	ck_assert_uint_eq(measures_of(LEVEL_YELLOW, &source), 1u << STOP);
	source.exempt = 1u << 0;
	ck_assert_uint_eq(why_none(LEVEL_YELLOW, &source),
			  ORDER_WHY_ROW | ORDER_WHY_EXEMPT | ORDER_WHY_PARK);
	source.in_park = true;
	ck_assert_uint_eq(measures_of(LEVEL_YELLOW, &source), 1u << PARK);
}
END_TEST

START_TEST(the_duty_of_a_bureau_stands_in_no_order)
{
	const struct order_level at = order_level_of(&plan, LEVEL_RED);
	ck_assert_int_eq(at.n, MEASURES - 1);
	for (int kind = 0; kind < SOURCE_KIND_COUNT; kind++) {
		struct order_source source = {.kind = (enum source_kind)kind,
					      .said = ~0u,
					      .movements = 99,
					      .old_machines = 9,
					      .in_park = true};
		ck_assert_uint_eq(measures_of(LEVEL_RED, &source) & 1u << DUTY, 0);
	}
}
END_TEST

START_TEST(the_words_of_the_highest_level_that_has_any_count)
{
	const uint32_t bits = 1u << LEVEL_YELLOW | 1u << LEVEL_RED;
	ck_assert_int_eq(order_level_said(bits, LEVEL_YELLOW), LEVEL_YELLOW);
	ck_assert_int_eq(order_level_said(bits, LEVEL_ORANGE), LEVEL_YELLOW);
	ck_assert_int_eq(order_level_said(bits, LEVEL_RED), LEVEL_RED);
	ck_assert_int_eq(order_level_said(1u << LEVEL_RED, LEVEL_ORANGE), LEVEL_NONE);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("order");
	TCase *tc = tcase_create("order");
	tcase_add_checked_fixture(tc, begin, NULL);
	tcase_add_test(tc, a_row_that_says_something_of_a_level_gives_orders_from_that_level_on);
	tcase_add_test(tc, a_factory_without_anything_gets_no_order_and_it_is_said_why);
	tcase_add_test(tc, more_than_ten_movements_are_eleven);
	tcase_add_test(tc, one_old_machine_is_enough);
	tcase_add_test(tc,
		       what_the_list_does_not_say_makes_no_order_but_stands_in_one_that_is_given);
	tcase_add_test(tc, a_site_has_the_measures_of_its_kind_unless_it_is_exempt);
	tcase_add_test(tc, the_duty_of_a_bureau_stands_in_no_order);
	tcase_add_test(tc, the_words_of_the_highest_level_that_has_any_count);
	suite_add_tcase(suite, tc);
	return suite;
}
