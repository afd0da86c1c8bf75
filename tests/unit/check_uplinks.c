/* SPDX-License-Identifier: MIT */
/* HJ 212: what waits for a platform, what answers it, and what its values look like. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auxiliaries.h"
#include "db.h"
#include "hj212_part.h"
#include "hours.h"
#include "line_ack.h"
#include "platforms_inside.h"
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

/* ---- damage ---- */

static void change_file(const char *sql)
{
	ck_assert_msg(db_run(&store->state, sql) == 0, "%s", sql);
}

static int64_t ask_store(const char *sql)
{
	int64_t value = -1;
	ck_assert_int_eq(db_read_number(&store->state, sql, &value), 0);
	return value;
}

static int n_lost;

static int take_lost(void *ctx, const char *platform, enum uplink_kind kind, int64_t period)
{
	(void)ctx;
	ck_assert_str_eq(platform, P);
	ck_assert_int_eq(kind, UPLINK_DAYS);
	ck_assert_int_eq(period, 120);
	n_lost++;
	return 0;
}

static void damage_tables(void)
{
	change_file("INSERT INTO uplink_waiting VALUES ('" P "', 2061, -5, 9), ('" P "', 2061, 500,"
		    " 400), ('" P "', 2061, 600, 9223372036854775807)");
	change_file("INSERT INTO uplink_sent VALUES ('" P "', 8, 2031, 120, 0, -1, 'x'),"
		    " ('" P "', -9, 7, 120, 0, 1, 'x'), ('" P "', 10, 2061, -1, 0, 1, 'x')");
	change_file("INSERT INTO uplink_revised VALUES (-3), (99999999999)");
	change_file("UPDATE uplinks SET qn = -1, minutes = 7");
}

static void read_tables(void)
{
	static struct uplink_message sent[UPLINK_SENT_MAX];
	struct uplink_stretch top = {0, 0};
	struct uplink uplink = {.qn = 1};
	int64_t hour = 0;
	int n = -1;
	ck_assert_int_eq(uplink_top(store, P, UPLINK_HOURS, &top), 0);
	ck_assert_int_eq(top.upto, 120);
	ck_assert_int_eq(count_waiting(), 60);
	ck_assert_int_eq(uplink_sent(store, P, sent, &n), 0);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(sent[0].qn, 7);
	ck_assert_int_eq(uplink_message(store, P, 8, &sent[0]), STORE_E_NONE);
	ck_assert_int_eq(uplink_revised(store, &hour), STORE_E_NONE);
	ck_assert_int_eq(uplink_get(store, P, &uplink), 0);
	ck_assert_int_eq(uplink.qn, 0);
	ck_assert_int_eq(uplink.minutes, 0);
	ck_assert_int_eq(uplink.given_up, 3);
}

START_TEST(damaged_rows_stand_in_nobodys_way_and_go_and_are_counted_once)
{
	static const struct uplink_message message = {.qn = 7, .period = 60, .body = "x"};
	const char *newest;
	int64_t given_up = 0;
	ck_assert_int_eq(uplink_put(store, P, &(struct uplink){.qn = 7, .given_up = 3}), 0);
	ck_assert_int_eq(
		uplink_wait(store, P, UPLINK_HOURS, (struct uplink_stretch){60, 120}, &given_up),
		0);
	ck_assert_int_eq(uplink_send(store, P, &message), 0);
	damage_tables();
	for (int i = 0; i < 2; i++) {
		read_tables();
		ck_assert_int_eq(store_bad_rows(store, &newest), i == 0 ? 1 : 9);
		ck_assert_int_eq(uplink_set_aside(store, NULL, take_lost), 0);
	}
	ck_assert_int_eq(n_lost, 1);
	ck_assert_int_eq(ask_store("SELECT count(*) FROM uplink_waiting"), 1);
	ck_assert_int_eq(ask_store("SELECT count(*) FROM uplink_sent"), 1);
	ck_assert_int_eq(ask_store("SELECT count(*) FROM uplink_revised"), 0);
}
END_TEST

