/* SPDX-License-Identifier: MIT */
/* An instrument's fault that is found late: what it fed before is taken back. */
#include <stdio.h>
#include <string.h>

#include "hours.h"
#include "instrument.h"
#include "unit.h"

#define STUCK_HOUR (H + 31) /* the hour in which it stops to move */

static int64_t stuck_min; /* minutes into that hour */
static int stuck_at;      /* the value that it shows from then on, for ten hours */

static int sticking(enum pollutant pollutant, int64_t at_ms)
{
	int64_t since_ms = (STUCK_HOUR - 1) * HOUR_MS + stuck_min * MINUTE_MS;
	bool stuck = at_ms >= since_ms && at_ms < since_ms + 10 * HOUR_MS;
	return stuck ? stuck_at
		     : of_dust(waver(stuck_at < 1000 ? stuck_at : 600, at_ms), pollutant);
}

/* One hour as it counts now. */
static struct hour_mean hour_now(int64_t hour, int32_t *ret_rev)
{
	struct hour_mean mean;
	ck_assert_int_eq(hours_get(store, hour, POLLUTANT_PM25, &mean, ret_rev), 0);
	return mean;
}

static void hour_is(int64_t hour, bool valid, enum why why, int32_t rev)
{
	int32_t found;
	struct hour_mean mean = hour_now(hour, &found);
	ck_assert_msg(mean.valid == valid && mean.why == why && found == rev,
		      "hour %lld: valid %d, %s, rev %d", (long long)(hour - H), mean.valid,
		      why_name(mean.why), found);
}

/* The newest message about an hour. */
static json_t *message_of(int64_t hour)
{
	json_t *message, *newest = NULL;
	for (int i = 0; (message = find_message("aqi", i)); i++) {
		if (json_integer_value(json_object_get(message, "rev")) == 0)
			continue;
		char label[40];
		snprintf(label, sizeof(label), "T%02d:00", (int)((hour + 8) % 24));
		if (strstr(text_in(message, "hour"), label)) {
			json_decref(newest);
			newest = json_deep_copy(message);
		}
	}
	return newest;
}

START_TEST(what_a_frozen_instrument_fed_is_taken_back_when_it_is_found)
{
	stuck_min = 20;
	stuck_at = 300;
	register_of = sticking;
	/* above 150 ug/m3 it takes an hour: the closed one has twenty minutes of air */
	poll_hours(H, STUCK_HOUR);
	poll_registers(STUCK_HOUR * HOUR_MS);
	hour_is(STUCK_HOUR - 1, true, WHY_NONE, 0);
	for (int i = 1; i < 4; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	hour_is(STUCK_HOUR, true, WHY_NONE, 0);
	poll_registers(STUCK_HOUR * HOUR_MS + 4 * POLL_MS);
	hour_is(STUCK_HOUR, false, WHY_FROZEN, 1);
	hour_is(STUCK_HOUR - 1, true, WHY_NONE, 0);
	/* what was measured stays */
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE hour = 384461 AND mean_milli > 0"
			     " AND valid AND doubted = 'frozen'"),
			 2);
	poll_hours(STUCK_HOUR, STUCK_HOUR + 3);
	hour_is(STUCK_HOUR + 1, false, WHY_FROZEN, 0);
	hour_is(STUCK_HOUR + 2, false, WHY_FROZEN, 0);
}
END_TEST

START_TEST(hours_that_are_taken_back_are_told_as_revisions_of_reason_instrument)
{
	stuck_min = 20;
	stuck_at = 300;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR + 1);
	json_t *event = find_event("correction", "instrument", 0);
	ck_assert_ptr_nonnull(event);
	ck_assert_ptr_nonnull(strstr(text_in(event, "text_en"), "An instrument was at fault"));
	/* both pollutants at once: one for both */
	ck_assert_ptr_null(find_event("correction", "instrument", 1));
	json_t *message = message_of(STUCK_HOUR);
	ck_assert_ptr_nonnull(message);
	ck_assert_str_eq(text_in(json_object_get(message, "quality"), "pm25"), "D");
	ck_assert_str_eq(text_in(json_object_get(message, "why"), "pm25"), "frozen");
	ck_assert_str_eq(text_in(message, "data_status"), "raw");
	json_decref(message);
}
END_TEST

START_TEST(an_hour_with_45_minutes_of_air_closes_again_out_of_them)
{
	int32_t rev;
	stuck_min = 50;
	stuck_at = 300;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR);
	poll_registers(STUCK_HOUR * HOUR_MS);
	for (int i = 1; i < 10; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	struct hour_mean was = hour_now(STUCK_HOUR, &rev);
	poll_registers(STUCK_HOUR * HOUR_MS + 10 * POLL_MS);
	struct hour_mean is = hour_now(STUCK_HOUR, &rev);
	ck_assert(was.valid && is.valid);
	ck_assert_int_eq(is.covered_ms, 50 * MINUTE_MS);
	ck_assert_int_eq(rev, 1);
	/* six times wavering air, and twice 300 less */
	ck_assert_int_gt(is.mean_milli, was.mean_milli);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE hour = 384461 AND doubted IS NULL"
			     " AND rev = 1"),
			 2);
}
END_TEST

