/* SPDX-License-Identifier: MIT */
#include "sensor_marks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "log_words.h"
#include "time_text.h"

/* One sensor. */
struct care {
	bool lost;                  /* it was failed, and has not answered since */
	bool answered;              /* at all, in this run */
	int64_t warm_until_ms;      /* station axis */
	int64_t since_ms, until_ms; /* maintenance, since 1970 UTC */
	enum why told;
};

struct sensor_marks {
	const struct conf *conf;
	struct care cares[CONF_BUSES_MAX][BUS_DEVICES_MAX];
};

struct sensor_marks *sensor_marks_new(const struct conf *conf)
{
	struct sensor_marks *marks = calloc(1, sizeof(*marks));
	if (marks)
		marks->conf = conf;
	return marks;
}

struct sensor_marks *sensor_marks_free(struct sensor_marks *marks)
{
	free(marks);
	return NULL;
}

/* ---- warm-up ---- */

static int64_t warm_up_ms(const struct sensor_marks *marks, int bus, int device)
{
	return marks->conf->upkeep[bus][device]->warm_up_min * MINUTE_MS;
}

/* A sensor that answers for the first time may have been switched on with the station: the station
 * axis begins at boot. */
static void note_answer(struct sensor_marks *marks, int bus, int device, int64_t station_ms)
{
	struct care *care = &marks->cares[bus][device];
	if (care->lost)
		care->warm_until_ms = station_ms + warm_up_ms(marks, bus, device);
	else if (!care->answered)
		care->warm_until_ms = warm_up_ms(marks, bus, device);
	care->lost = false;
	care->answered = true;
}

void sensor_marks_notice(struct sensor_marks *marks, int bus, const struct bus_notice *notice,
			 int64_t station_ms)
{
	int first = notice->device < 0 ? 0 : notice->device;
	int end = notice->device < 0 ? marks->conf->buses[bus].n_devices : notice->device + 1;
	for (int d = first; d < end; d++) {
		struct care *care = &marks->cares[bus][d];
		if (notice->state == HEALTH_FAILED)
			care->lost = true;
		else if (notice->state == HEALTH_OK && (notice->device >= 0 || care->lost))
			note_answer(marks, bus, d, station_ms);
	}
}

static void mark_sample(struct sample *sample, enum why why)
{
	sample->quality = why_quality(why);
	sample->why = why;
	sample->value_milli = 0;
	sample->doubt_ms = 0;
}

void sensor_marks_arrived(const struct sensor_marks *marks, struct sample *sample)
{
	const struct channel_conf *channel = &marks->conf->channels[sample->channel];
	const struct care *care = &marks->cares[channel->bus][channel->device];
	if (sample->at_ms < care->warm_until_ms && sample->quality != QUALITY_NO_COMMUNICATION)
		mark_sample(sample, WHY_WARM_UP);
}

/* ---- calendar and people ---- */

static enum why check_at(const struct upkeep_conf *conf, int64_t at_ms)
{
	for (int i = 0; i < conf->n_checks; i++) {
		const struct upkeep_check *check = &conf->checks[i];
		int64_t since_ms = at_ms - check->first_ms;
		if (since_ms >= 0 &&
		    since_ms % ((int64_t)check->every_h * HOUR_MS) < check->minutes * MINUTE_MS)
			return (enum why)check->why;
	}
	return WHY_NONE;
}

static bool in_maintenance(const struct care *care, int64_t at_ms)
{
	return at_ms >= care->since_ms && at_ms < care->until_ms;
}

/* The newest correction that holds at the moment; NULL: none. */
static const struct upkeep_correction *correction_at(const struct upkeep_conf *conf,
						     enum pollutant pollutant, int64_t at_ms)
{
	const struct upkeep_correction *found = NULL;
	for (int i = 0; i < conf->n_corrections; i++) {
		const struct upkeep_correction *each = &conf->corrections[i];
		if (each->pollutant == (int)pollutant && each->from_ms <= at_ms &&
		    (!found || each->from_ms > found->from_ms))
			found = each;
	}
	return found;
}

