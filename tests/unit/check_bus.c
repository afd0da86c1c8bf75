/* SPDX-License-Identifier: MIT */
#include "bus.h"

#include <errno.h>
#include <stdio.h>

#include "guard.h"
#include "slave.h"
#include "status_of.h"
#include "unit.h"

#define SAMPLES_MAX 20000
#define NOTICES_MAX 200
#define TIMEOUT_MS 60

/* A bus, what it polls, and all it has said. Channel = device * 2 + row, unit id = device + 1. */
struct station {
	struct slave *slave;
	struct profile profile;
	struct bus_conf conf;
	struct bus_env env;
	struct bus *bus;
	double speed; /* of station time */
	int64_t origin_us;
	pthread_mutex_t lock;
	int n_samples, n_notices;
	struct sample samples[SAMPLES_MAX];
	struct bus_notice notices[NOTICES_MAX];
};

static int64_t now_on_station(void *ctx)
{
	const struct station *station = ctx;

	return 1000000 +
	       (int64_t)((double)(slave_now_us() - station->origin_us) / 1000 * station->speed);
}

/* Rounded down: the bus may be woken a little before its time. */
static int64_t wait_on_station(void *ctx, int64_t at_ms)
{
	const struct station *station = ctx;
	double left_ms = (double)(at_ms - now_on_station(ctx)) / station->speed;

	return left_ms <= 0 ? 0 : (int64_t)left_ms;
}

static void take_sample(void *ctx, const struct sample *sample)
{
	struct station *station = ctx;

	pthread_mutex_lock(&station->lock);
	if (station->n_samples < SAMPLES_MAX)
		station->samples[station->n_samples++] = *sample;
	pthread_mutex_unlock(&station->lock);
}

static void take_notice(void *ctx, int bus, const struct bus_notice *notice)
{
	struct station *station = ctx;

	ck_assert_int_eq(bus, 3);
	pthread_mutex_lock(&station->lock);
	if (station->n_notices < NOTICES_MAX)
		station->notices[station->n_notices++] = *notice;
	pthread_mutex_unlock(&station->lock);
}

/* Two rows: register 10 in tenths of a ug/m3 and register `second`. */
static struct station *station_new(bool rtu, int n_devices, int32_t poll_ms, uint16_t second)
{
	struct station *station = calloc(1, sizeof(*station));
	struct profile_row row = {.pollutant = POLLUTANT_PM25,
				  .function = 3,
				  .address = 10,
				  .scale = 0.1,
				  .range_max = 100000};

	ck_assert_ptr_nonnull(station);
	station->slave = slave_start(rtu ? WIRE_RTU : WIRE_TCP, 0);
	station->speed = 1;
	station->origin_us = slave_now_us();
	pthread_mutex_init(&station->lock, NULL);
	station->profile.n_rows = 2;
	station->profile.rows[0] = station->profile.rows[1] = row;
	station->profile.rows[1].pollutant = POLLUTANT_PM10;
	station->profile.rows[1].address = second;
	station->env = (struct bus_env){station,     now_on_station, wait_on_station,
					take_sample, take_notice,    NULL};
	station->conf.id = "test";
	station->conf.n_devices = n_devices;
	station->conf.link = (struct link_conf){.kind = rtu ? LINK_RTU : LINK_TCP,
						.host = "127.0.0.1",
						.port = station->slave->port,
						.device = station->slave->path,
						.baud = 115200,
						.parity = 'N',
						.data_bits = 8,
						.stop_bits = 1,
						.response_timeout_ms = TIMEOUT_MS,
						.quiet_ms = 20};
	for (int i = 0; i < n_devices; i++)
		station->conf.devices[i] =
			(struct device_conf){.id = "device",
					     .unit_id = i + 1,
					     .profile = &station->profile,
					     .poll_ms = poll_ms,
					     .channels = {(int16_t)(2 * i), (int16_t)(2 * i + 1)}};
	return station;
}

static void station_run(struct station *station)
{
	ck_assert_int_eq(bus_start(&station->conf, &station->env, 3, &station->bus), 0);
}

/* Stops the bus; it must take no second. */
static void station_stop(struct station *station)
{
	int64_t began_us = slave_now_us();

	if (station->bus)
		bus_stop(station->bus);
	station->bus = bus_free(station->bus);
	ck_assert_int_lt(slave_now_us() - began_us, 1000000);
}

static void station_free(struct station *station)
{
	station_stop(station);
	if (station->slave)
		slave_stop(station->slave);
	pthread_mutex_destroy(&station->lock);
	free(station);
}

static int count_samples(struct station *station, int channel, enum why why)
{
	int n = 0;

	pthread_mutex_lock(&station->lock);
	for (int i = 0; i < station->n_samples; i++)
		n += station->samples[i].channel == channel && station->samples[i].why == why;
	pthread_mutex_unlock(&station->lock);
	return n;
}

