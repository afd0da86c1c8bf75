/* SPDX-License-Identifier: MIT */
/* What data loggers tell, in the engine: in any order, again, late, and among kills. */
#include <stdio.h>
#include <string.h>

#include "changed.h"
#include "db.h"
#include "full_disk.h"
#include "hours.h"
#include "pipeline.h"
#include "unit.h"
#include "uplink.h"

#define NOW_MS ((H + 10) * HOUR_MS + 5 * MINUTE_MS)
#define HOURS 6 /* that a random run is about: three are over, two open, one before the station */

static int pm25;

static void set_up(void)
{
	setup();
	disk_is_full = false;
	for (int c = 0; c < conf->n_channels; c++) {
		conf->channels[c].logged = true;
		if (conf->channels[c].pollutant == POLLUTANT_PM25)
			pm25 = c;
	}
	settle((H + 7) * HOUR_MS);
	settle(NOW_MS);
}

static struct logged minute_of(int64_t hour, int minute, int value)
{
	return (struct logged){.channel = pm25,
			       .start_ms = (hour - 1) * HOUR_MS + minute * MINUTE_MS,
			       .minutes = 1,
			       .has_raw = true,
			       .value_milli = value * 1000,
			       .raw_milli = value * 1000};
}

static struct logged whole_of(int64_t hour, int value)
{
	struct logged logged = minute_of(hour, 0, value);
	logged.minutes = HOUR_MINUTES;
	logged.whole = true;
	return logged;
}

static enum logged_fate tell(struct logged logged)
{
	ck_assert_int_eq(engine_log(engine, &logged, 1, NOW_MS, TIME_SYNCHRONISED), 0);
	return logged.fate;
}

static bool find_hour(int64_t hour, struct hour_mean *ret)
{
	int32_t rev;
	*ret = (struct hour_mean){0};
	return hours_get(store, hour, POLLUTANT_PM25, ret, &rev) == 0;
}

START_TEST(the_same_once_more_is_known_and_another_value_takes_its_place)
{
	struct hour_mean mean;
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 50)), LOGGED_NEW);
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 50)), LOGGED_AGAIN);
	killed();
	start();
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 50)), LOGGED_AGAIN);
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 51)), LOGGED_REVISED);
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 51)), LOGGED_AGAIN);
	for (int minute = 1; minute < 60; minute++)
		tell(minute_of(H + 9, minute, 51));
	ck_assert(find_hour(H + 9, &mean) && mean.valid);
	ck_assert_int_eq(mean.mean_milli, 51000);
	/* one that is flagged now */
	struct logged flagged = minute_of(H + 9, 7, 51);
	flagged.why = WHY_CALIBRATION;
	ck_assert_int_eq(tell(flagged), LOGGED_REVISED);
	ck_assert(find_hour(H + 9, &mean) && mean.covered_ms == 59 * MINUTE_MS);
}
END_TEST

START_TEST(an_hour_that_a_person_reviewed_is_not_changed_by_what_comes_late)
{
	struct hour_mean mean;
	for (int minute = 0; minute < 60; minute++)
		tell(minute_of(H + 8, minute, 70));
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_invalidate(store, H + 8, H + 8, POLLUTANT_PM25, true), 0);
	ck_assert_int_eq(store_commit(store), 0);
	ck_assert_int_eq(tell(minute_of(H + 8, 3, 900)), LOGGED_REVISED);
	ck_assert(find_hour(H + 8, &mean) && !mean.valid && mean.why == WHY_REVIEW);
}
END_TEST

