/* SPDX-License-Identifier: MIT */
/* What a page that is opened now must know of the time before: history, forecast, events, roster.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hetang.h"
#include "payload_page.h"
#include "pipeline.h"
#include "station.h"
#include "unit.h"

static struct forecast forecast;

/* The newest message of a topic; the caller releases it. NULL: there is none. */
static json_t *newest(const char *topic)
{
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, topic) != 0 || rows[i].payload[0] == '\0')
			continue;
		ck_assert_uint_le(strlen(rows[i].payload), PAGE_MAX);
		return json_loads(rows[i].payload, JSON_REJECT_DUPLICATES, NULL);
	}
	return NULL;
}

static int count(const char *topic)
{
	int n = 0;
	collect_outbox();
	for (int i = 0; i < n_rows; i++)
		n += strcmp(rows[i].topic, topic) == 0;
	return n;
}

static json_t *entry(const json_t *json, const char *key, int at)
{
	json_t *list = json_object_get(json, key);
	size_t n = json_array_size(list);
	ck_assert_uint_gt(n, 0);
	return json_array_get(list, at < 0 ? n + (size_t)at : (size_t)at);
}

static int64_t number_in(const json_t *json, const char *object, const char *key)
{
	return json_integer_value(json_object_get(json_object_get(json, object), key));
}

static void give(const struct command *command, int64_t now)
{
	struct command_answer answer = {0};
	ck_assert_int_eq(engine_command(engine, command, now * HOUR_MS + 5 * MINUTE_MS,
					TIME_SYNCHRONISED, &answer),
			 0);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
}

/* ---- history ---- */

START_TEST(the_history_ends_with_what_aqi_says_of_the_newest_hour)
{
	run_hours(H, H + 40);
	json_t *history = newest("history"), *aqi = newest("aqi");
	ck_assert(json_equal(json_object_get(history, "hour"), json_object_get(aqi, "hour")));
	ck_assert_uint_eq(json_array_size(json_object_get(history, "daily")), 39);
	ck_assert_int_eq(json_integer_value(entry(history, "realtime", -1)),
			 number_in(aqi, "realtime", "aqi"));
	ck_assert_int_eq(json_integer_value(entry(history, "daily_plan", -1)),
			 number_in(aqi, "daily", "aqi_plan"));
	json_t *hourly = json_object_get(history, "hourly"),
	       *iaqi = json_object_get(history, "iaqi");
	ck_assert(json_equal(entry(hourly, "pm25_ug_m3", -1),
			     json_object_get(json_object_get(aqi, "hourly"), "pm25_ug_m3")));
	ck_assert(json_equal(
		entry(iaqi, "pm25", -1),
		json_object_get(json_object_get(json_object_get(aqi, "realtime"), "iaqi"),
				"pm25")));
	/* the first 19 hours have no day behind them */
	ck_assert(json_is_null(entry(history, "daily", 0)));
	json_decref(history);
	json_decref(aqi);
}
END_TEST

START_TEST(the_history_has_72_hours_and_fits_however_long_the_station_runs)
{
	run_hours(H, H + 100);
	json_t *history = newest("history");
	ck_assert_uint_eq(json_array_size(json_object_get(history, "realtime")), PAGE_HOURS);
	for (int i = 0; i < PAGE_HOURS; i++)
		ck_assert(json_is_integer(entry(history, "daily", i)));
	json_decref(history);
}
END_TEST

START_TEST(a_review_takes_its_hours_out_of_the_history)
{
	run_hours(H, H + 40);
	const struct command review = {.kind = COMMAND_REVIEW,
				       .id = "r-1",
				       .issuer = "city",
				       .json = "{}",
				       .time_ms = (H + 39) * HOUR_MS,
				       .review = {.from = H + 30,
						  .to = H + 31,
						  .pollutants = 1u << POLLUTANT_PM25,
						  .reason = "x",
						  .reviewer = "y"}};
	give(&review, H + 39);
	settle((H + 39) * HOUR_MS + 6 * MINUTE_MS);
	json_t *history = newest("history"), *hourly = json_object_get(history, "hourly");
	int missing = 0;
	for (int i = 0; i < 39; i++)
		missing += json_is_null(entry(hourly, "pm25_ug_m3", i));
	ck_assert_int_eq(missing, 2);
	json_decref(history);
}
END_TEST

