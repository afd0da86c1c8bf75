/* SPDX-License-Identifier: MIT */
#include "hour.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define H 400000 /* any hour */
#define VALID_MS (45 * MINUTE_MS)

static struct hour hour, other;

static struct sample at(int ms, int value_milli)
{
	return (struct sample){.at_ms = (int64_t)(H - 1) * HOUR_MS + ms,
			       .value_milli = value_milli,
			       .quality = QUALITY_NORMAL};
}

static struct sample fault(int ms, enum why why)
{
	struct sample sample = at(ms, 999999);
	sample.why = why;
	sample.quality = why_quality(why);
	return sample;
}

static void take(struct sample sample)
{
	ck_assert(hour_take(&hour, &sample));
}

static struct hour_mean close_hour(void)
{
	struct hour_mean mean;
	hour_mean(&hour, (int64_t)H * HOUR_MS, VALID_MS, &mean);
	return mean;
}

START_TEST(a_sample_holds_until_the_next_one)
{
	hour_begin(&hour, H, HOUR_MS, NULL);
	take(at(0, 10000));
	take(at(30 * MINUTE_MS, 20000));
	struct hour_mean mean = close_hour();
	ck_assert(mean.valid);
	ck_assert_int_eq(mean.mean_milli, 15000);
	ck_assert_int_eq(mean.covered_ms, HOUR_MS);
}
END_TEST

START_TEST(a_sample_holds_for_its_max_age_at_most)
{
	hour_begin(&hour, H, 20 * MINUTE_MS, NULL);
	take(at(0, 10000));
	take(at(30 * MINUTE_MS, 20000));
	struct hour_mean mean = close_hour();
	ck_assert(!mean.valid);
	ck_assert_int_eq(mean.mean_milli, 15000);
	ck_assert_int_eq(mean.covered_ms, 40 * MINUTE_MS);
}
END_TEST

START_TEST(an_hour_needs_45_covered_minutes_to_the_millisecond)
{
	for (int missing = 0; missing < 2; missing++) {
		hour_begin(&hour, H, HOUR_MS, NULL);
		take(at(15 * MINUTE_MS + missing, 10000));
		ck_assert_int_eq(close_hour().valid, missing == 0);
	}
}
END_TEST

START_TEST(a_failed_poll_ends_the_value_before_it)
{
	hour_begin(&hour, H, HOUR_MS, NULL);
	take(at(0, 10000));
	take(fault(45 * MINUTE_MS, WHY_TIMEOUT));
	struct hour_mean mean = close_hour();
	ck_assert(mean.valid);
	ck_assert_int_eq(mean.covered_ms, 45 * MINUTE_MS);
	ck_assert_int_eq(mean.mean_milli, 10000);
	ck_assert_int_eq(mean.counts[WHY_TIMEOUT], 1);
}
END_TEST

START_TEST(what_is_doubted_counts_no_more_and_says_why)
{
	const struct minute restored = {.weighted = 10000LL * MINUTE_MS,
					.covered_ms = MINUTE_MS,
					.samples = 1,
					.counts = {1}};
	const int64_t start_ms = (int64_t)(H - 1) * HOUR_MS;
	hour_begin(&hour, H, HOUR_MS, NULL);
	for (int minute = 0; minute < 10; minute++)
		hour_restore(&hour, minute, &restored);
	take(at(10 * MINUTE_MS, 10000));
	take(at(20 * MINUTE_MS, 70000));
	take(fault(30 * MINUTE_MS, WHY_TIMEOUT));
	take(at(40 * MINUTE_MS, 10000));
	/* from the midst of a restored minute to the last moment before the last value */
	hour_doubt(&hour, start_ms + 8 * MINUTE_MS + 1, start_ms + 40 * MINUTE_MS, WHY_FROZEN);
	struct hour_mean mean = close_hour();
	ck_assert_int_eq(mean.covered_ms, 28 * MINUTE_MS);
	ck_assert_int_eq(mean.mean_milli, 10000);
	ck_assert_int_eq(mean.samples, 14);
	ck_assert_int_eq(mean.counts[WHY_FROZEN], 4);
	ck_assert_int_eq(mean.counts[WHY_TIMEOUT], 1);
	ck_assert_int_eq(mean.why, WHY_FROZEN);
}
END_TEST

