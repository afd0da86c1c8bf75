/* SPDX-License-Identifier: MIT */
/* Hours that somebody asks for once more: told as they are, a few at a time, behind the rest. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "hetang.h"
#include "hours.h"
#include "log.h"
#include "outbox_one.h"
#include "pipeline.h"
#include "post.h"
#include "resends.h"
#include "unit.h"

#define HOURS 50

static struct command_answer answer;
static int ids;

static void begin(void)
{
	setup();
	ids = 0;
}

static void ask_for(int64_t from, int64_t to, int64_t now)
{
	struct command command = {.kind = COMMAND_RESEND, .time_ms = now * HOUR_MS, .json = "{}"};
	snprintf(command.id, sizeof(command.id), "c-%d", ++ids);
	snprintf(command.issuer, sizeof(command.issuer), "district");
	command.resend = (struct resend){from, to};
	memset(&answer, 0, sizeof(answer));
	ck_assert_int_eq(
		engine_command(engine, &command, now * HOUR_MS, TIME_SYNCHRONISED, &answer), 0);
}

static void follow(int64_t now)
{
	engine_follow_resend(engine, now * HOUR_MS, TIME_SYNCHRONISED);
}

/* What went out since row `first`: how many hours told again, of which the last is *ret_last. */
static int count_resent(int first, int64_t *ret_last)
{
	int n = 0;
	collect_outbox();
	for (int i = first; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		if (strcmp(rows[i].topic, "aqi") == 0 &&
		    json_is_true(json_object_get(json, "resent"))) {
			n++;
			ck_assert(!rows[i].retain && !rows[i].replaces);
			*ret_last = *ret_last + 1;
			ck_assert_int_eq(json_integer_value(json_object_get(json, "rev")), 0);
		}
		json_decref(json);
	}
	return n;
}

/* The message of an hour, as it was told first or again, without what no two messages share. */
static char *content_of(int first, bool resent, int at)
{
	for (int i = first; i < n_rows; i++) {
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		bool is = strcmp(rows[i].topic, "aqi") == 0 &&
			  json_is_true(json_object_get(json, "resent")) == resent && at-- == 0;
		static const char *const own[] = {"id", "seq", "time", "resent", "events_hash"};
		for (size_t k = 0; is && k < sizeof(own) / sizeof(*own); k++)
			json_object_del(json, own[k]);
		char *text = is ? json_dumps(json, JSON_SORT_KEYS) : NULL;
		json_decref(json);
		if (text)
			return text;
	}
	return NULL;
}

START_TEST(hours_that_are_asked_for_are_told_again_as_they_were_and_never_retained)
{
	int64_t last = 0;
	run_hours(H, H + HOURS);
	settle((H + HOURS) * HOUR_MS + 5 * MINUTE_MS);
	collect_outbox();
	int before = n_rows;
	ask_for(H + 3, H + 7, H + HOURS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	follow(H + HOURS);
	ck_assert_int_eq(count_resent(before, &last), 5);
	for (int i = 0; i < 5; i++) { /* the first hour that closed is H + 1 */
		char *told = content_of(0, false, i + 2), *again = content_of(before, true, i);
		ck_assert_ptr_nonnull(told);
		ck_assert_str_eq(told, again);
		free(told);
		free(again);
	}
	follow(H + HOURS);
	ck_assert_int_eq(count_resent(before, &last), 5);
}
END_TEST

/* "from to" of the stretch that the newest reply calls absent; the answer has no other. */
static const char *absent_of_reply(void)
{
	static char text[80];
	collect_outbox();
	for (int i = n_rows - 1; i >= 0; i--) {
		if (strcmp(rows[i].topic, "reply") != 0)
			continue;
		json_t *json = json_loads(rows[i].payload, 0, NULL);
		const json_t *list = json_object_get(json, "absent"), *at = json_array_get(list, 0);
		ck_assert_uint_le(json_array_size(list), 1);
		snprintf(text, sizeof(text), "%.25s %.25s",
			 at ? json_string_value(json_object_get(at, "from")) : "-",
			 at ? json_string_value(json_object_get(at, "to")) : "-");
		json_decref(json);
		return text;
	}
	return "no reply";
}

START_TEST(the_answer_names_the_hours_that_are_not_there_and_the_others_come_at_once)
{
	int64_t last = 0;
	run_hours(H, H + 10);
	settle((H + 10) * HOUR_MS + 5 * MINUTE_MS);
	collect_outbox();
	int before = n_rows;
	ask_for(H - 90, H + 3, H + 10); /* the first hour that closed is H + 1 */
	/* H is 2013-11-09 06:00 */
	ck_assert_str_eq(absent_of_reply(), "2013-11-05T12:00:00+08:00 2013-11-09T06:00:00+08:00");
	follow(H + 10);
	ck_assert_int_eq(count_resent(before, &last), 3);
	follow(H + 10);
	ask_for(H - 90, H - 80, H + 10);
	ck_assert_str_eq(absent_of_reply(), "2013-11-05T12:00:00+08:00 2013-11-05T22:00:00+08:00");
	ask_for(H + 2, H + 3, H + 10);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED); /* nothing of the one before waits */
	ck_assert_str_eq(absent_of_reply(), "- -");
}
END_TEST