static int count_notices(struct station *station, int device, enum health_state state)
{
	int n = 0;

	pthread_mutex_lock(&station->lock);
	for (int i = 0; i < station->n_notices; i++)
		n += station->notices[i].device == device && station->notices[i].state == state;
	pthread_mutex_unlock(&station->lock);
	return n;
}

/* Waits until a channel has n samples of that kind. */
static void await_samples(struct station *station, int channel, enum why why, int n, int within_ms)
{
	for (int waited_ms = 0; count_samples(station, channel, why) < n; waited_ms += 5) {
		ck_assert_msg(waited_ms < within_ms, "channel %d: %d of %d samples with reason %d",
			      channel, count_samples(station, channel, why), n, (int)why);
		slave_sleep_ms(5);
	}
}

/* Every sample's letter fits its reason, and every value is what the slave holds. */
static void assert_samples_are_true(struct station *station)
{
	for (int i = 0; i < station->n_samples; i++) {
		const struct sample *sample = &station->samples[i];
		int row = sample->channel % 2, unit = sample->channel / 2 + 1;
		if (sample->why == WHY_NONE) {
			ck_assert_int_eq(sample->quality, QUALITY_NORMAL);
			ck_assert_int_eq(
				sample->value_milli,
				100 * slave_register(unit, 3, station->profile.rows[row].address));
		} else if (sample->why == WHY_STATUS) {
			ck_assert_int_eq(sample->quality, QUALITY_FAULT);
		} else {
			ck_assert_int_eq(sample->quality, QUALITY_NO_COMMUNICATION);
		}
	}
}

/* Polls that came due between the first and the last sample of a channel. */
static int polls_due(const struct station *station, int channel, int32_t poll_ms)
{
	int64_t first = -1, last = -1;

	for (int i = 0; i < station->n_samples; i++) {
		if (station->samples[i].channel != channel)
			continue;
		last = station->samples[i].at_ms / poll_ms;
		if (first < 0)
			first = last;
	}
	return (int)(last - first) + 1;
}

START_TEST(every_due_poll_gives_every_channel_a_true_sample)
{
	struct station *station = station_new(_i == 1, 3, 100, 12);

	station_run(station);
	slave_sleep_ms(750);
	station_stop(station);
	assert_samples_are_true(station);
	for (int channel = 0; channel < 6; channel++) {
		ck_assert_int_ge(count_samples(station, channel, WHY_NONE), 6);
		ck_assert_int_le(count_samples(station, channel, WHY_NONE), 9);
	}
	for (int device = 0; device < 3; device++)
		ck_assert_int_eq(count_notices(station, device, HEALTH_OK), 1);
	ck_assert_int_eq(count_notices(station, -1, HEALTH_OK), 1);
	ck_assert_int_eq(station->n_notices, 4);
	station_free(station);
}
END_TEST

START_TEST(a_channel_that_the_station_does_not_use_gives_nothing)
{
	struct station *station = station_new(false, 1, 50, 12);

	station->conf.devices[0].channels[0] = -1;
	station_run(station);
	await_samples(station, 1, WHY_NONE, 3, 6000);
	station_stop(station);
	for (int i = 0; i < station->n_samples; i++)
		ck_assert_int_eq(station->samples[i].channel, 1);
	station_free(station);
}
END_TEST

/* dead: one bit for each device that is. */
static void assert_others_lost_nothing(struct station *station, unsigned dead, int n_due)
{
	for (int device = 0; device < station->conf.n_devices; device++) {
		int due = polls_due(station, 2 * device, 200);
		if (dead & 1u << device)
			continue;
		ck_assert_int_ge(due, n_due);
		ck_assert_int_ge(count_samples(station, 2 * device, WHY_NONE) * 100, 98 * due);
	}
}

START_TEST(one_dead_device_costs_the_others_nothing)
{
	struct station *station = station_new(true, 4, 200, 12);

	station->slave->faults[2] = FAULT_SILENT;
	station_run(station);
	slave_sleep_ms(2600);
	station_stop(station);
	assert_samples_are_true(station);
	assert_others_lost_nothing(station, 1u << 1, 12);
	ck_assert_int_eq(count_samples(station, 2, WHY_TIMEOUT), polls_due(station, 2, 200));
	ck_assert_int_eq(station->slave->requests[2], HEALTH_FAILED_AFTER);
	ck_assert_int_eq(count_notices(station, 1, HEALTH_SUSPECT), 1);
	ck_assert_int_eq(count_notices(station, 1, HEALTH_FAILED), 1);
	ck_assert_int_eq(count_notices(station, -1, HEALTH_OK), 1);
	station_free(station);
}
END_TEST

