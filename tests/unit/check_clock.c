/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <poll.h>
#include <unistd.h>

#include "time_text.h"
#include "unit.h"

#define S INT64_C(1000000)
#define MIN (60 * S)
#define HOUR (60 * MIN)
/* 2026-11-20 00:00 UTC, and the hour label of it */
#define WALL INT64_C(1795132800000000)
#define WALL_HOUR (WALL / HOUR)

static struct clock_conf conf;
static struct clock clock_;

static struct clock_reading at(int64_t boot_us, int64_t wall_us, bool synchronised)
{
	return (struct clock_reading){boot_us, wall_us, synchronised};
}

static bool update(int64_t boot_us, int64_t wall_us, bool synchronised)
{
	struct clock_reading reading = at(boot_us, wall_us, synchronised);
	return clock_update(&clock_, &reading, WALL_HOUR - 10);
}

static void begin(int source, bool synchronised)
{
	struct clock_reading reading = at(100 * S, WALL, synchronised);
	conf = (struct clock_conf){.source = source, .holdover_h = 168, .patience_min = 30};
	clock_init(&clock_, &conf, &reading);
}

START_TEST(a_synchronised_clock_is_trusted_from_the_first_reading)
{
	begin(CLOCK_NTP, true);
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
	ck_assert_int_eq(clock_quality(&clock_), TIME_SYNCHRONISED);
	ck_assert_int_eq(clock_wall_ms(&clock_, 100 * S / 1000), WALL / 1000);
}
END_TEST

START_TEST(without_synchronisation_samples_wait_for_the_patience_and_no_longer)
{
	begin(CLOCK_NTP, false);
	ck_assert_int_eq(clock_.state, CLOCK_WAITING);
	ck_assert(!update(100 * S + 30 * MIN - 1, WALL + 30 * MIN - 1, false));
	ck_assert(update(100 * S + 30 * MIN, WALL + 30 * MIN, false));
	ck_assert_int_eq(clock_.state, CLOCK_UNSYNCHRONISED);
	ck_assert_int_eq(clock_quality(&clock_), TIME_UNSYNCHRONISED);
}
END_TEST

START_TEST(a_clock_before_the_newest_hour_is_never_taken_without_synchronisation)
{
	begin(CLOCK_NTP, false);
	update(100 * S + 48 * HOUR, WALL - 20 * HOUR, false);
	ck_assert_int_eq(clock_.state, CLOCK_WAITING);
	update(100 * S + 49 * HOUR, WALL, true);
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
}
END_TEST

START_TEST(a_synchronisation_is_trusted_for_the_holdover)
{
	begin(CLOCK_NTP, true);
	ck_assert(!update(100 * S + 168 * HOUR, WALL + 168 * HOUR, false));
	ck_assert(update(100 * S + 168 * HOUR + 1, WALL + 168 * HOUR + 1, false));
	ck_assert_int_eq(clock_.state, CLOCK_UNSYNCHRONISED);
	ck_assert(update(100 * S + 169 * HOUR, WALL + 169 * HOUR, true));
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
}
END_TEST

/* Boot second i of a wall that is off by so many seconds. */
static void second(int64_t i, int64_t off_s, bool synchronised)
{
	update((100 + i) * S, WALL + (i + off_s) * S, synchronised);
}

static int64_t wall_off_s(int64_t i)
{
	return clock_wall_ms(&clock_, (100 + i) * 1000) / 1000 - WALL / S - i;
}

START_TEST(a_change_of_less_than_two_seconds_is_followed)
{
	begin(CLOCK_NTP, true);
	update(101 * S, WALL + 1 * S + 1999000, true);
	ck_assert_int_eq(clock_.stepped_ms, 0);
	ck_assert_int_eq(clock_wall_ms(&clock_, 101000), WALL / 1000 + 1000 + 1999);
}
END_TEST

START_TEST(a_step_is_believed_when_it_has_stayed_synchronised_for_ten_minutes)
{
	begin(CLOCK_NTP, true);
	for (int64_t i = 1; i <= 600; i++) {
		second(i, -3600, true);
		ck_assert_int_eq(clock_.stepped_ms, 0);
		ck_assert_int_eq(wall_off_s(i), 0);
		ck_assert_int_eq(clock_doubted_ms(&clock_), -3600000);
	}
	second(601, -3600, true);
	ck_assert_int_eq(clock_.stepped_ms, -3600000);
	ck_assert_int_eq(wall_off_s(601), -3600);
	second(602, -3600, true);
	ck_assert_int_eq(clock_.stepped_ms, 0);
	ck_assert_int_eq(clock_doubted_ms(&clock_), 0);
}
END_TEST

START_TEST(a_step_without_synchronisation_is_never_believed_in_the_holdover)
{
	begin(CLOCK_NTP, true);
	for (int64_t i = 1; i <= 5000; i++)
		second(i, 86400, false);
	ck_assert_int_eq(wall_off_s(5000), 0);
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
}
END_TEST