START_TEST(how_far_a_platform_is_can_be_inferred_where_that_row_is_damaged)
{
	const struct uplink uplink = {.qn = 7, .acked_ms = 120 * MINUTE_MS};
	int64_t upto = 0, given_up = 0;
	ck_assert_int_eq(uplink_put(store, P, &uplink), 0);
	ck_assert_int_eq(uplink_put_newest(store, P, UPLINK_HOURS, 300), 0);
	change_file("UPDATE uplink_newest SET upto = -1");
	ck_assert_int_eq(uplink_newest(store, P, UPLINK_HOURS, &upto), 0);
	ck_assert_int_eq(upto, 120);
	ck_assert_int_eq(
		uplink_wait(store, P, UPLINK_HOURS, (struct uplink_stretch){120, 240}, &given_up),
		0);
	ck_assert_int_eq(uplink_newest(store, P, UPLINK_HOURS, &upto), 0);
	ck_assert_int_eq(upto, 240);
}
END_TEST

/* ---- the queue ---- */

#define HOUR INT64_C(493192)

static struct conf conf;
static struct platforms all;
static const struct platform_conf hourly = {.name = P, .hours = true, .minutes_days = 7};

static void open_queue(void)
{
	open_tables();
	all = (struct platforms){.store = store, .conf = &conf, .n = 1};
	all.all[0].conf = &hourly;
	ck_assert_int_eq(uplink_put_newest(store, P, UPLINK_HOURS, (HOUR - 1) * 60), 0);
}

static void store_hour(int64_t hour)
{
	const struct hour_mean mean = {.valid = true,
				       .mean_milli = 35000,
				       .covered_ms = HOUR_MS,
				       .quality = QUALITY_NORMAL,
				       .samples = 60};
	ck_assert_int_eq(hours_put(store, hour, POLLUTANT_PM25, &mean, TIME_SYNCHRONISED), 0);
}

static int64_t advance(int64_t now_ms)
{
	ck_assert_int_eq(platform_advance(&all, &all.all[0], now_ms), 0);
	return count_waiting();
}

START_TEST(an_hour_that_was_sent_does_not_wait_again_after_a_clock_is_set_back)
{
	store_hour(HOUR);
	ck_assert_int_eq(advance(HOUR * HOUR_MS + 500), 60);
	ck_assert_int_eq(
		uplink_drop(store, P, UPLINK_HOURS, (struct uplink_stretch){0, INT64_MAX / 2}), 0);
	ck_assert_int_eq(advance(HOUR * HOUR_MS - 500), 0);
	ck_assert_int_eq(advance(HOUR * HOUR_MS + 1500), 0);
	store_hour(HOUR + 1);
	ck_assert_int_eq(advance((HOUR + 1) * HOUR_MS), 60);
}
END_TEST

START_TEST(hours_that_have_never_been_are_sent_no_more_and_wait_when_they_are)
{
	static const struct uplink_message message = {.qn = 7, .period = HOUR * 60, .body = "x"};
	static struct uplink_message sent[UPLINK_SENT_MAX];
	int n = -1;
	store_hour(HOUR - 1);
	store_hour(HOUR);
	ck_assert_int_eq(advance(HOUR * HOUR_MS), 60);
	ck_assert_int_eq(uplink_send(store, P, &message), 0);
	ck_assert_int_eq(hours_withdraw(store, HOUR), 0);
	ck_assert_int_eq(advance((HOUR - 1) * HOUR_MS + 9), 0);
	ck_assert_int_eq(uplink_sent(store, P, sent, &n), 0);
	ck_assert_int_eq(n, 0);
	store_hour(HOUR);
	ck_assert_int_eq(advance(HOUR * HOUR_MS), 60);
}
END_TEST

static int count_sent(void)
{
	static struct uplink_message sent[UPLINK_SENT_MAX];
	int n = -1;
	ck_assert_int_eq(uplink_sent(store, P, sent, &n), 0);
	return n;
}

static void store_minute(int64_t minute, int32_t covered_ms)
{
	char sql[256];
	ck_assert_int_eq(
		db_run(&store->samples, "INSERT OR IGNORE INTO channels (name) VALUES ('x/pm25')"),
		0);
	snprintf(sql, sizeof(sql),
		 "INSERT INTO minutes (minute, channel, weighted, covered_ms, samples, normal)"
		 " VALUES (%lld, (SELECT id FROM channels WHERE name = 'x/pm25'), %lld, %d, 1, 1)",
		 (long long)minute, 35000LL * covered_ms, covered_ms);
	ck_assert_int_eq(db_run(&store->samples, sql), 0);
}