START_TEST(an_invalid_hour_says_its_commonest_failure)
{
	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	take(fault(0, WHY_TIMEOUT));
	take(fault(1, WHY_OUT_OF_RANGE));
	take(fault(2, WHY_OUT_OF_RANGE));
	struct hour_mean mean = close_hour();
	ck_assert(!mean.valid);
	ck_assert_int_eq(mean.why, WHY_OUT_OF_RANGE);
	ck_assert_int_eq(mean.quality, QUALITY_OVER_RANGE);
}
END_TEST

START_TEST(an_hour_without_samples_is_a_failure_of_communication)
{
	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	struct hour_mean mean = close_hour();
	ck_assert(!mean.valid);
	ck_assert_int_eq(mean.samples, 0);
	ck_assert_int_eq(mean.quality, QUALITY_NO_COMMUNICATION);
}
END_TEST

START_TEST(the_last_sample_before_the_hour_is_carried_in)
{
	hour_begin(&other, H - 1, 10 * MINUTE_MS, NULL);
	struct sample late = at(-2 * MINUTE_MS, 30000);
	ck_assert(hour_take(&other, &late));
	hour_begin(&hour, H, 10 * MINUTE_MS, &other);
	struct hour_mean mean = close_hour();
	ck_assert_int_eq(mean.covered_ms, 8 * MINUTE_MS);
	ck_assert_int_eq(mean.mean_milli, 30000);
	ck_assert_int_eq(mean.samples, 0); /* it was counted in its own hour */
	hour_begin(&hour, H + 1, 10 * MINUTE_MS, &other);
	ck_assert_int_eq(hour.n, 0);
}
END_TEST

START_TEST(a_sample_that_comes_late_from_the_hour_before_is_carried_in_too)
{
	hour_begin(&hour, H, 10 * MINUTE_MS, NULL);
	take(at(5 * MINUTE_MS, 10000));
	take(at(-2 * MINUTE_MS, 30000));
	struct sample older = at(-3 * MINUTE_MS, 70000);
	ck_assert(!hour_take(&hour, &older));
	struct minute minute;
	int32_t milli;
	hour_minute(&hour, 0, INT64_MAX, &minute);
	ck_assert(minute_mean(&minute, &milli));
	ck_assert_int_eq(milli, 30000);
}
END_TEST

START_TEST(a_second_sample_of_one_moment_changes_nothing)
{
	hour_begin(&hour, H, HOUR_MS, NULL);
	take(at(0, 10000));
	struct sample again = at(0, 90000);
	ck_assert(!hour_take(&hour, &again));
	ck_assert_int_eq(hour.repeated, 1);
	ck_assert_int_eq(close_hour().mean_milli, 10000);
}
END_TEST

START_TEST(a_sample_of_another_hour_is_not_taken)
{
	hour_begin(&hour, H, MINUTE_MS, NULL);
	struct sample next = at(HOUR_MS, 1), before = at(-MINUTE_MS, 1);
	ck_assert(!hour_take(&hour, &next));
	ck_assert(!hour_take(&hour, &before));
	ck_assert_int_eq(hour.n, 0);
}
END_TEST

START_TEST(more_samples_than_the_limit_are_refused_and_counted)
{
	hour_begin(&hour, H, HOUR_MS, NULL);
	for (int i = 0; i < HOUR_SAMPLES_MAX + 5; i++) {
		struct sample sample = at(i, i);
		hour_take(&hour, &sample);
	}
	ck_assert_int_eq(hour.n, HOUR_SAMPLES_MAX);
	ck_assert_int_eq(hour.refused, 5);
}
END_TEST