START_TEST(hours_of_a_night_are_taken_back)
{
	/* up to 150 ug/m3 a third of a day: eight hours */
	stuck_min = 0;
	stuck_at = 60;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR + 7);
	hour_is(STUCK_HOUR + 6, true, WHY_NONE, 0);
	poll_hours(STUCK_HOUR + 7, STUCK_HOUR + 8);
	hour_is(STUCK_HOUR - 1, true, WHY_NONE, 0);
	for (int64_t hour = STUCK_HOUR; hour < STUCK_HOUR + 7; hour++)
		hour_is(hour, false, WHY_FROZEN, 1);
	hour_is(STUCK_HOUR + 7, false, WHY_FROZEN, 0);
	/* a day goes to windows that they were in */
	json_t *message = message_of(STUCK_HOUR + 6);
	ck_assert_ptr_nonnull(message);
	json_decref(message);
}
END_TEST

START_TEST(what_is_taken_back_stays_so_after_a_kill)
{
	stuck_min = 20;
	stuck_at = 300;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR);
	for (int i = 0; i < 5; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	restart();
	for (int i = 5; i < 15; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	/* the guard begins anew, but of the first twenty minutes nothing counts */
	int32_t rev;
	struct hour_mean mean = hour_now(STUCK_HOUR + 1, &rev);
	ck_assert_int_le(mean.covered_ms, 40 * MINUTE_MS);
	ck_assert(!mean.valid);
	hour_is(STUCK_HOUR, false, WHY_FROZEN, 1);
}
END_TEST

START_TEST(a_person_may_restore_what_was_taken_back)
{
	stuck_min = 20;
	stuck_at = 300;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR + 1);
	ck_assert_int_eq(store_begin(store), 0);
	ck_assert_int_eq(hours_invalidate(store, STUCK_HOUR, STUCK_HOUR, POLLUTANT_PM25, false), 0);
	ck_assert_int_eq(store_commit(store), 0);
	hour_is(STUCK_HOUR, true, WHY_NONE, 2);
}
END_TEST

START_TEST(two_polls_at_the_end_of_the_range_do_not_count_once_the_third_says_so)
{
	stuck_min = 25;
	stuck_at = 1000;
	register_of = sticking;
	poll_hours(H, STUCK_HOUR);
	poll_registers(STUCK_HOUR * HOUR_MS);
	poll_registers(STUCK_HOUR * HOUR_MS + POLL_MS);
	hour_is(STUCK_HOUR, false, WHY_OVER_RANGE, 0);
	int32_t rev;
	ck_assert_int_eq(hour_now(STUCK_HOUR, &rev).covered_ms, 25 * MINUTE_MS);
}
END_TEST

/* An hour of smog, and a day later an hour at 850 of which most is frozen: only with the second is
 * the daily AQI above 150 for two days. */
#define SMOG_HOUR (STUCK_HOUR - 24)

static int smog_and_sticking(enum pollutant pollutant, int64_t at_ms)
{
	int64_t since_ms = (STUCK_HOUR - 1) * HOUR_MS + 20 * MINUTE_MS;
	bool stuck = at_ms >= since_ms && at_ms < since_ms + 2 * HOUR_MS;
	int pm25 = stuck ? 850 : waver(hour_of_ms(at_ms) == SMOG_HOUR ? 850 : 92, at_ms);
	return pollutant == POLLUTANT_PM25 ? pm25 : pm25 + pm25 / 10;
}

