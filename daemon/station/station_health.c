/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "log_words.h"
#include "post.h"
#include "station_inside.h"
#include "words.h"

#define HEALTH_EVERY_MS 3600000
#define HEALTH_APART_MS 5000
#define STATUS_EVERY_MS 10000

int64_t station_wall_ms(const struct station *station)
{
	return clock_wall_ms(&station->time.clock,
			     clock_station_ms(&station->time.clock, clock_boot_us()));
}

struct payload_head station_head(const struct station *station)
{
	return (struct payload_head){.conf = station->conf,
				     .time_ms = station_wall_ms(station),
				     .time_quality = clock_quality(&station->time.clock)};
}

const char *station_clock_name(const struct station *station)
{
	if (station->conf->clock.source == CLOCK_SIMULATED)
		return TR_LATER("simulated");
	switch (station->time.clock.state) {
	case CLOCK_WAITING:
		return TR_LATER("waiting");
	case CLOCK_TRUSTED:
		return TR_LATER("trusted");
	case CLOCK_UNSYNCHRONISED:
		return TR_LATER("unsynchronised");
	}
	return TR_LATER("waiting");
}

/* A queue that overflowed is told with the next health, with how many went. */
static void tell_dropped(struct station *station)
{
	uint64_t dropped = buses_dropped(station->buses);
	if (dropped != station->told_dropped)
		log_warning(LOG_SAMPLES_LOST,
			    "%llu samples were dropped: the main thread could not keep up",
			    (unsigned long long)(dropped - station->told_dropped));
	station->told_dropped = dropped;
	station->health.samples_dropped = dropped;
	station->health.samples_late = engine_late_samples(station->engine);
	station->health.polls_missed = buses_missed(station->buses);
}

static bool brokers_differ(const struct broker_report *a, const struct broker_report *b)
{
	return a->known != b->known || a->old != b->old || a->retain != b->retain ||
	       a->qos != b->qos || a->packet_max != b->packet_max || a->deaf != b->deaf;
}

/* Of a district: who has told which hour is news. */
static bool follow_points(struct station *station)
{
	int64_t newest[DISTRICT_POINTS_MAX] = {0};
	if (!station->conf->roster.path)
		return false;
	engine_points_newest(station->engine, newest);
	bool changed = memcmp(newest, station->health.points, sizeof(newest)) != 0;
	memcpy(station->health.points, newest, sizeof(newest));
	return changed;
}

void station_look_after_store(struct station *station)
{
	struct outbox_counts before = station->health.outbox;
	store_keeper_tick(&station->keeper, clock_monotonic_ms(), station_wall_ms(station));
	bool store_ok = engine_store_ok(station->engine);
	outbox_counts(station->store, &station->health.outbox);
	int64_t particles = engine_particles_since(station->engine);
	struct broker_report broker = publisher_broker(station->publisher);
	struct damage_report damage = {.directive = engine_damaged_directive(station->engine)};
	damage.rows = store_bad_rows(station->store, &damage.newest);
	station->health_changed |= follow_points(station);
	station->health_changed |= twins_report(station->twins, station->health.twins);
	station->health_changed |= particles != station->health.particles_since ||
				   store_ok != station->health.store_ok ||
				   damage.rows != station->health.damage.rows ||
				   damage.directive != station->health.damage.directive ||
				   brokers_differ(&broker, &station->health.broker) ||
				   station->health.outbox.blocked != before.blocked;
	station->health.broker = broker;
	station->health.damage = damage;
	station->health.particles_since = particles;
	station->health.store_ok = store_ok;
}

void station_publish_health(struct station *station, int64_t now_ms)
{
	bool due = now_ms - station->health_ms >= HEALTH_EVERY_MS;
	bool soon = station->health_changed && now_ms - station->health_ms >= HEALTH_APART_MS;
	if (station->health_ms != 0 && !due && !soon)
		return;
	struct payload_head head = station_head(station);
	station->health_ms = now_ms;
	station->health_changed = false;
	station->health.clock = station_clock_name(station);
	station->health.commands = inbox_counts(station->inbox);
	station->health.commands.dropped += publisher_dropped_commands(station->publisher);
	tell_dropped(station);
	int r = post_begin(station->store, &head);
	if (r == 0)
		r = post_commit(station->store, &head, "health",
				payload_health(&head, &station->health));
	if (r != 0 && station->health.store_ok)
		log_error(LOG_STORE_REFUSES, "health: %s: %s", store_words(r),
			  store_message(station->store));
	station->health_changed = r != 0; /* once more, then */
	publisher_look(station->publisher);
}

/* ", no value: roof/pm10 sentinel": the channels of instruments that answer and bring nothing. */
static void describe_channels(const struct station *station, char *text, size_t size)
{
	const struct conf *conf = station->conf;
	const char *before = tr(", no value: ");
	for (int c = 0; c < conf_behind_channels(conf); c++) {
		const struct sensor_report *report = &station->health.channels[c];
		if (report->state != HEALTH_FAILED)
			continue;
		int n = snprintf(text, size, "%s%s %s", before, conf->channels[c].id,
				 log_why(report->why));
		if (n < 0 || (size_t)n >= size)
			return;
		text += n;
		size -= (size_t)n;
		before = tr(", ");
	}
}

/* "sensors 2/3 ok (roof bad_frame)": how many, and the first one that has failed. */
static void describe_sensors(const struct station *station, char *text, size_t size)
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
	int used = snprintf(text, size, tr("sensors %d/%d ok"), ok, n);
	if (failed)
		used += snprintf(text + used, size - (size_t)used, " (%s %s)", name,
				 log_why(failed->why));
	describe_channels(station, text + used, size - (size_t)used);
}

void station_notify(struct station *station, int64_t now_ms)
{
	char text[768], sensors[512];
	if (station->status_ms != 0 && now_ms - station->status_ms < STATUS_EVERY_MS)
		return;
	station->status_ms = now_ms;
	describe_sensors(station, sensors, sizeof(sensors));
	snprintf(text, sizeof(text), tr("STATUS=%s, advice %s, clock %s, database %s"), sensors,
		 log_level_name(&station->conf->plan, advice_level(engine_advice(station->engine))),
		 station_clock_name(station),
		 engine_store_ok(station->engine) ? tr("ok") : tr("failing"));
	loop_notify(text);
}
