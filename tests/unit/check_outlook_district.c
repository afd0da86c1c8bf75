/* SPDX-License-Identifier: MIT */
/* The chance in 24 h of a district: out of its own hours, scored by the daily AQIs of its points'
 * own days, and nothing else hangs on it. The model is tests/data/outlook-two.yaml. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "engine_inside.h"
#include "hours.h"
#include "iaqi.h"
#include "log.h"
#include "pipeline.h"
#include "station.h"
#include "text_chance.h"
#include "unit.h"

#define POINTS 4
#define DAY 24
#define SEASON (OUTLOOK_PROOF_DAYS * DAY)
#define PARTICLES (1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10)

static char told[4096];

static void keep_line(enum log_level level, const char *line)
{
	(void)level;
	if (strncmp(line, "outlook", 7) == 0)
		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s\n", line);
}

/* `show` is the value of the key; NULL: the file says nothing of an outlook. */
static void begin(const char *show)
{
	char more[512] = "";
	if (show)
		snprintf(more, sizeof(more), "outlook: %s\noutlook_model: %s\n", show,
			 unit_source("tests/data/outlook-two.yaml"));
	conf = station_conf_district(POINTS, more);
	n_rows = readings = looks = 0;
	told[0] = '\0';
	log_capture(keep_line);
	start();
}

/* The first point is alone in half a district's smog. */
static int32_t milli_of(int point, int64_t hour)
{
	int32_t clean = (40 + (int32_t)(hour * 7 % 23)) * 1000;
	return hour - H < 30 || hour - H >= 126 ? clean : point == 0 ? 560000 : 200000 + clean;
}

static void tell(int point, int64_t hour, int32_t rev, int64_t now_ms)
{
	struct point_hour said = {.hour = hour, .rev = rev, .values = {.valid = PARTICLES}};
	snprintf(said.station, sizeof(said.station), "p-%d", point);
	said.values.milli[POLLUTANT_PM25] = said.values.milli[POLLUTANT_PM10] =
		milli_of(point, hour);
	ck_assert_int_eq(engine_point_hour(engine, &said, now_ms, TIME_SYNCHRONISED), 0);
}

/* Hours from + 1..to, each told when it is over; the last point lacks every fifth. */
static void pass_hours(int64_t from, int64_t to)
{
	engine_advance(engine, from * HOUR_MS + 1, TIME_SYNCHRONISED);
	for (int64_t hour = from + 1; hour <= to; hour++) {
		engine_advance(engine, hour * HOUR_MS - 1, TIME_SYNCHRONISED);
		for (int i = 0; i < POINTS - (hour % 5 == 0); i++)
			tell(i, hour, 0, hour * HOUR_MS + 1000);
		for (int64_t ms = 2000; ms <= 20 * MINUTE_MS; ms += 6 * MINUTE_MS)
			engine_advance(engine, hour * HOUR_MS + ms, TIME_SYNCHRONISED);
	}
}

/* Ends the district, so that the next one begins with nothing. */
static void put_aside(void)
{
	static int times;
	char data[512], aside[512];
	snprintf(data, sizeof(data), "%s/data", unit_tmpdir());
	snprintf(aside, sizeof(aside), "%s/aside-%d", unit_tmpdir(), ++times);
	teardown();
	ck_assert_int_eq(rename(data, aside), 0);
}

/* ---- what it says ---- */

/* What a run over the stored hours and their stored daily AQIs says, in permille; -1: nothing. */
static int32_t said_of_stored(int64_t from, int64_t hour, int index)
{
	struct chance_run *run = calloc(1, sizeof(*run));
	run->model = conf->outlook.model;
	bool said = false;
	for (int64_t h = from; h <= hour; h++) {
		struct hour_values values;
		int32_t daily;
		ck_assert_int_eq(hours_load(store, h, 1, &values), 0);
		ck_assert_int_eq(hours_daily(store, h, 1, &daily), 0);
		said = chance_take(run, h, &values, daily);
	}
	int32_t permille = said ? chance_at(run, hour)->chances[index].permille : -1;
	free(run);
	return permille;
}