START_TEST(an_advice_that_only_a_fault_called_for_ends_when_it_is_found)
{
	register_of = smog_and_sticking;
	poll_hours(SMOG_HOUR - 30, STUCK_HOUR);
	for (int i = 0; i < 4; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	ck_assert_ptr_nonnull(find_event("issue", "", 0));
	ck_assert_ptr_null(find_event("correction", "instrument", 0));
	poll_registers(STUCK_HOUR * HOUR_MS + 4 * POLL_MS);
	settle(STUCK_HOUR * HOUR_MS + 4 * POLL_MS + 1000);
	ck_assert_ptr_nonnull(find_event("correction", "instrument", 0));
	json_t *lift = find_event("lift", "instrument", 0);
	ck_assert_ptr_nonnull(lift);
	ck_assert_ptr_nonnull(strstr(text_in(lift, "text_en"), "an instrument's fault"));
	ck_assert_ptr_null(find_event("issue", "", 1));
}
END_TEST

/* Air just below the threshold, and a quarter at the end of an hour that lift its day above. */
static int smog_and_a_late_stick(enum pollutant pollutant, int64_t at_ms)
{
	int64_t since_ms = (STUCK_HOUR - 1) * HOUR_MS + 45 * MINUTE_MS;
	bool stuck = at_ms >= since_ms && at_ms < since_ms + 2 * HOUR_MS;
	int pm25 = stuck ? 850 : waver(hour_of_ms(at_ms) == SMOG_HOUR ? 850 : 101, at_ms);
	return pollutant == POLLUTANT_PM25 ? pm25 : pm25 + pm25 / 100;
}

START_TEST(an_advice_that_hung_on_an_hour_closed_again_with_a_smaller_mean_ends_at_once)
{
	int32_t rev;
	register_of = smog_and_a_late_stick;
	poll_hours(SMOG_HOUR - 30, STUCK_HOUR);
	poll_registers(STUCK_HOUR * HOUR_MS);
	poll_registers(STUCK_HOUR * HOUR_MS + POLL_MS);
	ck_assert_ptr_nonnull(find_event("issue", "", 0));
	int32_t measured = hour_now(STUCK_HOUR, &rev).mean_milli;
	for (int i = 2; i < 12; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	struct hour_mean is = hour_now(STUCK_HOUR, &rev);
	ck_assert(is.valid && is.mean_milli < measured && rev == 1);
	settle(STUCK_HOUR * HOUR_MS + 12 * POLL_MS);
	ck_assert_ptr_nonnull(find_event("lift", "instrument", 0));
	ck_assert_ptr_null(find_event("lift", "observed_hours", 0));
}
END_TEST

static int hourly_sticking(enum pollutant pollutant, int64_t at_ms)
{
	int64_t ended = hour_of_ms(at_ms - 4 * MINUTE_MS) - 1;
	(void)pollutant;
	return ended >= STUCK_HOUR ? 200 : 150 + (int)(ended % 7);
}

static void begin_hourly(void)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/hourly.yaml", unit_tmpdir());
	FILE *file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs("kind: profile\nid: hourly\nmaker: test\nmodel: beta ray\nsource: none\nrows:\n"
	      "  - {pollutant: pm25, function: 3, address: 0, type: u16, unit: ug/m3,\n"
	      "     range: [0, 1000], delivers: hourly, ready_minute: 4}\n",
	      file);
	fclose(file);
	instrument_begin(path, "close_delay_min: 10\n");
	register_of = hourly_sticking;
}

START_TEST(four_equal_hours_of_an_hourly_instrument_are_taken_back)
{
	poll_hours(H + 2, STUCK_HOUR + 3);
	hour_is(STUCK_HOUR + 2, true, WHY_NONE, 0);
	poll_hours(STUCK_HOUR + 3, STUCK_HOUR + 5);
	hour_is(STUCK_HOUR - 1, true, WHY_NONE, 0);
	for (int64_t hour = STUCK_HOUR; hour < STUCK_HOUR + 3; hour++)
		hour_is(hour, false, WHY_FROZEN, 1);
	hour_is(STUCK_HOUR + 3, false, WHY_FROZEN, 0);
	hour_is(STUCK_HOUR + 4, false, WHY_FROZEN, 0);
}
END_TEST

START_TEST(an_hour_that_was_closed_when_the_hourly_value_was_first_seen_stays)
{
	poll_hours(H + 2, STUCK_HOUR);
	for (int i = 0; i < 9; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	restart(); /* 45 minutes past the hour; the guard knows of nothing before */
	for (int i = 9; i < 12; i++)
		poll_registers(STUCK_HOUR * HOUR_MS + i * POLL_MS);
	poll_hours(STUCK_HOUR + 1, STUCK_HOUR + 5);
	hour_is(STUCK_HOUR, true, WHY_NONE, 0);
	hour_is(STUCK_HOUR + 1, false, WHY_FROZEN, 1);
	hour_is(STUCK_HOUR + 4, false, WHY_FROZEN, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("doubt");
	TCase *tc = tcase_create("doubt");

	tcase_add_checked_fixture(tc, setup_compact, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, what_a_frozen_instrument_fed_is_taken_back_when_it_is_found);
	tcase_add_test(tc, hours_that_are_taken_back_are_told_as_revisions_of_reason_instrument);
	tcase_add_test(tc, an_hour_with_45_minutes_of_air_closes_again_out_of_them);
	tcase_add_test(tc, hours_of_a_night_are_taken_back);
	tcase_add_test(tc, what_is_taken_back_stays_so_after_a_kill);
	tcase_add_test(tc, a_person_may_restore_what_was_taken_back);
	tcase_add_test(tc, two_polls_at_the_end_of_the_range_do_not_count_once_the_third_says_so);
	tcase_add_test(tc, an_advice_that_only_a_fault_called_for_ends_when_it_is_found);
	tcase_add_test(
		tc, an_advice_that_hung_on_an_hour_closed_again_with_a_smaller_mean_ends_at_once);
	suite_add_tcase(suite, tc);
	tc = tcase_create("hourly");
	tcase_add_checked_fixture(tc, begin_hourly, teardown);
	tcase_add_test(tc, four_equal_hours_of_an_hourly_instrument_are_taken_back);
	tcase_add_test(tc, an_hour_that_was_closed_when_the_hourly_value_was_first_seen_stays);
	suite_add_tcase(suite, tc);
	return suite;
}