/* Fills `samples` with up to n random ones, in order; faults and repeats among them. */
static int random_samples(struct sample *samples, int n)
{
	for (int i = 0; i < n; i++) {
		int ms = (int)(unit_random() % HOUR_MS);
		samples[i] = unit_random() % 8 ? at(ms, (int)(unit_random() % 1000000))
					       : fault(ms, WHY_TIMEOUT);
	}
	return n;
}

START_TEST(the_order_of_samples_does_not_matter)
{
	struct sample samples[300];
	for (int round = 0; round < 200; round++) {
		int n = random_samples(samples, 1 + (int)(unit_random() % 300));
		struct hour_mean means[2];
		for (int pass = 0; pass < 2; pass++) {
			/* of two samples of one moment the first stays: drop the second */
			hour_begin(&hour, H, 5 * MINUTE_MS, NULL);
			for (int i = 0; i < n; i++) {
				if (!hour_take(&hour, &samples[i]))
					samples[i--] = samples[--n];
			}
			means[pass] = close_hour();
			for (int i = n - 1; i > 0; i--) { /* shuffle for the second pass */
				int j = (int)(unit_random() % (unsigned)(i + 1));
				struct sample swap = samples[i];
				samples[i] = samples[j];
				samples[j] = swap;
			}
		}
		ck_assert_mem_eq(&means[0], &means[1], sizeof(means[0]));
	}
}
END_TEST

START_TEST(sixty_minutes_add_up_to_the_hour)
{
	struct sample samples[200];
	for (int round = 0; round < 100; round++) {
		int n = random_samples(samples, 200);
		hour_begin(&hour, H, 7 * MINUTE_MS, NULL);
		for (int i = 0; i < n; i++)
			hour_take(&hour, &samples[i]);
		struct hour_mean whole = close_hour(), again;
		hour_begin(&other, H, 7 * MINUTE_MS, NULL);
		for (int m = 0; m < HOUR_MINUTES; m++) {
			struct minute minute;
			hour_minute(&hour, m, INT64_MAX, &minute);
			hour_restore(&other, m, &minute);
		}
		hour_mean(&other, (int64_t)H * HOUR_MS, VALID_MS, &again);
		ck_assert_mem_eq(&whole, &again, sizeof(whole));
	}
}
END_TEST

START_TEST(a_restart_in_the_middle_of_a_minute_counts_no_second_twice)
{
	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	take(at(0, 10000));
	int64_t stop_ms = (int64_t)(H - 1) * HOUR_MS + 20000;
	struct minute stored;
	hour_minute(&hour, 0, stop_ms, &stored);
	ck_assert_int_eq(stored.covered_ms, 20000);

	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	hour_restore(&hour, 0, &stored);
	take(at(25000, 20000));
	struct minute minute;
	hour_minute(&hour, 0, INT64_MAX, &minute);
	ck_assert_int_eq(minute.covered_ms, 55000);
	ck_assert_int_eq(minute.weighted, 10000LL * 20000 + 20000LL * 35000);
	ck_assert_int_eq(minute.samples, 2);
}
END_TEST

START_TEST(polls_every_2_s_and_every_5_min_give_the_same_mean_of_a_ramp)
{
	/* 0 to 3600 in steps of the poll; the mean of a step function differs by half a step */
	for (int step_s = 2; step_s <= 300; step_s *= 150) {
		hour_begin(&hour, H, 2 * step_s * 1000, NULL);
		for (int s = 0; s < 3600; s += step_s)
			take(at(s * 1000, s * 1000));
		struct hour_mean mean = close_hour();
		ck_assert(mean.valid);
		ck_assert_int_eq(mean.covered_ms, HOUR_MS);
		ck_assert_int_eq(mean.mean_milli, (3600 - step_s) * 500);
	}
}
END_TEST

