/* SPDX-License-Identifier: MIT */
/*
 * Thirty days of a station whose clock is stepped at random, against an oracle that knows the true
 * time: the real engine and database, on a disk in memory; machine, clock and air are made up here.
 */
#include <stdlib.h>
#include <string.h>

#include "dating.h"
#include "db.h"
#include "disk.h"
#include "engine.h"
#include "hours.h"
#include "log.h"
#include "station.h"
#include "unit.h"

#define T0 (INT64_C(490000) * 3600) /* true time of the beginning, s */
#define POLL_S 60
#define DAY_S 86400
#define YEAR_S (365 * INT64_C(86400))
/* A sample holds into the next hour for less than two minutes, of values at most 40 apart. */
#define TOLERANCE_MILLI 1500

/* The machine: the true time, what it thinks the time is, whether it believes that. */
static struct {
	int64_t true_s, boot_s; /* boot_s: true time of the boot */
	int64_t off_s;
	bool synced;
	int64_t until_s;    /* the trouble lasts so long */
	int64_t downtime_s; /* altogether */
	bool next_is_boot;
} machine;

static struct conf *conf;
static struct store *store;
static struct engine *engine;
static struct dating dating;
static int steps, boots;

static void drop(void *ctx, const char *topic, bool retain, char *payload)
{
	(void)ctx, (void)topic, (void)retain;
	free(payload);
}

static void look(void *ctx)
{
	(void)ctx;
}

static void silence(enum log_level level, const char *line)
{
	(void)level, (void)line;
}

static void give(void *ctx, const struct sample *sample)
{
	(void)ctx;
	engine_sample(engine, sample, clock_quality(&dating.clock));
}

static struct clock_reading reading(void)
{
	return (struct clock_reading){
		.boot_us = (machine.true_s - machine.boot_s + 1) * 1000000,
		.wall_us = (machine.true_s + machine.off_s) * 1000000,
		.synchronised = machine.synced,
	};
}

static void boot(void)
{
	const struct engine_env env = {NULL, drop, look};
	machine.boot_s = machine.true_s;
	struct clock_reading now = reading();
	ck_assert_int_eq(store_open(conf->data_dir, &store), 0);
	ck_assert_int_eq(engine_new(conf, store, "boot", &env, &engine), 0);
	ck_assert_int_eq(dating_init(&dating, &conf->clock, &now, give, NULL), 0);
	boots++;
}

static void power_off(void)
{
	dating_done(&dating);
	engine = engine_free(engine);
	store = store_close(store);
}

/* PM2.5 of a true hour, ug/m3: never heavy. */
static int32_t air_milli(int64_t hour)
{
	return (int32_t)(10 + hour * 17 % 41) * 1000;
}

/* One poll and one look at the clock, as the station does them. */
static void live(void)
{
	struct clock_reading now = reading();
	dating_follow(&dating, &now, engine_newest_hour(engine));
	int64_t station_ms = clock_station_ms(&dating.clock, now.boot_us);
	for (uint16_t c = 0; c < conf->n_channels; c++) {
		struct sample sample = {
			.at_ms = station_ms, .channel = c, .quality = QUALITY_NORMAL};
		sample.value_milli = 1000;
		if (conf->channels[c].pollutant == POLLUTANT_PM25)
			sample.value_milli = air_milli(hour_of_ms(machine.true_s * 1000));
		dating_take(&dating, &sample);
	}
	if (dating.clock.state != CLOCK_WAITING)
		engine_advance(engine, clock_wall_ms(&dating.clock, station_ms) + 1,
			       clock_quality(&dating.clock));
}

static int64_t between(int64_t least, int64_t most)
{
	return least + (int64_t)(unit_random() % (unsigned long)(most - least + 1));
}

/* Seconds, hours or years, in both directions. */
static int64_t any_step_s(void)
{
	static const int64_t most[] = {60, 3600, 24 * 3600, 400 * DAY_S, 30 * YEAR_S};
	int64_t step_s = between(2, most[unit_random() % 5]);
	steps++;
	return unit_random() % 2 ? step_s : -step_s;
}

/* A power cut; the machine comes back in 1970, or at the time it saved, and is synchronised within
 * the patience. */
static void reboot(void)
{
	int64_t away_s = between(30, 600);
	power_off();
	machine.true_s += away_s;
	machine.downtime_s += away_s;
	machine.off_s = unit_random() % 2 ? -machine.true_s + 60 : -away_s - between(0, 7200);
	machine.synced = false;
	boot();
	machine.until_s = machine.true_s + between(60, 1700);
}

/* What befalls the machine next. */
static void begin_trouble(void)
{
	switch (unit_random() % 4) {
	case 0: /* stepped and taken back, though it says it is synchronised */
		machine.off_s = any_step_s();
		machine.until_s = machine.true_s + between(60, 530);
		break;
	case 1: /* not synchronised, and wrong, for days */
		machine.off_s = any_step_s();
		machine.synced = false;
		machine.until_s = machine.true_s + between(600, 30 * 3600);
		break;
	case 2: /* the state cannot be read */
		machine.synced = false;
		machine.until_s = machine.true_s + between(600, 20 * 3600);
		break;
	default:
		reboot();
	}
}

static void trouble(void)
{
	if (machine.until_s == 0 && unit_random() % 100 == 0)
		begin_trouble();
	else if (machine.until_s != 0 && machine.true_s >= machine.until_s) {
		machine.off_s = machine.until_s = 0;
		machine.synced = true;
	}
	if (machine.until_s == 0) /* slewed a little */
		machine.off_s = between(0, 1);
}

static int64_t ask(const char *sql)
{
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(store->state.handle, sql, -1, &stmt, NULL), SQLITE_OK);
	int64_t value = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return value;
}

