/* SPDX-License-Identifier: MIT */
#include "conf_outlook.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "models.h"
#include "unit.h"

#define H 394344 /* 2014-12-27 08:00 +08:00 */

static struct outlook_air air;

/* Hours up to H, the oldest first; a negative one is missing. */
static void breathe(const int *micrograms, int n)
{
	memset(&air, 0, sizeof(air));
	for (int i = 0; i < n; i++) {
		struct hour_values values = {.valid = micrograms[i] >= 0};
		values.milli[POLLUTANT_PM25] = 1000 * micrograms[i];
		outlook_put(&air, H - n + 1 + i, &values);
	}
}

static bool ask(struct outlook_feature feature, int32_t *ret)
{
	struct outlook_model model = {.n_features = 1, .features = {feature}};
	struct outlook_values values;
	int need;
	ck_assert(outlook_look(&model, &air, &values, &need));
	*ret = values.of[0];
	return values.known[0];
}

static int32_t value_of(int of, int hours, int ago)
{
	int32_t value;
	ck_assert(ask((struct outlook_feature){of, POLLUTANT_PM25, hours, ago}, &value));
	return value;
}

START_TEST(the_chance_is_the_logistic_function_to_the_permille)
{
	for (int64_t logit = -21000000; logit <= 21000000; logit += 1997) {
		double exact = 1000 / (1 + exp(-(double)logit / 1e6));
		ck_assert_double_le(fabs(outlook_permille(logit) - exact), 0.501);
	}
	ck_assert_int_eq(outlook_permille(0), 500);
	ck_assert_int_eq(outlook_permille(INT64_MAX), 1000);
	ck_assert_int_eq(outlook_permille(-INT64_MAX), 0);
}
END_TEST

START_TEST(a_chance_and_its_contrary_make_a_thousand)
{
	for (int64_t logit = 0; logit <= 20000000; logit += 2003)
		ck_assert_int_eq(outlook_permille(logit) + outlook_permille(-logit), 1000);
}
END_TEST

START_TEST(features_are_of_the_hours_they_name)
{
	const int hours[] = {10, 20, 30, 70, 50, 60};
	breathe(hours, 6);
	ck_assert_int_eq(value_of(OUTLOOK_MEAN, 1, 0), 60000);
	ck_assert_int_eq(value_of(OUTLOOK_MEAN, 3, 0), 60000);
	ck_assert_int_eq(value_of(OUTLOOK_MEAN, 2, 4), 15000);
	ck_assert_int_eq(value_of(OUTLOOK_CHANGE, 2, 4), 40000);
	ck_assert_int_eq(value_of(OUTLOOK_MAX, 6, 0), 70000);
	ck_assert_int_eq(value_of(OUTLOOK_MIN, 3, 1), 30000);
	ck_assert_int_eq(value_of(OUTLOOK_CLOCK, 1, 0), 8);
	ck_assert_int_eq(value_of(OUTLOOK_SEASON, 1, 0), 19);
}
END_TEST

START_TEST(what_goes_on_like_the_last_hours_has_its_highest_day)
{
	int hours[24];
	for (int i = 0; i < 24; i++)
		hours[i] = i < 12 ? 200 : 20;
	breathe(hours, 24); /* falls: in one hour a 20 takes the place of a 200 */
	ck_assert_int_eq(value_of(OUTLOOK_HELD, 6, 0), (20 + 11 * 200 + 12 * 20) * 1000 / 24);
	for (int i = 0; i < 24; i++)
		hours[i] = i < 12 ? 20 : 200;
	breathe(hours, 24); /* rises until all are 200 */
	ck_assert_int_eq(value_of(OUTLOOK_HELD, 6, 0), 200000);
}
END_TEST

START_TEST(a_feature_with_less_than_half_of_its_hours_is_missing)
{
	const int hours[] = {-1, -1, 30, -1, 50, -1};
	int32_t value;
	breathe(hours, 6);
	ck_assert_int_eq(value_of(OUTLOOK_MEAN, 4, 0), 40000);
	ck_assert(!ask((struct outlook_feature){OUTLOOK_MEAN, POLLUTANT_PM25, 6, 0}, &value));
	ck_assert(!ask((struct outlook_feature){OUTLOOK_MAX, POLLUTANT_PM25, 6, 0}, &value));
	ck_assert(!ask((struct outlook_feature){OUTLOOK_MEAN, POLLUTANT_O3, 1, 0}, &value));
	ck_assert(!ask((struct outlook_feature){OUTLOOK_CHANGE, POLLUTANT_PM25, 2, 4}, &value));
}
END_TEST

START_TEST(an_hour_that_slides_out_of_the_72_is_forgotten)
{
	int hours[OUTLOOK_HOURS + 1] = {500};
	breathe(hours, OUTLOOK_HOURS + 1);
	ck_assert_int_eq(value_of(OUTLOOK_MAX, OUTLOOK_HOURS, 0), 0);
	breathe(hours, OUTLOOK_HOURS);
	ck_assert_int_eq(value_of(OUTLOOK_MAX, OUTLOOK_HOURS, 0), 500000);
}
END_TEST