START_TEST(while_the_disk_is_full_values_count_and_nobody_is_told_that_they_are_stored)
{
	struct hour_mean mean;
	struct logged logged = minute_of(H + 11, 0, 33);
	stand_before_the_disk();
	disk_is_full = true;
	ck_assert_int_ne(engine_log(engine, &logged, 1, NOW_MS, TIME_SYNCHRONISED), 0);
	logged = minute_of(H + 9, 0, 33);
	ck_assert_int_ne(engine_log(engine, &logged, 1, NOW_MS, TIME_SYNCHRONISED), 0);
	ck_assert(find_hour(H + 9, &mean) && mean.covered_ms == MINUTE_MS);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	settle(NOW_MS + MINUTE_MS);
	/* it comes again, is known, and may be answered */
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 33)), LOGGED_AGAIN);
	ck_assert_int_eq(tell(minute_of(H + 11, 0, 33)), LOGGED_AGAIN);
}
END_TEST

/* Where the disk refuses. */
static enum logged_fate tell_in_vain(struct logged logged)
{
	ck_assert_int_ne(engine_log(engine, &logged, 1, NOW_MS, TIME_SYNCHRONISED), 0);
	return logged.fate;
}

START_TEST(an_hour_that_memory_lacks_the_minutes_of_stays_until_the_disk_works)
{
	struct hour_mean mean;
	const struct logged other = minute_of(H + 2, 7, 110);
	for (int minute = 0; minute < 60; minute++)
		tell(minute_of(H + 2, minute, 50));
	for (int64_t hour = H + 7; hour <= H + 11; hour++)
		tell(minute_of(hour, 0, 40));
	stand_before_the_disk();
	disk_is_full = true;
	tell_in_vain(minute_of(H + 11, 1, 33));
	ck_assert_int_eq(tell_in_vain(other), LOGGED_WAITS);
	ck_assert(find_hour(H + 2, &mean) && mean.valid && mean.mean_milli == 50000);
	disk_is_full = false;
	ck_assert_int_eq(store_recover(store), 0);
	ck_assert_int_eq(tell(other), LOGGED_REVISED);
	ck_assert(find_hour(H + 2, &mean) && mean.valid && mean.mean_milli == 51000);
}
END_TEST

START_TEST(a_review_is_known_in_memory_too)
{
	bool reviewed = false;
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(db_run(&store->state,
				"INSERT INTO reviews (command, time, first_hour, last_hour,"
				" pollutants, restored, reason, reviewer) SELECT 'r', 1, max(hour),"
				" max(hour), 'pm25', 1, '', '' FROM hours"),
			 0);
	ck_assert_int_eq(store_commit(store), 0);
	stand_before_the_disk();
	disk_is_full = true;
	tell_in_vain(minute_of(H + 11, 1, 33));
	hours_keep_first(store, H);
	ck_assert(store_kept(store).state);
	ck_assert_int_eq(hours_is_reviewed(store, ask("SELECT max(hour) FROM hours"), &reviewed),
			 0);
	ck_assert(reviewed);
	disk_is_full = false;
}
END_TEST

static int64_t noted(const char *platform, enum uplink_kind kind)
{
	int64_t minutes = -1;
	ck_assert_int_eq(uplink_count(store, platform, kind, &minutes), 0);
	return minutes;
}

START_TEST(minutes_that_a_platform_may_have_passed_are_noted_for_it)
{
	conf->n_platforms = 3;
	conf->platforms[0] = (struct platform_conf){.name = "never", .minutes = true};
	conf->platforms[1] = (struct platform_conf){
		.name = "resend", .minutes = true, .revised = PLATFORM_REVISED_RESEND};
	conf->platforms[2] = (struct platform_conf){.name = "hours", .hours = true};
	tell(minute_of(H + 11, 4, 50)); /* just over */
	ck_assert_int_eq(noted("never", UPLINK_LATE), 0);
	tell(minute_of(H + 9, 0, 50));
	tell(minute_of(H + 9, 2, 50));
	tell(minute_of(H + 9, 2, 50));
	tell(minute_of(H + 9, 2, 51)); /* it goes as it is when it goes */
	tell(whole_of(H + 9, 51));
	ck_assert_int_eq(noted("never", UPLINK_LATE), 2);
	ck_assert_int_eq(noted("resend", UPLINK_LATE), 2);
	ck_assert_int_eq(noted("resend", UPLINK_OTHERWISE), 0);
	ck_assert_int_eq(noted("hours", UPLINK_LATE), 0);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(uplink_drop(store, "resend", UPLINK_LATE,
				     (struct uplink_stretch){0, INT64_MAX / 2}),
			 0);
	ck_assert_int_eq(store_commit(store), 0);
	tell(minute_of(H + 9, 2, 52));
	ck_assert_int_eq(noted("resend", UPLINK_OTHERWISE), 1);
	ck_assert_int_eq(noted("never", UPLINK_OTHERWISE), 0);
}
END_TEST