START_TEST(a_district_says_the_chance_of_the_means_over_its_points_across_restarts)
{
	begin("show");
	int n_given = 0;
	for (int64_t hour = H + 1; hour <= H + 60; hour++) {
		pass_hours(hour - 1, hour);
		if (hour % 7 == 0) {
			killed();
			start();
		}
		json_t *warning = outbox_newest("warning");
		const json_t *levels =
			json_object_get(json_object_get(warning, "outlook_24h"), "levels");
		ck_assert_uint_eq(json_array_size(levels), 3);
		for (int i = 0; i < 2; i++) {
			const json_t *chance = json_object_get(json_array_get(levels, (size_t)i),
							       "chance_permille");
			int32_t expected = said_of_stored(H + 1, hour, i);
			ck_assert_int_eq(json_is_null(chance), expected < 0);
			if (expected >= 0)
				ck_assert_int_eq(json_integer_value(chance), expected);
			n_given += expected >= 0;
		}
		json_decref(warning);
	}
	ck_assert_int_gt(n_given, 60);
	teardown();
}
END_TEST

START_TEST(late_hours_of_the_points_change_what_is_said)
{
	begin("show");
	pass_hours(H, H + 33);
	int32_t before = engine_outlook_say(engine)->levels[0].chance.permille;
	int64_t now_ms = (H + 33) * HOUR_MS + 30 * MINUTE_MS;
	for (int64_t hour = H + 30; hour <= H + 33; hour++) {
		struct point_hour said = {.hour = hour, .rev = 1, .values = {.valid = PARTICLES}};
		for (int i = 0; i < POINTS; i++) {
			snprintf(said.station, sizeof(said.station), "p-%d", i);
			ck_assert_int_eq(
				engine_point_hour(engine, &said, now_ms, TIME_SYNCHRONISED), 0);
		}
	}
	settle(now_ms + MINUTE_MS);
	int32_t after = engine_outlook_say(engine)->levels[0].chance.permille;
	ck_assert_int_gt(before, after);
	ck_assert_int_eq(after, said_of_stored(H + 1, H + 33, 0));
	teardown();
}
END_TEST

START_TEST(with_and_without_an_outlook_all_else_of_a_district_is_the_same_to_the_byte)
{
	static const char *const shows[] = {"off", "show"};
	char *texts[2];
	for (int i = 0; i < 2; i++) {
		begin(shows[i]);
		pass_hours(H, H + 130);
		texts[i] = outbox_dump("outlook_24h");
		json_t *warning = outbox_newest("warning");
		ck_assert_int_eq(json_object_get(warning, "outlook_24h") != NULL, i > 0);
		json_decref(warning);
		put_aside();
	}
	ck_assert_ptr_nonnull(strstr(texts[0], "\"event\":\"upgrade\""));
	ck_assert_ptr_nonnull(strstr(texts[0], "warning/cap/advice"));
	size_t same = 0;
	while (texts[0][same] && texts[0][same] == texts[1][same])
		same++;
	ck_assert_msg(strcmp(texts[0], texts[1]) == 0, "%.300s\nis not\n%.300s", texts[0] + same,
		      texts[1] + same);
	free(texts[0]);
	free(texts[1]);
}
END_TEST

START_TEST(a_district_of_which_the_file_says_nothing_shows_none_before_it_is_proven)
{
	begin(NULL);
	ck_assert_str_eq(conf->outlook.model->id, CONF_OUTLOOK_DEFAULT);
	pass_hours(H, H + 30);
	const struct chance_report *report = engine_outlook_say(engine);
	ck_assert(!report->shown && report->by_proof);
	ck_assert_int_eq(report->none, CHANCE_UNPROVEN);
	teardown();
}
END_TEST

/* ---- how good it was ---- */

static int32_t smog_of_three_days(int64_t hour)
{
	return hour / DAY % 6 < 3 ? 30000 : 180000;
}

static void store_hour(int64_t hour, int64_t lag)
{
	struct hour_mean mean = {.valid = true,
				 .quality = QUALITY_NORMAL,
				 .covered_ms = HOUR_MS,
				 .samples = POINTS,
				 .mean_milli = smog_of_three_days(hour)};
	static struct window window;
	struct hour_values before = {.valid = PARTICLES};
	struct aqi aqi;
	before.milli[POLLUTANT_PM25] = before.milli[POLLUTANT_PM10] =
		smog_of_three_days(hour - lag);
	window_put(&window, hour, &before);
	aqi_daily(&conf->edition, &conf->station.scope, &window, &aqi);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (PARTICLES & 1u << p)
			ck_assert_int_eq(
				hours_put(store, hour, (enum pollutant)p, &mean, TIME_SYNCHRONISED),
				0);
	}
	ck_assert_int_eq(hours_put_aqi(store, hour, conf->edition.id, &aqi, &aqi), 0);
}

