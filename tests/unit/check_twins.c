/* SPDX-License-Identifier: MIT */
/* Two instruments for one pollutant: which of them counts, and when they differ. */
#include "twins.h"

#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "log.h"
#include "unit.h"

#define POLL_MS 10000
#define START_MS (1000LL * HOUR_MS)

static struct conf conf;
static struct twins *twins;
static char told[4096];

static void keep_line(enum log_level level, const char *line)
{
	(void)level;
	strncat(told, line, sizeof(told) - strlen(told) - 2);
	strcat(told, "\n");
}

/* PM2.5 has two, PM10 one. */
static void setup(void)
{
	memset(&conf, 0, sizeof(conf));
	conf.n_channels = 2;
	conf.n_seconds = 1;
	conf.channels[0] = (struct channel_conf){
		.id = "a/pm25", .sensor = "a", .pollutant = POLLUTANT_PM25, .max_age_ms = 20000};
	conf.channels[1] = (struct channel_conf){
		.id = "a/pm10", .sensor = "a", .pollutant = POLLUTANT_PM10, .max_age_ms = 20000};
	conf.channels[2] = (struct channel_conf){
		.id = "b/pm25", .sensor = "b", .pollutant = POLLUTANT_PM25, .max_age_ms = 20000};
	twins = twins_new(&conf);
	told[0] = '\0';
	log_capture(keep_line);
}

static void teardown(void)
{
	log_capture(NULL);
	twins = twins_free(twins);
}

/* The channel a sample counts for, -1: it does not. */
static int take(int channel, int64_t at_ms, enum why why, int32_t value_milli)
{
	struct sample sample = {.at_ms = at_ms,
				.channel = (uint16_t)channel,
				.why = why,
				.quality = why_quality(why),
				.value_milli = value_milli,
				.doubt_ms = why == WHY_FROZEN ? 100 * HOUR_MS : 0};
	if (!twins_choose(twins, &sample))
		return -1;
	ck_assert_int_ge(sample.at_ms - sample.doubt_ms, START_MS);
	return sample.channel;
}

static int count_told(const char *words)
{
	int n = 0;
	for (const char *at = told; (at = strstr(at, words)); at++)
		n++;
	return n;
}