static struct conf logging = {
	.n_channels = 1,
	.channels = {{.id = "x/pm25", .pollutant = POLLUTANT_PM25, .logged = true}}};

START_TEST(minutes_wait_for_the_data_loggers_of_the_station)
{
	static const struct platform_conf minutely = {
		.name = P, .minutes = true, .minutes_days = 7, .minute_interval = 1};
	const int64_t first = HOUR * 60;
	int64_t waiting = 0;
	all.conf = &logging;
	all.all[0].conf = &minutely;
	ck_assert_int_eq(uplink_put_newest(store, P, UPLINK_MINUTES, first), 0);
	store_minute(first, MINUTE_MS);
	advance((first + 1) * MINUTE_MS + 30000);
	ck_assert_int_eq(uplink_count(store, P, UPLINK_MINUTES, &waiting), 0);
	ck_assert_int_eq(waiting, 0);
	advance((first + 1) * MINUTE_MS + 60000);
	ck_assert_int_eq(uplink_count(store, P, UPLINK_MINUTES, &waiting), 0);
	ck_assert_int_eq(waiting, 1);
}
END_TEST

START_TEST(an_hour_that_a_data_logger_told_alone_is_no_minute)
{
	static const struct hj212_profile profile = {
		.n_factors = 1,
		.factors = {{.code = "a34004", .unit = "ug/m3", .pollutant = POLLUTANT_PM25}}};
	static const struct platform_conf platform = {.profile = &profile};
	static struct platform_body body;
	const struct platform_source source = {store, &logging, &platform};
	store_minute(HOUR * 60 - 2, MINUTE_MS);
	store_minute(HOUR * 60 - 1, HOUR_MS);
	ck_assert_int_eq(platform_body_period(&source, UPLINK_MINUTES, HOUR * 60 - 1, 1, &body), 0);
	ck_assert_int_eq(body.n_factors, 1);
	ck_assert_int_eq(platform_body_period(&source, UPLINK_MINUTES, HOUR * 60, 1, &body), 0);
	ck_assert_int_eq(body.n_factors, 0);
}
END_TEST

START_TEST(a_correction_takes_the_place_of_what_has_no_acknowledgement_yet)
{
	static const struct platform_conf resends = {
		.name = P, .hours = true, .revised = PLATFORM_REVISED_RESEND};
	static const struct uplink_message message = {.qn = 7, .period = HOUR * 60, .body = "old"};
	all.all[0].conf = &resends;
	store_hour(HOUR);
	ck_assert_int_eq(advance(HOUR * HOUR_MS), 60);
	ck_assert_int_eq(
		uplink_drop(store, P, UPLINK_HOURS, (struct uplink_stretch){0, INT64_MAX / 2}), 0);
	ck_assert_int_eq(uplink_send(store, P, &message), 0);
	ck_assert_int_eq(db_run(&store->state, "UPDATE hours SET rev = rev + 1"), 0);
	ck_assert_int_eq(platforms_revise(&all), 0);
	ck_assert_int_eq(count_sent(), 0);
	ck_assert_int_eq(count_waiting(), 60);
}
END_TEST

static struct platform_conf late_conf = {
	.name = P, .minutes = true, .minutes_days = 7, .minute_interval = 5};

/* Up to an hour's end all is passed. */
static void begin_late(enum platform_revised revised)
{
	late_conf.revised = (int)revised;
	all.conf = &logging;
	all.all[0].conf = &late_conf;
	ck_assert_int_eq(uplink_put_newest(store, P, UPLINK_MINUTES, HOUR * 60), 0);
}

static void note(enum uplink_kind kind, int64_t first, int64_t last)
{
	int64_t given_up = 0;
	ck_assert_int_eq(
		uplink_wait(store, P, kind, (struct uplink_stretch){first, last}, &given_up), 0);
}

