/* SPDX-License-Identifier: MIT */
#include "cuts.h"
#include "hetang.h"
#include "models.h"
#include "unit.h"

#include <string.h>

static struct plan plan_of_thirds(void)
{
	static const int32_t pct[LEVEL_COUNT] = {CUT_UNSAID, 10, 20, 30};
	struct plan plan;
	memset(&plan, 0, sizeof(plan));
	plan.n_levels = LEVEL_RED;
	for (int level = 0; level < LEVEL_COUNT; level++)
		for (int e = 0; e < EMISSION_COUNT; e++)
			plan.levels[level].min_cut_pct[e] = pct[level];
	return plan;
}

static struct cuts_source source_of(int64_t base, int64_t yellow, int64_t orange, int64_t red)
{
	struct cuts_source source = cuts_source_unsaid();
	source.base_gpd[EMISSION_NOX] = base;
	source.cut_gpd[LEVEL_YELLOW][EMISSION_NOX] = yellow;
	source.cut_gpd[LEVEL_ORANGE][EMISSION_NOX] = orange;
	source.cut_gpd[LEVEL_RED][EMISSION_NOX] = red;
	return source;
}

static struct cuts_target target_of(int64_t whole_gpd, int64_t planned_gpd, int level)
{
	struct plan plan = plan_of_thirds();
	struct cuts_whole whole = cuts_whole_unsaid();
	struct cuts_sums sums = {0};
	struct cuts_source source = source_of(planned_gpd, planned_gpd, planned_gpd, planned_gpd);
	whole.gpd[EMISSION_NOX] = whole_gpd;
	cuts_add(&sums, &source);
	return cuts_target(&sums, &whole, &plan, level, EMISSION_NOX);
}

START_TEST(one_gram_less_than_ten_per_cent_is_a_shortfall_of_one_gram)
{
	struct cuts_target target = target_of(1234567, 123456, LEVEL_YELLOW);
	ck_assert_int_eq(target.required_gpd, 123457);
	ck_assert_int_eq(target.shortfall_gpd, 1);
	ck_assert_int_eq(target.ratio_centi, 999);
	ck_assert(!target.met);
	target = target_of(1234567, 123457, LEVEL_YELLOW);
	ck_assert_int_eq(target.shortfall_gpd, 0);
	ck_assert_int_eq(target.ratio_centi, 1000);
	ck_assert(target.met);
}
END_TEST

START_TEST(each_level_asks_for_its_own_percentage)
{
	static const int64_t required[LEVEL_COUNT] = {0, 1000, 2000, 3000};
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++) {
		struct cuts_target target = target_of(10000, 2000, level);
		ck_assert_int_eq(target.min_cut_pct, 10 * level);
		ck_assert_int_eq(target.required_gpd, required[level]);
		ck_assert(target.met == (level < LEVEL_RED));
	}
}
END_TEST

START_TEST(without_a_denominator_nothing_is_required_and_nothing_is_met)
{
	struct cuts_target target = target_of(CUT_UNSAID, 5000, LEVEL_YELLOW);
	ck_assert_int_eq(target.whole_gpd, CUT_UNSAID);
	ck_assert_int_eq(target.required_gpd, CUT_UNSAID);
	ck_assert_int_eq(target.shortfall_gpd, CUT_UNSAID);
	ck_assert_int_eq(target.ratio_centi, CUT_UNSAID);
	ck_assert_int_eq(target.list_ratio_centi, 10000);
	ck_assert(!target.met);
}
END_TEST

START_TEST(a_plan_that_names_no_percentage_requires_nothing)
{
	struct plan plan = plan_of_thirds();
	struct cuts_whole whole = {{1000, 1000, 1000, 1000}};
	struct cuts_sums sums = {0};
	plan.levels[LEVEL_RED].min_cut_pct[EMISSION_PM] = CUT_UNSAID;
	struct cuts_target target = cuts_target(&sums, &whole, &plan, LEVEL_RED, EMISSION_PM);
	ck_assert_int_eq(target.required_gpd, CUT_UNSAID);
	ck_assert_int_eq(target.shortfall_gpd, CUT_UNSAID);
	ck_assert(!target.met);
}
END_TEST

START_TEST(what_is_unsaid_adds_nothing_to_the_sums)
{
	struct cuts_sums sums = {0};
	struct cuts_source some = source_of(700, CUT_UNSAID, 70, 71), none = cuts_source_unsaid();
	cuts_add(&sums, &some);
	cuts_add(&sums, &none);
	cuts_add(&sums, &some);
	ck_assert_int_eq(sums.n_sources, 3);
	ck_assert_int_eq(sums.base_gpd[EMISSION_NOX], 1400);
	ck_assert_int_eq(sums.base_gpd[EMISSION_SO2], 0);
	ck_assert_int_eq(sums.cut_gpd[LEVEL_YELLOW][EMISSION_NOX], 0);
	ck_assert_int_eq(sums.cut_gpd[LEVEL_RED][EMISSION_NOX], 142);
}
END_TEST

