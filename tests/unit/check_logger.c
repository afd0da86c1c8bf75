/* SPDX-License-Identifier: MIT */
/* What a data logger's message is taken for, and what is not its word. */
#include <stdio.h>
#include <string.h>

#include "hj212_source_inside.h"
#include "unit.h"

static struct hj212_profile profile = {
	.id = "p",
	.edition = HJ212_2017,
	.st = 22,
	.n_factors = 6,
	.factors = {{.code = "a34004", .unit = "ug/m3", .pollutant = POLLUTANT_PM25},
		    {.code = "a34002", .unit = "ng/m3", .pollutant = POLLUTANT_PM10},
		    {.code = "a21026", .unit = "ppb", .pollutant = POLLUTANT_SO2},
		    {.code = "a21005", .unit = "ppm", .pollutant = POLLUTANT_CO},
		    {.code = "a05024", .unit = "mg/m3", .pollutant = POLLUTANT_O3},
		    {.code = "a01001", .unit = "C", .pollutant = -1}},
};
static const struct hj212_logger_conf logger_conf = {
	.mn = "LOGGER_1", .profile = &profile, .takes = 3, .minutes = 1};
static struct hj212_logger logger = {
	.conf = &logger_conf, .password = "123456", .channels = {10, 11, 12, -1, 14, 15}};
static struct hj212_segment segment;
static struct hj212_head head;
static struct hj212_values values;

static enum hj212_trouble hear(const char *text)
{
	static char bytes[HJ212_LENGTH_MAX];
	size_t n = strlen(text);
	memcpy(bytes, text, n + 1);
	hj212_segment_read((const uint8_t *)bytes, n, &segment);
	return hj212_head_read(&logger, 1, &segment, &head);
}

#define HEAD "QN=20260110040100123;ST=22;CN=2051;PW=123456;MN=LOGGER_1;Flag=5;"