static int64_t minutes_that_wait(bool quiet)
{
	int64_t minutes = -1;
	if (quiet)
		all.all[0].late_ms -= 60000;
	ck_assert_int_eq(platform_late(&all, &all.all[0], HOUR * HOUR_MS), 0);
	ck_assert_int_eq(uplink_count(store, P, UPLINK_MINUTES, &minutes), 0);
	return minutes;
}

START_TEST(late_minutes_of_a_period_of_which_nothing_was_sent_wait_when_no_more_of_it_comes)
{
	const int64_t t = HOUR * 60 - 60;
	begin_late(PLATFORM_REVISED_NEVER);
	for (int64_t minute = t + 3; minute < t + 12; minute++)
		store_minute(minute, MINUTE_MS);
	note(UPLINK_LATE, t + 3, t + 12);
	ck_assert_int_eq(minutes_that_wait(false), 5); /* the one that is whole */
	ck_assert_int_eq(minutes_that_wait(false), 5);
	store_minute(t + 2, MINUTE_MS);
	note(UPLINK_LATE, t + 2, t + 3);
	ck_assert_int_eq(minutes_that_wait(true), 5);
	ck_assert_int_eq(minutes_that_wait(true), 15);
	ck_assert_int_eq(ask_store("SELECT count(*) FROM uplink_waiting WHERE cn < 2000"), 0);
	note(UPLINK_LATE, HOUR * 60, HOUR * 60 + 5); /* not passed: it goes when it is over */
	ck_assert_int_eq(minutes_that_wait(false), 15);
}
END_TEST

START_TEST(a_late_part_of_a_period_that_was_sent_changes_it_and_counts_where_that_is_wanted)
{
	const int64_t t = HOUR * 60 - 60;
	for (int revised = PLATFORM_REVISED_NEVER; revised <= PLATFORM_REVISED_RESEND; revised++) {
		begin_late((enum platform_revised)revised);
		if (revised == PLATFORM_REVISED_NEVER)
			store_minute(t, MINUTE_MS);
		note(UPLINK_LATE, t + 2, t + 4);
		ck_assert_int_eq(minutes_that_wait(false), 0);
		ck_assert_int_eq(minutes_that_wait(true),
				 revised == PLATFORM_REVISED_RESEND ? 5 : 0);
	}
	note(UPLINK_OTHERWISE, t + 11, t + 12);
	ck_assert_int_eq(minutes_that_wait(false), 10);
}
END_TEST

START_TEST(a_period_that_came_late_in_pieces_was_not_sent)
{
	const int64_t t = HOUR * 60 - 60;
	begin_late(PLATFORM_REVISED_NEVER);
	for (int minute = 0; minute < 10; minute++) {
		if (minute != 2 && minute != 7)
			store_minute(t + minute, MINUTE_MS);
	}
	note(UPLINK_LATE, t, t + 2);
	note(UPLINK_LATE, t + 3, t + 7);
	note(UPLINK_LATE, t + 9, t + 10); /* t + 8 was sent */
	ck_assert_int_eq(minutes_that_wait(false), 0);
	ck_assert_int_eq(minutes_that_wait(true), 5);
	ck_assert_int_eq(ask_store("SELECT count(*) FROM uplink_waiting WHERE cn < 2000"), 0);
}
END_TEST

START_TEST(a_period_that_is_late_in_part_is_not_held_back_for_ever_by_others)
{
	const int64_t t = HOUR * 60 - 60;
	begin_late(PLATFORM_REVISED_NEVER);
	for (int minute = 1; minute < 13; minute++) {
		store_minute(t + minute, MINUTE_MS);
		note(UPLINK_LATE, t + minute, t + minute + 1);
		if (minute == 12)
			all.all[0].late_held_ms -= 3600000;
		/* its first minute never comes; the third period may get more */
		ck_assert_int_eq(minutes_that_wait(false), minute == 12 ? 10 : minute > 8 ? 5 : 0);
	}
	ck_assert_int_eq(ask_store("SELECT sum(upto - after) FROM uplink_waiting WHERE cn < 2000"),
			 3);
}
END_TEST