START_TEST(the_largest_list_of_the_largest_sources_does_not_overflow)
{
	struct plan plan = plan_of_thirds();
	struct cuts_whole whole = {
		{CUTS_GRAMS_MAX, CUTS_GRAMS_MAX, CUTS_GRAMS_MAX, CUTS_GRAMS_MAX}};
	struct cuts_sums sums = {0};
	struct cuts_source source =
		source_of(CUTS_GRAMS_MAX, CUTS_GRAMS_MAX, CUTS_GRAMS_MAX, CUTS_GRAMS_MAX);
	for (int i = 0; i < CUTS_SOURCES_MAX; i++)
		cuts_add(&sums, &source);
	struct cuts_target target = cuts_target(&sums, &whole, &plan, LEVEL_RED, EMISSION_NOX);
	ck_assert_int_eq(target.planned_gpd, CUTS_GRAMS_MAX * CUTS_SOURCES_MAX);
	ck_assert_int_eq(target.required_gpd, CUTS_GRAMS_MAX / 10 * 3);
	ck_assert_int_eq(target.ratio_centi, INT32_MAX);
	ck_assert_int_eq(target.list_ratio_centi, 10000);
}
END_TEST

START_TEST(a_cut_above_the_base_is_found_at_its_level_alone)
{
	struct cuts_source source = source_of(100, 100, 101, CUT_UNSAID);
	ck_assert(!cuts_above_base(&source, LEVEL_YELLOW, EMISSION_NOX));
	ck_assert(cuts_above_base(&source, LEVEL_ORANGE, EMISSION_NOX));
	ck_assert(!cuts_above_base(&source, LEVEL_RED, EMISSION_NOX));
	source.base_gpd[EMISSION_NOX] = CUT_UNSAID;
	ck_assert(cuts_above_base(&source, LEVEL_YELLOW, EMISSION_NOX));
}
END_TEST

START_TEST(a_higher_level_never_cuts_less_than_a_lower_one)
{
	struct cuts_source source = source_of(100, 20, 20, 19);
	ck_assert(!cuts_fall(&source, LEVEL_YELLOW, EMISSION_NOX));
	ck_assert(!cuts_fall(&source, LEVEL_ORANGE, EMISSION_NOX));
	ck_assert(cuts_fall(&source, LEVEL_RED, EMISSION_NOX));
	source = source_of(100, 20, CUT_UNSAID, 20);
	ck_assert(cuts_fall(&source, LEVEL_ORANGE, EMISSION_NOX));
	ck_assert(!cuts_fall(&source, LEVEL_RED, EMISSION_NOX));
	ck_assert(!cuts_fall(&source, LEVEL_RED, EMISSION_SO2));
}
END_TEST

START_TEST(a_cut_that_a_level_does_not_say_is_that_of_the_level_below)
{
	struct cuts_source source = source_of(100, CUT_UNSAID, 20, CUT_UNSAID);
	ck_assert_int_eq(cuts_at_gpd(&source, LEVEL_YELLOW, EMISSION_NOX), CUT_UNSAID);
	ck_assert_int_eq(cuts_at_gpd(&source, LEVEL_ORANGE, EMISSION_NOX), 20);
	ck_assert_int_eq(cuts_at_gpd(&source, LEVEL_RED, EMISSION_NOX), 20);
	ck_assert_int_eq(cuts_at_gpd(&source, LEVEL_RED, EMISSION_PM), CUT_UNSAID);
}
END_TEST

START_TEST(a_source_can_still_give_what_it_emits_beyond_its_cut)
{
	struct cuts_source source = source_of(100, 20, 100, CUT_UNSAID);
	ck_assert_int_eq(cuts_left_gpd(&source, LEVEL_YELLOW, EMISSION_NOX), 80);
	ck_assert_int_eq(cuts_left_gpd(&source, LEVEL_ORANGE, EMISSION_NOX), 0);
	ck_assert_int_eq(cuts_left_gpd(&source, LEVEL_RED, EMISSION_NOX), 100);
	ck_assert_int_eq(cuts_left_gpd(&source, LEVEL_RED, EMISSION_VOCS), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("cuts");
	TCase *tc = tcase_create("cuts");
	tcase_add_test(tc, one_gram_less_than_ten_per_cent_is_a_shortfall_of_one_gram);
	tcase_add_test(tc, each_level_asks_for_its_own_percentage);
	tcase_add_test(tc, without_a_denominator_nothing_is_required_and_nothing_is_met);
	tcase_add_test(tc, a_plan_that_names_no_percentage_requires_nothing);
	tcase_add_test(tc, what_is_unsaid_adds_nothing_to_the_sums);
	tcase_add_test(tc, the_largest_list_of_the_largest_sources_does_not_overflow);
	tcase_add_test(tc, a_cut_above_the_base_is_found_at_its_level_alone);
	tcase_add_test(tc, a_higher_level_never_cuts_less_than_a_lower_one);
	tcase_add_test(tc, a_cut_that_a_level_does_not_say_is_that_of_the_level_below);
	tcase_add_test(tc, a_source_can_still_give_what_it_emits_beyond_its_cut);
	suite_add_tcase(suite, tc);
	return suite;
}
