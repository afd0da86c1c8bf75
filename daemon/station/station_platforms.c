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

/* A value is of now for so long: what a data logger told last before it fell silent is not. */
#define NOW_MS 300000

static bool is_of_now(const struct station *station, int channel, const struct sample *sample)
{
	int32_t holds_ms = station->conf->channels[channel].max_age_ms;
	int64_t now_ms = clock_station_ms(&station->time.clock, clock_boot_us());
	return sample->quality != 0 &&
	       now_ms - sample->at_ms <= (holds_ms > NOW_MS ? holds_ms : NOW_MS);
}

/* What counts of each pollutant: its instrument, or the second one in its place. */
static void read_now(void *ctx, struct platform_reading ret[POLLUTANT_COUNT])
{
	const struct station *station = ctx;
	for (int c = 0; c < station->conf->n_channels; c++) {
		enum pollutant pollutant = station->conf->channels[c].pollutant;
		const struct twin_report *twins = &station->health.twins[pollutant];
		bool is_second = twins->second > 0 && twins->counts == twins->second;
		int channel = is_second ? twins->second : c;
		const struct sample *sample = &station->newest[channel];
		bool known = is_of_now(station, channel, sample);
		ret[pollutant] = (struct platform_reading){
			.known = known, .milli = sample->value_milli, .quality = sample->quality};
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

void station_note_hung(struct station *station)
{
	if (station->end == STATION_STOPPED)
		station->end = STATION_HUNG;
}

void station_stop_platforms(struct station *station)
{
	if (!platforms_free(station->platforms))
		station_note_hung(station);
	station->platforms = NULL;
}
