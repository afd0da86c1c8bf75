/* SPDX-License-Identifier: MIT */
#include "station_status.h"

#include "clock.h"
#include "payload_live.h"
#include "payload_sensor.h"
#include "station_inside.h"

#define MINUTE_US (INT64_C(60) * 1000 * 1000)

static int64_t find_wall_time(const struct clock *clock, int64_t boot_us)
{
	return clock_wall_ms(clock, clock_station_ms(clock, boot_us));
}

static int sensor_index(const struct conf *conf, int bus, int device)
{
	for (int b = 0; b < bus; b++)
		device += conf->buses[b].n_devices;
	return device;
}

static enum why find_busy(const struct station *station, int bus, int device)
{
	return station->health.busy[sensor_index(station->conf, bus, device)];
}

char *station_tell_sensor(void *ctx, int bus, int device)
{
	const struct station *station = ctx;
	struct bus_reading reading;
	buses_reading(station->buses, bus, device, &reading);
	int64_t now_ms = clock_station_ms(&station->time.clock, clock_boot_us());
	return payload_sensor(&(struct sensor_words){.conf = station->conf,
						     .bus = bus,
						     .device = device,
						     .by_daemon = true,
						     .busy = find_busy(station, bus, device),
						     .reading = &reading,
						     .age_ms = now_ms - reading.at_ms});
}

/* What each channel said last, or in its place the second instrument of its pollutant, which
 * counts; behind them the auxiliary ones. */
static void find_newest(const struct station *station, struct sample *ret, enum why *ret_busy)
{
	int said[CONF_CHANNELS_MAX];
	for (int c = 0; c < station->conf->n_channels; c++)
		said[c] = c;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct twin_report *twins = &station->health.twins[p];
		if (twins->first >= 0 && twins->counts != twins->first)
			said[twins->first] = twins->counts;
	}
	for (int c = 0; c < station->conf->n_channels; c++) {
		const struct channel_conf *channel = &station->conf->channels[said[c]];
		ret[c] = station->newest[said[c]];
		ret_busy[c] = find_busy(station, channel->bus, channel->device);
	}
	for (int i = 0; i < station->conf->n_auxiliaries; i++) {
		int c = conf_first_auxiliary(station->conf) + i, at = station->conf->n_channels + i;
		const struct channel_conf *channel = &station->conf->channels[c];
		ret[at] = station->newest[c];
		ret_busy[at] = find_busy(station, channel->bus, channel->device);
	}
}

char *station_tell(void *ctx)
{
	const struct station *station = ctx;
	const struct clock *clock = &station->time.clock;
	const struct publisher_link link = publisher_link(station->publisher);
	const struct store_kept kept = store_kept(station->store);
	const char *newest;
	struct sample said[CONF_CHANNELS_MAX + CONF_AUXILIARIES_MAX];
	enum why busy[CONF_CHANNELS_MAX + CONF_AUXILIARIES_MAX];
	find_newest(station, said, busy);
	struct live_report report = {
		.conf = station->conf,
		.newest = said,
		.busy = busy,
		.station_ms = clock_station_ms(clock, clock_boot_us()),
		.station = station->conf->station.id,
		.clock = station_clock_name(station),
		.since_ms = find_wall_time(clock, clock->begun_us),
		.connected = link.connected,
		.broker_since_ms = link.since_ms,
		.broker_why = link.why,
		.is_volatile = store_is_volatile(station->store),
		.waiting = kept.transactions,
		.lost = kept.lost,
		.platforms = station->health.platforms,
		.bad_rows = store_bad_rows(station->store, &newest),
	};
	if (clock->state == CLOCK_WAITING)
		report.clock_until_ms = find_wall_time(
			clock, clock->begun_us + clock->conf->patience_min * MINUTE_US);
	return payload_live(&report);
}