/* The newest correction that went out: its reason, "" without one; NULL: there was none. */
static const char *correction(void)
{
	static char reason[32];
	const char *ret = NULL;
	collect_outbox();
	for (int i = 0; i < n_rows; i++) {
		if (strcmp(rows[i].topic, "warning/event") != 0 ||
		    !strstr(rows[i].payload, "\"correction\""))
			continue;
		const char *at = strstr(rows[i].payload, "\"reason\":\"");
		snprintf(reason, sizeof(reason), "%.*s",
			 at ? (int)strcspn(at + strlen("\"reason\":\""), "\"") : 0,
			 at ? at + strlen("\"reason\":\"") : "");
		ck_assert_ptr_nonnull(
			strstr(rows[i].payload, "A data logger told periods late or anew"));
		ret = reason;
	}
	return ret;
}

START_TEST(what_comes_late_is_no_review_and_is_told_only_if_the_advice_would_be_another)
{
	for (int minute = 0; minute < 60; minute++)
		tell(minute_of(H + 9, minute, 50));
	settle(NOW_MS + 2 * MINUTE_MS);
	ck_assert_ptr_null(correction());
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
	/* a day of smog comes at once, and calls for a level */
	for (int64_t hour = H - 50; hour <= H + 9; hour++)
		tell(whole_of(hour, 400));
	ck_assert_int_eq(ask("SELECT by FROM imported"), CHANGED_BY_LATE);
	for (int64_t hour = H - 50; hour <= H + 9; hour++)
		for (int minute = 0; minute < 45; minute++)
			tell(minute_of(hour, minute, 400));
	killed(); /* what is to be said then is known after it */
	start();
	settle(NOW_MS + 4 * MINUTE_MS);
	ck_assert_ptr_nonnull(correction());
	ck_assert_str_eq(correction(), "late");
	for (int i = 0; i < n_rows; i++)
		ck_assert(!strstr(rows[i].payload, "review\"") ||
			  !strstr(rows[i].payload, "\"reason\""));
}
END_TEST

START_TEST(of_an_hour_that_rests_on_more_than_the_logger_told_some_minutes_take_nothing)
{
	struct hour_mean mean, imported = {.valid = true,
					   .covered_ms = HOUR_MS,
					   .mean_milli = 88000,
					   .quality = QUALITY_NORMAL,
					   .samples = 60};
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_put(store, H - 5, POLLUTANT_PM25, &imported, TIME_SYNCHRONISED), 0);
	ck_assert_int_eq(store_commit(store), 0);
	for (int minute = 0; minute < 44; minute++)
		tell(minute_of(H - 5, minute, 20));
	ck_assert(find_hour(H - 5, &mean) && mean.valid && mean.mean_milli == 88000);
	tell(minute_of(H - 5, 44, 20));
	ck_assert(find_hour(H - 5, &mean) && mean.valid && mean.mean_milli == 20000);
	/* it may take back what it told itself */
	struct logged flagged = minute_of(H - 5, 44, 20);
	flagged.why = WHY_CALIBRATION;
	ck_assert_int_eq(tell(flagged), LOGGED_REVISED);
	ck_assert(find_hour(H - 5, &mean) && !mean.valid);
}
END_TEST