START_TEST(a_device_that_says_it_is_busy_is_asked_with_every_poll)
{
	struct station *station = station_new(_i == 1, 3, 100, 12);
	struct slave *slave = station->slave;

	/* the third one is dead, and its probes must not be held against the busy one */
	slave->exception = 5;
	slave->faults[2] = FAULT_EXCEPTION;
	slave->faults[3] = FAULT_SILENT;
	station_run(station);
	await_samples(station, 2, WHY_EXCEPTION, 20, 4000);
	ck_assert_uint_ge(slave->requests[2], 2 * 19);
	ck_assert_uint_eq(slave->requests[3], HEALTH_FAILED_AFTER);
	slave->faults[2] = FAULT_NONE;
	await_samples(station, 2, WHY_NONE, 3, 3000);
	station_stop(station);
	assert_samples_are_true(station);
	ck_assert_int_eq(count_notices(station, 1, HEALTH_FAILED), 1);
	ck_assert_int_eq(count_notices(station, 1, HEALTH_OK), 1);
	station_free(station);
}
END_TEST

START_TEST(a_device_that_refuses_what_it_is_asked_is_asked_rarely)
{
	struct station *station = station_new(false, 2, 100, 12);

	station->slave->exception = 1;
	station->slave->faults[2] = FAULT_EXCEPTION;
	station_run(station);
	await_samples(station, 2, WHY_EXCEPTION, 20, 4000);
	ck_assert_uint_eq(station->slave->requests[2], 2 * HEALTH_FAILED_AFTER);
	station_free(station);
}
END_TEST

static void assert_back(const struct bus_notice *notice)
{
	ck_assert_int_ge(notice->lasted_ms, HEALTH_PROBE_MS - 10);
	ck_assert_int_eq(notice->failures, HEALTH_FAILED_AFTER);
	ck_assert_int_eq(notice->why, WHY_NONE);
}

START_TEST(dead_devices_are_probed_and_come_back_at_no_cost_to_the_others)
{
	struct station *station = station_new(false, 5, 200, 12);
	struct slave *slave = station->slave;

	slave->faults[1] = slave->faults[3] = slave->faults[4] = FAULT_SILENT;
	station_run(station);
	await_samples(station, 0, WHY_TIMEOUT, 4, 4000);
	slave->faults[1] = FAULT_NONE;
	await_samples(station, 0, WHY_NONE, 2, HEALTH_PROBE_MS + 4000);
	for (int i = 0; i < 400 && slave->requests[4] == HEALTH_FAILED_AFTER; i++)
		slave_sleep_ms(5);
	station_stop(station);
	assert_samples_are_true(station);
	assert_others_lost_nothing(station, 1u << 0 | 1u << 2 | 1u << 3, 50);
	/* probes in vain keep their distance: they take a tenth of the time */
	ck_assert_uint_eq(slave->requests[3], HEALTH_FAILED_AFTER + 1);
	ck_assert_uint_eq(slave->requests[4], HEALTH_FAILED_AFTER + 1);
	ck_assert_int_ge(slave->asked_us[4] - slave->asked_us[3], TIMEOUT_MS * 9 * 1000);
	ck_assert_int_ge(count_samples(station, 0, WHY_TIMEOUT), 48);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_FAILED), 1);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_OK), 1);
	for (int i = 0; i < station->n_notices; i++)
		if (station->notices[i].device == 0 && station->notices[i].state == HEALTH_OK)
			assert_back(&station->notices[i]);
	station_free(station);
}
END_TEST

START_TEST(while_the_link_is_down_every_poll_says_so)
{
	struct station *station = station_new(_i == 1, 2, 100, 12);
	struct slave *gone = station->slave;
	uint16_t port = gone->port;

	station->slave = NULL;
	slave_stop(gone);
	if (_i == 1)
		station->conf.link.device = "/dev/hazewatch-no-such-tty";
	station_run(station);
	await_samples(station, 0, WHY_LINK, 9, 3000);
	ck_assert_int_ge(count_samples(station, 3, WHY_LINK), 8);
	ck_assert_int_eq(count_notices(station, -1, HEALTH_SUSPECT), 1);
	ck_assert_int_eq(station->notices[0].code, _i == 1 ? ENOENT : ECONNREFUSED);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_SUSPECT), 0);
	if (_i == 0) {
		station->slave = slave_start(WIRE_TCP, port);
		await_samples(station, 0, WHY_NONE, 3, 3000);
		ck_assert_int_eq(count_notices(station, -1, HEALTH_OK), 1);
	}
	station_stop(station);
	assert_samples_are_true(station);
	station_free(station);
}
END_TEST

START_TEST(a_link_that_was_back_is_opened_soon_when_it_breaks_again)
{
	struct station *station = station_new(false, 1, 20, 12);
	uint16_t port = station->slave->port;

	slave_stop(station->slave);
	station_run(station);
	await_samples(station, 0, WHY_LINK, 5, 3000);
	station->slave = slave_start(WIRE_TCP, port);
	await_samples(station, 0, WHY_NONE, 3, 3000);
	slave_stop(station->slave);
	int before = count_samples(station, 0, WHY_NONE);
	station->slave = NULL;
	slave_sleep_ms(100);
	station->slave = slave_start(WIRE_TCP, port);
	await_samples(station, 0, WHY_NONE, before + 3, 1600);
	station_free(station);
}
END_TEST