START_TEST(a_step_that_is_taken_back_never_was)
{
	begin(CLOCK_NTP, true);
	for (int64_t i = 1; i <= 5000; i++) {
		second(i, i % 500 == 0 ? 0 : INT64_C(2592000), true);
		ck_assert_int_eq(wall_off_s(i), 0);
	}
}
END_TEST

START_TEST(the_first_synchronisation_of_a_boot_is_believed_at_once)
{
	begin(CLOCK_NTP, false);
	for (int64_t i = 1; i <= 1801; i++)
		second(i, 0, false);
	ck_assert_int_eq(clock_.state, CLOCK_UNSYNCHRONISED);
	second(1802, 18000, true);
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
	ck_assert_int_eq(clock_.stepped_ms, 18000000);
}
END_TEST

START_TEST(an_rtc_that_is_set_is_believed_after_ten_minutes)
{
	begin(CLOCK_RTC, false);
	for (int64_t i = 1; i <= 600; i++)
		second(i, 7200, false);
	ck_assert_int_eq(wall_off_s(600), 0);
	second(601, 7200, false);
	ck_assert_int_eq(wall_off_s(601), 7200);
}
END_TEST

START_TEST(a_clock_that_nobody_sets_is_watched_in_silence)
{
	int fd = clock_watch();
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(poll(&readable, 1, 20), 0);
	clock_watch_read(fd);
	close(fd);
}
END_TEST

START_TEST(an_rtc_is_trusted_as_it_is)
{
	begin(CLOCK_RTC, false);
	ck_assert_int_eq(clock_.state, CLOCK_TRUSTED);
}
END_TEST

START_TEST(a_simulated_clock_runs_from_start_and_anchor_at_its_speed)
{
	struct clock_reading reading = at(100 * S, WALL, false);
	conf = (struct clock_conf){.source = CLOCK_SIMULATED,
				   .start_ms = 1000000000,
				   .anchor_ms = WALL / 1000 - 2000,
				   .speed = 3600};
	clock_init(&clock_, &conf, &reading);
	int64_t station = clock_station_ms(&clock_, 101 * S); /* 3 s after the anchor */
	ck_assert_int_eq(clock_wall_ms(&clock_, station), 1000000000 + 3 * 3600 * 1000);
	ck_assert_int_eq(clock_quality(&clock_), TIME_SIMULATED);
	/* ten station hours are ten seconds, rounded up by a millisecond */
	ck_assert_int_eq(clock_real_ms_until(&clock_, 101 * S, station + 10 * 3600 * 1000), 10001);
	ck_assert_int_eq(clock_real_ms_until(&clock_, 101 * S, station - 1), 0);
	/* a step of the machine's clock does not move an exercise */
	struct clock_reading stepped = at(102 * S, WALL + 86400 * S, false);
	clock_update(&clock_, &stepped, 0);
	ck_assert_int_eq(clock_wall_ms(&clock_, station), 1000000000 + 3 * 3600 * 1000);
}
END_TEST

START_TEST(times_are_written_in_beijing_time)
{
	char text[TIME_TEXT_SIZE];
	ck_assert_str_eq(time_text(WALL / 1000, text), "2026-11-20T08:00:00+08:00");
	ck_assert_str_eq(time_text(WALL / 1000 - 8 * 3600 * 1000, text),
			 "2026-11-20T00:00:00+08:00");
	ck_assert_str_eq(time_text(0, text), "1970-01-01T08:00:00+08:00");
}
END_TEST

START_TEST(the_machine_can_be_read)
{
	struct clock_reading first = clock_read(), second = clock_read();
	ck_assert_int_gt(first.boot_us, 0);
	ck_assert_int_ge(second.boot_us, first.boot_us);
	ck_assert_int_gt(first.wall_us, INT64_C(1700000000000000));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("clock");
	TCase *tc = tcase_create("clock");
	tcase_add_test(tc, a_synchronised_clock_is_trusted_from_the_first_reading);
	tcase_add_test(tc, without_synchronisation_samples_wait_for_the_patience_and_no_longer);
	tcase_add_test(tc, a_clock_before_the_newest_hour_is_never_taken_without_synchronisation);
	tcase_add_test(tc, a_synchronisation_is_trusted_for_the_holdover);
	tcase_add_test(tc, a_change_of_less_than_two_seconds_is_followed);
	tcase_add_test(tc, a_step_is_believed_when_it_has_stayed_synchronised_for_ten_minutes);
	tcase_add_test(tc, a_step_without_synchronisation_is_never_believed_in_the_holdover);
	tcase_add_test(tc, a_step_that_is_taken_back_never_was);
	tcase_add_test(tc, the_first_synchronisation_of_a_boot_is_believed_at_once);
	tcase_add_test(tc, an_rtc_that_is_set_is_believed_after_ten_minutes);
	tcase_add_test(tc, a_clock_that_nobody_sets_is_watched_in_silence);
	tcase_add_test(tc, an_rtc_is_trusted_as_it_is);
	tcase_add_test(tc, a_simulated_clock_runs_from_start_and_anchor_at_its_speed);
	tcase_add_test(tc, times_are_written_in_beijing_time);
	tcase_add_test(tc, the_machine_can_be_read);
	suite_add_tcase(suite, tc);
	return suite;
}