static void correct_sample(struct sample *sample, const struct upkeep_correction *correction)
{
	double milli = sample->value_milli * correction->slope + correction->intercept_milli;
	if (fabs(milli) < INT32_MAX)
		sample->value_milli = (int32_t)lround(milli);
	else
		mark_sample(sample, WHY_OUT_OF_RANGE);
}

void sensor_marks_dated(const struct sensor_marks *marks, struct sample *sample)
{
	const struct channel_conf *channel = &marks->conf->channels[sample->channel];
	const struct upkeep_conf *conf = marks->conf->upkeep[channel->bus][channel->device];
	enum why check = check_at(conf, sample->at_ms);
	const struct upkeep_correction *correction =
		correction_at(conf, channel->pollutant, sample->at_ms);
	if (in_maintenance(&marks->cares[channel->bus][channel->device], sample->at_ms))
		mark_sample(sample, WHY_MAINTENANCE);
	else if (check != WHY_NONE && sample->quality != QUALITY_NO_COMMUNICATION)
		mark_sample(sample, check);
	else if (correction && (sample->quality == QUALITY_NORMAL || sample->why == WHY_OVER_RANGE))
		correct_sample(sample, correction);
}

bool sensor_marks_find(const struct sensor_marks *marks, const char *id, int *ret_bus,
		       int *ret_device)
{
	for (int b = 0; b < marks->conf->n_buses; b++) {
		for (int d = 0; d < marks->conf->buses[b].n_devices; d++) {
			if (strcmp(marks->conf->buses[b].devices[d].id, id) != 0)
				continue;
			*ret_bus = b;
			*ret_device = d;
			return true;
		}
	}
	return false;
}

void sensor_marks_set_maintenance(struct sensor_marks *marks, int bus, int device, int64_t since_ms,
				  int64_t until_ms)
{
	marks->cares[bus][device].since_ms = since_ms;
	marks->cares[bus][device].until_ms = until_ms;
}

/* ---- what is told ---- */

static enum why busy_with(const struct sensor_marks *marks, int bus, int device, int64_t station_ms,
			  int64_t wall_ms)
{
	const struct care *care = &marks->cares[bus][device];
	if (in_maintenance(care, wall_ms))
		return WHY_MAINTENANCE;
	enum why check = check_at(marks->conf->upkeep[bus][device], wall_ms);
	if (check != WHY_NONE)
		return check;
	return care->answered && station_ms < care->warm_until_ms ? WHY_WARM_UP : WHY_NONE;
}

static void tell_care(const struct sensor_marks *marks, int bus, int device, enum why busy)
{
	struct care const *care = &marks->cares[bus][device];
	const char *id = marks->conf->buses[bus].devices[device].id;
	const struct log_fields about = {.sensor = id};
	char until[TIME_TEXT_SIZE];
	if (care->told != WHY_NONE)
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_COUNTS, &about, "%s: %s is over", id,
			 log_why(care->told));
	if (busy == WHY_MAINTENANCE)
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_ASIDE, &about,
			 "%s: maintenance until %s, its values do not count", id,
			 time_text(care->until_ms, until));
	else if (busy != WHY_NONE)
		log_line(LOG_LEVEL_NOTICE, LOG_SENSOR_ASIDE, &about,
			 "%s: %s begins, its values do not count", id, log_why(busy));
}

bool sensor_marks_look(struct sensor_marks *marks, int64_t station_ms, int64_t wall_ms,
		       struct health_report *report)
{
	bool changed = false;
	for (int b = 0, s = 0; b < marks->conf->n_buses; b++) {
		for (int d = 0; d < marks->conf->buses[b].n_devices; d++, s++) {
			struct care *care = &marks->cares[b][d];
			enum why busy = busy_with(marks, b, d, station_ms, wall_ms);
			report->busy[s] = busy;
			report->busy_until_ms[s] = busy == WHY_MAINTENANCE ? care->until_ms : 0;
			if (busy == care->told)
				continue;
			tell_care(marks, b, d, busy);
			care->told = busy;
			changed = true;
		}
	}
	return changed;
}