START_TEST(only_who_says_its_mn_pw_st_and_edition_is_heard)
{
	static const struct {
		const char *text;
		enum hj212_trouble trouble;
	} cases[] = {
		{HEAD "CP=&&&&", HJ212_FINE},
		{"ST=22;CN=2051;PW=123456;Flag=5;CP=&&&&", HJ212_NO_LOGGER},
		{"ST=22;CN=2051;PW=123456;MN=LOGGER_12;Flag=5;CP=&&&&", HJ212_NO_LOGGER},
		{"ST=22;CN=2051;PW=123456;MN=logger_1;Flag=5;CP=&&&&", HJ212_NO_LOGGER},
		{"ST=22;CN=2051;PW=12345;MN=LOGGER_1;Flag=5;CP=&&&&", HJ212_BAD_PASSWORD},
		{"ST=22;CN=2051;MN=LOGGER_1;Flag=5;CP=&&PW=123456&&", HJ212_BAD_PASSWORD},
		{"ST=31;CN=2051;PW=123456;MN=LOGGER_1;Flag=5;CP=&&&&", HJ212_OTHER_ST},
		{"CN=2051;PW=123456;MN=LOGGER_1;Flag=5;CP=&&&&", HJ212_OTHER_ST},
		{"ST=22;CN=2051;PW=123456;MN=LOGGER_1;Flag=9;CP=&&&&", HJ212_OTHER_EDITION},
		{"ST=22;CN=2051;PW=123456;MN=LOGGER_1;CP=&&&&", HJ212_OTHER_EDITION},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(hear(cases[i].text) == cases[i].trouble, "%s", cases[i].text);
	ck_assert_int_eq(hear(HEAD "RF=1;CP=&&&&"), HJ212_FINE);
	ck_assert(head.again && head.answer && head.cn == 2051);
	ck_assert_str_eq(head.qn, "20260110040100123");
	/* without a password of its own nothing fits, not even none */
	logger.password[0] = '\0';
	ck_assert_int_eq(hear("ST=22;CN=2051;PW=;MN=LOGGER_1;Flag=5;CP=&&&&"), HJ212_BAD_PASSWORD);
}
END_TEST

static enum hj212_trouble read_body(int cn, const char *body)
{
	char text[HJ212_LENGTH_MAX];
	snprintf(text, sizeof(text), HEAD "CP=&&%s&&", body);
	ck_assert_int_eq(hear(text), HJ212_FINE);
	return hj212_values_read(&logger, cn, hj212_data_time(&segment), &segment, &values);
}

static void value_is(const char *factor, int channel, bool has_value, int milli, enum why why)
{
	char body[400];
	snprintf(body, sizeof(body), "DataTime=20260110040000;%s", factor);
	ck_assert_int_eq(read_body(2051, body), HJ212_FINE);
	ck_assert_int_eq(values.n, 1);
	ck_assert_msg(values.values[0].channel == channel &&
			      values.values[0].has_value == has_value &&
			      (!has_value || values.values[0].value_milli == milli) &&
			      values.values[0].why == why,
		      "%s: %d, %d, %s", factor, values.values[0].channel,
		      values.values[0].value_milli, why_name(values.values[0].why));
}

START_TEST(a_value_is_counted_in_the_unit_of_the_profile)
{
	value_is("a34004-Avg=35.5,a34004-Flag=N", 10, true, 35500, WHY_NONE);
	value_is("a34002-Avg=75600.000,a34002-Flag=N", 11, true, 75600, WHY_NONE);
	value_is("a21026-Avg=10,a21026-Flag=N", 12, true, 26186, WHY_NONE); /* x 64.066 / 24.4654 */
	value_is("a21005-Avg=1,a21005-Flag=N", 14, true, 1145, WHY_NONE);   /* 28.010 / 24.4654 */
	value_is("a05024-Avg=0.0953,a05024-Flag=N", 15, true, 95300, WHY_NONE);
}
END_TEST

START_TEST(what_is_no_good_number_is_no_value)
{
	value_is("a34004-Avg= 7 ,a34004-Flag=N", 10, true, 7000, WHY_NONE);
	value_is("a34004-Flag=N,a34004-Avg=8", 10, true, 8000, WHY_NONE);
	value_is("a34004-Avg=8", 10, true, 8000, WHY_NONE);
	value_is("a34004-Avg=8;Flag=C", 10, true, 8000, WHY_CALIBRATION);
	value_is("a34004-Avg=8,a34004-flag=d", 10, true, 8000, WHY_STATUS);
	value_is("a34004-Avg=-99,a34004-Flag=N", 10, true, -99000, WHY_OUT_OF_RANGE);
	value_is("a34004-Avg=10000.1,a34004-Flag=N", 10, true, 10000100, WHY_OUT_OF_RANGE);
	/* CO counts in mg: what is one in ug is beyond all air */
	value_is("a21005-Avg=174,a21005-Flag=N", 14, true, 199209, WHY_NONE);
	value_is("a21005-Avg=800,a21005-Flag=N", 14, true, 915906, WHY_OUT_OF_RANGE);
	value_is("a21005-Avg=-3,a21005-Flag=N", 14, true, -3435, WHY_OUT_OF_RANGE);
	value_is("a21005-Avg=-0.5,a21005-Flag=N", 14, true, -572, WHY_NONE);
	value_is("a34004-Avg=99999999,a34004-Flag=N", 10, false, 0, WHY_OUT_OF_RANGE);
	static const char *const none[] = {"",    "-",  ".",    "1e3", "0x1", "1.2.3",
					   "NaN", "+1", "1,1a", "--",  "1 2", "1234567890123456"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		char factor[80];
		snprintf(factor, sizeof(factor), "a34004-Avg=%s;", none[i]);
		if (!strchr(none[i], ','))
			value_is(factor, 10, false, 0, WHY_SENTINEL);
	}
	value_is("a34004-Flag=N", 10, false, 0, WHY_SENTINEL);
	value_is("a34004-Min=1,a34004-Max=9,a34004-Flag=B", 10, false, 0, WHY_TIMEOUT);
}
END_TEST

START_TEST(a_period_begins_at_its_data_time)
{
	ck_assert_int_eq(read_body(2051, "DataTime=20260110040000;a34004-Avg=1"), HJ212_FINE);
	ck_assert_int_eq(values.start_ms, INT64_C(1767988800000));
	ck_assert(values.minutes == 1 && !values.whole);
	ck_assert_int_eq(read_body(2061, "DataTime=20260110040000;a34004-Avg=1"), HJ212_FINE);
	ck_assert(values.minutes == 60 && values.whole);
	ck_assert_int_eq(read_body(2051, "DataTime=20260110040000000;a34004-Avg=1"), HJ212_FINE);
	/* a clock that is some seconds off */
	ck_assert_int_eq(read_body(2051, "DataTime=20260110040007;a34004-Avg=1"), HJ212_FINE);
	ck_assert_int_eq(values.start_ms, INT64_C(1767988800000));
	ck_assert_int_eq(read_body(2061, "DataTime=20260110040059999;a34004-Avg=1"), HJ212_FINE);
	ck_assert_int_eq(values.start_ms, INT64_C(1767988800000));
	static const char *const none[] = {"20260230040000", "2026011004", "", "20260110O40000"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		char body[80];
		snprintf(body, sizeof(body), "DataTime=%s;a34004-Avg=1", none[i]);
		ck_assert_msg(read_body(2051, body) == HJ212_NO_TIME, "%s", body);
	}
	ck_assert_int_eq(read_body(2061, "DataTime=20260110040100;a34004-Avg=1"), HJ212_NO_TIME);
	ck_assert_int_eq(read_body(2051, "a34004-Avg=1"), HJ212_NO_TIME);
	ck_assert_int_eq(read_body(2051, "DataTime=20260110040000;a01001-Avg=1;a99-Avg=2"),
			 HJ212_NO_FACTOR);
	/* a factor named twice is one; NO2 is not taken from this logger */
	ck_assert_int_eq(read_body(2051, "DataTime=20260110040000;a34004-Avg=1;a34004-Avg=2"),
			 HJ212_FINE);
	ck_assert_int_eq(values.n, 1);
}
END_TEST

START_TEST(an_hour_whose_median_no_air_has_is_doubted_until_one_that_air_may_have)
{
	struct hj212_unit unit = {0};
	int told = 0;
	for (int i = 0; i < 60; i++)
		ck_assert(!hj212_unit_take(&unit, 100, false, i < 25 ? 40000 : 75600000));
	told += hj212_unit_take(&unit, 101, false, 35);
	ck_assert(told == 1 && unit.doubted);
	for (int i = 0; i < 59; i++)
		told += hj212_unit_take(&unit, 101, false, 35); /* mg/m3 */
	ck_assert(!hj212_unit_take(&unit, 100, false, 40000));  /* a back-fill */
	told += hj212_unit_take(&unit, 102, false, 40000);
	ck_assert(told == 1 && unit.doubted);
	for (int i = 0; i < 8; i++) /* nine are too few to say */
		told += hj212_unit_take(&unit, 102, false, 40000);
	told += hj212_unit_take(&unit, 103, false, 40000);
	ck_assert(told == 1 && unit.doubted);
	told += hj212_unit_take(&unit, 103, true, 40000); /* an hour of its own */
	ck_assert(told == 2 && !unit.doubted);
	for (int i = 0; i < 60; i++)
		told += hj212_unit_take(&unit, 104, false, 35);
	told += hj212_unit_take(&unit, 104, true, 35); /* and that hour's own mean after it */
	ck_assert(told == 3 && unit.doubted);
	told += hj212_unit_take(&unit, 105, false, 40000);
	ck_assert(told == 3 && unit.doubted);
}
END_TEST

START_TEST(whatever_bytes_a_segment_has_its_values_are_of_channels_and_letters)
{
	static const char *const words[] = {"DataTime=20260110040000",
					    "a34004-",
					    "Avg=",
					    "Flag=",
					    "N",
					    ";",
					    ",",
					    "&&",
					    "CP=&&",
					    "=",
					    "-",
					    "1",
					    ".",
					    "999",
					    "a21005-",
					    "Flag",
					    "PNO=1;",
					    "MN=LOGGER_1",
					    "\xff",
					    "d"};
	char text[600];
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)snprintf(text, sizeof(text), "%s",
					    round % 2 ? HEAD "CP=&&DataTime=20260110040000;" : "");
		for (unsigned i = unit_random() % 24; i > 0; i--)
			n += (size_t)snprintf(
				text + n, sizeof(text) - n, "%s",
				words[unit_random() % (sizeof(words) / sizeof(words[0]))]);
		if (hear(text) != HJ212_FINE)
			continue;
		if (hj212_values_read(&logger, 2051, hj212_data_time(&segment), &segment,
				      &values) != HJ212_FINE)
			continue;
		ck_assert(values.n >= 1 && values.n <= POLLUTANT_COUNT);
		for (int i = 0; i < values.n; i++)
			ck_assert(values.values[i].channel >= 10 && values.values[i].why >= 0 &&
				  values.values[i].why < WHY_COUNT &&
				  (values.values[i].why != WHY_NONE || values.values[i].has_value));
	}
}
END_TEST