/* ---- forecast ---- */

static void give_forecast(int64_t now, int n)
{
	memset(&forecast, 0, sizeof(forecast));
	forecast.issued_ms = now * HOUR_MS;
	forecast.kind = FORECAST_BULLETIN;
	snprintf(forecast.source, sizeof(forecast.source), "city");
	for (int i = 1; i <= n; i++) {
		struct forecast_step *step = &forecast.steps[forecast.n++];
		step->hour = now + i;
		step->values.valid = 1u << POLLUTANT_PM25;
		step->values.milli[POLLUTANT_PM25] = 160000;
	}
	const struct command command = {.kind = COMMAND_FORECAST,
					.id = "f-1",
					.issuer = "city",
					.json = "{}",
					.time_ms = now * HOUR_MS,
					.forecast = &forecast};
	give(&command, now);
}

START_TEST(the_hours_ahead_are_told_with_whose_word_they_are_and_shrink_with_time)
{
	run_hours(H, H + 25);
	ck_assert_int_eq(count("forecast"), 1); /* that there is none */
	give_forecast(H + 24, 200);
	json_t *ahead = newest("forecast");
	ck_assert_uint_eq(json_array_size(json_object_get(ahead, "daily_plan")), 200);
	/* 160 ug/m3: 200 + (160 - 150) */
	ck_assert_int_eq(json_integer_value(entry(ahead, "daily_plan", -1)), 210);
	ck_assert_int_eq(json_integer_value(entry(ahead, "source", 0)), 0);
	ck_assert_str_eq(json_string_value(json_object_get(entry(ahead, "sources", 0), "source")),
			 "city");
	json_decref(ahead);
	run_hours(H + 25, H + 28);
	ahead = newest("forecast");
	ck_assert_uint_eq(json_array_size(json_object_get(ahead, "source")), 197);
	json_decref(ahead);
}
END_TEST

START_TEST(a_forecast_whose_hours_are_over_is_told_no_more)
{
	run_hours(H, H + 25);
	give_forecast(H + 24, 3);
	run_hours(H + 25, H + 30);
	json_t *ahead = newest("forecast"), *warning = newest("warning");
	ck_assert_uint_eq(json_array_size(json_object_get(ahead, "sources")), 0);
	ck_assert(json_is_null(json_object_get(json_object_get(warning, "advice"), "forecast")));
	json_decref(ahead);
	json_decref(warning);
}
END_TEST

START_TEST(nothing_is_told_of_hours_before_the_first_has_closed)
{
	poll_at(H * HOUR_MS + 60000);
	give_forecast(H, 48);
	ck_assert_int_eq(count("warning"), 1);
	ck_assert_int_eq(count("forecast"), 0);
	ck_assert_int_eq(count("history"), 0);
}
END_TEST

/* ---- events ---- */

START_TEST(the_newest_event_comes_first_and_has_its_texts_without_the_measures)
{
	run_hours(H, H + 100);
	json_t *json = newest("events"), *event = newest("warning/event");
	json_t *first = entry(json, "events", 0);
	ck_assert(json_equal(json_object_get(first, "number"), json_object_get(event, "number")));
	ck_assert(json_equal(json_object_get(first, "level"), json_object_get(event, "level")));
	ck_assert(json_is_string(json_object_get(first, "text_zh")));
	ck_assert(json_is_string(json_object_get(first, "text_en")));
	json_decref(json);
	json_decref(event);
}
END_TEST