START_TEST(a_pollutant_with_one_instrument_is_left_alone)
{
	ck_assert_int_eq(take(1, START_MS, WHY_TIMEOUT, 0), 1);
	ck_assert_int_eq(take(1, START_MS + HOUR_MS, WHY_NONE, 5000), 1);
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(the_first_counts_until_it_has_no_good_value_for_a_minute_and_again_with_the_next)
{
	struct twin_report report[POLLUTANT_COUNT];
	int64_t at = START_MS;

	for (int i = 0; i < 10; i++, at += POLL_MS) {
		ck_assert_int_eq(take(0, at, WHY_NONE, 20000), 0);
		ck_assert_int_eq(take(2, at, WHY_NONE, 21000), -1);
	}
	/* the failures of its first minute are told as its own */
	int64_t failed = at;
	for (; at - failed < 60000 - POLL_MS; at += POLL_MS) {
		ck_assert_int_eq(take(0, at, WHY_STATUS, 0), 0);
		ck_assert_int_eq(take(2, at, WHY_NONE, 21000), -1);
	}
	at += 2 * POLL_MS;
	ck_assert_int_eq(take(0, at, WHY_FROZEN, 0), -1);
	ck_assert_int_eq(take(2, at, WHY_NONE, 21000), 0);
	ck_assert_int_eq(count_told("b/pm25: counts now in place of a/pm25"), 1);
	ck_assert(twins_report(twins, report));
	ck_assert_int_eq(report[POLLUTANT_PM25].counts, 2);
	ck_assert(!twins_report(twins, report));
	ck_assert_int_eq(take(0, at + 5, WHY_NONE, 20000), 0);
	ck_assert_int_eq(take(2, at + 6, WHY_NONE, 21000), -1);
	ck_assert_int_eq(count_told("a/pm25: counts again, and not b/pm25"), 1);
}
END_TEST

START_TEST(with_both_gone_the_first_tells_why_there_is_no_value)
{
	for (int64_t at = START_MS; at < START_MS + HOUR_MS; at += POLL_MS) {
		ck_assert_int_eq(take(0, at, WHY_TIMEOUT, 0), 0);
		ck_assert_int_eq(take(2, at, WHY_TIMEOUT, 0), -1);
	}
	ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(what_the_second_takes_back_is_no_older_than_it_counts)
{
	int64_t at = START_MS;

	take(0, at, WHY_NONE, 20000);
	take(2, at, WHY_NONE, 20000);
	for (at += POLL_MS; at < START_MS + 2 * HOUR_MS; at += POLL_MS) {
		take(0, at, WHY_LINK, 0);
		take(2, at, WHY_NONE, 20000);
	}
	struct sample sample = {
		.at_ms = at, .channel = 2, .why = WHY_FROZEN, .doubt_ms = 100 * HOUR_MS};
	ck_assert(twins_choose(twins, &sample));
	ck_assert_int_lt(sample.doubt_ms, 2 * HOUR_MS);
	ck_assert_int_gt(sample.doubt_ms, 2 * HOUR_MS - 120000);
}
END_TEST

/* An hour of both, at these values. */
static void pass_hour(int hour, int32_t first_milli, int32_t second_milli)
{
	for (int64_t at = START_MS + hour * (int64_t)HOUR_MS, end = at + HOUR_MS; at < end;
	     at += POLL_MS) {
		take(0, at, WHY_NONE, first_milli);
		take(2, at, WHY_NONE, second_milli);
	}
}

START_TEST(a_difference_is_told_when_it_begins_and_when_it_ends)
{
	struct twin_report report[POLLUTANT_COUNT];

	pass_hour(0, 100000, 71000); /* 29 % */
	pass_hour(1, 20000, 11000);  /* 45 %, and less than 10 ug/m3 */
	pass_hour(2, 100000, 69000);
	ck_assert_str_eq(told, "");
	pass_hour(3, 69000, 100000);
	ck_assert_int_eq(count_told("a/pm25 and b/pm25 differ: 100.0 and 69.0 ug/m3"), 1);
	ck_assert(twins_report(twins, report));
	ck_assert_int_eq(report[POLLUTANT_PM25].differ_since, 1003);
	pass_hour(4, 100000, 99000);
	ck_assert_int_eq(count_told("differ"), 1);
	pass_hour(5, 100000, 99000);
	ck_assert_int_eq(count_told("a/pm25 and b/pm25 agree again"), 1);
	ck_assert(twins_report(twins, report));
	ck_assert_int_eq(report[POLLUTANT_PM25].differ_since, 0);
}
END_TEST

START_TEST(a_clock_that_is_set_back_leaves_neither_of_them_good_for_ever)
{
	take(0, START_MS + 1000 * (int64_t)HOUR_MS, WHY_NONE, 20000);
	for (int64_t at = START_MS; at < START_MS + 300000; at += POLL_MS) {
		take(0, at, WHY_TIMEOUT, 0);
		take(2, at, WHY_NONE, 20000);
	}
	ck_assert_int_eq(take(2, START_MS + 300000, WHY_NONE, 20000), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("twins");
	TCase *tc = tcase_create("twins");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_pollutant_with_one_instrument_is_left_alone);
	tcase_add_test(
		tc,
		the_first_counts_until_it_has_no_good_value_for_a_minute_and_again_with_the_next);
	tcase_add_test(tc, with_both_gone_the_first_tells_why_there_is_no_value);
	tcase_add_test(tc, what_the_second_takes_back_is_no_older_than_it_counts);
	tcase_add_test(tc, a_difference_is_told_when_it_begins_and_when_it_ends);
	tcase_add_test(tc, a_clock_that_is_set_back_leaves_neither_of_them_good_for_ever);
	suite_add_tcase(suite, tc);
	return suite;
}
