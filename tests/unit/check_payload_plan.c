/* SPDX-License-Identifier: MIT */
/* The plan as a message, and a warning that leans on it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "payload.h"
#include "station.h"
#include "unit.h"

static struct conf *conf;
static struct payload_head head;

static void begin(const char *plan)
{
	conf = station_conf("hj633-2026", plan, "");
	head = (struct payload_head){.conf = conf, .id = "u-7", .seq = 7, .time_ms = 1000};
}

static void end(void)
{
	conf = conf_free(conf);
}

static json_t *plan_message(void)
{
	char *text = payload_plan(&head);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_le(strlen(text), PAYLOAD_PLAN_MAX);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(json);
	free(text);
	return json;
}

static json_t *find_measure(json_t *json, const char *id)
{
	json_t *list = json_object_get(json, "measures"), *each;
	size_t i;
	json_array_foreach(list, i, each)
	{
		if (strcmp(json_string_value(json_object_get(each, "id")), id) == 0)
			return each;
	}
	ck_abort_msg("there is no measure %s", id);
}

static int64_t rank_of(json_t *measure, size_t end)
{
	return json_integer_value(json_array_get(json_object_get(measure, "ranks"), end));
}

START_TEST(the_plan_says_thresholds_least_cuts_and_from_which_level_to_which_a_measure_holds)
{
	begin("hetang-2024");
	json_t *json = plan_message(), *levels = json_object_get(json, "levels");
	ck_assert_uint_eq(json_array_size(levels), 3);
	ck_assert_str_eq(json_string_value(json_object_get(json, "document")), conf->plan.document);
	ck_assert_int_eq(
		json_integer_value(json_object_get(json_object_get(json, "release"), "for_h")),
		conf->plan.release_h);
	/* no more than the clauses: the words of its measures fill the packet */
	ck_assert_uint_eq(json_array_size(json_object_get(json, "omitted")), 1);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "omitted"), 0)),
			 "measures.clause");
	int64_t above = 0, cut = 0, release = 0;
	const char *level = NULL;
	ck_assert_int_eq(json_unpack(json_array_get(levels, 1),
				     "{s:s, s:I, s:{s:I}, s:[{s:[{s:I}]}]}", "level", &level,
				     "release_at_most", &release, "min_cut_pct", "pm", &cut, "any",
				     "parts", "above", &above),
			 0);
	ck_assert_str_eq(level, conf->plan.levels[2].id);
	ck_assert_int_eq(release, conf->plan.levels[2].release_threshold);
	ck_assert_int_eq(cut, conf->plan.levels[2].min_cut_pct[EMISSION_PM]);
	ck_assert_int_eq(above, conf->plan.levels[2].any[0].parts[0].threshold);
	json_t *replaced = find_measure(json, "health-public-less");
	ck_assert_int_eq(rank_of(replaced, 0), 1);
	ck_assert_int_eq(rank_of(replaced, 1), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(json, "measures")),
			  (size_t)conf->plan.n_measures);
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_plan_without_cuts_or_measures_is_said_too)
{
	begin("mee-2024");
	json_t *json = plan_message();
	ck_assert_uint_eq(json_array_size(json_object_get(json, "levels")),
			  (size_t)conf->plan.n_levels);
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_plan_that_is_too_large_says_what_it_leaves_out)
{
	begin("hetang-2024");
	for (int i = conf->plan.n_measures; i < PLAN_MEASURES_MAX; i++)
		conf->plan.measures[i] = conf->plan.measures[i % 20];
	conf->plan.n_measures = PLAN_MEASURES_MAX;
	json_t *json = plan_message(),
	       *first = json_array_get(json_object_get(json, "measures"), 0);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "omitted"), 0)),
			 "measures.clause");
	ck_assert_ptr_null(json_object_get(first, "clause"));
	ck_assert_uint_eq(json_array_size(json_object_get(json, "units")),
			  (size_t)conf->plan.n_units);
	json_decref(json);
	end();
}
END_TEST

#define WARNING                                                                                    \
	"{\"id\":\"u-1\",\"advice\":{\"level\":\"red\",\"outlook\":{\"red\":1}},\"measures\":[1,"  \
	"2],"                                                                                      \
	"\"text_zh\":\"\xe7\xba\xa2\"}"
#define LEAN                                                                                       \
	"{\"id\":\"u-1\",\"advice\":{\"level\":\"red\",\"outlook\":{\"red\":1}},"                  \
	"\"text_zh\":\"\xe7\xba\xa2\",\"omitted\":[\"measures\"]}"
#define LEANER                                                                                     \
	"{\"id\":\"u-1\",\"advice\":{\"level\":\"red\"},\"text_zh\":\"\xe7\xba\xa2\","             \
	"\"omitted\":[\"measures\",\"advice.outlook\"]}"
#define LEANEST                                                                                    \
	"{\"id\":\"u-1\",\"advice\":{\"level\":\"red\"},"                                          \
	"\"omitted\":[\"measures\",\"advice.outlook\",\"text_zh\"]}"

static void check_lean(size_t most, const char *expected)
{
	char *text = payload_lean(WARNING, most);
	if (expected)
		ck_assert_str_eq(text, expected);
	else
		ck_assert_ptr_null(text);
	free(text);
}

START_TEST(a_warning_leaves_out_no_more_than_it_must_and_names_it)
{
	check_lean(SIZE_MAX, LEAN);
	check_lean(0, LEANEST);
	check_lean(1, NULL);
	check_lean(strlen(LEAN), LEAN);
	check_lean(strlen(LEAN) - 1, LEANER);
	check_lean(strlen(LEANER), LEANER);
	check_lean(strlen(LEANER) - 1, LEANEST);
	check_lean(strlen(LEANEST) - 1, NULL);
	ck_assert_ptr_null(payload_lean("{\"id\":\"u-1\"}", 1000));
	ck_assert_ptr_null(payload_lean("<alert/>", 1000));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("payload_plan");
	TCase *tcase = tcase_create("payload_plan");
	tcase_add_test(
		tcase,
		the_plan_says_thresholds_least_cuts_and_from_which_level_to_which_a_measure_holds);
	tcase_add_test(tcase, a_plan_without_cuts_or_measures_is_said_too);
	tcase_add_test(tcase, a_plan_that_is_too_large_says_what_it_leaves_out);
	tcase_add_test(tcase, a_warning_leaves_out_no_more_than_it_must_and_names_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
