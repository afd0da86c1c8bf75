/* SPDX-License-Identifier: MIT */
#include "open_hours.h"

#include "minutes.h"

#define SET_BACK_MS 2000 /* less is a clock that is slewed */

void open_hours_init(struct open_hours *running, const struct conf *conf, struct store *store)
{
	running->conf = conf;
	running->store = store;
	for (int c = 0; c < CONF_CHANNELS_MAX; c++) {
		running->newest_ms[c] = 0;
		for (int h = 0; h < OPEN_HOURS_HOURS; h++)
			running->hours[c][h].hour = 0;
	}
}

static struct hour *find_open_hour(struct open_hours *running, int channel, int64_t hour)
{
	return &running->hours[channel][hour % OPEN_HOURS_HOURS];
}

/* The hour, begun if it is not: with what still holds from the one before and what is stored. */
static struct hour *open_hour(struct open_hours *running, int channel, int64_t hour, int *ret_error)
{
	const struct channel_conf *conf = &running->conf->channels[channel];
	struct hour *open = find_open_hour(running, channel, hour);
	const struct hour *before = find_open_hour(running, channel, hour - 1);
	if (open->hour == hour)
		return open;
	hour_begin(open, hour, conf->max_age_ms, before->hour == hour - 1 ? before : NULL);
	*ret_error = minutes_load(running->store, conf->id, open);
	return open;
}

/* What an hourly instrument shows before its ready minute is still the value of the hour before. */
static int take_hourly(struct open_hours *running, const struct sample *sample, int64_t oldest)
{
	const struct channel_conf *conf = &running->conf->channels[sample->channel];
	int64_t ended = hour_of_ms(sample->at_ms) - 1;
	int r = 0;
	if (ended < oldest || sample->at_ms - ended * HOUR_MS < conf->ready_minute * MINUTE_MS)
		return 0;
	hour_report(open_hour(running, sample->channel, ended, &r), sample);
	return r;
}

/* A minute is counted once: by the process before, or before the clock was set back. */
static bool is_counted(const struct open_hours *running, const struct hour *hour,
		       const struct sample *sample)
{
	int64_t minute = sample->at_ms / MINUTE_MS - (hour->hour - 1) * HOUR_MINUTES;
	return hour->restored[minute].covered_ms >= MINUTE_MS ||
	       sample->at_ms < running->newest_ms[sample->channel] - SET_BACK_MS;
}

int open_hours_take(struct open_hours *running, const struct sample *sample, int64_t oldest)
{
	if (running->conf->channels[sample->channel].delivers == DELIVERS_HOURLY)
		return take_hourly(running, sample, oldest);
	int64_t hour = hour_of_ms(sample->at_ms);
	int r = 0;
	struct hour *open = open_hour(running, sample->channel, hour, &r);
	if (is_counted(running, open, sample))
		return r;
	if (sample->at_ms > running->newest_ms[sample->channel])
		running->newest_ms[sample->channel] = sample->at_ms;
	hour_take(open, sample);
	struct hour *next = find_open_hour(running, sample->channel, hour + 1);
	if (next->hour == hour + 1)
		hour_take(next, sample);
	return r;
}

void open_hours_mean(struct open_hours *running, int channel, int64_t hour, int64_t until_ms,
		     struct hour_mean *ret)
{
	int r = 0;
	hour_mean(open_hour(running, channel, hour, &r), until_ms,
		  running->conf->edition.hour_min_minutes * MINUTE_MS, ret);
}

void open_hours_doubt(struct open_hours *running, int channel, int64_t from_ms, int64_t to_ms,
		      enum why why)
{
	for (int h = 0; h < OPEN_HOURS_HOURS; h++) {
		struct hour *hour = &running->hours[channel][h];
		if (hour->hour != 0)
			hour_doubt(hour, from_ms, to_ms, why);
	}
}

int open_hours_stored(struct open_hours *running, int channel, int64_t hour, bool as_measured,
		      struct hour_mean *ret)
{
	static struct hour stored; /* too large for a stack; one thread */
	const struct channel_conf *conf = &running->conf->channels[channel];
	hour_begin(&stored, hour, conf->max_age_ms, NULL);
	int r = as_measured ? minutes_load_measured(running->store, conf->id, &stored)
			    : minutes_load(running->store, conf->id, &stored);
	if (r == 0)
		hour_mean(&stored, INT64_MAX, running->conf->edition.hour_min_minutes * MINUTE_MS,
			  ret);
	return r;
}

static bool is_empty_minute(const struct minute *sums)
{
	return sums->covered_ms == 0 && sums->samples == 0;
}

/* An hourly value is stored with the last minute of its hour, again each minute until it closes. */
static int store_hourly(struct open_hours *running, int channel, int64_t ended)
{
	struct minute whole;
	const struct hour *hour = find_open_hour(running, channel, ended);
	if (hour->hour != ended)
		return 0;
	hour_minute(hour, HOUR_REPORT_MINUTE, INT64_MAX, &whole);
	if (is_empty_minute(&whole))
		return 0;
	return minutes_put(running->store, ended * HOUR_MINUTES - 1,
			   running->conf->channels[channel].id, &whole);
}

static int store_channel(struct open_hours *running, int channel, int64_t minute, int64_t until_ms,
			 struct minute *ret)
{
	int64_t hour = minute / HOUR_MINUTES + 1;
	int r = 0;
	if (running->conf->channels[channel].delivers == DELIVERS_HOURLY)
		return store_hourly(running, channel, hour - 1);
	hour_minute(open_hour(running, channel, hour, &r), (int)(minute % HOUR_MINUTES), until_ms,
		    ret);
	if (r != 0 || is_empty_minute(ret))
		return r;
	return minutes_put(running->store, minute, running->conf->channels[channel].id, ret);
}

int open_hours_store(struct open_hours *running, int64_t minute, int64_t until_ms,
		     struct minute_report *ret)
{
	int r = 0;
	*ret = (struct minute_report){.minute = minute};
	for (int c = 0; c < running->conf->n_channels; c++) {
		struct minute *sums = &ret->sums[running->conf->channels[c].pollutant];
		int failed = store_channel(running, c, minute, until_ms, sums);
		r = r == 0 ? failed : r;
	}
	return r;
}
