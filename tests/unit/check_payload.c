/* SPDX-License-Identifier: MIT */
#include "payload_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "hetang.h"
#include "station.h"
#include "text.h"
#include "unit.h"

#define H INT64_C(384430) /* 2013-11-08 22:00 UTC = 06:00 +08:00 */

static struct conf *conf;
static struct payload_head head;
static struct advice advice;
static struct verdict verdict;
static const struct advice_report report = {.advice = &advice, .verdict = &verdict};

static void begin(const char *more)
{
	conf = station_conf("hj633-2026", "hetang-2024", more);
	head = (struct payload_head){.conf = conf, .id = "u-7", .seq = 7, .time_ms = H * HOUR_MS};
	memset(&advice, 0, sizeof(advice));
	memset(&verdict, 0, sizeof(verdict));
}

static void end(void)
{
	conf = conf_free(conf);
}

/* Parses and frees what a payload function gave. */
static json_t *parsed(char *text)
{
	json_error_t error;
	ck_assert_ptr_nonnull(text);
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(json != NULL, "%s: %s", error.text, text);
	free(text);
	return json;
}

/* The value at a path of keys "a/b/c" as compact text; "absent" if it is not there. */
static const char *at(const json_t *json, const char *path)
{
	static char out[4][512], keys[256];
	static int turn;
	char *save, *text = out[turn = (turn + 1) % 4];
	snprintf(keys, sizeof(keys), "%s", path);
	for (char *key = strtok_r(keys, "/", &save); key && json; key = strtok_r(NULL, "/", &save))
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(key))
					   : json_object_get(json, key);
	char *dump =
		json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12))
		     : strdup("absent");
	snprintf(text, 512, "%s", dump);
	free(dump);
	return text;
}

static struct hour_mean mean_of(int32_t milli)
{
	return (struct hour_mean){.valid = true, .mean_milli = milli, .quality = QUALITY_NORMAL};
}

static void dirty_hour(struct hour_report *hour)
{
	struct window window = {0};
	struct hour_values values = {.valid = POLLUTANT_ALL,
				     .milli = {151000, 250000, 9000, 60000, 1250, 4000}};
	*hour = (struct hour_report){.hour = H};
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		hour->means[i] = mean_of(values.milli[i]);
	for (int i = 23; i >= 0; i--)
		window_put(&window, H - i, &values);
	aqi_daily(&conf->edition, &conf->station.scope, &window, &hour->daily);
	aqi_realtime(&conf->edition, &conf->station.scope, &values, &hour->realtime);
}

START_TEST(an_aqi_message_carries_what_was_computed)
{
	struct hour_report hour;
	begin("");
	dirty_hour(&hour);
	json_t *json = parsed(payload_aqi(&head, &hour));
	ck_assert_str_eq(at(json, "id"), "\"u-7\"");
	ck_assert_str_eq(at(json, "seq"), "7");
	ck_assert_str_eq(at(json, "hour"), "\"2013-11-09T06:00:00+08:00\"");
	ck_assert_str_eq(at(json, "hourly/pm25_ug_m3"), "151");
	ck_assert_str_eq(at(json, "hourly/co_mg_m3"), "1.2");
	ck_assert_str_eq(at(json, "realtime/aqi"), "201");
	ck_assert_str_eq(at(json, "daily/aqi"), "201");
	ck_assert_str_eq(at(json, "daily/primary"), "[\"pm25\"]");
	ck_assert_str_eq(at(json, "daily/iaqi/pm10"), "150");
	ck_assert_str_eq(at(json, "daily/category/zh"), "\"重度污染\"");
	ck_assert_str_eq(at(json, "daily/valid_hours/o3"), "24");
	ck_assert_str_eq(at(json, "edition"), "\"hj633-2026\"");
	ck_assert_str_eq(at(json, "index_scope"), "\"full\"");
	ck_assert_str_eq(at(json, "exercise"), "false");
	ck_assert_str_eq(at(json, "events_hash"), "absent");
	json_decref(json);
	hour.events_hash = "5f";
	json = parsed(payload_aqi(&head, &hour));
	ck_assert_str_eq(at(json, "events_hash"), "\"5f\"");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_missing_value_is_null_with_its_quality_and_never_zero)
{
	struct hour_report hour;
	begin("");
	dirty_hour(&hour);
	hour.means[POLLUTANT_SO2] = (struct hour_mean){
		.quality = QUALITY_NO_COMMUNICATION, .why = WHY_TIMEOUT, .mean_milli = 5};
	hour.daily = (struct aqi){.known = false, .iaqi = {-1, -1, -1, -1, -1, -1}};
	json_t *json = parsed(payload_aqi(&head, &hour));
	ck_assert_str_eq(at(json, "hourly/so2_ug_m3"), "null");
	ck_assert_str_eq(at(json, "quality/so2"), "\"B\"");
	ck_assert_str_eq(at(json, "why/so2"), "\"timeout\"");
	ck_assert_str_eq(at(json, "why/pm25"), "absent");
	ck_assert_str_eq(at(json, "daily/aqi"), "null");
	ck_assert_str_eq(at(json, "daily/iaqi/pm25"), "null");
	ck_assert_str_eq(at(json, "daily/category"), "absent");
	json_decref(json);
	end();
}
END_TEST

