/* SPDX-License-Identifier: MIT */
/* A district's roster, and what its stations tell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "hour.h"
#include "station_hour.h"
#include "unit.h"

static struct problems problems;
static struct roster roster;
static struct arena *arena;
static char path[256];

static void setup(void)
{
	snprintf(path, sizeof(path), "%s/roster.csv", unit_tmpdir());
	problems = (struct problems){0};
	arena = arena_new();
}

static void teardown(void)
{
	problems_done(&problems);
	arena_free(arena);
}

static bool read_text(const char *text)
{
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	return conf_read_roster(path, "hetang", arena, &problems, &roster);
}

/* A problem at that place that says so. */
static void assert_told(const char *place, const char *what)
{
	char begin[300];
	snprintf(begin, sizeof(begin), "%s:%s: ", path, place);
	for (int i = 0; i < problems.n; i++) {
		if (strncmp(problems.text[i], begin, strlen(begin)) == 0 &&
		    strstr(problems.text[i], what))
			return;
	}
	for (int i = 0; i < problems.n; i++)
		printf("# %s\n", problems.text[i]);
	ck_abort_msg("%s%s is not told", begin, what);
}

START_TEST(assessment_points_come_first_in_the_order_of_the_file)
{
	ck_assert(read_text("role,id\nmicro,m-1\nassessment,p-2\n\ntraffic,t-1\nassessment,p-1\n"
			    "background,b-1\n"));
	ck_assert_int_eq(roster.n, 5);
	ck_assert_int_eq(roster.n_points, 2);
	ck_assert_str_eq(roster.stations[0].id, "p-2");
	ck_assert_str_eq(roster.stations[1].id, "p-1");
	ck_assert_str_eq(station_role_name(roster.stations[2].role), "micro");
	ck_assert_int_eq(roster_find(&roster, "b-1"), 4);
	ck_assert_int_eq(roster_find(&roster, "b"), -1);
}
END_TEST

START_TEST(every_mistake_of_a_roster_is_told_with_its_line_and_column)
{
	ck_assert(
		!read_text("id,role\np-1,assessment\nP-2,assessment\np-1,traffic\np-3,chief\np-4\n"
			   "hetang,assessment\nhetang-1,micro\n"));
	assert_told("3:1", "\"P-2\" is not a station's id");
	assert_told("4:1", "p-1 is there before, in line 2");
	assert_told("5:5", "\"chief\" is not one of assessment, traffic, background, micro");
	assert_told("6:1", "has 1 fields");
	assert_told("7:1", "hetang is the district itself");
	ck_assert_int_eq(problems.n, 5);
}
END_TEST

START_TEST(a_header_that_is_none_is_told_before_all_rows)
{
	ck_assert(!read_text("id,rolle\np-1,assessment\n"));
	assert_told("1:4", "column \"rolle\" is unknown");
	ck_assert_int_eq(problems.n, 1);
	ck_assert(!read_text(""));
	ck_assert_int_eq(problems.n, 2);
	ck_assert(!read_text("id\np-1\n"));
	assert_told("1:1", "column role is missing");
	ck_assert(!read_text("id,role,id\n"));
	assert_told("1:9", "column id is there twice");
}
END_TEST

START_TEST(a_roster_without_an_assessment_point_is_a_warning_and_257_are_too_many)
{
	static char text[DISTRICT_POINTS_MAX * 32];
	ck_assert(read_text("id,role\nm-1,micro\n"));
	ck_assert_int_eq(problems.n, 0);
	ck_assert_int_eq(problems.n_warnings, 1);
	size_t n = (size_t)snprintf(text, sizeof(text), "id,role\n");
	for (int i = 0; i <= DISTRICT_POINTS_MAX; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "p-%d,assessment\n", i);
	ck_assert(!read_text(text));
	ck_assert_int_eq(problems.n, 1);
}
END_TEST

#define HOUR                                                                                       \
	"{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": 2, \"text_zh\": \"x\", \"hourly\": {"

/* ---- an hour ---- */