/* One split and two leaves: +2 at or below 50 ug/m3, -2 above. */
static struct outlook_tree split = {
	.n_leaves = 2,
	.nodes = {{.at = 50000, .feature = 0, .low = ~0, .high = ~1}},
	.leaves = {2000000, -2000000},
};

static struct outlook_model one_tree(void)
{
	struct outlook_model model = {
		.n_features = 1,
		.features = {{OUTLOOK_MEAN, POLLUTANT_PM25, 2, 0}},
		.n_thresholds = 1,
		.thresholds = {{.aqi = 150,
				.pm25_milli = 115000,
				.pm10_milli = 250000,
				.possible_permille = 400,
				.climate_permille = {[11] = 77},
				.n_trees = 1,
				.trees = &split}},
	};
	return model;
}

static struct outlook_chance say(const struct outlook_model *model)
{
	struct outlook_values values;
	struct outlook_chance chance;
	int need;
	ck_assert(outlook_look(model, &air, &values, &need));
	outlook_say(model, &air, &values, 0, &chance);
	return chance;
}

START_TEST(a_tree_goes_low_at_its_mark_and_high_above)
{
	struct outlook_model model = one_tree();
	breathe((const int[]){50, 50}, 2);
	ck_assert_int_eq(say(&model).permille, 881);
	ck_assert(say(&model).possible);
	breathe((const int[]){50, 51}, 2);
	ck_assert_int_eq(say(&model).permille, 119);
	ck_assert(!say(&model).possible);
	ck_assert_int_eq(say(&model).climate_permille, 77);
}
END_TEST

START_TEST(what_is_missing_goes_where_the_split_says)
{
	struct outlook_model model = one_tree();
	breathe((const int[]){-1, -1}, 2);
	split.nodes[0].missing_low = true;
	ck_assert_int_eq(say(&model).permille, 881);
	split.nodes[0].missing_low = false;
	ck_assert_int_eq(say(&model).permille, 119);
}
END_TEST

START_TEST(a_split_at_the_top_asks_only_whether_it_is_known)
{
	const struct outlook_tree before = split;
	struct outlook_model model = one_tree();
	split.nodes[0].at = 2000000000;
	split.nodes[0].missing_low = false;
	breathe((const int[]){900, 900}, 2);
	ck_assert_int_eq(say(&model).permille, 881);
	breathe((const int[]){-1, -1}, 2);
	ck_assert_int_eq(say(&model).permille, 119);
	split = before;
}
END_TEST

START_TEST(the_simple_rule_asks_the_last_six_hours)
{
	struct outlook_model model = one_tree();
	breathe((const int[]){900, 116, 116, 116, 116, 116, 116}, 7);
	ck_assert(say(&model).rule);
	breathe((const int[]){900, 115, 115, 115, 115, 115, 115}, 7);
	ck_assert(!say(&model).rule);
}
END_TEST

START_TEST(month_and_season_are_those_of_the_calendar_for_eighty_years)
{
	struct outlook_model model = one_tree();
	const struct hour_values values = {.valid = 1};
	for (int month = 0; month < OUTLOOK_MONTHS; month++)
		model.thresholds[0].climate_permille[month] = month;
	for (int64_t hour = 7; hour < 80 * 8766; hour += 115) {
		time_t at = (time_t)(hour + 8) * 3600;
		struct tm tm;
		gmtime_r(&at, &tm);
		memset(&air, 0, sizeof(air));
		outlook_put(&air, hour, &values);
		outlook_put(&air, hour - 1, &values);
		int after = (tm.tm_yday - 14 + 365) % 365;
		ck_assert_int_eq(say(&model).climate_permille, tm.tm_mon);
		ck_assert_int_eq(value_of(OUTLOOK_CLOCK, 1, 0), tm.tm_hour);
		ck_assert_int_eq(value_of(OUTLOOK_SEASON, 1, 0),
				 after < 365 - after ? after : 365 - after);
	}
}
END_TEST

START_TEST(with_too_few_hours_there_is_none_and_the_need_is_named)
{
	struct outlook_model model = one_tree();
	struct outlook_values values;
	int need;
	model.n_needs = 2;
	model.needs[0] = (struct outlook_need){POLLUTANT_PM25, 24, 4};
	model.needs[1] = (struct outlook_need){POLLUTANT_PM25, 2, 2};
	breathe((const int[]){50, 50, 50, 50, -1, 50}, 6);
	ck_assert(!outlook_look(&model, &air, &values, &need));
	ck_assert_int_eq(need, 1);
	model.needs[1].valid = 1;
	ck_assert(outlook_look(&model, &air, &values, &need));
}
END_TEST

START_TEST(a_threshold_is_of_every_edition_that_has_its_concentrations)
{
	struct edition editions[] = {models_hj633_2012(), models_hj633_2026()};
	struct outlook_threshold threshold = one_tree().thresholds[0];
	ck_assert(outlook_fits(&threshold, &editions[0]));
	ck_assert(outlook_fits(&threshold, &editions[1]));
	threshold =
		(struct outlook_threshold){.aqi = 100, .pm25_milli = 75000, .pm10_milli = 150000};
	ck_assert(outlook_fits(&threshold, &editions[0]));
	ck_assert(!outlook_fits(&threshold, &editions[1]));
}
END_TEST