START_TEST(at_most_twenty_hours_are_told_at_once_and_a_kill_ends_nothing)
{
	int64_t last = 0;
	run_hours(H, H + HOURS);
	settle((H + HOURS) * HOUR_MS + 5 * MINUTE_MS);
	collect_outbox();
	int before = n_rows;
	ask_for(H + 1, H + 1000, H + HOURS); /* those that are not closed come by themselves */
	follow(H + HOURS);
	ck_assert_int_eq(count_resent(before, &last), ENGINE_RESEND_HOURS);
	killed();
	start();
	for (int i = 0; i < 5; i++) {
		follow(H + HOURS);
		collect_outbox();
	}
	ck_assert_int_eq(count_resent(before, &last), HOURS);
	int64_t first;
	ck_assert_int_eq(resends_get(store, &first, &last), STORE_E_NONE);
}
END_TEST

static void post(const char *topic, int n)
{
	for (int i = 0; i < n; i++) {
		struct payload_head head = {.conf = conf, .time_ms = (H + HOURS) * HOUR_MS};
		ck_assert_int_eq(post_begin(store, &head), 0);
		ck_assert_int_eq(post_commit(store, &head, topic, strdup("{}")), 0);
	}
}

START_TEST(none_is_told_again_while_a_warning_waits_or_the_broker_takes_nothing)
{
	int64_t last = 0;
	run_hours(H, H + HOURS);
	settle((H + HOURS) * HOUR_MS + 5 * MINUTE_MS);
	ask_for(H + 3, H + 7, H + HOURS);
	collect_outbox();
	post("warning/event", 1);
	follow(H + HOURS);
	int before = n_rows;
	ck_assert_int_eq(count_resent(before, &last), 0);
	post("aqi", 2 * ENGINE_RESEND_HOURS);
	follow(H + HOURS);
	ck_assert_int_eq(count_resent(before, &last), 0);
	follow(H + HOURS);
	ck_assert_int_eq(count_resent(before, &last), 5);
}
END_TEST

static void assert_refused(int64_t from, int64_t to, const char *why)
{
	ask_for(from, to, H + HOURS);
	ck_assert_int_eq(answer.outcome, COMMAND_REFUSED);
	ck_assert_msg(strstr(answer.why, why) != NULL, "%s", answer.why);
}

START_TEST(what_cannot_be_told_again_is_refused_and_says_why)
{
	run_hours(H, H + HOURS);
	assert_refused(H + 7, H + 3, "1 to 1488 hours");
	assert_refused(H - RESEND_HOURS_MAX, H, "1 to 1488 hours");
	assert_refused(H + HOURS + 2, H + HOURS + 3, "not closed yet");
	ask_for(H + 1, H + 2, H + HOURS);
	ck_assert_int_eq(answer.outcome, COMMAND_ACCEPTED);
	assert_refused(H + 1, H + 2, "ask for these afterwards");
}
END_TEST

START_TEST(hours_that_the_station_never_had_are_passed_over)
{
	int64_t last = 0;
	run_hours(H, H + 5);
	settle((H + 5) * HOUR_MS + 5 * MINUTE_MS);
	collect_outbox();
	int before = n_rows;
	ask_for(H - 100, H + 2, H + 5);
	for (int i = 0; i < 7; i++) {
		follow(H + 5);
		collect_outbox();
	}
	ck_assert_int_eq(count_resent(before, &last), 2);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("resend");
	TCase *tc = tcase_create("hours");
	tcase_add_checked_fixture(tc, begin, teardown);
	tcase_add_test(tc, hours_that_are_asked_for_are_told_again_as_they_were_and_never_retained);
	tcase_add_test(tc,
		       the_answer_names_the_hours_that_are_not_there_and_the_others_come_at_once);
	tcase_add_test(tc, at_most_twenty_hours_are_told_at_once_and_a_kill_ends_nothing);
	tcase_add_test(tc, none_is_told_again_while_a_warning_waits_or_the_broker_takes_nothing);
	tcase_add_test(tc, what_cannot_be_told_again_is_refused_and_says_why);
	tcase_add_test(tc, hours_that_the_station_never_had_are_passed_over);
	suite_add_tcase(suite, tc);
	return suite;
}
