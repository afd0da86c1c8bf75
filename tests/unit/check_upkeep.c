/* SPDX-License-Identifier: MIT */
#include "sensor_marks.h"

#include "conf.h"
#include "unit.h"

#define DAY_MS (24LL * HOUR_MS)
#define T0 (500000LL * HOUR_MS)

static struct conf conf;
static struct upkeep_conf care;
static struct sensor_marks *upkeep;

/* One bus with one sensor, roof, that measures PM2.5. */
static void setup(void)
{
	memset(&conf, 0, sizeof(conf));
	memset(&care, 0, sizeof(care));
	conf.n_buses = 1;
	conf.buses[0].n_devices = 1;
	conf.buses[0].devices[0].id = "roof";
	conf.upkeep[0][0] = &care;
	conf.n_channels = 1;
	conf.channels[0].pollutant = POLLUTANT_PM25;
	upkeep = sensor_marks_new(&conf);
}

static void teardown(void)
{
	upkeep = sensor_marks_free(upkeep);
}

static struct sample sample_at(int64_t at_ms, int32_t value_milli)
{
	return (struct sample){
		.at_ms = at_ms, .value_milli = value_milli, .quality = QUALITY_NORMAL};
}

static struct sample failed_at(int64_t at_ms)
{
	return (struct sample){
		.at_ms = at_ms, .quality = QUALITY_NO_COMMUNICATION, .why = WHY_TIMEOUT};
}

static enum why dated(struct sample sample, int32_t *ret_milli)
{
	sensor_marks_dated(upkeep, &sample);
	ck_assert_int_eq(sample.quality, why_quality(sample.why));
	*ret_milli = sample.value_milli;
	return sample.why;
}

static enum why why_dated(int64_t at_ms)
{
	int32_t milli;
	return dated(sample_at(at_ms, 35000), &milli);
}

static enum why why_arrived(int64_t at_ms)
{
	struct sample sample = sample_at(at_ms, 35000);
	sensor_marks_arrived(upkeep, &sample);
	return sample.why;
}

static void tell(int device, enum health_state state, int64_t station_ms)
{
	const struct bus_notice notice = {.device = device, .state = state};
	sensor_marks_notice(upkeep, 0, &notice, station_ms);
}

START_TEST(a_correction_holds_from_its_moment_until_the_next_one)
{
	int32_t milli;

	care.n_corrections = 3;
	care.corrections[0] = (struct upkeep_correction){POLLUTANT_PM25, T0, 1.1, -500};
	care.corrections[1] = (struct upkeep_correction){POLLUTANT_PM25, T0 + DAY_MS, 2, 0};
	care.corrections[2] = (struct upkeep_correction){POLLUTANT_O3, T0, 9, 0};
	ck_assert_int_eq(dated(sample_at(T0 - 1, 35000), &milli), WHY_NONE);
	ck_assert_int_eq(milli, 35000);
	ck_assert_int_eq(dated(sample_at(T0, 35000), &milli), WHY_NONE);
	ck_assert_int_eq(milli, 38000);
	ck_assert_int_eq(dated(sample_at(T0 + DAY_MS, 35000), &milli), WHY_NONE);
	ck_assert_int_eq(milli, 70000);
	/* what would leave the range of a value is none */
	ck_assert_int_eq(dated(sample_at(T0 + DAY_MS, INT32_MAX), &milli), WHY_OUT_OF_RANGE);
	ck_assert_int_eq(milli, 0);
	ck_assert_int_eq(dated(failed_at(T0 + DAY_MS), &milli), WHY_TIMEOUT);
	ck_assert_int_eq(milli, 0);
}
END_TEST

START_TEST(a_zero_check_comes_back_by_its_calendar)
{
	int32_t milli;

	care.n_checks = 2;
	care.checks[0] = (struct upkeep_check){WHY_ZERO_CHECK, T0, 24, 15};
	care.checks[1] = (struct upkeep_check){WHY_SPAN_CHECK, T0 + 15 * MINUTE_MS, 168, 20};
	ck_assert_int_eq(why_dated(T0 - 1), WHY_NONE);
	ck_assert_int_eq(why_dated(T0), WHY_ZERO_CHECK);
	ck_assert_int_eq(why_dated(T0 + 15 * MINUTE_MS - 1), WHY_ZERO_CHECK);
	ck_assert_int_eq(why_dated(T0 + 15 * MINUTE_MS), WHY_SPAN_CHECK);
	ck_assert_int_eq(why_dated(T0 + 35 * MINUTE_MS), WHY_NONE);
	ck_assert_int_eq(why_dated(T0 + 100 * DAY_MS + 14 * MINUTE_MS), WHY_ZERO_CHECK);
	ck_assert_int_eq(why_dated(T0 + DAY_MS + 16 * MINUTE_MS), WHY_NONE);
	/* a device that is silent is silent */
	ck_assert_int_eq(dated(failed_at(T0), &milli), WHY_TIMEOUT);
}
END_TEST