START_TEST(a_change_of_the_poll_interval_inside_an_hour_keeps_the_mean_right)
{
	/* 10.0 at every second for half an hour, then 20.0 once in five minutes */
	hour_begin(&hour, H, 10 * MINUTE_MS, NULL);
	for (int s = 0; s < 1800; s++)
		take(at(s * 1000, 10000));
	for (int s = 1800; s < 3600; s += 300)
		take(at(s * 1000, 20000));
	ck_assert_int_eq(close_hour().mean_milli, 15000);
	ck_assert_int_eq(close_hour().covered_ms, HOUR_MS);
}
END_TEST

START_TEST(an_hourly_value_is_the_mean_of_its_hour_and_is_taken_once)
{
	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	struct sample early = fault(HOUR_MS + 5, WHY_STATUS), value = at(HOUR_MS + 6, 43000),
		      again = at(HOUR_MS + 7, 99000);
	ck_assert(!hour_report(&hour, &early));
	ck_assert(!close_hour().valid);
	ck_assert_int_eq(close_hour().quality, QUALITY_FAULT);
	ck_assert(hour_report(&hour, &value));
	ck_assert(!hour_report(&hour, &again));
	struct hour_mean mean = close_hour();
	ck_assert(mean.valid);
	ck_assert_int_eq(mean.mean_milli, 43000);
	ck_assert_int_eq(mean.covered_ms, HOUR_MS);
	ck_assert_int_eq(mean.counts[WHY_STATUS], 1);
	ck_assert_int_eq(mean.samples, 2);

	struct minute whole;
	hour_minute(&hour, HOUR_REPORT_MINUTE, INT64_MAX, &whole);
	hour_begin(&hour, H, 2 * MINUTE_MS, NULL);
	hour_restore(&hour, HOUR_REPORT_MINUTE, &whole);
	ck_assert(!hour_report(&hour, &again));
	ck_assert_int_eq(close_hour().mean_milli, 43000);
}
END_TEST

START_TEST(a_moment_on_the_hour_belongs_to_the_hour_that_begins)
{
	ck_assert_int_eq(hour_of_ms(0), 1);
	ck_assert_int_eq(hour_of_ms(HOUR_MS - 1), 1);
	ck_assert_int_eq(hour_of_ms(HOUR_MS), 2);
	ck_assert_int_eq(hour_of_ms(-1), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("hour");
	TCase *tc = tcase_create("hour");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_sample_holds_until_the_next_one);
	tcase_add_test(tc, a_sample_holds_for_its_max_age_at_most);
	tcase_add_test(tc, an_hour_needs_45_covered_minutes_to_the_millisecond);
	tcase_add_test(tc, a_failed_poll_ends_the_value_before_it);
	tcase_add_test(tc, what_is_doubted_counts_no_more_and_says_why);
	tcase_add_test(tc, an_invalid_hour_says_its_commonest_failure);
	tcase_add_test(tc, an_hour_without_samples_is_a_failure_of_communication);
	tcase_add_test(tc, the_last_sample_before_the_hour_is_carried_in);
	tcase_add_test(tc, a_sample_that_comes_late_from_the_hour_before_is_carried_in_too);
	tcase_add_test(tc, a_second_sample_of_one_moment_changes_nothing);
	tcase_add_test(tc, a_sample_of_another_hour_is_not_taken);
	tcase_add_test(tc, more_samples_than_the_limit_are_refused_and_counted);
	tcase_add_test(tc, the_order_of_samples_does_not_matter);
	tcase_add_test(tc, sixty_minutes_add_up_to_the_hour);
	tcase_add_test(tc, a_restart_in_the_middle_of_a_minute_counts_no_second_twice);
	tcase_add_test(tc, polls_every_2_s_and_every_5_min_give_the_same_mean_of_a_ramp);
	tcase_add_test(tc, a_change_of_the_poll_interval_inside_an_hour_keeps_the_mean_right);
	tcase_add_test(tc, an_hourly_value_is_the_mean_of_its_hour_and_is_taken_once);
	tcase_add_test(tc, a_moment_on_the_hour_belongs_to_the_hour_that_begins);
	suite_add_tcase(suite, tc);
	return suite;
}
