/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "gate.h"
#include "mqtt.h"
#include "unit.h"

#define DB "cffec986-8c71-4aff-95fe-1237b248c898"
#define EARLIER "0f9eb1b5-4260-4375-a453-3adeba5f697a"
#define EACH 1000
#define WRITERS 4

static struct gate *gate;
static struct roster_station stations[] = {{"p-1", ROLE_ASSESSMENT}, {"m-1", ROLE_MICRO}};
static const struct roster roster = {"roster.csv", 2, 1, stations};
static struct spool *spool;

static void open_gate(void)
{
	spool = spool_open("/nonexistent"); /* in memory */
	gate = gate_new(spool, &roster, NULL);
	ck_assert_ptr_nonnull(gate);
}

static void close_gate(void)
{
	gate = gate_free(gate);
	spool = spool_close(spool);
}

static bool admit(const char *kind, const char *payload)
{
	gate_take(gate, kind, false, payload, (int)strlen(payload));
	const struct spool_entry *entry = spool_first(spool);
	bool same = entry && strcmp(entry->kind, kind) == 0 && strcmp(entry->payload, payload) == 0;
	ck_assert(!entry || same);
	spool_pass(spool);
	spool_cut(spool);
	return same;
}

START_TEST(a_flood_of_one_kind_is_cut_and_another_kind_comes_in)
{
	int taken = 0;
	for (int i = 0; i < EACH; i++)
		taken += admit("receipt", "{}");
	ck_assert_int_ge(taken, 300);
	ck_assert_int_lt(taken, 400);
	ck_assert_uint_eq(gate_dropped(gate), (unsigned)(EACH - taken));
	ck_assert(admit("directive", "{}"));
}
END_TEST

START_TEST(what_is_too_large_or_of_no_known_kind_is_dropped_and_counted)
{
	static char large[MQTT_COMMAND_MAX + 2];
	memset(large, 'x', sizeof(large) - 1);
	ck_assert(!admit("forecast", large));
	ck_assert(!admit("order", "{}"));
	ck_assert(!admit("directive/x", "{}"));
	ck_assert(!admit("", "{}"));
	ck_assert_uint_eq(gate_dropped(gate), 4);
	large[MQTT_COMMAND_MAX] = '\0';
	ck_assert(admit("forecast", large));
}
END_TEST

START_TEST(large_commands_are_bounded_in_bytes)
{
	static char large[MQTT_COMMAND_MAX + 1];
	int taken = 0;
	memset(large, 'x', sizeof(large) - 1);
	for (int i = 0; i < 300; i++)
		taken += admit("forecast", large);
	ck_assert_int_ge(taken, 8 * 1024 * 1024 / MQTT_COMMAND_MAX);
	ck_assert_int_lt(taken, 2 * 8 * 1024 * 1024 / MQTT_COMMAND_MAX);
}
END_TEST

START_TEST(a_flood_of_large_receipts_keeps_no_forecast_and_no_directive_out)
{
	static char large[MQTT_COMMAND_MAX + 1], receipt[GATE_RECEIPT_MAX + 1];
	int receipts = 0;
	memset(large, 'x', sizeof(large) - 1);
	memset(receipt, 'x', sizeof(receipt) - 1);
	for (int i = 0; i < EACH; i++)
		receipts += admit("receipt", receipt);
	ck_assert_int_ge(receipts, 300);
	ck_assert_int_lt(receipts, 400);
	for (int i = 0; i < 20; i++) {
		ck_assert(admit("forecast", large));
		ck_assert(admit("directive", large));
	}
}
END_TEST

START_TEST(forecasts_and_receipts_that_wait_leave_room_in_the_spool_to_directives)
{
	static char large[MQTT_COMMAND_MAX], receipt[GATE_RECEIPT_MAX];
	memset(large, 'x', sizeof(large));
	memset(receipt, 'x', sizeof(receipt));
	for (int i = 0; i < 100; i++)
		gate_take(gate, "forecast", false, large, sizeof(large));
	for (int i = 0; i < 200; i++)
		gate_take(gate, "receipt", false, receipt, sizeof(receipt));
	uint64_t dropped = gate_dropped(gate);
	ck_assert_uint_gt(dropped, 200);
	for (int i = 0; i < 15; i++)
		gate_take(gate, "directive", false, large, sizeof(large));
	ck_assert_uint_eq(gate_dropped(gate), dropped);
}
END_TEST