START_TEST(minutes_are_not_stored_where_their_hour_could_not_be)
{
	struct hour_mean mean;
	struct logged both[] = {minute_of(H + 9, 0, 33), minute_of(H + 11, 0, 33)};
	ck_assert_int_eq(ask("CREATE TRIGGER no BEFORE INSERT ON hours BEGIN SELECT"
			     " raise(ABORT, 'no'); END"),
			 -1);
	ck_assert_int_ne(engine_log(engine, both, 2, NOW_MS, TIME_SYNCHRONISED), 0);
	ck_assert_int_eq(ask("DROP TRIGGER no"), -1);
	ck_assert_int_eq(engine_log(engine, both, 2, NOW_MS, TIME_SYNCHRONISED), 0);
	ck_assert(both[0].fate == LOGGED_NEW && both[1].fate == LOGGED_NEW);
	ck_assert(find_hour(H + 9, &mean) && mean.covered_ms == MINUTE_MS);
	/* of a hour that was lost with a memory: it is made again of what is there */
	for (int minute = 1; minute < 60; minute++)
		tell(minute_of(H + 9, minute, 33));
	ck_assert_int_eq(ask("DELETE FROM hours WHERE pollutant = 'pm25'"), -1);
	ck_assert_int_eq(tell(minute_of(H + 9, 0, 33)), LOGGED_AGAIN);
	ck_assert(find_hour(H + 9, &mean) && mean.mean_milli == 33000);
}
END_TEST

/* ---- all the time ---- */

#define LAST_OF_LEVEL (H + 176) /* the level ends when the hour after this one closes */
#define LATE_EVERY_MS 2000      /* sooner than what follows from it is computed */

static void tell_late_at(int64_t now_ms)
{
	int64_t turn = now_ms / LATE_EVERY_MS;
	struct logged late = whole_of(H - 100 + turn % 50, 20 + (int)(turn % 30));
	ck_assert_int_eq(engine_log(engine, &late, 1, now_ms, TIME_SYNCHRONISED), 0);
}

static bool is_lifted(void)
{
	return ask("SELECT count(*) FROM events WHERE kind = 'lift'") == 1;
}

START_TEST(values_that_come_late_all_the_time_hold_up_no_end_of_a_level)
{
	int64_t closes_ms = (LAST_OF_LEVEL + 1) * HOUR_MS, at_ms = closes_ms - 10 * MINUTE_MS;
	for (int c = 0; c < conf->n_channels; c++)
		conf->channels[c].logged = true;
	run_hours(H, LAST_OF_LEVEL);
	for (int64_t ms = LAST_OF_LEVEL * HOUR_MS; ms < at_ms; ms += POLL_MS)
		poll_at(ms);
	settle(at_ms);
	ck_assert(!is_lifted());
	for (; at_ms < closes_ms + 10 * MINUTE_MS && !is_lifted(); at_ms += 1000) {
		if (at_ms % LATE_EVERY_MS == 0)
			tell_late_at(at_ms);
		engine_advance(engine, at_ms, TIME_SYNCHRONISED); /* a piece */
	}
	ck_assert_msg(is_lifted(), "not within ten minutes");
	ck_assert_int_le(at_ms, closes_ms + 6 * MINUTE_MS);
	/* what came while it was computed is computed after it */
	ck_assert_int_eq(ask("SELECT by FROM imported"), CHANGED_BY_LATE);
	killed();
	start();
	settle(at_ms + 6 * MINUTE_MS);
	ck_assert_int_eq(ask("SELECT count(*) FROM imported"), 0);
}
END_TEST

/* ---- in any order: held against a model that knows no order ---- */

static int told[HOURS][HOUR_MINUTES + 1]; /* the last is the whole hour; -1: nothing, -2: flagged */