/* ---- silence ---- */

static int64_t station_now_ms = 1000;
static struct bus_notice told;

static int64_t read_now(void *ctx)
{
	(void)ctx;
	return station_now_ms;
}

static void keep_notice(void *ctx, int bus, const struct bus_notice *notice)
{
	(void)ctx;
	(void)bus;
	told = *notice;
}

static void keep_news(void *ctx, int bus, const struct hj212_news *news)
{
	(void)ctx;
	(void)bus;
	(void)news;
}

static struct hj212_source *hourly_source(void)
{
	static const struct hj212_source_env env = {
		.station_ms = read_now, .notice = keep_notice, .tell = keep_news};
	static struct hj212_state state;
	static struct hj212_source source = {
		.setup.env = &env, .n_loggers = 1, .loggers = &logger, .states = &state};
	state = (struct hj212_state){.minutes = 60, .said_ms = station_now_ms};
	pthread_mutex_init(&source.lock, NULL);
	told = (struct bus_notice){0};
	return &source;
}

/* A frame every so often, values each hour, over so many hours. */
static void speak(struct hj212_source *source, int every_min, int hours)
{
	const struct hj212_values hour = {.minutes = 60, .whole = true};
	const struct hj212_head known = {.logger = 0};
	for (int minute = 0; minute < hours * 60; minute++) {
		station_now_ms += 60000;
		if (minute % every_min == 0)
			hj212_state_heard(source, &known, 0);
		if (minute % 60 == 0)
			hj212_state_said(source, 0, &hour);
		hj212_state_look(source);
		ck_assert_int_ne((int)told.state, HEALTH_FAILED);
	}
}