START_TEST(maintenance_covers_whatever_comes_and_ends_by_itself)
{
	int32_t milli;

	sensor_marks_set_maintenance(upkeep, 0, 0, T0, T0 + HOUR_MS);
	ck_assert_int_eq(why_dated(T0 - 1), WHY_NONE);
	ck_assert_int_eq(why_dated(T0), WHY_MAINTENANCE);
	ck_assert_int_eq(dated(failed_at(T0 + 1), &milli), WHY_MAINTENANCE);
	ck_assert_int_eq(why_dated(T0 + HOUR_MS), WHY_NONE);
	sensor_marks_set_maintenance(upkeep, 0, 0, T0 + 5, T0 + 5);
	ck_assert_int_eq(why_dated(T0 + 5), WHY_NONE);
}
END_TEST

START_TEST(a_sensor_that_was_lost_warms_up_when_it_is_back)
{
	care.warm_up_min = 10;
	/* hours after boot: it was on all the time */
	tell(0, HEALTH_OK, 5 * HOUR_MS);
	ck_assert_int_eq(why_arrived(5 * HOUR_MS), WHY_NONE);
	tell(0, HEALTH_FAILED, 6 * HOUR_MS);
	tell(0, HEALTH_OK, 7 * HOUR_MS);
	ck_assert_int_eq(why_arrived(7 * HOUR_MS), WHY_WARM_UP);
	ck_assert_int_eq(why_arrived(7 * HOUR_MS + 10 * MINUTE_MS - 1), WHY_WARM_UP);
	ck_assert_int_eq(why_arrived(7 * HOUR_MS + 10 * MINUTE_MS), WHY_NONE);
	/* with the whole bus */
	tell(-1, HEALTH_FAILED, 8 * HOUR_MS);
	tell(-1, HEALTH_OK, 9 * HOUR_MS);
	ck_assert_int_eq(why_arrived(9 * HOUR_MS), WHY_WARM_UP);
	tell(-1, HEALTH_OK, 10 * HOUR_MS);
	ck_assert_int_eq(why_arrived(10 * HOUR_MS), WHY_NONE);
	struct sample silent = failed_at(9 * HOUR_MS);
	sensor_marks_arrived(upkeep, &silent);
	ck_assert_int_eq(silent.why, WHY_TIMEOUT);
}
END_TEST

START_TEST(a_sensor_that_was_switched_on_with_the_station_warms_up)
{
	care.warm_up_min = 30;
	tell(0, HEALTH_OK, 2 * MINUTE_MS);
	ck_assert_int_eq(why_arrived(2 * MINUTE_MS), WHY_WARM_UP);
	ck_assert_int_eq(why_arrived(30 * MINUTE_MS), WHY_NONE);
}
END_TEST

START_TEST(what_a_sensor_is_busy_with_is_told_when_it_changes)
{
	static struct health_report report;

	sensor_marks_set_maintenance(upkeep, 0, 0, T0, T0 + HOUR_MS);
	ck_assert(sensor_marks_look(upkeep, 0, T0, &report));
	ck_assert_int_eq(report.busy[0], WHY_MAINTENANCE);
	ck_assert_int_eq(report.busy_until_ms[0], T0 + HOUR_MS);
	ck_assert(!sensor_marks_look(upkeep, 0, T0 + 1, &report));
	ck_assert(sensor_marks_look(upkeep, 0, T0 + HOUR_MS, &report));
	ck_assert_int_eq(report.busy[0], WHY_NONE);
	ck_assert_int_eq(report.busy_until_ms[0], 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("upkeep");
	TCase *tc = tcase_create("upkeep");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_correction_holds_from_its_moment_until_the_next_one);
	tcase_add_test(tc, a_zero_check_comes_back_by_its_calendar);
	tcase_add_test(tc, maintenance_covers_whatever_comes_and_ends_by_itself);
	tcase_add_test(tc, a_sensor_that_was_lost_warms_up_when_it_is_back);
	tcase_add_test(tc, a_sensor_that_was_switched_on_with_the_station_warms_up);
	tcase_add_test(tc, what_a_sensor_is_busy_with_is_told_when_it_changes);
	suite_add_tcase(suite, tc);
	return suite;
}