START_TEST(a_link_that_fails_is_tried_ever_more_rarely)
{
	struct station *station = station_new(false, 1, 20, 12);

	/* accepts, and hangs up on every request */
	station->slave->faults[1] = FAULT_RST;
	station_run(station);
	slave_sleep_ms(2700);
	station_stop(station);
	/* at 0 s and 1 s; not yet at 3 s */
	ck_assert_int_eq(station->slave->connections, 2);
	ck_assert_int_eq(count_notices(station, -1, HEALTH_SUSPECT), 1);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_SUSPECT), 0);
	ck_assert_int_ge(count_samples(station, 0, WHY_LINK), 110);
	station_free(station);
}
END_TEST

START_TEST(a_device_that_breaks_the_connection_costs_the_others_nothing)
{
	struct station *station = station_new(false, 3, 200, 12);

	station->slave->faults[2] = FAULT_RST;
	station_run(station);
	slave_sleep_ms(1700);
	station_stop(station);
	assert_samples_are_true(station);
	for (int device = 0; device < 3; device += 2)
		ck_assert_int_ge(count_samples(station, 2 * device, WHY_NONE) * 100,
				 98 * polls_due(station, 2 * device, 200));
	ck_assert_int_eq(count_notices(station, 1, HEALTH_FAILED), 1);
	ck_assert_int_eq(count_notices(station, -1, HEALTH_SUSPECT), 0);
	/* each of them once more on a connection of its own */
	ck_assert_int_eq(station->slave->requests[2], 2 * HEALTH_FAILED_AFTER);
	station_free(station);
}
END_TEST

START_TEST(of_missed_polls_only_the_newest_is_caught_up)
{
	struct station *station = station_new(false, 1, 50, 12);
	struct bus_stats stats;
	int64_t before = 0;

	station->conf.link.response_timeout_ms = 1000;
	station->slave->late_ms = 180;
	station->slave->faults[1] = FAULT_LATE;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 4, 4000);
	station->slave->faults[1] = FAULT_NONE;
	await_samples(station, 0, WHY_NONE, 14, 4000);
	bus_stats(station->bus, &stats);
	station_stop(station);
	ck_assert_uint_ge(stats.overruns, 3 * 3);
	ck_assert_uint_ge(stats.polls, 14);
	ck_assert_uint_eq(stats.failures, 0);
	for (int i = 0; i < station->n_samples; i++) {
		if (station->samples[i].channel != 0)
			continue;
		/* an interval has one poll at most; the end of a late one may share it */
		if (i > 12)
			ck_assert_int_gt(station->samples[i].at_ms / 50, before / 50);
		before = station->samples[i].at_ms;
	}
	station_free(station);
}
END_TEST

START_TEST(a_compressed_station_is_polled_every_14_ms)
{
	struct station *station = station_new(false, 2, 60000, 12);

	station->speed = 60000.0 / 14;
	int64_t began_us = slave_now_us();
	station_run(station);
	slave_sleep_ms(1500);
	struct bus_stats stats;
	bus_stats(station->bus, &stats);
	int64_t ran_us = slave_now_us() - began_us;
	station_stop(station);
	assert_samples_are_true(station);
	ck_assert_uint_ge(stats.polls + stats.overruns, 2 * 100);
	ck_assert_uint_le(stats.polls + stats.overruns, 2 * (uint64_t)(ran_us / 14000 + 2));
	ck_assert_uint_ge(stats.polls * 100, (stats.polls + stats.overruns) * 90);
	int64_t before = -1;
	for (int i = 0; i < station->n_samples; i++) {
		if (station->samples[i].channel != 2)
			continue;
		ck_assert_int_gt(station->samples[i].at_ms, before);
		before = station->samples[i].at_ms;
	}
	station_free(station);
}
END_TEST

START_TEST(the_rows_of_a_request_that_fails_do_not_spoil_the_others)
{
	struct station *station = station_new(false, 1, 50, 200);

	station->slave->exception = 2;
	station->slave->faulty_address = 10;
	station->slave->faults[1] = FAULT_EXCEPTION;
	station_run(station);
	await_samples(station, 1, WHY_NONE, 8, 3000);
	station_stop(station);
	assert_samples_are_true(station);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), 0);
	ck_assert_int_ge(count_samples(station, 0, WHY_EXCEPTION), 8);
	/* the request that is refused is left alone after a while, the other never */
	ck_assert_uint_eq(station->slave->requests[1],
			  (unsigned)count_samples(station, 1, WHY_NONE) + HEALTH_FAILED_AFTER);
	station_free(station);
}
END_TEST