START_TEST(an_aqi_that_may_not_be_published_still_shows_what_the_plan_sees)
{
	struct hour_report hour;
	begin("");
	dirty_hour(&hour);
	hour.daily.publishable = false;
	json_t *json = parsed(payload_aqi(&head, &hour));
	ck_assert_str_eq(at(json, "daily/aqi"), "null");
	ck_assert_str_eq(at(json, "daily/aqi_plan"), "201");
	ck_assert_str_eq(at(json, "daily/primary"), "[]");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_reading_carries_minute_means_to_the_thousandth)
{
	struct minute_report minute = {.minute = H * 60 + 5};
	begin("");
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		minute.sums[i] = (struct minute){.weighted = 35123LL * 60000, .covered_ms = 60000};
	minute.sums[POLLUTANT_O3] = (struct minute){.samples = 1, .counts[WHY_SENTINEL] = 1};
	head.seq = 0;
	json_t *json = parsed(payload_reading(&head, &minute));
	ck_assert_str_eq(at(json, "values/pm25_ug_m3"), "35.123");
	ck_assert_str_eq(at(json, "values/o3_ug_m3"), "null");
	ck_assert_str_eq(at(json, "quality/o3"), "\"D\"");
	ck_assert_str_eq(at(json, "why/o3"), "\"sentinel\"");
	ck_assert_str_eq(at(json, "minute"), "\"2013-11-09T06:05:00+08:00\"");
	ck_assert_str_eq(at(json, "seq"), "absent");
	json_decref(json);
	end();
}
END_TEST

static void orange(void)
{
	advice.held = 1u << LEVEL_YELLOW | 1u << LEVEL_ORANGE;
	advice.episode = H - 40;
	advice.since = H - 2;
	advice.evidence = (struct evidence){
		.run_first = H - 48,
		.run_last = H,
		.run_hours = 72,
		.run_max = 260,
		.met_at = H,
		.onset = H,
		.parts = {{.hours = 72, .needed = 72}, {.hours = 30, .needed = 24}}};
}

START_TEST(a_warning_carries_the_advice_its_evidence_and_no_level_in_force)
{
	begin("");
	orange();
	json_t *json = parsed(payload_warning(&head, &report));
	ck_assert_str_eq(at(json, "in_force"), "null");
	ck_assert_str_eq(at(json, "directive"), "null");
	ck_assert_str_eq(at(json, "advice/level"), "\"orange\"");
	ck_assert_str_eq(at(json, "advice/response"), "\"II\"");
	ck_assert_str_eq(at(json, "advice/basis"), "\"observed\"");
	ck_assert_str_eq(at(json, "advice/evidence/run_hours"), "72");
	ck_assert_str_eq(at(json, "advice/evidence/parts/0/above"), "150");
	ck_assert_str_eq(at(json, "advice/evidence/parts/1/hours"), "30");
	ck_assert_str_eq(at(json, "approver_required/zh"), "\"指挥长\"");
	ck_assert_str_eq(at(json, "scope"), "\"station\"");
	ck_assert_str_eq(at(json, "measures/0/authority"), "\"advice\"");
	ck_assert_str_eq(at(json, "measures/0/binding"), "false");
	ck_assert_str_eq(at(json, "measures/0/level"), "\"orange\"");
	ck_assert_str_ne(at(json, "measures/0/list/0/zh"), "absent");
	/* those for whom the plan names nobody come last, and say so */
	json_t *units =
		json_object_get(json_array_get(json_object_get(json, "measures"), 0), "by_unit");
	json_t *nobody = json_array_get(units, json_array_size(units) - 1);
	ck_assert(json_is_null(json_object_get(nobody, "unit")));
	ck_assert_str_eq(at(nobody, "zh"), "\"未指定\"");
	ck_assert_str_eq(at(nobody, "measures/0"), "\"advice-aircon\"");
	json_decref(json);
	end();
}
END_TEST