START_TEST(late_minutes_that_are_too_old_are_given_up)
{
	const int64_t old = HOUR * 60 - 8 * 1440;
	begin_late(PLATFORM_REVISED_NEVER);
	store_minute(old, MINUTE_MS);
	note(UPLINK_LATE, old, old + 10);
	ck_assert_int_eq(minutes_that_wait(false), 0);
	ck_assert_int_eq(all.all[0].uplink.given_up, 2);
}
END_TEST

/* The last n hours of a day are valid, with their number in it as the value; the others are not,
 * and higher than any. */
static void put_hours(int64_t day_end, enum pollutant pollutant, int n)
{
	for (int i = 1; i <= 24; i++) {
		const struct hour_mean mean = {.valid = i > 24 - n,
					       .mean_milli = i > 24 - n ? i * 1000 : 900000,
					       .covered_ms = HOUR_MS,
					       .quality =
						       i > 24 - n ? QUALITY_NORMAL : QUALITY_FAULT,
					       .samples = 60};
		ck_assert_int_eq(hours_put(store, day_end / 60 - 24 + i, pollutant, &mean,
					   TIME_SYNCHRONISED),
				 0);
	}
}

START_TEST(a_day_is_of_its_valid_hours_and_with_fewer_than_twenty_left_out_or_flagged)
{
	static const struct hj212_profile profile = {
		.n_factors = 2,
		.factors = {{.code = "a34004", .unit = "ug/m3", .pollutant = POLLUTANT_PM25},
			    {.code = "a05024", .unit = "ug/m3", .pollutant = POLLUTANT_O3}}};
	static const struct conf two = {.n_channels = 2,
					.channels = {{.id = "x/pm25", .pollutant = POLLUTANT_PM25},
						     {.id = "x/o3", .pollutant = POLLUTANT_O3}}};
	static struct platform_conf platform = {.profile = &profile};
	static struct platform_body body;
	const struct platform_source source = {store, &two, &platform};
	const int64_t end = INT64_C(493192) * 60; /* 2026-04-07 00:00 in Beijing */
	put_hours(end, POLLUTANT_PM25, 20);
	put_hours(end, POLLUTANT_O3, 19);
	ck_assert_int_eq(platform_body_period(&source, UPLINK_DAYS, end, 1440, &body), 0);
	ck_assert_str_eq(body.text, "DataTime=20260406000000;a34004-Min=5,a34004-Avg=14,"
				    "a34004-Max=24,a34004-Flag=N");
	platform.few_hours = PLATFORM_FLAG;
	ck_assert_int_eq(platform_body_period(&source, UPLINK_DAYS, end, 1440, &body), 0);
	ck_assert_str_eq(body.text, "DataTime=20260406000000;a34004-Min=5,a34004-Avg=14,"
				    "a34004-Max=24,a34004-Flag=N;a05024-Min=6,a05024-Avg=15,"
				    "a05024-Max=24,a05024-Flag=D");
}
END_TEST

START_TEST(a_qn_rises_and_does_not_stay_with_a_clock_that_was_ahead)
{
	const int64_t now_ms = HOUR * HOUR_MS;
	struct platform *platform = &all.all[0];
	ck_assert_int_eq(platform_new_qn(platform, now_ms), now_ms);
	ck_assert_int_eq(platform_new_qn(platform, now_ms), now_ms + 1);
	ck_assert_int_eq(platform_new_qn(platform, now_ms - 60000), now_ms + 2);
	ck_assert_int_eq(platform_new_qn(platform, now_ms + 9), now_ms + 9);
	platform->uplink.qn = INT64_MAX;
	ck_assert_int_eq(platform_new_qn(platform, now_ms + 10), now_ms + 10);
}
END_TEST

static void fail_once(int tries)
{
	all.all[0].job = (struct platform_job){.what = JOB_PERIOD, .qn = 7, .tries = tries};
	ck_assert_int_eq(platform_failed(&all, &all.all[0]), 0);
}