START_TEST(a_request_that_is_never_answered_costs_the_others_of_its_device_little)
{
	struct station *station = station_new(false, 1, 100, 200);

	station->profile.n_rows = 3;
	station->profile.rows[1].type = TYPE_U32;
	station->profile.rows[2] = station->profile.rows[0];
	station->profile.rows[2].address = 400;
	station->slave->faulty_address = 200;
	station->slave->faults[1] = FAULT_SILENT;
	station->conf.devices[0].channels[1] = -1;
	station->conf.devices[0].channels[2] = 1;
	station_run(station);
	await_samples(station, 1, WHY_NONE, 5, 3000);
	station_stop(station);
	/* the third is left out of the poll in which the second was waited for first, and then has
	 * its turn before it */
	ck_assert_int_eq(count_samples(station, 1, WHY_TIMEOUT), 1);
	ck_assert_int_ge(count_samples(station, 0, WHY_NONE), 6);
	ck_assert_int_eq(count_samples(station, 0, WHY_TIMEOUT), 0);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_SUSPECT), 0);
	station_free(station);
}
END_TEST

START_TEST(a_silent_device_is_waited_for_once_in_a_poll)
{
	struct station *station = station_new(false, 1, 200, 200);

	station->slave->faults[1] = FAULT_SILENT;
	station_run(station);
	await_samples(station, 1, WHY_TIMEOUT, 5, 3000);
	station_stop(station);
	ck_assert_uint_eq(station->slave->requests[1], HEALTH_FAILED_AFTER);
	ck_assert_int_ge(count_samples(station, 0, WHY_TIMEOUT), 5);
	station_free(station);
}
END_TEST

START_TEST(a_request_that_is_not_answered_is_made_again_in_its_poll)
{
	struct station *station = station_new((bool)_i, 2, 100, 11);

	station->slave->faults[1] = FAULT_EVERY_OTHER;
	station->conf.link.response_timeout_ms = 500;
	station->conf.devices[0].retries = 1;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 6, 20000);
	station_stop(station);
	assert_samples_are_true(station);
	ck_assert_int_eq(count_samples(station, 0, WHY_TIMEOUT), 0);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_SUSPECT), 0);
	station_free(station);
}
END_TEST

/* Without retries it would be lost in every other poll, with them a dead one is asked no oftener.
 */
START_TEST(a_dead_device_is_asked_once_whatever_its_retries)
{
	struct station *station = station_new(false, 2, 50, 11);

	station->slave->faults[1] = FAULT_SILENT;
	station->conf.devices[0].retries = 2;
	station_run(station);
	await_samples(station, 0, WHY_TIMEOUT, 12, 20000);
	station_stop(station);
	ck_assert_uint_eq(station->slave->requests[1], 3 * HEALTH_FAILED_AFTER);
	station_free(station);
}
END_TEST

START_TEST(a_device_that_takes_long_leaves_the_others_half_of_the_time)
{
	struct station *station = station_new(_i == 1, 3, 100, 12);

	station->slave->faults[2] = FAULT_LATE;
	station->slave->late_ms = 1200;
	for (int i = 0; i < 3; i++)
		station->conf.devices[i].response_timeout_ms = i == 1 ? 8000 : 2000;
	station_run(station);
	await_samples(station, 2, WHY_NONE, 3, 60000);
	station_stop(station);
	assert_samples_are_true(station);
	/* three polls of 1.2 s, and two rests in which ten polls come due: not one a turn */
	ck_assert_int_ge(count_samples(station, 0, WHY_NONE), 10);
	ck_assert_int_ge(count_samples(station, 4, WHY_NONE), 10);
	ck_assert_int_eq(count_samples(station, 2, WHY_TIMEOUT), 0);
	station_free(station);
}
END_TEST

START_TEST(a_device_that_says_it_does_not_measure_gives_no_value)
{
	struct station *station = station_new(false, 1, 50, 12);

	set_status(&station->profile, 3, 20, 0xFFFF, 1);
	station->slave->fixed_address = 20;
	station->slave->fixed_value = 3;
	station_run(station);
	await_samples(station, 1, WHY_STATUS, 4, 3000);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), 0);
	station->slave->fixed_value = 1;
	await_samples(station, 1, WHY_NONE, 4, 3000);
	station_stop(station);
	assert_samples_are_true(station);
	/* it answers, so it is well as far as the bus is concerned */
	ck_assert_int_eq(count_notices(station, 0, HEALTH_SUSPECT), 0);
	station_free(station);
}
END_TEST

