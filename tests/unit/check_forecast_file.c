/* SPDX-License-Identifier: MIT */
/* Forecasts as people have them, and the times that they type. */
#include "forecast_file.h"

#include <stdlib.h>
#include <string.h>

#include "given_kinds.h"
#include "hour.h"
#include "time_text.h"
#include "unit.h"

static struct problems problems;
static struct forecast forecast;
static char told[4000];

static void tell_problems(const char *path)
{
	told[0] = '\0';
	for (int i = 0; i < problems.n; i++) {
		const char *text = problems.text[i];
		size_t n = strlen(told),
		       skipped = strncmp(text, path, strlen(path)) == 0 ? strlen(path) : 0;
		snprintf(told + n, sizeof(told) - n, "%s\n", text + skipped);
	}
	problems_done(&problems);
	problems = (struct problems){0};
}

static int load(const char *text)
{
	char path[600];
	snprintf(path, sizeof(path), "%s/forecast.csv", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	forecast = (struct forecast){0};
	ck_assert_int_eq(forecast_file_load(path, &problems, &forecast), 0);
	int n = problems.n;
	tell_problems(path);
	return n;
}

static int64_t hour_at(const char *text)
{
	int64_t ms = 0;
	ck_assert(time_parse(text, &ms));
	return ms / HOUR_MS;
}

START_TEST(hours_have_concentrations_in_any_order_of_columns)
{
	ck_assert_int_eq(load("co_mg_m3,hour,pm25_ug_m3\r\n0.8,2026-01-31T09:00:00+08:00,12.345\r\n"
			      ",2026-01-31 10:00,13\r\n"),
			 0);
	ck_assert_int_eq(forecast.form, FORECAST_CONCENTRATIONS);
	ck_assert_int_eq(forecast.n, 2);
	ck_assert_int_eq(forecast.steps[0].values.milli[POLLUTANT_PM25], 12345);
	ck_assert_int_eq(forecast.steps[0].values.milli[POLLUTANT_CO], 800);
	ck_assert_int_eq(forecast.steps[1].values.valid, 1u << POLLUTANT_PM25);
	ck_assert_int_eq(forecast.steps[1].hour, hour_at("2026-01-31T10:00:00+08:00"));
}
END_TEST

START_TEST(days_have_a_range_and_end_at_midnight)
{
	ck_assert_int_eq(
		load("date,aqi_min,aqi_max,short_heavy\n2026-01-31,80,120,\n2026-02-01,9,9,true\n"),
		0);
	ck_assert_int_eq(forecast.form, FORECAST_DAILY_AQI);
	ck_assert_int_eq(forecast.steps[0].hour, hour_at("2026-02-01T00:00:00+08:00"));
	ck_assert_int_eq(forecast.steps[0].aqi_max, 120);
	ck_assert(forecast.steps[1].short_heavy);
	ck_assert_int_eq(load("hour,aqi\n2026-01-31 09:00,500\n"), 0);
	ck_assert_int_eq(forecast.form, FORECAST_HOURLY_AQI);
}
END_TEST

START_TEST(every_fault_has_its_place_in_one_run)
{
	ck_assert_int_eq(
		load("hour,aqi\n2026-01-31 09:30,12\n2026-01-31 10:00,501\n2026-01-31 11:00\n"
		     "2026-01-31 13:00,1\n2026-01-31 12:00,1\n2026-13-31 12:00,-1\n"),
		6);
	ck_assert_str_eq(told, ":2:1: hour: \"2026-01-31 09:30\" is not a full hour such as "
			       "2026-01-31T09:00:00+08:00 or 2026-01-31 09:00\n"
			       ":3:18: aqi: \"501\" is not a whole number of 0 to 500\n"
			       ":4:1: 1 fields end here; the header has 2\n"
			       ":6:1: does not come after the row before it; hours and days rise\n"
			       ":7:1: hour: \"2026-13-31 12:00\" is not a full hour such as "
			       "2026-01-31T09:00:00+08:00 or 2026-01-31 09:00\n"
			       ":7:18: aqi: \"-1\" is not a whole number of 0 to 500\n");
	ck_assert_int_eq(load("hour,pm25_ug_m3\n2026-01-31 09:00,-3\n2026-01-31 "
			      "10:00,1e3\n2026-01-31 11:00,100001\n"
			      "2026-01-31 12:00,5.\n"),
			 4);
	ck_assert_int_eq(load("date,aqi_min,aqi_max\n2026-01-31,120,80\n"), 1);
}
END_TEST

START_TEST(a_header_of_another_kind_is_refused)
{
	static const char *const wrong[] = {
		"",          "hour\n",     "hour,aqi,pm25_ug_m3\n", "hour,pm25\n",
		"aqi,aqi\n", "date,aqi\n", "pm25_ug_m3\n",          "hour,aqi\n"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_int_ge(load(wrong[i]), 1);
}
END_TEST

START_TEST(a_forecast_has_an_end)
{
	char text[12000] = "hour,aqi\n";
	for (int i = 0; i < FORECAST_HOURS_MAX + 1; i++) {
		char time[TIME_TEXT_SIZE];
		size_t n = strlen(text);
		time_text((hour_at("2026-01-31T09:00:00+08:00") + i) * HOUR_MS, time);
		snprintf(text + n, sizeof(text) - n, "%s,50\n", time);
	}
	ck_assert_int_eq(load(text), 1);
	ck_assert_int_eq(forecast.n, FORECAST_HOURS_MAX);
}
END_TEST

static int read_bulletin(const char *line)
{
	forecast_bulletin_read("LINE", line, &problems, &forecast);
	int n = problems.n;
	tell_problems("LINE");
	return n;
}

START_TEST(a_bulletins_line_has_days)
{
	ck_assert_int_eq(
		read_bulletin(" 2026-01-31 110-160,2026-02-01  80-120 heavy , 2026-02-02 90"), 0);
	ck_assert_int_eq(forecast.n, 3);
	ck_assert_int_eq(forecast.steps[0].aqi_min, 110);
	ck_assert_int_eq(forecast.steps[1].aqi_max, 120);
	ck_assert(!forecast.steps[0].short_heavy && forecast.steps[1].short_heavy);
	ck_assert_int_eq(forecast.steps[2].aqi_min, 90);
	ck_assert_int_eq(forecast.steps[2].aqi_max, 90);
}
END_TEST

START_TEST(every_fault_of_a_bulletins_line_has_its_column)
{
	ck_assert_int_eq(
		read_bulletin(
			"2026-01-31 160-110, 2026-02-30 80, 2026-02-01 501, 2026-02-01 80 heavi"),
		4);
	ck_assert_str_eq(
		told, ":1:19: here stands \", 2026-02-30 80, 202\", not the higher AQI, up to 500\n"
		      ":1:21: here stands \"2026-02-30 80, 2026-\", not a date such as 2026-01-31\n"
		      ":1:47: here stands \"501, 2026-02-01 80 h\", not an AQI of 0 to 500\n"
		      ":1:66: here stands \"heavi\", not a comma, heavy or the end\n");
	ck_assert_int_eq(read_bulletin(""), 1);
	ck_assert_int_eq(read_bulletin("2026-01-31 80,"), 1);
	ck_assert_int_eq(read_bulletin("2026-01-31 80, 2026-01-31 90"), 1);
}
END_TEST

START_TEST(times_are_of_beijing_unless_they_say_otherwise)
{
	int64_t now = hour_at("2026-01-31T01:00:00+08:00") * HOUR_MS + 61500, ms = 0;
	char text[TIME_TEXT_SIZE];
	ck_assert(given_time("now", now, &ms));
	ck_assert_str_eq(time_text(ms, text), "2026-01-31T01:01:01+08:00");
	ck_assert(given_time("18:30", now, &ms));
	ck_assert_str_eq(time_text(ms, text), "2026-01-31T18:30:00+08:00");
	ck_assert(given_time("2026-02-01 00:00", now, &ms));
	ck_assert_str_eq(time_text(ms, text), "2026-02-01T00:00:00+08:00");
	ck_assert(given_time("2026-02-01T00:00:00+00:00", now, &ms));
	ck_assert_str_eq(time_text(ms, text), "2026-02-01T08:00:00+08:00");
	static const char *const wrong[] = {
		"", "soon", "24:30", "9:00", "2026-02-30 09:00", "2026-02-01", "09:60"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!given_time(wrong[i], now, &ms), "%s", wrong[i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("forecast_file");
	TCase *tc = tcase_create("files");
	tcase_add_test(tc, hours_have_concentrations_in_any_order_of_columns);
	tcase_add_test(tc, days_have_a_range_and_end_at_midnight);
	tcase_add_test(tc, every_fault_has_its_place_in_one_run);
	tcase_add_test(tc, a_header_of_another_kind_is_refused);
	tcase_add_test(tc, a_forecast_has_an_end);
	tcase_add_test(tc, a_bulletins_line_has_days);
	tcase_add_test(tc, every_fault_of_a_bulletins_line_has_its_column);
	tcase_add_test(tc, times_are_of_beijing_unless_they_say_otherwise);
	suite_add_tcase(suite, tc);
	return suite;
}
