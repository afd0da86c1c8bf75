/* SPDX-License-Identifier: MIT */
#include "open_hours.h"

#include <stdio.h>

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

/* ---- what a logger tells ---- */

#define NAME_MAX_BYTES 160

/* The rows of a logger beside its minutes: its own mean of an hour, and what is not believed. */
struct row_name {
	char text[NAME_MAX_BYTES];
};
static struct row_name name_row(const struct open_hours *running, int channel, bool whole, bool raw)
{
	struct row_name name;
	snprintf(name.text, sizeof(name.text), "%s%s%s", running->conf->channels[channel].id,
		 whole ? "/hour" : "", raw ? "/raw" : "");
	return name;
}

static int load_whole(struct open_hours *running, int channel, int64_t hour, struct minute *ret)
{
	const struct row_name name = name_row(running, channel, true, false);
	*ret = (struct minute){0};
	int r = minutes_get(running->store, hour * HOUR_MINUTES - 1, name.text, ret);
	return r == STORE_E_NONE ? 0 : r;
}

/* An hour whose minutes do not suffice is as the logger says by itself. */
static void stand_in(const struct minute *whole, struct hour_mean *mean)
{
	if (mean->valid || whole->samples == 0)
		return;
	mean->samples += whole->samples;
	for (int why = 0; why < WHY_COUNT; why++)
		mean->counts[why] += whole->counts[why];
	mean->valid = minute_mean(whole, &mean->mean_milli);
	if (mean->valid) {
		mean->covered_ms = HOUR_MS;
		mean->quality = QUALITY_NORMAL;
		mean->why = WHY_NONE;
	} else if (mean->why == WHY_NONE) {
		mean->why = minute_failure(whole);
		mean->quality = why_quality(mean->why);
	}
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
	running->whole[channel][hour % OPEN_HOURS_HOURS] = (struct minute){0};
	*ret_error = minutes_load(running->store, conf->id, open);
	if (*ret_error == 0 && conf->logged)
		*ret_error = load_whole(running, channel, hour,
					&running->whole[channel][hour % OPEN_HOURS_HOURS]);
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
	if (running->conf->channels[channel].logged)
		stand_in(&running->whole[channel][hour % OPEN_HOURS_HOURS], ret);
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
	if (r != 0 || !conf->logged)
		return r;
	struct minute whole;
	r = load_whole(running, channel, hour, &whole);
	if (r == 0)
		stand_in(&whole, ret);
	return r;
}

int open_hours_told(struct open_hours *running, const struct log_period *told, struct minute *ret)
{
	const struct row_name name = name_row(running, told->channel, told->whole, false);
	return minutes_get(running->store, told->minute, name.text, ret);
}

int open_hours_tell(struct open_hours *running, const struct log_period *told)
{
	const struct row_name name = name_row(running, told->channel, told->whole, false);
	const struct row_name raw = name_row(running, told->channel, told->whole, true);
	struct minute kept = told->sums;
	int r = 0;
	kept.covered_ms = told->whole ? HOUR_MS : MINUTE_MS;
	kept.weighted = told->raw ? (int64_t)*told->raw * kept.covered_ms : 0;
	for (int32_t i = 0; i < told->n && r == 0; i++) {
		r = minutes_put(running->store, told->minute + i, name.text, &told->sums);
		if (r == 0 && told->raw)
			r = minutes_put(running->store, told->minute + i, raw.text, &kept);
	}
	return r;
}

void open_hours_know(struct open_hours *running, const struct log_period *told)
{
	int64_t hour = told->minute / HOUR_MINUTES + 1;
	int r = 0;
	struct hour *open = open_hour(running, told->channel, hour, &r);
	if (told->whole)
		running->whole[told->channel][hour % OPEN_HOURS_HOURS] = told->sums;
	for (int32_t i = 0; i < told->n && !told->whole; i++)
		hour_restore(open, (int)((told->minute + i) % HOUR_MINUTES), &told->sums);
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

void open_hours_minute(struct open_hours *running, int channel, int64_t minute, struct minute *ret)
{
	int r = 0;
	const struct hour *hour = open_hour(running, channel, minute / HOUR_MINUTES + 1, &r);
	hour_minute(hour, (int)(minute % HOUR_MINUTES), (minute + 1) * MINUTE_MS, ret);
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
	if (r != 0 || is_empty_minute(ret) || running->conf->channels[channel].logged)
		return r; /* what a logger tells is stored already */
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