START_TEST(a_device_without_rows_is_watched_by_its_status)
{
	struct station *station = station_new(_i == 1, 1, 50, 12);

	station->profile.n_rows = 0;
	set_status(&station->profile, 3, 20, 1, 1);
	station_run(station);
	for (int i = 0; i < 400 && station->slave->requests[1] < 4; i++)
		slave_sleep_ms(5);
	station->slave->faults[1] = FAULT_SILENT;
	for (int i = 0; i < 400 && count_notices(station, 0, HEALTH_FAILED) == 0; i++)
		slave_sleep_ms(5);
	station_stop(station);
	ck_assert_uint_ge(station->slave->requests[1], 4 + HEALTH_FAILED_AFTER);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_OK), 1);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_FAILED), 1);
	ck_assert_int_eq(station->n_samples, 0);
	station_free(station);
}
END_TEST

START_TEST(without_its_status_a_device_gives_no_value)
{
	struct station *station = station_new(false, 1, 50, 12);

	set_status(&station->profile, 4, 20, 0, 0);
	station->slave->exception = 4;
	station->slave->faulty_address = 20;
	station->slave->faults[1] = FAULT_EXCEPTION;
	station_run(station);
	await_samples(station, 0, WHY_EXCEPTION, 5, 3000);
	station_stop(station);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), 0);
	ck_assert_int_eq(count_samples(station, 1, WHY_NONE), 0);
	station_free(station);
}
END_TEST

START_TEST(a_slave_that_is_sometimes_late_never_gives_a_wrong_value)
{
	struct station *station = station_new(true, 3, 20, 200);

	for (int unit = 1; unit <= 3; unit++)
		station->slave->faults[unit] = FAULT_SOMETIMES_LATE;
	station->conf.link.response_timeout_ms = 20;
	station->slave->late_ms = 30;
	station_run(station);
	slave_sleep_ms(1300);
	station_stop(station);
	assert_samples_are_true(station);
	ck_assert_int_ge(count_samples(station, 0, WHY_NONE), 5);
	station_free(station);
}
END_TEST

START_TEST(a_stop_ends_every_kind_of_waiting)
{
	struct station *station = station_new(_i % 2 == 1, 1, _i < 2 ? 3600000 : 10, 12);

	station->conf.link.response_timeout_ms = 1000;
	station->conf.link.quiet_ms = 1000;
	if (_i >= 2)
		station->slave->faults[1] = FAULT_SILENT;
	station_run(station);
	if (_i < 2)
		await_samples(station, 1, WHY_NONE, 1, 5000);
	else
		slave_sleep_ms(_i == 3 ? 1200 : 200); /* a line is left alone at first */
	int64_t began_us = slave_now_us();
	station_stop(station);
	ck_assert_int_lt(slave_now_us() - began_us, 200000);
	/* what the stop cut short is nobody's failure */
	ck_assert_int_eq(station->n_samples, _i < 2 ? 2 : 0);
	ck_assert_int_eq(station->n_notices, _i < 2 ? 2 : 0);
	station_free(station);
}
END_TEST

START_TEST(a_bus_that_cannot_be_as_described_is_refused)
{
	struct station *station = station_new(false, 1, 1000, 12);

	station->conf.link.host = "gateway.example";
	ck_assert_int_eq(bus_start(&station->conf, &station->env, 3, &station->bus), -EINVAL);
	station->conf.link.host = "127.0.0.1";
	station->conf.devices[0].poll_ms = 0;
	ck_assert_int_eq(bus_start(&station->conf, &station->env, 3, &station->bus), -EINVAL);
	ck_assert_ptr_null(station->bus);
	ck_assert_ptr_null(bus_free(NULL));
	station_free(station);
}
END_TEST

START_TEST(another_device_at_the_unit_id_gives_no_value)
{
	struct station *station = station_new(_i == 1, 2, 100, 12);

	set_identity(&station->profile, 3, 900, 77);
	station->profile.max_hole = 10;
	station->slave->fixed_address = 900;
	station->slave->fixed_value = 77;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 5, 3000);
	unsigned asked = station->slave->requests[1];
	await_samples(station, 0, WHY_NONE, 15, 5000);
	/* one request a poll, as the identity is not read again for minutes */
	ck_assert_uint_le(station->slave->requests[1] - asked, 12);
	station_stop(station);
	assert_samples_are_true(station);
	station->slave->fixed_value = 78;
	station->n_samples = 0;
	station_run(station);
	await_samples(station, 1, WHY_IDENTITY, 5, 3000);
	await_samples(station, 2, WHY_IDENTITY, 5, 3000);
	station_stop(station);
	for (int channel = 0; channel < 4; channel++)
		ck_assert_int_eq(count_samples(station, channel, WHY_NONE), 0);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_FAILED), 1);
	ck_assert_int_eq(station->notices[station->n_notices - 1].code, 78);
	ck_assert_int_eq(station->notices[station->n_notices - 1].why, WHY_IDENTITY);
	station_free(station);
}
END_TEST

