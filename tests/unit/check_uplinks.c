/* SPDX-License-Identifier: MIT */
/* HJ 212: what waits for a platform, what answers it, and what its values look like. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "hj212_part.h"
#include "line_ack.h"
#include "platform_body.h"
#include "unit.h"
#include "uplink.h"

#define P "bureau"
#define SPAN 400

static struct store *store;

static void open_tables(void)
{
	ck_assert_int_eq(store_open(unit_tmpdir(), &store), 0);
	ck_assert_int_eq(store_begin(store), 0);
}

static void close_tables(void)
{
	store_rollback(store);
	store = store_close(store);
}

static int64_t count_waiting(void)
{
	int64_t minutes = -1;
	ck_assert_int_eq(uplink_count(store, P, UPLINK_HOURS, &minutes), 0);
	return minutes;
}

START_TEST(stretches_are_the_set_of_their_minutes_whatever_is_added_and_dropped)
{
	static bool waits[SPAN + 1];

	memset(waits, 0, sizeof(waits));
	for (int i = 0; i < 600; i++) {
		int a = (int)(unit_random() % SPAN), b = (int)(unit_random() % SPAN);
		const struct uplink_stretch stretch = {a < b ? a : b, a < b ? b : a};
		bool adds = unit_random() % 2 == 0;
		int64_t given_up = 0, total = 0;
		ck_assert_int_eq(adds ? uplink_wait(store, P, UPLINK_HOURS, stretch, &given_up)
				      : uplink_drop(store, P, UPLINK_HOURS, stretch),
				 0);
		ck_assert_int_eq(given_up, 0);
		for (int64_t m = stretch.after + 1; m <= stretch.upto; m++)
			waits[m] = adds;
		for (int m = 1; m <= SPAN; m++) {
			bool is = false;
			total += waits[m];
			if (m % 37 != i % 37)
				continue; /* each, by and by */
			ck_assert_int_eq(uplink_is_waiting(store, P, UPLINK_HOURS, m, &is), 0);
			ck_assert_int_eq(is, waits[m]);
		}
		ck_assert_int_eq(count_waiting(), total);
	}
}
END_TEST

START_TEST(too_many_stretches_cost_the_oldest_which_are_counted)
{
	int64_t given_up = 0;
	for (int64_t i = 0; i < UPLINK_STRETCHES_MAX + 10; i++)
		ck_assert_int_eq(uplink_wait(store, P, UPLINK_HOURS,
					     (struct uplink_stretch){i * 10, i * 10 + 4},
					     &given_up),
				 0);
	struct uplink_stretch top = {0, 0};
	ck_assert_int_eq(given_up, 40);
	ck_assert_int_eq(count_waiting(), UPLINK_STRETCHES_MAX * 4);
	ck_assert_int_eq(uplink_top(store, P, UPLINK_HOURS, &top), 0);
	ck_assert_int_eq(top.upto, (UPLINK_STRETCHES_MAX + 9) * 10 + 4);
}
END_TEST

START_TEST(a_message_is_kept_word_for_word_until_its_end_and_a_platform_is_forgotten_whole)
{
	static struct uplink_message message, again, sent[UPLINK_SENT_MAX];
	const char *const names[] = {"other"};
	int n = -1;
	message =
		(struct uplink_message){.qn = 7, .period = 60, .kind = UPLINK_DAYS, .again = true};
	strcpy(message.body, "DataTime=20260301000000;a34004-Avg=35,a34004-Flag=N");
	ck_assert_int_eq(uplink_put(store, P, &(struct uplink){.qn = 7}), 0);
	ck_assert_int_eq(uplink_send(store, P, &message), 0);
	ck_assert_int_eq(uplink_tried(store, P, 7, 3), 0);
	ck_assert_int_eq(uplink_message(store, P, 7, &again), 0);
	ck_assert_str_eq(again.body, message.body);
	ck_assert_int_eq(again.kind, UPLINK_DAYS);
	ck_assert_int_eq(again.tries, 3);
	ck_assert(again.again);
	ck_assert_int_eq(uplink_sent(store, P, sent, &n), 0);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(uplink_keep(store, names, 1), 0);
	ck_assert_int_eq(uplink_sent(store, P, sent, &n), 0);
	ck_assert_int_eq(n, 0);
	ck_assert_int_eq(uplink_get(store, P, &(struct uplink){0}), STORE_E_NONE);
}
END_TEST

START_TEST(a_correction_of_an_hour_is_noted_once_and_its_first_writing_is_not)
{
	int64_t hour = 0;
	ck_assert_int_eq(db_run(&store->state,
				"INSERT INTO hours (hour, pollutant, mean_milli, valid, quality,"
				" covered_ms, samples, time_quality, crc) VALUES (9, 'pm25', 1, 1,"
				" 'N', 3600000, 60, 'synchronised', 1)"),
			 0);
	ck_assert_int_eq(uplink_revised(store, &hour), STORE_E_NONE);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(db_run(&store->state, "UPDATE hours SET rev = rev + 1"), 0);
	ck_assert_int_eq(uplink_revised(store, &hour), 0);
	ck_assert_int_eq(hour, 9);
	ck_assert_int_eq(uplink_forget_revised(store, 9), 0);
	ck_assert_int_eq(uplink_revised(store, &hour), STORE_E_NONE);
}
END_TEST