/* Each hour there is has the air of that hour and no other. Returns how many are invalid. */
static int compare(int64_t first, int64_t last)
{
	int invalid = 0;
	for (int64_t hour = first; hour <= last; hour++) {
		struct hour_values values;
		ck_assert_int_eq(hours_load(store, hour, 1, &values), 0);
		if (!(values.valid & (1u << POLLUTANT_PM25))) {
			invalid++;
			continue;
		}
		int32_t found = values.milli[POLLUTANT_PM25], expected = air_milli(hour);
		ck_assert_msg(abs(found - expected) <= TOLERANCE_MILLI, "hour %lld: %d, not %d",
			      (long long)(hour - T0 / 3600), found, expected);
	}
	return invalid;
}

static void begin(void)
{
	disk_install();
	disk_format();
	log_capture(silence);
	memset(&machine, 0, sizeof(machine));
	steps = boots = 0;
	conf = station_conf("hj633-2012", "hetang-2024", "");
	conf->clock =
		(struct clock_conf){.source = CLOCK_NTP, .holdover_h = 168, .patience_min = 30};
	for (int c = 0; c < conf->n_channels; c++)
		conf->channels[c].max_age_ms = 2 * POLL_S * 1000;
	machine.true_s = T0;
	machine.synced = true;
	boot();
}

static void end(void)
{
	power_off();
	conf_free(conf);
}

START_TEST(thirty_days_of_random_steps_have_every_hour_under_its_true_name)
{
	int64_t end_s = T0 + 30 * DAY_S;
	begin();
	for (; machine.true_s < end_s; machine.true_s += POLL_S) {
		trouble();
		live();
	}
	int64_t first = T0 / 3600 + 1, last = end_s / 3600 - 1;
	ck_assert_int_gt(steps, 20);
	ck_assert_int_gt(boots, 10);
	ck_assert_int_ge(ask("SELECT max(hour) FROM aqi"), last - 1);
	ck_assert_int_le(ask("SELECT max(hour) FROM aqi"), last + 1);
	ck_assert_int_eq(ask("SELECT count(*) FROM aqi"),
			 ask("SELECT max(hour) - min(hour) + 1 FROM aqi"));
	/* an hour may lack what fell into a power cut, at most ten minutes each */
	ck_assert_int_le(compare(first, last - 1), boots / 2);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE covered_ms > 3600000"), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM events WHERE kind NOT IN ('hold', 'resume')"),
			 0);
	int64_t covered_s =
		ask("SELECT sum(covered_ms) / 1000 FROM hours WHERE pollutant = 'pm25'");
	ck_assert_int_ge(covered_s, (last - first) * 3600 - machine.downtime_s - boots * 180);
	end();
}
END_TEST

static void live_until(int64_t true_s)
{
	for (; machine.true_s < true_s; machine.true_s += POLL_S)
		live();
}

START_TEST(hours_that_a_late_synchronisation_leaps_over_are_filled_from_their_samples)
{
	begin();
	live_until(T0 + 30 * 3600);
	int64_t newest = engine_newest_hour(engine);
	power_off();
	machine.true_s += 600;
	machine.off_s = -9 * 3600; /* wrong but plausible: later than the newest hour in a while */
	machine.synced = false;
	boot();
	live_until(T0 + 45 * 3600);
	ck_assert_int_eq(dating.clock.state, CLOCK_UNSYNCHRONISED);
	ck_assert_int_gt(engine_newest_hour(engine), newest);
	/* up to the hour that runs they have been counted under wrong names */
	int64_t wrong = (machine.true_s + machine.off_s) / 3600 + 1;
	machine.off_s = 0;
	machine.synced = true;
	live_until(T0 + 50 * 3600);
	ck_assert_int_eq(compare(wrong + 1, T0 / 3600 + 49), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE covered_ms > 3600000"), 0);
	end();
}
END_TEST

START_TEST(what_was_measured_in_1970_is_dated_when_the_time_is_known)
{
	begin();
	live_until(T0 + 26 * 3600 + 1800);
	power_off();
	machine.true_s += 60;
	machine.off_s = -machine.true_s + 30;
	machine.synced = false;
	boot();
	live_until(T0 + 36 * 3600);
	ck_assert_int_eq(dating.clock.state, CLOCK_WAITING);
	machine.off_s = 0;
	machine.synced = true;
	live_until(T0 + 40 * 3600);
	ck_assert_int_eq(compare(T0 / 3600 + 1, T0 / 3600 + 39), 0);
	end();
}
END_TEST

START_TEST(leap_seconds_midnights_and_the_year_2038_are_hours_like_others)
{
	begin();
	power_off();
	machine.true_s = (INT64_C(1) << 31) / 3600 * 3600 - 12 * 3600;
	int64_t first = machine.true_s / 3600 + 1;
	boot();
	for (int i = 0; i < 30 * 60; i++) {
		machine.off_s = i > 700 ? -1 : 0; /* a leap second that the kernel steps back */
		live();
		machine.true_s += POLL_S;
	}
	ck_assert_int_eq(compare(first, first + 28), 0);
	end();
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("steps");
	TCase *tc = tcase_create("steps");
	tcase_set_timeout(tc, 280);
	tcase_add_test(tc, thirty_days_of_random_steps_have_every_hour_under_its_true_name);
	tcase_add_test(tc,
		       hours_that_a_late_synchronisation_leaps_over_are_filled_from_their_samples);
	tcase_add_test(tc, what_was_measured_in_1970_is_dated_when_the_time_is_known);
	tcase_add_test(tc, leap_seconds_midnights_and_the_year_2038_are_hours_like_others);
	suite_add_tcase(suite, tc);
	return suite;
}
