/* SPDX-License-Identifier: MIT */
/*
 * Thirty days of a station whose clock is stepped at random, against an oracle that knows the true
 * time: the real engine and database, on a disk in memory; machine, clock and air are made up here.
 */
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "disk.h"
#include "engine.h"
#include "hours.h"
#include "log.h"
#include "sample_time.h"
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
	bool heavy;         /* the air, instead of light */
} machine;

static struct conf *conf;
static struct store *store;
static struct engine *engine;
static struct sample_time dating;
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

static void hand_over(void)
{
	struct sample sample;
	while (sample_time_next(&dating, &sample))
		engine_sample(engine, &sample, clock_quality(&dating.clock));
}

static struct clock_reading reading(void)
{
	return (struct clock_reading){
		.boot_us = (machine.true_s - machine.boot_s + 1) * 1000000,
		.wall_us = (machine.true_s + machine.off_s) * 1000000,
		.synchronised = machine.synced,
	};
}

static void start_engine(void)
{
	const struct engine_env env = {NULL, drop, look};
	ck_assert_int_eq(store_open(conf->data_dir, &store), 0);
	ck_assert_int_eq(engine_new(conf, store, "boot", &env, &engine), 0);
}

static void start(void)
{
	struct clock_reading now = reading();
	start_engine();
	ck_assert_int_eq(sample_time_init(&dating, &conf->clock, &now), 0);
}

static void boot(void)
{
	machine.boot_s = machine.true_s;
	start();
	boots++;
}

static void power_off(void)
{
	sample_time_done(&dating);
	engine = engine_free(engine);
	store = store_close(store);
}

/* PM2.5 of a true hour, ug/m3: not heavy, unless it is to be. */
static int32_t air_milli(int64_t hour)
{
	if (machine.heavy)
		return 260000;
	return (int32_t)(10 + hour * 17 % 41) * 1000;
}