static int minutes_until_told(struct hj212_source *source)
{
	int minutes = 0;
	for (; told.state != HEALTH_FAILED && minutes < 300; minutes++) {
		station_now_ms += 60000;
		hj212_state_look(source);
	}
	return minutes;
}

START_TEST(who_sends_hours_alone_is_missed_by_the_pauses_that_it_makes)
{
	static const struct {
		int every_min, told_min;
	} cases[] = {{1, 3}, {5, 7}, {60, 62}};
	const struct hj212_head known = {.logger = 0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hj212_source *source = hourly_source();
		speak(source, cases[i].every_min, 6);
		ck_assert_int_eq(minutes_until_told(source), cases[i].told_min);
		ck_assert_int_eq((int)told.why, WHY_TIMEOUT);
	}
	/* it is back with its next heartbeat, and its values are due later */
	struct hj212_source *source = hourly_source();
	speak(source, 1, 6);
	minutes_until_told(source);
	station_now_ms += 600000;
	hj212_state_heard(source, &known, 0);
	ck_assert(told.state == HEALTH_OK && told.code == HJ212_SPEAKS_AGAIN);
	ck_assert_int_eq((int)(told.lasted_ms / 60000), 13);
	speak(source, 1, 1);
}
END_TEST

START_TEST(a_burst_after_an_outage_makes_nobody_impatient)
{
	struct hj212_source *source = hourly_source();
	const struct hj212_head known = {.logger = 0};
	speak(source, 60, 6);
	for (int i = 0; i < 500; i++) {
		station_now_ms += 10;
		hj212_state_heard(source, &known, 0);
	}
	speak(source, 60, 6);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("logger");
	TCase *tcase = tcase_create("logger");
	tcase_add_test(tcase, only_who_says_its_mn_pw_st_and_edition_is_heard);
	tcase_add_test(tcase, a_value_is_counted_in_the_unit_of_the_profile);
	tcase_add_test(tcase, what_is_no_good_number_is_no_value);
	tcase_add_test(tcase, a_period_begins_at_its_data_time);
	tcase_add_test(tcase,
		       an_hour_whose_median_no_air_has_is_doubted_until_one_that_air_may_have);
	tcase_add_test(tcase, whatever_bytes_a_segment_has_its_values_are_of_channels_and_letters);
	tcase_add_test(tcase, who_sends_hours_alone_is_missed_by_the_pauses_that_it_makes);
	tcase_add_test(tcase, a_burst_after_an_outage_makes_nobody_impatient);
	suite_add_tcase(suite, tcase);
	return suite;
}