START_TEST(a_receipt_has_2_kib_and_a_dust_window_a_review_and_a_resend_16_at_the_most)
{
	static char text[MQTT_COMMAND_MAX + 1];
	static const struct {
		const char *kind;
		size_t most;
	} kinds[] = {{"receipt", 2048}, {"dust", 16384}, {"review", 16384}, {"resend", 16384}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		memset(text, 'x', kinds[i].most + 1);
		text[kinds[i].most + 1] = '\0';
		ck_assert_msg(!admit(kinds[i].kind, text), "%s", kinds[i].kind);
		ck_assert_uint_eq(gate_dropped(gate), (unsigned)i + 1);
		text[kinds[i].most] = '\0';
		ck_assert_msg(admit(kinds[i].kind, text), "%s", kinds[i].kind);
	}
}
END_TEST

static int take_hours(const char *station, int n, int length)
{
	static char text[16384];
	struct spool_state before, after;
	memset(text, ' ', sizeof(text));
	spool_get_state(spool, &before);
	for (int i = 0; i < n; i++)
		gate_hear(gate, &(struct mqtt_told){station, "aqi", false, text, length});
	spool_get_state(spool, &after);
	return after.waiting - before.waiting;
}

START_TEST(a_flood_of_hours_leaves_most_of_the_spool_to_commands)
{
	static char large[MQTT_COMMAND_MAX];
	memset(large, 'x', sizeof(large));
	int taken = take_hours("p-1", EACH, 3000);
	ck_assert_int_ge(taken, 600); /* 2 MiB */
	ck_assert_int_lt(taken, 720);
	ck_assert_uint_eq(gate_dropped_hours(gate), (unsigned)(EACH - taken));
	ck_assert_int_eq(take_hours("p-1", EACH, 10), 0);
	for (int i = 0; i < 20; i++)
		gate_take(gate, "directive", false, large, sizeof(large));
	ck_assert_uint_eq(gate_dropped(gate), 0);
	for (int i = 0; i < taken; i++)
		spool_pass(spool);
	spool_cut(spool);
	ck_assert_int_eq(take_hours("p-1", 1, 3000), 1);
}
END_TEST

START_TEST(small_hours_fill_no_more_of_the_spool_than_large_ones)
{
	int taken = take_hours("p-1", 40 * EACH, 1);
	ck_assert_int_ge(taken, 30 * EACH);
	ck_assert_int_lt(taken, 40 * EACH);
}
END_TEST

START_TEST(who_is_no_assessment_point_of_the_roster_takes_no_place_in_the_spool)
{
	ck_assert_int_eq(take_hours("p-2", 1, 1000), 0);
	ck_assert_int_eq(take_hours("m-1", 1, 1000), 0);
	ck_assert_uint_eq(gate_dropped_hours(gate), 0);
	ck_assert_int_eq(take_hours("p-1", 1, 1000), 1);
	ck_assert_int_eq(take_hours("p-1", 1, 16384), 0);
	ck_assert_uint_eq(gate_dropped_hours(gate), 1);
}
END_TEST

START_TEST(a_flood_of_hours_that_are_taken_at_once_has_a_rate_too)
{
	int taken = 0;
	for (int i = 0; i < 50 * EACH; i++) {
		taken += take_hours("p-1", 1, 10);
		spool_pass(spool);
		spool_cut(spool);
	}
	ck_assert_int_ge(taken, DISTRICT_POINTS_MAX * 168); /* a week's backlog */
	ck_assert_uint_eq(gate_dropped_hours(gate), (unsigned)(50 * EACH - taken));
	ck_assert_uint_gt(gate_dropped_hours(gate), 0);
	ck_assert(admit("directive", "{}"));
}
END_TEST

static void expect_ack(const char *db, int64_t seq)
{
	struct command_ack ack;
	ck_assert(gate_next_ack(gate, &ack));
	ck_assert_str_eq(ack.db, db);
	ck_assert_int_eq(ack.seq, seq);
}

START_TEST(acks_come_out_in_order_and_what_is_none_does_not)
{
	struct command_ack ack;
	ck_assert(!admit("ack", "{\"db\":\"" DB "\",\"seq\":7}"));
	ck_assert(!admit("ack", "{\"db\":\"" DB "\",\"seq\":0}"));
	ck_assert(!admit("ack", "{\"db\":\"" DB "\",\"seq\":\"8\"}"));
	ck_assert(!admit("ack", "{\"db\":\"" DB "\",\"seq\":8,\"more\":1}"));
	ck_assert(!admit("ack", "{\"db\":\"other\",\"seq\":8}"));
	ck_assert(!admit("ack", "{\"db\":\"" DB "0\",\"seq\":8}"));
	ck_assert(!admit("ack", "{\"db\":\"%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%\",\"seq\":8}"));
	ck_assert(!admit("ack", ""));
	ck_assert(!admit("ack", "{\"seq\": 9, \"db\": \"" EARLIER "\"}"));
	expect_ack(DB, 7);
	expect_ack(EARLIER, 9);
	ck_assert(!gate_next_ack(gate, &ack));
	ck_assert_uint_eq(gate_dropped(gate), 0);
}
END_TEST