START_TEST(cuts_are_the_least_of_the_level_and_not_binding)
{
	begin("");
	orange();
	json_t *json = parsed(payload_cuts(&head, &report));
	ck_assert_str_eq(at(json, "blocks/0"),
			 "{\"authority\":\"advice\",\"binding\":false,\"level\":\"orange\","
			 "\"min_cut_pct\":{\"so2\":20,\"nox\":20,\"pm\":20,\"vocs\":20},"
			 "\"amounts\":null,\"rank\":2,\"response\":\"II\"}");
	json_decref(json);
	advice.held = 0;
	json = parsed(payload_cuts(&head, &report));
	ck_assert_str_eq(at(json, "blocks/0/min_cut_pct"), "{}");
	json_decref(json);
	end();
}
END_TEST

START_TEST(cuts_say_in_kg_a_day_what_the_list_falls_short_of)
{
	struct cuts_list list = {.number = 4, .whole = cuts_whole_unsaid()};
	list.whole.gpd[EMISSION_NOX] = 5000001;
	list.sums.base_gpd[EMISSION_NOX] = 2000000;
	list.sums.cut_gpd[LEVEL_ORANGE][EMISSION_NOX] = 1000000;
	list.sums.cut_gpd[LEVEL_ORANGE][EMISSION_PM] = 500;
	begin("");
	orange();
	struct advice_report with_list = report;
	with_list.list = &list;
	json_t *json = parsed(payload_cuts(&head, &with_list));
	ck_assert_str_eq(at(json, "list"), "4");
	/* 20 % of 5000001 g are 1000000.2 g: one gram is missing */
	ck_assert_str_eq(at(json, "blocks/0/amounts/nox"),
			 "{\"whole_society_kg_d\":5000.001,\"list_base_kg_d\":2000.0,"
			 "\"required_kg_d\":1000.001,\"planned_kg_d\":1000.0,"
			 "\"shortfall_kg_d\":0.001,\"met\":false}");
	ck_assert_str_eq(at(json, "blocks/0/amounts/pm/planned_kg_d"), "0.5");
	ck_assert_str_eq(at(json, "blocks/0/amounts/pm/required_kg_d"), "null");
	ck_assert_str_eq(at(json, "blocks/0/amounts/pm/met"), "null");
	json_decref(json);
	end();
}
END_TEST

START_TEST(a_plan_that_says_no_cut_publishes_none)
{
	conf = station_conf("hj633-2026", "mee-2024", "");
	head.conf = conf;
	advice.held = 1u << LEVEL_YELLOW;
	json_t *json = parsed(payload_cuts(&head, &report));
	ck_assert_str_eq(at(json, "blocks/0/level"), "\"yellow\"");
	ck_assert_str_eq(at(json, "blocks/0/min_cut_pct"), "{}");
	json_decref(json);
	end();
}
END_TEST

START_TEST(an_event_says_what_changed_in_both_languages)
{
	struct event event = {.kind = EVENT_UPGRADE,
			      .level = LEVEL_ORANGE,
			      .previous = LEVEL_YELLOW,
			      .number = 3,
			      .hour = H,
			      .onset_ms = H * HOUR_MS,
			      .episode = H - 40};
	begin("");
	orange();
	json_t *json = parsed(payload_event(&head, &event, &report));
	ck_assert_str_eq(at(json, "number"), "3");
	ck_assert_str_eq(at(json, "follows"), "2");
	ck_assert_str_eq(at(json, "event"), "\"upgrade\"");
	ck_assert_str_eq(at(json, "level_before"), "\"yellow\"");
	const char *zh = json_string_value(json_object_get(json, "text_zh"));
	ck_assert_ptr_nonnull(strstr(zh, "测试站预警建议：日AQI大于150已72小时"));
	ck_assert_ptr_nonnull(strstr(zh, "建议橙色预警（Ⅱ级响应），起始时间2013年11月9日6时"));
	ck_assert_ptr_nonnull(strstr(zh, "NOx 20%"));
	const char *en = json_string_value(json_object_get(json, "text_en"));
	ck_assert_ptr_nonnull(strstr(en, "orange (response II) from 2013-11-09 06:00"));
	ck_assert_ptr_null(strstr(en, "演练"));
	json_decref(json);
	end();
}
END_TEST

START_TEST(midnight_is_24_o_clock_of_the_day_before_for_people)
{
	struct event event = {.kind = EVENT_LIFT, .previous = LEVEL_YELLOW, .hour = H - 6};
	char text[TEXT_MAX];
	begin("");
	text_event(conf, &event, &report, TEXT_ZH, text);
	ck_assert_ptr_nonnull(strstr(text, "2013年11月8日24时"));
	text_event(conf, &event, &report, TEXT_EN, text);
	ck_assert_ptr_nonnull(strstr(text, "2013-11-08 24:00"));
	end();
}
END_TEST

