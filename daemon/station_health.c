/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "announce.h"
#include "clock.h"
#include "log.h"
#include "station_inside.h"

#define HEALTH_EVERY_MS 3600000
#define HEALTH_APART_MS 5000
#define STATUS_EVERY_MS 10000

int64_t station_wall_ms(const struct station *station)
{
	return clock_wall_ms(&station->dating.clock,
			     clock_station_ms(&station->dating.clock, clock_boot_us()));
}

struct payload_head station_head(const struct station *station)
{
	return (struct payload_head){.time_ms = station_wall_ms(station),
				     .time_quality = clock_quality(&station->dating.clock)};
}

const char *station_clock_name(const struct station *station)
{
	if (station->conf->clock.source == CLOCK_SIMULATED)
		return "simulated";
	switch (station->dating.clock.state) {
	case CLOCK_WAITING:
		return "waiting";
	case CLOCK_TRUSTED:
		return "trusted";
	case CLOCK_UNSYNCHRONISED:
		return "unsynchronised";
	}
	return "waiting";
}

/* A queue that overflowed is told with the next health, with how many went. */
static void tell_dropped(struct station *station)
{
	uint64_t dropped = field_dropped(station->field);
	if (dropped != station->told_dropped)
		log_warning("%llu samples were dropped: the main thread could not keep up",
			    (unsigned long long)(dropped - station->told_dropped));
	station->told_dropped = dropped;
	station->health.samples_dropped = dropped;
	station->health.polls_missed = field_missed(station->field);
}

void station_look_after_store(struct station *station)
{
	struct outbox_counts before = station->health.outbox;
	keeper_tick(&station->keeper, clock_monotonic_ms(), station_wall_ms(station));
	bool store_ok = engine_store_ok(station->engine);
	outbox_counts(station->store, &station->health.outbox);
	bool old = publisher_unverified(station->publisher);
	station->health_changed |= store_ok != station->health.store_ok ||
				   old != station->health.unverified ||
				   station->health.outbox.blocked != before.blocked;
	station->health.unverified = old;
	station->health.store_ok = store_ok;
}

void station_publish_health(struct station *station, int64_t now_ms)
{
	bool due = now_ms - station->health_ms >= HEALTH_EVERY_MS;
	bool soon = station->health_changed && now_ms - station->health_ms >= HEALTH_APART_MS;
	if (station->health_ms != 0 && !due && !soon)
		return;
	const struct payload_head time = station_head(station);
	station->health_ms = now_ms;
	station->health_changed = false;
	station->health.clock = station_clock_name(station);
	station->health.commands = inbox_counts(station->inbox);
	station->health.commands.dropped += publisher_dropped_commands(station->publisher);
	tell_dropped(station);
	int r = announce_health(station->conf, station->store, &time, &station->health);
	if (r != 0 && station->health.store_ok)
		log_error("health: %s: %s", store_strerror(r), store_message(station->store));
	publisher_look(station->publisher);
}

/* "sensors 2/3 ok (roof bad_frame)": how many, and the first one that has failed. */
static void describe_sensors(const struct station *station, char text[128])
{
	const struct sensor_report *failed = NULL, *report = station->health.sensors;
	const char *name = "";
	int ok = 0, n = 0;
	for (int b = 0; b < station->conf->n_buses; b++) {
		const struct bus_conf *bus = &station->conf->buses[b];
		for (int d = 0; d < bus->n_devices; d++, n++) {
			ok += report[n].state == HEALTH_OK;
			if (failed || report[n].state != HEALTH_FAILED)
				continue;
			failed = &report[n];
			name = bus->devices[d].id;
		}
	}
	int used = snprintf(text, 128, "sensors %d/%d ok", ok, n);
	if (failed)
		snprintf(text + used, 128 - (size_t)used, " (%s %s)", name, why_name(failed->why));
}

void station_notify(struct station *station, int64_t now_ms)
{
	char text[256], sensors[128];
	if (station->status_ms != 0 && now_ms - station->status_ms < STATUS_EVERY_MS)
		return;
	station->status_ms = now_ms;
	describe_sensors(station, sensors);
	snprintf(text, sizeof(text), "STATUS=%s, advice %s, clock %s, database %s", sensors,
		 level_name(advice_level(engine_advice(station->engine))),
		 station_clock_name(station), engine_store_ok(station->engine) ? "ok" : "failing");
	loop_notify(text);
}