START_TEST(a_register_that_is_not_as_expected_is_told_and_gives_no_value)
{
	struct station *station = station_new(_i == 1, 1, 50, 12);

	station->profile.n_expects = 2;
	station->profile.expects[0] = (struct profile_condition){
		.at = {.function = 3, .address = 901}, .n_good = 1, .good = {{0, UINT16_MAX}}};
	station->profile.expects[1] = (struct profile_condition){
		.at = {.function = 3, .address = 900}, .mask = 0xF, .n_good = 1, .good = {{2, 2}}};
	station->slave->fixed_address = 900;
	station->slave->fixed_value = 0xF2;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 5, 20000);
	station_stop(station);
	station->slave->fixed_value = 0xF3;
	station->n_samples = 0;
	station_run(station);
	await_samples(station, 1, WHY_EXPECT, 5, 20000);
	station_stop(station);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), 0);
	ck_assert_int_eq(count_notices(station, 0, HEALTH_FAILED), 1);
	const struct bus_notice *told = &station->notices[station->n_notices - 1];
	ck_assert_int_eq(told->why, WHY_EXPECT);
	ck_assert_int_eq(told->expect, 1);
	ck_assert_int_eq(told->code, 3);
	station_free(station);
}
END_TEST

START_TEST(the_identity_is_read_again_after_every_connection)
{
	struct station *station = station_new(false, 1, 50, 12);

	set_identity(&station->profile, 3, 900, 0);
	station->profile.identity.is_unit_id = true;
	station->slave->fixed_address = 900;
	station->slave->fixed_value = 1;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 3, 3000);
	station->slave->fixed_value = 2;
	/* the gateway hangs up after an answer, as after a change of what hangs on it */
	station->slave->faults[1] = FAULT_CLOSE_AFTER;
	await_samples(station, 0, WHY_IDENTITY, 1, 3000);
	station->slave->faults[1] = FAULT_NONE;
	int before = count_samples(station, 0, WHY_NONE);
	await_samples(station, 0, WHY_IDENTITY, 6, 3000);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), before);
	station->slave->fixed_value = 1;
	await_samples(station, 0, WHY_NONE, before + 2, HEALTH_PROBE_MS + 4000);
	station_free(station);
}
END_TEST

START_TEST(no_value_of_a_new_connection_counts_before_it_is_known_who_answers)
{
	struct station *station = station_new(false, 1, 50, 12);

	station->profile.identity = (struct profile_identity){.present = true,
							      .at = {.function = 3, .address = 900},
							      .is_unit_id = true,
							      .every_min = 5};
	station->conf.link.response_timeout_ms = 10000;
	station->slave->fixed_address = 900;
	station->slave->fixed_value = 1;
	station->slave->faults[1] = FAULT_CLOSE_AFTER;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 4, 20000);
	station->slave->fixed_value = 2;
	await_samples(station, 0, WHY_IDENTITY, 1, 20000);
	int before = count_samples(station, 0, WHY_NONE);
	await_samples(station, 0, WHY_IDENTITY, 8, 20000);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), before);
	station_free(station);
}
END_TEST

START_TEST(a_joined_read_that_is_refused_is_split_at_once)
{
	struct station *station = station_new(_i == 1, 1, 50, 15);

	station->profile.max_hole = 10;
	station->slave->exception = _i == 0 ? 2 : 3;
	station->slave->most = 2;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 10, 3000);
	await_samples(station, 1, WHY_NONE, 10, 3000);
	station_stop(station);
	assert_samples_are_true(station);
	/* the first poll met the refusal, and asked for the parts at once */
	ck_assert_int_eq(count_samples(station, 0, WHY_EXCEPTION), 0);
	ck_assert_int_eq(count_samples(station, 1, WHY_EXCEPTION), 0);
	ck_assert_int_eq(count_samples(station, 1, WHY_NONE), count_samples(station, 0, WHY_NONE));
	ck_assert_int_eq(count_notices(station, 0, HEALTH_FAILED), 0);
	station_free(station);
}
END_TEST

START_TEST(a_leap_of_one_reading_is_no_value_and_one_that_stays_is)
{
	struct station *station = station_new(false, 1, 50, 12);

	station->profile.rows[0].jump_milli = 500000;
	station->slave->fixed_address = 10;
	station->slave->fixed_value = 350;
	station_run(station);
	await_samples(station, 0, WHY_NONE, 5, 3000);
	station->slave->fixed_value = 35000;
	await_samples(station, 0, WHY_JUMP, 1, 3000);
	station->slave->fixed_value = 352;
	int before = count_samples(station, 0, WHY_NONE);
	await_samples(station, 0, WHY_NONE, before + 5, 3000);
	station_stop(station);
	ck_assert_int_le(count_samples(station, 0, WHY_JUMP), GUARD_CONFIRM - 1);
	for (int i = 0; i < station->n_samples; i++)
		if (station->samples[i].channel == 0 && station->samples[i].why == WHY_NONE)
			ck_assert_int_lt(station->samples[i].value_milli, 36000);
	station_free(station);
}
END_TEST