/* What the points told. */
static void store_points(int64_t hour)
{
	struct point_hour told_of = {.hour = hour, .values = {.valid = PARTICLES}};
	told_of.values.milli[POLLUTANT_PM25] = told_of.values.milli[POLLUTANT_PM10] =
		smog_of_three_days(hour);
	for (int i = 0; i < POINTS; i++) {
		snprintf(told_of.station, sizeof(told_of.station), "p-%d", i);
		ck_assert_int_eq(point_hours_put(store, &told_of), 0);
	}
}

/* Three days of smog after three of clean air; the stored AQIs have them `lag` hours later than
 * the hours. The points are there for the last days only. */
static void store_days(int64_t first, int64_t last, int64_t lag)
{
	ck_assert_int_eq(store_begin(store), 0);
	for (int64_t hour = first; hour <= last; hour++)
		store_hour(hour, lag);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(store_samples_begin(store), 0);
	for (int64_t hour = last - OUTLOOK_HOURS; hour <= last; hour++)
		store_points(hour);
	ck_assert_int_eq(store_samples_commit(store), 0);
	killed();
	start();
	settle((last + 1) * HOUR_MS);
}

static int64_t came_of_stored(int64_t last, int32_t aqi)
{
	int64_t came = 0;
	for (int64_t hour = last - SEASON + 1; hour <= last; hour++) {
		int32_t daily[OUTLOOK_AHEAD];
		ck_assert_int_eq(hours_daily(store, hour + 1, OUTLOOK_AHEAD, daily), 0);
		came += outlook_came(daily, aqi) == 1;
	}
	return came;
}

START_TEST(a_district_is_scored_by_the_days_of_its_points_further_back_than_it_has_them)
{
	begin("show");
	store_days(H - 100 * DAY, H, 5);
	ck_assert_int_eq(engine->outlook.season_last, chance_season_last(H));
	ck_assert_int_eq(engine->outlook.scores[0].n, SEASON);
	ck_assert_int_eq(engine->outlook.scores[0].came,
			 came_of_stored(chance_season_last(H), 150));
	teardown();
}
END_TEST

START_TEST(a_district_shows_it_by_the_same_proof_as_a_station_and_says_so_once)
{
	begin("auto");
	store_days(H - 100 * DAY, H, 5);
	ck_assert_msg(strstr(told, "better than persistence"), "%s", told);
	told[0] = '\0';
	killed();
	start();
	ck_assert(engine_outlook_say(engine)->shown);
	ck_assert_int_eq(engine->outlook.report.levels[0].season.n, SEASON);
	settle((H + 1) * HOUR_MS);
	ck_assert_str_eq(told, "");
	teardown();
}
END_TEST

/* ---- its words ---- */

START_TEST(in_chinese_it_is_the_district_whose_days_are_scored)
{
	char text[TEXT_CHANCE_MAX];
	begin("show");
	store_days(H - 100 * DAY, H, 5);
	text_chance(conf, engine_outlook_say(engine), TEXT_ZH, text);
	ck_assert_msg(strstr(text, "本区近90日0."), "%s", text);
	ck_assert_ptr_null(strstr(text, "本站"));
	teardown();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("outlook_district");
	TCase *tc = tcase_create("outlook_district");
	tcase_add_test(tc, a_district_says_the_chance_of_the_means_over_its_points_across_restarts);
	tcase_add_test(tc, late_hours_of_the_points_change_what_is_said);
	tcase_add_test(tc,
		       with_and_without_an_outlook_all_else_of_a_district_is_the_same_to_the_byte);
	tcase_add_test(tc,
		       a_district_of_which_the_file_says_nothing_shows_none_before_it_is_proven);
	tcase_add_test(
		tc, a_district_is_scored_by_the_days_of_its_points_further_back_than_it_has_them);
	tcase_add_test(tc, a_district_shows_it_by_the_same_proof_as_a_station_and_says_so_once);
	tcase_add_test(tc, in_chinese_it_is_the_district_whose_days_are_scored);
	suite_add_tcase(suite, tc);
	return suite;
}