START_TEST(it_came_if_one_hour_exceeds_and_not_only_if_all_are_known)
{
	int32_t daily[OUTLOOK_AHEAD] = {0};
	ck_assert_int_eq(outlook_came(daily, 150), 0);
	daily[3] = 150;
	ck_assert_int_eq(outlook_came(daily, 150), 0);
	daily[4] = IAQI_NONE;
	ck_assert_int_eq(outlook_came(daily, 150), -1);
	daily[23] = 151;
	ck_assert_int_eq(outlook_came(daily, 150), 1);
}
END_TEST

/* n hours of 800 permille, said to be possible. */
static void add(struct outlook_score *score, int n, bool exceeds, bool came)
{
	const struct outlook_chance chance = {
		.permille = 800, .possible = true, .climate_permille = 300};
	for (int i = 0; i < n; i++)
		outlook_score(score, &chance, exceeds, came);
}

START_TEST(a_score_is_counted_by_hand)
{
	struct outlook_score score = {0};
	add(&score, 300, false, true);
	add(&score, 100, true, true);
	add(&score, 100, false, false);
	const struct outlook_tally *model = &score.all[OUTLOOK_MODEL];
	ck_assert_int_eq(model->n, 500);
	ck_assert_int_eq(outlook_brier(model), (400 * 40000 + 100 * 640000) / 500);
	ck_assert_int_eq(outlook_brier(&score.all[OUTLOOK_PERSISTENCE]), 600000);
	ck_assert_int_eq(outlook_brier(&score.all[OUTLOOK_CLIMATE]),
			 (400 * 490000 + 100 * 90000) / 500);
	ck_assert_int_eq(outlook_hit_rate(model), 1000);
	ck_assert_int_eq(outlook_false_alarms(model), 200);
	ck_assert_int_eq(outlook_csi(model), 800);
	ck_assert_int_eq(outlook_unreliable(model), 0);
	ck_assert_int_eq(outlook_csi(&score.onset[OUTLOOK_MODEL]), 750);
	ck_assert_int_eq(outlook_unreliable(&score.onset[OUTLOOK_MODEL]), 50);
	ck_assert_int_eq(outlook_csi(&score.onset[OUTLOOK_PERSISTENCE]), 0);
	ck_assert_int_eq(outlook_hit_rate(&score.all[OUTLOOK_RULE]), 0);
	ck_assert_int_eq(outlook_false_alarms(&score.all[OUTLOOK_RULE]), OUTLOOK_NO_SCORE);
}
END_TEST

/* ---- the file ---- */

START_TEST(the_shipped_file_is_read_and_fits_both_editions)
{
	struct edition editions[] = {models_hj633_2012(), models_hj633_2026()};
	struct problems problems = {0};
	struct arena *arena = arena_new();
	struct outlook_model model;
	ck_assert(conf_load_outlook(unit_source("config/outlook/beijing-2015.yaml"), NULL,
				    &problems, arena, &model));
	ck_assert_int_eq(outlook_find(&model, 150), 0);
	ck_assert_int_eq(outlook_find(&model, 151), -1);
	for (int t = 0; t < model.n_thresholds; t++)
		for (int e = 0; e < 2; e++)
			ck_assert(outlook_fits(&model.thresholds[t], &editions[e]));
	problems_done(&problems);
	arena_free(arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("chance");
	TCase *said = tcase_create("what is said");
	tcase_add_test(said, the_chance_is_the_logistic_function_to_the_permille);
	tcase_add_test(said, a_chance_and_its_contrary_make_a_thousand);
	tcase_add_test(said, features_are_of_the_hours_they_name);
	tcase_add_test(said, what_goes_on_like_the_last_hours_has_its_highest_day);
	tcase_add_test(said, a_feature_with_less_than_half_of_its_hours_is_missing);
	tcase_add_test(said, an_hour_that_slides_out_of_the_72_is_forgotten);
	tcase_add_test(said, a_tree_goes_low_at_its_mark_and_high_above);
	tcase_add_test(said, what_is_missing_goes_where_the_split_says);
	tcase_add_test(said, a_split_at_the_top_asks_only_whether_it_is_known);
	tcase_add_test(said, the_simple_rule_asks_the_last_six_hours);
	tcase_add_test(said, month_and_season_are_those_of_the_calendar_for_eighty_years);
	tcase_add_test(said, with_too_few_hours_there_is_none_and_the_need_is_named);
	tcase_add_test(said, a_threshold_is_of_every_edition_that_has_its_concentrations);
	suite_add_tcase(suite, said);
	TCase *scored = tcase_create("how good it was");
	tcase_add_test(scored, it_came_if_one_hour_exceeds_and_not_only_if_all_are_known);
	tcase_add_test(scored, a_score_is_counted_by_hand);
	suite_add_tcase(suite, scored);
	TCase *file = tcase_create("file");
	tcase_add_test(file, the_shipped_file_is_read_and_fits_both_editions);
	suite_add_tcase(suite, file);
	return suite;
}