START_TEST(a_message_is_given_up_for_ten_failures_among_others_and_none_of_a_dead_platform)
{
	static const struct uplink_message message = {.qn = 7, .period = HOUR * 60, .body = "x"};
	struct platform *platform = &all.all[0];
	int tries = 0;
	ck_assert_int_eq(uplink_send(store, P, &message), 0);
	for (; tries < 30; tries++)
		fail_once(tries);
	ck_assert_int_ne(platform->parked[0].not_before_ms, 0);
	platform_got_through(platform);
	ck_assert_int_eq(platform->parked[0].not_before_ms, 0); /* it goes at once */
	for (int i = 1; i < 10; i++) {
		fail_once(tries++);
		ck_assert_int_eq(count_sent(), 1);
		platform_got_through(platform);
	}
	ck_assert_int_ne(platform->parked[0].not_before_ms, 0); /* it is to blame itself */
	fail_once(tries);
	ck_assert_int_eq(count_sent(), 0);
	ck_assert_int_eq(platform->uplink.given_up, 1);
}
END_TEST

/* ---- answers ---- */

#define QN "20260301090000123"
#define MN "010000A8900016F000169DC0"

static enum line_ack judge_ack(const char *text, enum hj212_ack mode)
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
		{"QN=" QN ";CN=9014;PW=1;MN=" MN ";Flag=4;CP=&&&&", LINE_ACK_FOREIGN,
		 LINE_ACK_FITS},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(judge_ack(rows[i].text, HJ212_ACK_STANDARD) == rows[i].standard, "%s",
			      rows[i].text);
		ck_assert_msg(judge_ack(rows[i].text, HJ212_ACK_LENIENT) == rows[i].lenient, "%s",
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

/* ---- beside the pollutants ---- */

#define DAY_END (INT64_C(493192) * 60) /* 2026-04-07 00:00 in Beijing, minutes */

static const struct hj212_profile beside = {.edition = HJ212_2017,
					    .n_factors = 6,
					    .factors = {{.code = "a01001",
							 .unit = "°C",
							 .pollutant = -1,
							 .decimals = 1,
							 .auxiliary = AUXILIARY_TEMPERATURE},
							{.code = "a01006",
							 .unit = "kPa",
							 .pollutant = -1,
							 .decimals = 3,
							 .auxiliary = AUXILIARY_PRESSURE},
							{.code = "a01008",
							 .unit = "°",
							 .pollutant = -1,
							 .decimals = 0,
							 .auxiliary = AUXILIARY_WIND_DIRECTION},
							{.code = "LA",
							 .unit = "dB",
							 .pollutant = -1,
							 .decimals = 1,
							 .auxiliary = AUXILIARY_NOISE},
							{.code = "a34001",
							 .unit = "ug/m3",
							 .pollutant = -1, /* not measured here */
							 .auxiliary = AUXILIARY_TSP},
							{.code = "a06001",
							 .unit = "mm",
							 .pollutant = -1,
							 .decimals = 1,
							 .auxiliary = AUXILIARY_RAIN}}};
static const struct platform_conf beside_platform = {.profile = &beside};

static void open_beside(void)
{
	static const enum auxiliary measured[] = {AUXILIARY_TEMPERATURE, AUXILIARY_PRESSURE,
						  AUXILIARY_WIND_DIRECTION, AUXILIARY_NOISE,
						  AUXILIARY_RAIN};
	open_tables();
	ck_assert_int_eq(store_samples_begin(store), 0);
	conf = (struct conf){.n_auxiliaries = 5};
	for (int i = 0; i < 5; i++)
		conf.channels[i] = (struct channel_conf){.pollutant = POLLUTANT_COUNT,
							 .auxiliary = measured[i]};
}

static void close_beside(void)
{
	ck_assert_int_eq(store_samples_commit(store), 0);
	close_tables();
}

static void put_hour(int64_t end, enum auxiliary auxiliary, int32_t milli, enum quality quality)
{
	const struct auxiliary_mean mean = {.auxiliary = auxiliary,
					    .at = end,
					    .known = quality == QUALITY_NORMAL,
					    .milli = milli,
					    .covered_ms = HOUR_MS,
					    .quality = quality,
					    .samples = 60,
					    .time_quality = TIME_SYNCHRONISED};
	ck_assert_int_eq(auxiliaries_put_hour(store, &mean), 0);
}

/* Half of them quiet, half of them loud; the first `bad` ones are none. */
static void put_day(int bad)
{
	for (int i = 0; i < 24; i++) {
		int64_t end = DAY_END / 60 - 23 + i;
		enum quality quality = i < bad ? QUALITY_FAULT : QUALITY_NORMAL;
		put_hour(end, AUXILIARY_TEMPERATURE, -3450 + (i % 2) * 100, quality);
		put_hour(end, AUXILIARY_PRESSURE, 1013250, quality);
		put_hour(end, AUXILIARY_NOISE, i % 2 ? 60000 : 50000, quality);
		put_hour(end, AUXILIARY_WIND_DIRECTION, 315000, quality);
	}
}

static const char *body_of(enum uplink_kind kind, int64_t end, int minutes)
{
	static struct platform_body body;
	const struct platform_source source = {store, &conf, &beside_platform};
	ck_assert_int_eq(platform_body_period(&source, kind, end, minutes, &body), 0);
	return body.text;
}

START_TEST(what_is_measured_beside_the_pollutants_goes_out_in_the_profiles_unit)
{
	put_day(0);
	ck_assert_str_eq(body_of(UPLINK_HOURS, DAY_END, 60),
			 "DataTime=20260406230000;a01001-Avg=-3.4,a01001-Flag=N;"
			 "a01006-Avg=101.325,a01006-Flag=N;a01008-Avg=315,a01008-Flag=N;"
			 "LA-Avg=60.0,LA-Flag=N");
	put_hour(DAY_END / 60, AUXILIARY_NOISE, 0, QUALITY_FAULT);
	ck_assert_ptr_nonnull(strstr(body_of(UPLINK_HOURS, DAY_END, 60), ";LA-Flag=D"));
}
END_TEST

START_TEST(a_day_of_noise_is_the_mean_of_its_energy_and_wind_has_none)
{
	put_day(0);
	ck_assert_str_eq(body_of(UPLINK_DAYS, DAY_END, 1440),
			 "DataTime=20260406000000;"
			 "a01001-Min=-3.4,a01001-Avg=-3.4,a01001-Max=-3.4,a01001-Flag=N;"
			 "a01006-Min=101.325,a01006-Avg=101.325,a01006-Max=101.325,a01006-Flag=N;"
			 "LA-Min=50.0,LA-Avg=57.4,LA-Max=60.0,LA-Flag=N");
}
END_TEST

START_TEST(rain_of_a_day_and_of_minutes_is_a_sum)
{
	for (int i = 0; i < 24; i++)
		put_hour(DAY_END / 60 - i, AUXILIARY_RAIN, i < 3 ? 1300 : 0, QUALITY_NORMAL);
	ck_assert_str_eq(body_of(UPLINK_DAYS, DAY_END, 1440),
			 "DataTime=20260406000000;a06001-Avg=3.9,a06001-Flag=N");
	ck_assert_str_eq(body_of(UPLINK_HOURS, DAY_END, 60),
			 "DataTime=20260406230000;a06001-Avg=1.3,a06001-Flag=N");
	const struct minute counter = {.weighted = 6553500};
	for (int i = 0; i < 5; i++) {
		const struct minute fallen = {
			.covered_ms = MINUTE_MS, .samples = 1, .counts = {1}, .weighted = 200};
		ck_assert_int_eq(auxiliaries_put_minute(store, DAY_END - 5 + i, AUXILIARY_RAIN,
							&fallen, &counter),
				 0);
	}
	ck_assert_str_eq(body_of(UPLINK_MINUTES, DAY_END, 5),
			 "DataTime=20260406235500;a06001-Avg=1.0,a06001-Flag=N");
}
END_TEST

START_TEST(a_day_of_fewer_than_twenty_valid_hours_says_nothing_of_them)
{
	put_day(5);
	ck_assert_str_eq(body_of(UPLINK_DAYS, DAY_END, 1440), "DataTime=20260406000000");
	put_day(4);
	ck_assert_ptr_nonnull(strstr(body_of(UPLINK_DAYS, DAY_END, 1440), "LA-Avg=57.4,"));
}
END_TEST

START_TEST(minutes_of_the_wind_are_the_mean_of_its_vectors_and_a_calm_says_nothing)
{
	const struct wind winds[] = {wind_parts(350000, 10000), wind_parts(10000, 10000)};
	for (int i = 0; i < 2; i++) {
		struct minute east = {.covered_ms = MINUTE_MS, .samples = 1, .counts = {1}};
		struct minute north = east;
		east.weighted = (int64_t)winds[i].east_milli * MINUTE_MS;
		north.weighted = (int64_t)winds[i].north_milli * MINUTE_MS;
		ck_assert_int_eq(auxiliaries_put_minute(store, DAY_END - 2 + i,
							AUXILIARY_WIND_DIRECTION, &east, &north),
				 0);
	}
	ck_assert_str_eq(body_of(UPLINK_MINUTES, DAY_END, 5),
			 "DataTime=20260406235500;a01008-Avg=0,a01008-Flag=N");
	const struct minute calm = {.covered_ms = MINUTE_MS, .samples = 1, .counts = {1}};
	ck_assert_int_eq(
		auxiliaries_put_minute(store, DAY_END, AUXILIARY_WIND_DIRECTION, &calm, &calm), 0);
	ck_assert_str_eq(body_of(UPLINK_MINUTES, DAY_END + 1, 1), "DataTime=20260407000000");
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
	tcase_add_test(tables, damaged_rows_stand_in_nobodys_way_and_go_and_are_counted_once);
	tcase_add_test(tables, how_far_a_platform_is_can_be_inferred_where_that_row_is_damaged);
	tcase_add_test(tables, a_correction_of_an_hour_is_noted_once_and_its_first_writing_is_not);
	suite_add_tcase(suite, tables);
	TCase *queue = tcase_create("queue");
	tcase_add_checked_fixture(queue, open_queue, close_tables);
	tcase_add_test(queue, an_hour_that_was_sent_does_not_wait_again_after_a_clock_is_set_back);
	tcase_add_test(queue, hours_that_have_never_been_are_sent_no_more_and_wait_when_they_are);
	tcase_add_test(queue, minutes_wait_for_the_data_loggers_of_the_station);
	tcase_add_test(queue, an_hour_that_a_data_logger_told_alone_is_no_minute);
	tcase_add_test(queue, a_correction_takes_the_place_of_what_has_no_acknowledgement_yet);
	tcase_add_test(
		queue,
		late_minutes_of_a_period_of_which_nothing_was_sent_wait_when_no_more_of_it_comes);
	tcase_add_test(
		queue,
		a_late_part_of_a_period_that_was_sent_changes_it_and_counts_where_that_is_wanted);
	tcase_add_test(queue, a_period_that_came_late_in_pieces_was_not_sent);
	tcase_add_test(queue, a_period_that_is_late_in_part_is_not_held_back_for_ever_by_others);
	tcase_add_test(queue, late_minutes_that_are_too_old_are_given_up);
	tcase_add_test(queue,
		       a_day_is_of_its_valid_hours_and_with_fewer_than_twenty_left_out_or_flagged);
	tcase_add_test(queue, a_qn_rises_and_does_not_stay_with_a_clock_that_was_ahead);
	tcase_add_test(
		queue,
		a_message_is_given_up_for_ten_failures_among_others_and_none_of_a_dead_platform);
	suite_add_tcase(suite, queue);
	TCase *others = tcase_create("beside");
	tcase_add_checked_fixture(others, open_beside, close_beside);
	tcase_add_test(others,
		       what_is_measured_beside_the_pollutants_goes_out_in_the_profiles_unit);
	tcase_add_test(others, rain_of_a_day_and_of_minutes_is_a_sum);
	tcase_add_test(others, a_day_of_noise_is_the_mean_of_its_energy_and_wind_has_none);
	tcase_add_test(others, a_day_of_fewer_than_twenty_valid_hours_says_nothing_of_them);
	tcase_add_test(others,
		       minutes_of_the_wind_are_the_mean_of_its_vectors_and_a_calm_says_nothing);
	suite_add_tcase(suite, others);
	TCase *pure = tcase_create("answers");
	tcase_add_test(pure, an_answer_counts_by_qn_mn_and_cn_alone);
	tcase_add_test(pure, values_have_the_unit_and_the_decimals_of_the_profile);
	suite_add_tcase(suite, pure);
	return suite;
}