static void *write_acks(void *arg)
{
	char payload[128];
	for (int i = 0; i < EACH; i++) {
		snprintf(payload, sizeof(payload), "{\"db\":\"" DB "\",\"seq\":%d}", i + 1);
		gate_take(arg, "ack", false, payload, (int)strlen(payload));
		gate_take(arg, "receipt", false, "{}", 2);
	}
	return NULL;
}

START_TEST(many_threads_may_knock_while_one_takes_what_came)
{
	pthread_t threads[WRITERS];
	struct command_ack ack;
	int n = 0;
	for (int i = 0; i < WRITERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_acks, gate), 0);
	while (n < WRITERS * EACH)
		n += gate_next_ack(gate, &ack);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert(!gate_next_ack(gate, &ack));
	ck_assert_uint_gt(gate_dropped(gate), 0);
}
END_TEST

static void hear(const char *station, const char *topic, bool retained, const char *text)
{
	gate_hear(gate, &(struct mqtt_told){station, topic, retained, text, (int)strlen(text)});
}

START_TEST(a_word_of_a_station_of_the_roster_is_kept_and_no_other)
{
	static const char reply[] = "{\"command\":\"d-1\",\"kind\":\"directive\","
				    "\"outcome\":\"refused\",\"why\":\"counter: 1\"}";
	struct station_word word;
	hear("p-9", "state", false, "{\"state\":\"online\",\"boot\":\"a\"}");
	hear("p-1", "health", false, "{\"state\":\"online\",\"boot\":\"a\"}");
	hear("p-1", "state", false, "{\"state\":\"asleep\"}");
	hear("p-1", "state", false, "{\"state\":");
	hear("p-1", "reply", false, "{\"command\":\"d-1\",\"outcome\":\"accepted\"}");
	ck_assert(!gate_next_word(gate, &word));
	hear("m-1", "state", true, "{\"state\":\"online\",\"boot\":\"a\"}");
	hear("p-1", "reply", false, reply);
	ck_assert(gate_next_word(gate, &word) && word.kind == STATION_ONLINE);
	ck_assert_str_eq(word.station, "m-1");
	ck_assert(gate_next_word(gate, &word) && word.kind == STATION_REPLIED);
	ck_assert(word.refused && word.passes && word.of == COMMAND_DIRECTIVE);
	ck_assert_str_eq(word.command, "d-1");
	ck_assert(!gate_next_word(gate, &word));
}
END_TEST

START_TEST(what_the_broker_kept_or_says_in_its_name_is_no_sign_of_life_of_a_district)
{
	gate_free(gate);
	gate = gate_new(spool, &roster, "hetang");
	hear("hetang", "state", true, "{\"state\":\"online\",\"boot\":\"a\"}");
	hear("hetang", "state", false, "{\"state\":\"offline\",\"boot\":\"a\"}");
	hear("p-1", "aqi/now", false, "{}");
	ck_assert_int_eq(gate_heard_ms(gate), 0);
	hear("hetang", "aqi/now", false, "{}");
	ck_assert_int_gt(gate_heard_ms(gate), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("gate");
	TCase *tcase = tcase_create("gate");
	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, open_gate, close_gate);
	tcase_add_test(tcase, a_word_of_a_station_of_the_roster_is_kept_and_no_other);
	tcase_add_test(tcase,
		       what_the_broker_kept_or_says_in_its_name_is_no_sign_of_life_of_a_district);
	tcase_add_test(tcase, a_flood_of_one_kind_is_cut_and_another_kind_comes_in);
	tcase_add_test(tcase, what_is_too_large_or_of_no_known_kind_is_dropped_and_counted);
	tcase_add_test(tcase, large_commands_are_bounded_in_bytes);
	tcase_add_test(tcase, a_flood_of_large_receipts_keeps_no_forecast_and_no_directive_out);
	tcase_add_test(tcase,
		       forecasts_and_receipts_that_wait_leave_room_in_the_spool_to_directives);
	tcase_add_test(tcase,
		       a_receipt_has_2_kib_and_a_dust_window_a_review_and_a_resend_16_at_the_most);
	tcase_add_test(tcase, a_flood_of_hours_leaves_most_of_the_spool_to_commands);
	tcase_add_test(tcase, small_hours_fill_no_more_of_the_spool_than_large_ones);
	tcase_add_test(tcase, who_is_no_assessment_point_of_the_roster_takes_no_place_in_the_spool);
	tcase_add_test(tcase, a_flood_of_hours_that_are_taken_at_once_has_a_rate_too);
	tcase_add_test(tcase, acks_come_out_in_order_and_what_is_none_does_not);
	tcase_add_test(tcase, many_threads_may_knock_while_one_takes_what_came);
	suite_add_tcase(suite, tcase);
	return suite;
}