/* One poll and one look at the clock, as the station does them. */
static void live(void)
{
	struct clock_reading now = reading();
	struct redating redating;
	sample_time_follow(&dating, &now, engine_newest_hour(engine), &redating);
	if (redating.due)
		engine_redate(engine, redating.first, redating.now_ms);
	hand_over();
	int64_t station_ms = clock_station_ms(&dating.clock, now.boot_us);
	for (uint16_t c = 0; c < conf->n_channels; c++) {
		struct sample sample = {
			.at_ms = station_ms, .channel = c, .quality = QUALITY_NORMAL};
		sample.value_milli = 1000;
		if (conf->channels[c].pollutant == POLLUTANT_PM25)
			sample.value_milli = air_milli(hour_of_ms(machine.true_s * 1000));
		sample_time_put(&dating, &sample);
		hand_over();
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

/* What a machine without a good clock comes back with: 1970, the time it saved, or any time. */
static int64_t off_after_boot_s(int64_t away_s)
{
	switch (unit_random() % 3) {
	case 0:
		return 60 - machine.true_s;
	case 1:
		return -away_s - between(0, 7200);
	default:
		return any_step_s();
	}
}

/* A power cut; the machine is synchronised within the patience, or much later. */
static void reboot(void)
{
	int64_t away_s = between(30, 600);
	power_off();
	machine.true_s += away_s;
	machine.downtime_s += away_s;
	machine.off_s = off_after_boot_s(away_s);
	machine.synced = false;
	boot();
	machine.until_s = machine.true_s + between(60, unit_random() % 2 ? 1700 : 20 * 3600);
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

static void live_until(int64_t true_s)
{
	for (; machine.true_s < true_s; machine.true_s += POLL_S)
		live();
}

START_TEST(thirty_days_of_random_steps_have_every_hour_under_its_true_name)
{
	int64_t end_s = T0 + 30 * DAY_S;
	begin();
	for (; machine.true_s < end_s; machine.true_s += POLL_S) {
		trouble();
		live();
	}
	machine.off_s = 0;
	machine.synced = true;
	live_until(end_s += 3 * 3600);
	int64_t first = T0 / 3600 + 1, last = end_s / 3600 - 1;
	ck_assert_int_gt(steps, 20);
	ck_assert_int_gt(boots, 5);
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

/* A boot whose clock is wrong and that nobody synchronises for some hours; true time of the
 * synchronisation. */
static int64_t late_sync(int64_t off_s, int64_t hours)
{
	begin();
	live_until(T0 + 30 * 3600);
	power_off();
	machine.true_s += 600;
	machine.off_s = off_s;
	machine.synced = false;
	boot();
	live_until(T0 + (30 + hours) * 3600);
	ck_assert_int_eq(dating.clock.state, CLOCK_UNSYNCHRONISED);
	machine.off_s = 0;
	machine.synced = true;
	return machine.true_s;
}

/* Every hour that is over has the air of its own, and nothing else is there. */
static void all_is_true(int64_t first)
{
	int64_t last = machine.true_s / 3600 - 1;
	ck_assert_int_eq(ask("SELECT max(hour) FROM aqi"), last + 1);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), last + 1);
	ck_assert_int_eq(compare(first, last), 0);
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE covered_ms > 3600000"), 0);
}

START_TEST(a_station_that_restarts_with_hours_of_the_future_withdraws_those_nobody_confirmed)
{
	late_sync(YEAR_S, 6);
	power_off();
	boot();
	ck_assert_int_gt(engine_newest_hour(engine), machine.true_s / 3600 + 1000);
	int64_t synced_s = machine.true_s;
	live_until(synced_s + 5 * 3600 + 600);
	ck_assert_int_eq(ask("SELECT max(hour) FROM aqi"), machine.true_s / 3600);
	ck_assert_int_eq(ask("SELECT max(hour) FROM hours"), machine.true_s / 3600);
	ck_assert_int_eq(compare(T0 / 3600 + 1, T0 / 3600 + 29), 0);
	ck_assert_int_eq(compare(synced_s / 3600 + 1, synced_s / 3600 + 5), 0);
	end();
}
END_TEST

START_TEST(hours_of_a_confirmed_clock_are_never_withdrawn)
{
	begin();
	live_until(T0 + 30 * 3600);
	int64_t before = ask("SELECT count(*) FROM hours");
	machine.off_s = -5 * 3600; /* and synchronised: adopted after ten minutes */
	live_until(T0 + 32 * 3600);
	ck_assert_int_ge(ask("SELECT count(*) FROM hours"), before);
	ck_assert_int_eq(compare(T0 / 3600 + 1, T0 / 3600 + 29), 0);
	power_off();
	boot();
	live_until(T0 + 33 * 3600);
	ck_assert_int_ge(ask("SELECT count(*) FROM hours"), before);
	end();
}
END_TEST

START_TEST(what_a_late_synchronisation_changes_is_published_as_a_revision)
{
	int64_t synced_s = late_sync(-3 * 3600, 12);
	int64_t wrong = ask("SELECT min(hour) FROM hours WHERE time_quality = 'unsynchronised'");
	int64_t last = ask("SELECT max(hour) FROM hours");
	ck_assert_int_gt(last - wrong, 5);
	live_until(synced_s + 3600);
	for (int64_t hour = T0 / 3600 + 1; hour <= synced_s / 3600; hour++) {
		int32_t rev = 0;
		ck_assert_int_eq(hours_aqi_rev(store, hour, &rev), 0);
		ck_assert_int_eq(rev, hour >= wrong && hour <= last);
	}
	ck_assert_int_eq(ask("SELECT count(*) FROM hours WHERE time_quality = 'unsynchronised'"),
			 0);
	end();
}
END_TEST

START_TEST(hours_that_get_their_true_names_neither_lift_nor_repeat_what_was_advised)
{
	static const int64_t off_h[] = {-9, 9};
	for (size_t i = 0; i < sizeof(off_h) / sizeof(off_h[0]); i++) {
		static const char changes[] = "SELECT count(*) FROM events WHERE kind IN"
					      " ('issue', 'upgrade', 'downgrade', 'lift')";
		int64_t synced_s = late_sync(off_h[i] * 3600, 10);
		machine.off_s = off_h[i] * 3600;
		machine.synced = false;
		machine.heavy = true;
		live_until(synced_s + 70 * 3600);
		int64_t advised = ask(changes);
		ck_assert_int_ge(advised, 1);
		machine.off_s = 0;
		machine.synced = true;
		live_until(synced_s + 72 * 3600 + 600);
		ck_assert_int_eq(ask(changes), advised);
		ck_assert_int_eq(ask("SELECT held <> 0 FROM advice"), 1);
		ck_assert_int_eq(ask("SELECT last_hour FROM advice"), machine.true_s / 3600);
		end();
	}
}
END_TEST

START_TEST(a_station_whose_clock_was_a_year_ahead_is_not_silent_for_a_year)
{
	int64_t synced_s = late_sync(YEAR_S, 6);
	live_until(synced_s + 5 * 3600 + 600);
	all_is_true(T0 / 3600 + 1);
	end();
}
END_TEST

START_TEST(hours_closed_under_a_wrong_name_get_their_true_one_when_the_time_is_known)
{
	static const int64_t off_h[] = {-20, -9, -2, -1, 1, 2, 7};
	for (size_t i = 0; i < sizeof(off_h) / sizeof(off_h[0]); i++) {
		int64_t synced_s = late_sync(off_h[i] * 3600, 25);
		live_until(synced_s + 5 * 3600 + 600);
		all_is_true(T0 / 3600 + 1);
		end();
	}
}
END_TEST

/* Minutes that a power cut left empty, between others that a confirmed clock named. */
START_TEST(a_clock_that_is_behind_fills_no_gap_among_minutes_that_stay_when_the_time_is_known)
{
	static const int64_t off_min[] = {-50, -96, -110};
	for (size_t i = 0; i < sizeof(off_min) / sizeof(off_min[0]); i++) {
		begin();
		live_until(T0 + 30 * 3600 + 12 * 60);
		power_off();
		machine.true_s += 600;
		boot();
		live_until(T0 + 30 * 3600 + 41 * 60);
		power_off();
		machine.true_s += 60;
		machine.off_s = off_min[i] * 60;
		machine.synced = false;
		boot();
		live_until(T0 + 40 * 3600);
		ck_assert_int_eq(dating.clock.state, CLOCK_UNSYNCHRONISED);
		machine.off_s = 0;
		machine.synced = true;
		live_until(T0 + 42 * 3600 + 600);
		all_is_true(T0 / 3600 + 1);
		end();
	}
}
END_TEST

START_TEST(
	minutes_that_a_clock_of_the_future_left_do_not_silence_a_station_that_nobody_synchronises)
{
	begin();
	live_until(T0 + 3 * 3600);
	power_off();
	machine.off_s = YEAR_S; /* and synchronised: whoever gives the time has it wrong */
	boot();
	live_until(T0 + 5 * 3600);
	ck_assert_int_gt(engine_newest_hour(engine), machine.true_s / 3600 + 8000);
	power_off();
	machine.off_s = 0;
	boot();
	live_until(T0 + 6 * 3600);
	power_off();
	machine.synced = false;
	boot();
	live_until(T0 + 10 * 3600);
	ck_assert_int_eq(dating.clock.state, CLOCK_UNSYNCHRONISED);
	ck_assert_int_eq(compare(T0 / 3600 + 7, T0 / 3600 + 9), 0);
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

START_TEST(a_synchronisation_that_moves_back_over_the_end_of_an_hour_by_seconds_costs_it_nothing)
{
	int64_t end_s = T0 + 33 * 3600;
	begin();
	conf->close_delay_min = 0;
	live_until(T0 + 31 * 3600);
	power_off();
	machine.off_s = 50;
	machine.synced = false;
	boot();
	live_until(end_s - POLL_S);
	machine.true_s = end_s - 30;
	live();
	ck_assert_int_eq(engine_newest_hour(engine), end_s / 3600);
	machine.off_s = 0;
	machine.synced = true;
	machine.true_s += 10;
	live();
	ck_assert_int_eq(engine_newest_hour(engine), end_s / 3600 - 1);
	machine.true_s = end_s;
	live_until(end_s + 3 * 3600 + POLL_S);
	ck_assert_int_eq(compare(T0 / 3600 + 1, end_s / 3600 + 2), 0);
	end();
}
END_TEST

/* ---- restarts while the clock is doubted ---- */

#define LIVES_QUICK 2
#define LIVES 20
#define LIFE_HOURS 20
#define RESTARTS 4

enum restarting { NOTHING_RESTARTS, ENGINE_RESTARTS, DAEMON_RESTARTS };

/* What became of a life: the PM2.5 of its hours. */
struct outcome {
	struct hour_values values[LIFE_HOURS];
	int64_t sure; /* bits: hours whose clock was confirmed */
};

static void stop_engine(void)
{
	struct clock_reading now = reading();
	int64_t station_ms = clock_station_ms(&dating.clock, now.boot_us);
	if (dating.clock.state != CLOCK_WAITING)
		engine_stop(engine, clock_wall_ms(&dating.clock, station_ms));
	engine = engine_free(engine);
	store = store_close(store);
}

/* Of the engine alone: the samples that may have to be dated anew are still there. */
static void restart(enum restarting what)
{
	stop_engine();
	if (what == ENGINE_RESTARTS) {
		start_engine();
		return;
	}
	sample_time_done(&dating);
	start();
}

/* From one synchronisation to the next. */
struct life {
	int64_t doubt_s, sync_s, end_s, off_s;
	int64_t restarts[RESTARTS + 1]; /* the last: while the time was set */
};

static struct life draw_life(void)
{
	int64_t doubt_s = T0 + between(180, 360) * 60, sync_s = doubt_s + between(40, 420) * 60;
	struct life life = {doubt_s, sync_s, sync_s + between(130, 240) * 60, 0, {0}};
	if (unit_random() % 4)
		life.off_s = between(-200, 200) * 60 + between(0, 1) * 30;
	for (int i = 0; i < RESTARTS; i++)
		life.restarts[i] = doubt_s + between(2, (life.end_s - doubt_s) / 60 - 1) * 60;
	if (unit_random() % 4 == 0)
		life.restarts[RESTARTS] = sync_s;
	return life;
}

static void live_in_doubt(const struct life *life, enum restarting what)
{
	live_until(life->doubt_s);
	power_off();
	machine.off_s = life->off_s;
	machine.synced = false;
	machine.true_s += 60;
	boot();
	for (; machine.true_s < life->end_s; machine.true_s += POLL_S) {
		machine.synced = machine.true_s >= life->sync_s;
		machine.off_s = machine.synced ? 0 : life->off_s;
		for (int i = 0; i <= RESTARTS && what != NOTHING_RESTARTS; i++)
			if (machine.true_s / 60 == life->restarts[i] / 60)
				restart(what);
		live();
	}
}

static void judge_life(struct outcome *ret)
{
	ret->sure = 0;
	for (int i = 0; i < LIFE_HOURS; i++) {
		char sql[200];
		snprintf(sql, sizeof(sql),
			 "SELECT count(*) FROM hours WHERE hour = %lld AND pollutant = 'pm25'"
			 " AND time_quality = 'synchronised'",
			 (long long)(T0 / 3600 + 1 + i));
		ret->sure |= ask(sql) << i;
	}
	ck_assert_int_eq(hours_load(store, T0 / 3600 + 1, LIFE_HOURS, ret->values), 0);
}

static void live_a_life(const struct life *life, enum restarting what, struct outcome *ret)
{
	begin();
	live_in_doubt(life, what);
	judge_life(ret);
	end();
}

static int32_t pm25_of(const struct hour_values *values)
{
	return values->valid & (1u << POLLUTANT_PM25) ? values->milli[POLLUTANT_PM25] : -100000;
}

static const char *life_text(const struct life *life)
{
	static char text[200];
	int64_t minutes[] = {life->doubt_s, life->sync_s, life->end_s};
	int n = snprintf(text, sizeof(text), "off %lld s;", (long long)life->off_s);
	for (int i = 0; i < 4 + RESTARTS; i++) {
		int64_t at_s = i < 3 ? minutes[i] : life->restarts[i - 3];
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %lld",
			      (long long)(at_s == 0 ? 0 : (at_s - T0) / 60));
	}
	return text;
}

/* The n-th by this seed. */
static struct life draw_life_of(int n)
{
	struct life life = draw_life();
	while (n-- > 0)
		life = draw_life();
	return life;
}

START_TEST(an_engine_that_starts_anew_in_a_doubt_decides_as_if_it_had_not)
{
	static struct outcome without, with;
	const struct life life = draw_life_of(_i);
	live_a_life(&life, NOTHING_RESTARTS, &without);
	live_a_life(&life, ENGINE_RESTARTS, &with);
	ck_assert_msg(with.sure == without.sure, "%s: hours %llx, not %llx", life_text(&life),
		      (long long)with.sure, (long long)without.sure);
	for (int i = 0; i < LIFE_HOURS; i++) {
		int32_t is = pm25_of(&with.values[i]), was = pm25_of(&without.values[i]);
		ck_assert_msg(abs(is - was) <= TOLERANCE_MILLI, "%s: hour %d: %d, not %d",
			      life_text(&life), i + 1, is, was);
	}
}
END_TEST

/* What was in memory alone is lost: hours may lack it, but none has what is not its own. */
START_TEST(an_hour_that_counts_as_sure_has_its_own_air_whenever_the_daemon_restarts)
{
	static struct outcome is;
	const struct life life = draw_life_of(_i);
	live_a_life(&life, DAEMON_RESTARTS, &is);
	for (int i = 0; i < LIFE_HOURS; i++) {
		int32_t found = pm25_of(&is.values[i]), own = air_milli(T0 / 3600 + 1 + i);
		if (is.sure & (INT64_C(1) << i) && found >= 0)
			ck_assert_msg(abs(found - own) <= TOLERANCE_MILLI,
				      "%s: hour %d: %d, not %d", life_text(&life), i + 1, found,
				      own);
	}
}
END_TEST

static void add_lives(TCase *tc, int first, int last)
{
	tcase_add_loop_test(tc, an_engine_that_starts_anew_in_a_doubt_decides_as_if_it_had_not,
			    first, last);
	tcase_add_loop_test(
		tc, an_hour_that_counts_as_sure_has_its_own_air_whenever_the_daemon_restarts, first,
		last);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("steps");
	TCase *tc = tcase_create("steps");
	tcase_set_timeout(tc, 280);
	tcase_add_test(
		tc,
		a_station_that_restarts_with_hours_of_the_future_withdraws_those_nobody_confirmed);
	tcase_add_test(tc, hours_of_a_confirmed_clock_are_never_withdrawn);
	tcase_add_test(tc, what_a_late_synchronisation_changes_is_published_as_a_revision);
	tcase_add_test(tc, what_was_measured_in_1970_is_dated_when_the_time_is_known);
	tcase_add_test(tc,
		       hours_that_get_their_true_names_neither_lift_nor_repeat_what_was_advised);
	tcase_add_test(tc, a_station_whose_clock_was_a_year_ahead_is_not_silent_for_a_year);
	tcase_add_test(tc,
		       hours_closed_under_a_wrong_name_get_their_true_one_when_the_time_is_known);
	tcase_add_test(
		tc,
		a_clock_that_is_behind_fills_no_gap_among_minutes_that_stay_when_the_time_is_known);
	tcase_add_test(
		tc,
		minutes_that_a_clock_of_the_future_left_do_not_silence_a_station_that_nobody_synchronises);
	tcase_add_test(tc, leap_seconds_midnights_and_the_year_2038_are_hours_like_others);
	tcase_add_test(
		tc,
		a_synchronisation_that_moves_back_over_the_end_of_an_hour_by_seconds_costs_it_nothing);
	add_lives(tc, 0, LIVES_QUICK);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 280);
	add_lives(slow, LIVES_QUICK, LIVES);
	tcase_add_test(slow, thirty_days_of_random_steps_have_every_hour_under_its_true_name);
	return suite;
}