START_TEST(everything_of_an_exercise_is_marked)
{
	char prefix[PAYLOAD_PREFIX_MAX], text[TEXT_MAX];
	struct event event = {.kind = EVENT_HOLD};
	begin("exercise: true\n");
	payload_prefix(conf, prefix);
	ck_assert_str_eq(prefix, "hazewatch-exercise/1/430202/test-01/");
	for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
		text_event(conf, &event, &report, (enum text_language)language, text);
		ck_assert_int_eq(strncmp(text, "【演练】", strlen("【演练】")), 0);
		text_advice(conf, &report, (enum text_language)language, text);
		ck_assert_int_eq(strncmp(text, "【演练】", strlen("【演练】")), 0);
	}
	json_t *json = parsed(payload_state(&head, true, "connected", "b", 0));
	ck_assert_str_eq(at(json, "exercise"), "true");
	json_decref(json);
	end();
	begin("");
	payload_prefix(conf, prefix);
	ck_assert_str_eq(prefix, "hazewatch/1/430202/test-01/");
	end();
}
END_TEST

START_TEST(the_longest_text_fits)
{
	struct event event = {.kind = EVENT_UPGRADE, .level = LEVEL_RED, .previous = LEVEL_YELLOW};
	char text[TEXT_MAX];
	begin("exercise: true\n");
	advice.held = 14;
	advice.holding = true;
	advice.evidence.onset = advice.since = H;
	for (int language = TEXT_ZH; language <= TEXT_EN; language++) {
		text_event(conf, &event, &report, (enum text_language)language, text);
		ck_assert_uint_lt(strlen(text), TEXT_MAX - 200);
		text_advice(conf, &report, (enum text_language)language, text);
		ck_assert_uint_lt(strlen(text), TEXT_MAX - 200);
	}
	end();
}
END_TEST

START_TEST(a_summary_that_is_due_names_who_is_missing_and_one_that_is_closed_is_left_out)
{
	begin("");
	struct summaries summaries = summaries_of(&conf->plan, &conf->calendar, H * HOUR_MS);
	const struct force_row rows[] = {
		{(H - 400) * HOUR_MS, 7, 1, LEVEL_YELLOW},
		{(H - 390) * HOUR_MS, 8, 2, LEVEL_RED},
		{(H - 380) * HOUR_MS, 9, 3, LEVEL_NONE},
		{(H - 30) * HOUR_MS, 10, 4, LEVEL_YELLOW},
		{(H - 20) * HOUR_MS, 11, 5, LEVEL_NONE},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		summaries_follow(&summaries, &rows[i]);
	for (int u = 0; u < conf->plan.n_units; u++) {
		if (strcmp(conf->plan.units[u].id, "urban") != 0)
			summary_answered(&summaries.list[0], &conf->plan, conf->plan.units[u].id);
		summary_answered(&summaries.list[1], &conf->plan, conf->plan.units[u].id);
	}
	json_t *json = payload_summaries(&summaries);
	ck_assert_uint_eq(json_array_size(json), 1);
	ck_assert_str_eq(at(json, "0/episode"), "\"episode-7\"");
	ck_assert_str_eq(at(json, "0/level"), "\"red\"");
	ck_assert_str_eq(at(json, "0/rank"), "3");
	ck_assert_str_eq(at(json, "0/date"), "\"2013-10-31\""); /* of Thursday the 24th */
	ck_assert_str_eq(at(json, "0/late"), "true");
	ck_assert_str_eq(at(json, "0/missing"), "[\"urban\"]");
	ck_assert_ptr_nonnull(strstr(at(json, "0/units"), "\"command\",\"publicity\""));
	json_decref(json);
	end();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("payload");
	TCase *tc = tcase_create("payload");
	tcase_add_test(tc, an_aqi_message_carries_what_was_computed);
	tcase_add_test(tc, a_missing_value_is_null_with_its_quality_and_never_zero);
	tcase_add_test(tc, an_aqi_that_may_not_be_published_still_shows_what_the_plan_sees);
	tcase_add_test(tc, a_reading_carries_minute_means_to_the_thousandth);
	tcase_add_test(tc, a_warning_carries_the_advice_its_evidence_and_no_level_in_force);
	tcase_add_test(tc, cuts_are_the_least_of_the_level_and_not_binding);
	tcase_add_test(tc, cuts_say_in_kg_a_day_what_the_list_falls_short_of);
	tcase_add_test(tc, a_plan_that_says_no_cut_publishes_none);
	tcase_add_test(tc, an_event_says_what_changed_in_both_languages);
	tcase_add_test(tc, midnight_is_24_o_clock_of_the_day_before_for_people);
	tcase_add_test(tc, everything_of_an_exercise_is_marked);
	tcase_add_test(tc, the_longest_text_fits);
	tcase_add_test(
		tc, a_summary_that_is_due_names_who_is_missing_and_one_that_is_closed_is_left_out);
	suite_add_tcase(suite, tc);
	return suite;
}