START_TEST(of_32_devices_8_dead_ones_cost_the_others_nothing)
{
	struct station *station = station_new(false, 32, 1000, 12);
	unsigned dead = 0;

	station->conf.link.response_timeout_ms = 20;
	for (int device = 0; device < 32; device += 4) {
		station->slave->faults[device + 1] = FAULT_SILENT;
		dead |= 1u << device;
	}
	station_run(station);
	slave_sleep_ms(6500);
	station_stop(station);
	assert_samples_are_true(station);
	for (int device = 0; device < 32; device++) {
		int due = polls_due(station, 2 * device, 1000);
		if (dead & 1u << device)
			continue;
		ck_assert_int_ge(due, 5);
		ck_assert_int_ge(count_samples(station, 2 * device, WHY_NONE) * 100, 98 * due);
	}
	station_free(station);
}
END_TEST

START_TEST(an_adapter_that_hears_itself_is_named)
{
	struct station *station = station_new(true, 1, 50, 12);

	station->slave->faults[1] = FAULT_ECHO;
	station_run(station);
	await_samples(station, 0, WHY_ECHO, 3, 6000);
	station_stop(station);
	ck_assert_int_eq(count_samples(station, 0, WHY_NONE), 0);
	ck_assert_int_eq(station->notices[station->n_notices - 1].why, WHY_ECHO);
	station_free(station);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("bus");
	TCase *tc = tcase_create("bus");

	tcase_set_timeout(tc, 60);
	/* loops of two: over TCP, over RTU */
	tcase_add_loop_test(tc, every_due_poll_gives_every_channel_a_true_sample, 0, 2);
	tcase_add_test(tc, a_channel_that_the_station_does_not_use_gives_nothing);
	tcase_add_test(tc, one_dead_device_costs_the_others_nothing);
	tcase_add_loop_test(tc, while_the_link_is_down_every_poll_says_so, 0, 2);
	tcase_add_test(tc, the_rows_of_a_request_that_fails_do_not_spoil_the_others);
	tcase_add_test(tc, a_request_that_is_never_answered_costs_the_others_of_its_device_little);
	tcase_add_test(tc, a_silent_device_is_waited_for_once_in_a_poll);
	tcase_add_loop_test(tc, a_request_that_is_not_answered_is_made_again_in_its_poll, 0, 2);
	tcase_add_test(tc, a_device_that_says_it_does_not_measure_gives_no_value);
	tcase_add_loop_test(tc, a_device_without_rows_is_watched_by_its_status, 0, 2);
	tcase_add_test(tc, without_its_status_a_device_gives_no_value);
	tcase_add_loop_test(tc, a_stop_ends_every_kind_of_waiting, 0, 4);
	tcase_add_test(tc, a_bus_that_cannot_be_as_described_is_refused);
	tcase_add_test(tc, no_value_of_a_new_connection_counts_before_it_is_known_who_answers);
	tcase_add_loop_test(tc, a_joined_read_that_is_refused_is_split_at_once, 0, 2);
	tcase_add_test(tc, a_leap_of_one_reading_is_no_value_and_one_that_stays_is);
	tcase_add_test(tc, an_adapter_that_hears_itself_is_named);
	suite_add_tcase(suite, tc);
	TCase *slow = unit_slow_case(suite, 60);
	tcase_add_loop_test(slow, a_device_that_says_it_is_busy_is_asked_with_every_poll, 0, 2);
	tcase_add_test(slow, a_device_that_refuses_what_it_is_asked_is_asked_rarely);
	tcase_add_test(slow, dead_devices_are_probed_and_come_back_at_no_cost_to_the_others);
	tcase_add_test(slow, a_link_that_was_back_is_opened_soon_when_it_breaks_again);
	tcase_add_test(slow, a_link_that_fails_is_tried_ever_more_rarely);
	tcase_add_test(slow, a_device_that_breaks_the_connection_costs_the_others_nothing);
	tcase_add_test(slow, of_missed_polls_only_the_newest_is_caught_up);
	tcase_add_test(slow, a_dead_device_is_asked_once_whatever_its_retries);
	tcase_add_loop_test(slow, a_device_that_takes_long_leaves_the_others_half_of_the_time, 0,
			    2);
	tcase_add_test(slow, a_compressed_station_is_polled_every_14_ms);
	tcase_add_test(slow, a_slave_that_is_sometimes_late_never_gives_a_wrong_value);
	tcase_add_loop_test(slow, another_device_at_the_unit_id_gives_no_value, 0, 2);
	tcase_add_loop_test(tc, a_register_that_is_not_as_expected_is_told_and_gives_no_value, 0,
			    2);
	tcase_add_test(slow, the_identity_is_read_again_after_every_connection);
	tcase_add_test(slow, of_32_devices_8_dead_ones_cost_the_others_nothing);
	return suite;
}