/* ---- answers ---- */

#define QN "20260301090000123"
#define MN "010000A8900016F000169DC0"

static enum line_ack judge(const char *text, enum hj212_ack mode)
{
	static struct hj212_segment segment;
	hj212_segment_read((const uint8_t *)text, strlen(text), &segment);
	return line_ack_judge(&segment, mode, QN, MN, 2061);
}

START_TEST(an_answer_counts_by_qn_mn_and_cn_alone)
{
	static const struct {
		const char *text;
		enum line_ack standard, lenient;
	} rows[] = {
		{"QN=" QN ";ST=91;CN=9014;PW=1;MN=" MN ";Flag=4;CP=&&&&", LINE_ACK_FITS,
		 LINE_ACK_FITS},
		{"QN=20260301090000124;ST=91;CN=9014;PW=1;MN=" MN ";Flag=4;CP=&&&&",
		 LINE_ACK_FOREIGN, LINE_ACK_FOREIGN},
		{"QN=" QN "0;ST=91;CN=9014;MN=" MN ";Flag=4;CP=&&&&", LINE_ACK_FOREIGN,
		 LINE_ACK_FOREIGN},
		{"QN=" QN ";ST=91;CN=9014;PW=1;MN=010000A8900016F000169DC1;Flag=4;CP=&&&&",
		 LINE_ACK_FOREIGN, LINE_ACK_FOREIGN},
		{"QN=" QN ";ST=91;CN=9014;PW=1;Flag=4;CP=&&&&", LINE_ACK_FOREIGN, LINE_ACK_FITS},
		{"QN=" QN ";ST=91;CN=9013;PW=1;MN=" MN ";Flag=4;CP=&&&&", LINE_ACK_NONE,
		 LINE_ACK_NONE},
		{"QN=" QN ";ST=22;CN=9014;PW=1;MN=" MN ";Flag=9;CP=&&QnRtn=1&&", LINE_ACK_FOREIGN,
		 LINE_ACK_FITS},
		{"QN=" QN ";ST=91;CN=9014;MN=" MN ";CP=&&QnRtn=2&&", LINE_ACK_FOREIGN,
		 LINE_ACK_FOREIGN},
		{"ST=91;CN=9014;CP=&&QN=" QN ";CN=2061&&", LINE_ACK_FOREIGN, LINE_ACK_FITS},
		{"ST=91;CN=9014;CP=&&QN=" QN ";CN=2051&&", LINE_ACK_FOREIGN, LINE_ACK_FOREIGN},
		{"ST=91;CN=9014;MN=" MN ";CP=&&&&", LINE_ACK_FOREIGN, LINE_ACK_FOREIGN},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(judge(rows[i].text, HJ212_ACK_STANDARD) == rows[i].standard, "%s",
			      rows[i].text);
		ck_assert_msg(judge(rows[i].text, HJ212_ACK_LENIENT) == rows[i].lenient, "%s",
			      rows[i].text);
	}
}
END_TEST

START_TEST(values_have_the_unit_and_the_decimals_of_the_profile)
{
	static const struct {
		int pollutant;
		const char *unit;
		int decimals;
		int32_t milli;
		const char *text;
	} rows[] = {
		{POLLUTANT_PM25, "ug/m3", 0, 35500, "36"},
		{POLLUTANT_PM25, "ug/m3", 0, 34500, "34"}, /* half to even */
		{POLLUTANT_PM25, "ug/m3", 3, 35001, "35.001"},
		{POLLUTANT_PM25, "mg/m3", 4, 52300, "0.0523"},
		{POLLUTANT_PM25, "ng/m3", 3, 75600, "75600.000"},
		{POLLUTANT_CO, "mg/m3", 3, 900, "0.900"},
		{POLLUTANT_CO, "ug/m3", 0, 900, "900"},
		{POLLUTANT_CO, "ng/m3", 0, INT32_MAX, "2147483647000"},
		{POLLUTANT_O3, "ug/m3", 1, -250, "-0.2"},
		{POLLUTANT_SO2, "ug/m3", 6, 1, "0.001000"},
	};
	char text[PLATFORM_VALUE_SIZE];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct hj212_factor factor = {.unit = rows[i].unit,
						    .pollutant = rows[i].pollutant,
						    .decimals = rows[i].decimals};
		platform_value_write(&factor, rows[i].milli, text);
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("uplinks");
	TCase *tables = tcase_create("tables");
	tcase_add_checked_fixture(tables, open_tables, close_tables);
	tcase_add_test(tables,
		       stretches_are_the_set_of_their_minutes_whatever_is_added_and_dropped);
	tcase_add_test(tables, too_many_stretches_cost_the_oldest_which_are_counted);
	tcase_add_test(
		tables,
		a_message_is_kept_word_for_word_until_its_end_and_a_platform_is_forgotten_whole);
	tcase_add_test(tables, a_correction_of_an_hour_is_noted_once_and_its_first_writing_is_not);
	suite_add_tcase(suite, tables);
	TCase *pure = tcase_create("answers");
	tcase_add_test(pure, an_answer_counts_by_qn_mn_and_cn_alone);
	tcase_add_test(pure, values_have_the_unit_and_the_decimals_of_the_profile);
	suite_add_tcase(suite, pure);
	return suite;
}
