/* SPDX-License-Identifier: MIT */
/* The platforms of HJ 212 and the station that they get their values of. */
#include "platforms.h"

#include "clock.h"
#include "station_inside.h"

/* 0: nobody knows yet. */
static int64_t known_time(const struct station *station)
{
	return station->time.clock.state == CLOCK_WAITING ? 0 : station_wall_ms(station);
}

/* What counts of each pollutant: its instrument, or the second one in its place. */
static void read_now(void *ctx, struct platform_reading ret[POLLUTANT_COUNT])
{
	const struct station *station = ctx;
	for (int c = 0; c < station->conf->n_channels; c++) {
		enum pollutant pollutant = station->conf->channels[c].pollutant;
		const struct twin_report *twins = &station->health.twins[pollutant];
		bool is_second = twins->second > 0 && twins->counts == twins->second;
		const struct sample *sample = &station->newest[is_second ? twins->second : c];
		ret[pollutant] = (struct platform_reading){.known = sample->quality != 0,
							   .milli = sample->value_milli,
							   .quality = sample->quality};
	}
}

static void on_platforms(void *ctx)
{
	struct station *station = ctx;
	platforms_listen(station->platforms, known_time(station));
}

static int start_platforms(struct station *station)
{
	const struct platforms_env env = {station, read_now};
	int r = platforms_new(station->conf, station->store, &env, &station->platforms);
	if (r != 0 || !station->platforms)
		return r;
	return loop_on_readable(station->loop, platforms_fd(station->platforms), LOOP_REPORTS,
				on_platforms, station);
}

static void follow_platforms(struct station *station)
{
	platforms_tick(station->platforms, known_time(station));
	station->health_changed |= platforms_report(station->platforms, station->health.platforms);
}

int station_start_others(struct station *station)
{
	int r = station_start_relay(station);
	return r < 0 ? r : start_platforms(station);
}

void station_follow_others(struct station *station)
{
	station_follow_relay(station);
	station_follow_district(station);
	follow_platforms(station);
}