static void expect_hour(int h, struct hour_mean *ret)
{
	int64_t sum = 0;
	int n = 0;
	for (int m = 0; m < HOUR_MINUTES; m++) {
		sum += told[h][m] >= 0 ? told[h][m] : 0;
		n += told[h][m] >= 0;
	}
	bool whole = n < 45 && told[h][HOUR_MINUTES] >= 0;
	*ret = (struct hour_mean){.valid = n >= 45 || whole};
	ret->mean_milli = whole   ? told[h][HOUR_MINUTES] * 1000
			  : n > 0 ? (int32_t)round_half_even(sum * 1000, n)
				  : 0;
	ret->mean_milli = (int32_t)round_half_even(ret->mean_milli, 1000) * 1000;
	if (!conf->edition.round_hours && !whole && n > 0)
		ret->mean_milli = (int32_t)round_half_even(sum * 1000, n);
}

static void tell_anything(void)
{
	static const int64_t hours[HOURS] = {H - 5, H + 7, H + 8, H + 9, H + 10, H + 11};
	int h = (int)(unit_random() % HOURS), m = (int)(unit_random() % (HOUR_MINUTES + 1));
	int value = (int)(unit_random() % 500);
	bool flagged = unit_random() % 8 == 0;
	struct logged logged =
		m == HOUR_MINUTES ? whole_of(hours[h], value) : minute_of(hours[h], m, value);
	if (m == HOUR_MINUTES && unit_random() % 4 > 0)
		return;
	logged.why = flagged ? WHY_STATUS : WHY_NONE;
	tell(logged);
	told[h][m] = flagged ? -2 : value;
}

static void check_all(void)
{
	static const int64_t closed[] = {H - 5, H + 7, H + 8, H + 9, H + 10, H + 11};
	struct hour_mean is, wanted;
	for (int h = 0; h < HOURS; h++) {
		expect_hour(h, &wanted);
		bool there = find_hour(closed[h], &is);
		ck_assert_msg(!there || is.valid == wanted.valid, "hour %d: valid %d", h, is.valid);
		ck_assert_msg(!wanted.valid || (there && is.mean_milli == wanted.mean_milli),
			      "hour %d: %d, not %d", h, is.mean_milli, wanted.mean_milli);
	}
}

START_TEST(in_any_order_among_kills_each_hour_is_as_its_minutes_say)
{
	memset(told, -1, sizeof(told));
	for (int i = 0; i < 3000; i++) {
		tell_anything();
		if (unit_random() % 100 == 0) {
			killed();
			start();
		}
	}
	settle((H + 11) * HOUR_MS + 30 * MINUTE_MS);
	check_all();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("logged");
	TCase *tcase = tcase_create("logged");
	tcase_add_checked_fixture(tcase, set_up, teardown);
	tcase_add_test(tcase, the_same_once_more_is_known_and_another_value_takes_its_place);
	tcase_add_test(tcase, an_hour_that_a_person_reviewed_is_not_changed_by_what_comes_late);
	tcase_add_test(tcase,
		       while_the_disk_is_full_values_count_and_nobody_is_told_that_they_are_stored);
	tcase_add_test(
		tcase,
		what_comes_late_is_no_review_and_is_told_only_if_the_advice_would_be_another);
	tcase_add_test(
		tcase,
		of_an_hour_that_rests_on_more_than_the_logger_told_some_minutes_take_nothing);
	tcase_add_test(tcase, minutes_are_not_stored_where_their_hour_could_not_be);
	tcase_add_test(tcase, an_hour_that_memory_lacks_the_minutes_of_stays_until_the_disk_works);
	tcase_add_test(tcase, a_review_is_known_in_memory_too);
	tcase_add_test(tcase, minutes_that_a_platform_may_have_passed_are_noted_for_it);
	tcase_add_test(tcase, in_any_order_among_kills_each_hour_is_as_its_minutes_say);
	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	TCase *steady = tcase_create("steady");
	tcase_add_checked_fixture(steady, setup, teardown);
	tcase_add_test(steady, values_that_come_late_all_the_time_hold_up_no_end_of_a_level);
	suite_add_tcase(suite, steady);
	return suite;
}
