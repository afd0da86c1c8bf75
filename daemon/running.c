/* SPDX-License-Identifier: MIT */
#include "running.h"

void running_init(struct running *running, const struct conf *conf, struct store *store)
{
	running->conf = conf;
	running->store = store;
	for (int c = 0; c < CONF_CHANNELS_MAX; c++) {
		for (int h = 0; h < RUNNING_HOURS; h++)
			running->hours[c][h].hour = 0;
	}
}

static struct hour *slot(struct running *running, int channel, int64_t hour)
{
	return &running->hours[channel][hour % RUNNING_HOURS];
}

/* The hour, begun if it is not: with what still holds from the one before and what is stored. */
static struct hour *open_hour(struct running *running, int channel, int64_t hour, int *ret_error)
{
	const struct channel_conf *conf = &running->conf->channels[channel];
	struct hour *open = slot(running, channel, hour);
	const struct hour *before = slot(running, channel, hour - 1);
	if (open->hour == hour)
		return open;
	hour_begin(open, hour, conf->max_age_ms, before->hour == hour - 1 ? before : NULL);
	*ret_error = minutes_load(running->store, conf->id, open);
	return open;
}

int running_take(struct running *running, const struct sample *sample)
{
	int64_t hour = hour_of_ms(sample->at_ms);
	int r = 0;
	hour_take(open_hour(running, sample->channel, hour, &r), sample);
	struct hour *next = slot(running, sample->channel, hour + 1);
	if (next->hour == hour + 1)
		hour_take(next, sample);
	return r;
}

void running_mean(struct running *running, int channel, int64_t hour, int64_t until_ms,
		  struct hour_mean *ret)
{
	int r = 0;
	hour_mean(open_hour(running, channel, hour, &r), until_ms,
		  running->conf->edition.hour_min_minutes * MINUTE_MS, ret);
}

static bool empty(const struct minute *sums)
{
	return sums->covered_ms == 0 && sums->samples == 0;
}

int running_store(struct running *running, int64_t minute, int64_t until_ms,
		  struct minute_report *ret)
{
	int64_t hour = minute / HOUR_MINUTES + 1;
	int r = 0;
	*ret = (struct minute_report){.minute = minute};
	for (int c = 0; c < running->conf->n_channels; c++) {
		const struct channel_conf *channel = &running->conf->channels[c];
		struct minute *sums = &ret->sums[channel->pollutant];
		int failed = 0;
		hour_minute(open_hour(running, c, hour, &failed), (int)(minute % HOUR_MINUTES),
			    until_ms, sums);
		if (failed == 0 && !empty(sums))
			failed = minutes_put(running->store, minute, channel->id, sums);
		r = r == 0 ? failed : r;
	}
	return r;
}