START_TEST(of_more_events_than_fit_the_newest_keep_their_texts)
{
	char message[3200], text[1401];
	struct page_events events = {.n = PAGE_EVENTS};
	const struct payload_head head = {.conf = conf, .id = "u-7", .seq = 7, .time_ms = 1000};
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < PAGE_EVENTS; i++) {
		snprintf(
			message, sizeof(message),
			"{\"number\":%d,\"event\":\"issue\",\"text_zh\":\"%s\",\"text_en\":\"%s\"}",
			PAGE_EVENTS - i, text, text);
		events.messages[i] = strdup(message);
	}
	char *payload = payload_events(&head, &events);
	ck_assert_uint_le(strlen(payload), PAGE_MAX);
	json_t *json = json_loads(payload, 0, NULL);
	int texts = 0;
	for (int i = 0; i < PAGE_EVENTS; i++) {
		bool has = json_object_get(entry(json, "events", i), "text_zh");
		ck_assert(!has || texts == i); /* none after the first without */
		texts += has;
		free(events.messages[i]);
	}
	ck_assert_int_eq(texts, 5);
	json_decref(json);
	free(payload);
}
END_TEST

/* ---- roster ---- */

/* How many sources the pages have together. */
static size_t told_sources(int64_t list, int *ret_pages)
{
	size_t n = 0;
	bool more = true;
	for (*ret_pages = 0; more; ++*ret_pages) {
		char topic[32];
		snprintf(topic, sizeof(topic), "roster/%d", *ret_pages + 1);
		json_t *json = newest(topic);
		ck_assert_ptr_nonnull(json);
		ck_assert_int_eq(json_integer_value(json_object_get(json, "list")), list);
		more = json_is_true(json_object_get(json, "more"));
		n += json_object_size(json_object_get(json, "sources"));
		json_decref(json);
	}
	return n;
}

START_TEST(the_roster_names_every_source_page_by_page_and_takes_away_what_is_no_more)
{
	int pages = 0, fewer = 0;
	conf->publish_roster = true;
	station_import(store, 1, 700);
	run_hours(H, H + 3);
	ck_assert_uint_eq(told_sources(1, &pages), 700);
	ck_assert_int_gt(pages, 2);
	station_import(store, 1, 20);
	run_hours(H + 3, H + 6);
	ck_assert_uint_eq(told_sources(2, &fewer), 20);
	ck_assert_int_eq(fewer, 1);
	/* those behind it are empty */
	int cleared = 0;
	for (int i = 0; i < n_rows; i++)
		cleared += strncmp(rows[i].topic, "roster/", 7) == 0 && rows[i].payload[0] == '\0';
	ck_assert_int_eq(cleared, pages - 1);
	for (int i = 0; i < n_rows; i++)
		ck_assert_ptr_null(strstr(rows[i].payload, "13800000000"));
}
END_TEST

START_TEST(nobody_is_named_where_the_setting_does_not_say_so)
{
	station_import(store, 1, 20);
	run_hours(H, H + 3);
	ck_assert_ptr_null(newest("roster/1"));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("page");
	TCase *tcase = tcase_create("page");
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, the_history_ends_with_what_aqi_says_of_the_newest_hour);
	tcase_add_test(tcase, the_history_has_72_hours_and_fits_however_long_the_station_runs);
	tcase_add_test(tcase, a_review_takes_its_hours_out_of_the_history);
	tcase_add_test(tcase,
		       the_hours_ahead_are_told_with_whose_word_they_are_and_shrink_with_time);
	tcase_add_test(tcase, nothing_is_told_of_hours_before_the_first_has_closed);
	tcase_add_test(tcase, a_forecast_whose_hours_are_over_is_told_no_more);
	tcase_add_test(tcase, the_newest_event_comes_first_and_has_its_texts_without_the_measures);
	tcase_add_test(tcase, of_more_events_than_fit_the_newest_keep_their_texts);
	tcase_add_test(tcase,
		       the_roster_names_every_source_page_by_page_and_takes_away_what_is_no_more);
	tcase_add_test(tcase, nobody_is_named_where_the_setting_does_not_say_so);
	suite_add_tcase(suite, tcase);
	return suite;
}