static struct point_hour told;
static char why[COMMAND_TEXT_MAX];

static bool parse(const char *text)
{
	return station_hour_parse(text, strlen(text), &told, why);
}

START_TEST(an_hour_of_a_station_has_its_values_and_null_is_none)
{
	ck_assert(parse(
		"p-1\n{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": 2, \"x\": 1, \"hourly\":"
		" {\"pm25_ug_m3\": 206, \"co_mg_m3\": 1.3, \"o3_ug_m3\": null}}"));
	ck_assert_str_eq(told.station, "p-1");
	ck_assert_int_eq(told.hour, 384267);
	ck_assert_int_eq(told.rev, 2);
	ck_assert_uint_eq(told.values.valid, 1u << POLLUTANT_PM25 | 1u << POLLUTANT_CO);
	ck_assert_int_eq(told.values.milli[POLLUTANT_PM25], 206000);
	ck_assert_int_eq(told.values.milli[POLLUTANT_CO], 1300);
	ck_assert(!told.reviewed);
	ck_assert(parse("p-1\n" HOUR "}, \"data_status\": \"reviewed\"}") && told.reviewed);
}
END_TEST

START_TEST(what_is_no_hour_of_a_station_is_refused_and_says_why)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "no station"},
		{"{}", "no station"},
		{"\n{}", "no station"},
		{"p-1\n{", "no JSON"},
		{"p-1\n[]", "hour"},
		{"p-1\n{\"hour\": \"2013-11-02T11:30:00+08:00\"}", "hour"},
		{"p-1\n{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": -1}", "rev"},
		{"p-1\n{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": 0}", "hourly"},
		{"p-1\n{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": 0,"
		 " \"hourly\": {\"pm25_ug_m3\": \"1\"}}",
		 "concentration"},
		{"p-1\n{\"hour\": \"2013-11-02T11:00:00+08:00\", \"rev\": 0,"
		 " \"hourly\": {\"pm25_ug_m3\": 1e300}}",
		 "concentration"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_msg(!parse(cases[i].text), "%s", cases[i].text);
		ck_assert_msg(strstr(why, cases[i].why) != NULL, "%s: %s", cases[i].text, why);
	}
}
END_TEST

START_TEST(an_entry_of_the_spool_has_what_counts_of_a_message_and_no_more)
{
	static const char *const messages[] = {
		HOUR "\"pm25_ug_m3\": 206, \"co_mg_m3\": 1.3, \"o3_ug_m3\": null, \"x\": 1}}",
		HOUR "}, \"data_status\": \"reviewed\"}",
		HOUR "}}",
		HOUR "\"pm25_ug_m3\": \"1\"}}",
		"{",
		""};
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		char *entry = station_hour_entry("p-1", messages[i], strlen(messages[i])), raw[400];
		struct point_hour whole = {0};
		snprintf(raw, sizeof(raw), "p-1\n%s", messages[i]);
		bool good = station_hour_parse(raw, strlen(raw), &whole, why);
		ck_assert_int_eq(parse(entry), good);
		ck_assert(!good || strstr(entry, "x") == NULL);
		ck_assert(good || strcmp(entry, raw) == 0);
		ck_assert_mem_eq(&told, &whole, sizeof(told));
		free(entry);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("roster");
	TCase *tc = tcase_create("roster");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, assessment_points_come_first_in_the_order_of_the_file);
	tcase_add_test(tc, every_mistake_of_a_roster_is_told_with_its_line_and_column);
	tcase_add_test(tc, a_header_that_is_none_is_told_before_all_rows);
	tcase_add_test(tc, a_roster_without_an_assessment_point_is_a_warning_and_257_are_too_many);
	tcase_add_test(tc, an_hour_of_a_station_has_its_values_and_null_is_none);
	tcase_add_test(tc, what_is_no_hour_of_a_station_is_refused_and_says_why);
	tcase_add_test(tc, an_entry_of_the_spool_has_what_counts_of_a_message_and_no_more);
	suite_add_tcase(suite, tc);
	return suite;
}
