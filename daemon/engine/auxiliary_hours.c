/* SPDX-License-Identifier: MIT */
#include "auxiliary_hours.h"

#include <errno.h>
#include <stdlib.h>

#include "open_hours.h"
#include "rain_totals.h"

#define SET_BACK_MS 2000 /* less is a clock that is slewed */

/* The hours of one quantity, or of one part of the wind: hour h at h % 2; label 0: not open. */
struct lane {
	struct hour hours[OPEN_HOURS_HOURS];
};

struct auxiliary_hours {
	const struct conf *conf;
	struct store *store;
	int speed;            /* the channel of the wind speed, -1: there is none */
	struct sample newest; /* of it; quality 0: none yet */
	int64_t newest_ms[CONF_AUXILIARIES_MAX]; /* of a sample taken */
	struct rain_totals rain;
	struct lane *north; /* of the wind direction, behind all others; NULL */
	int n;
	struct lane lanes[]; /* one a channel; of the wind direction its east */
};

int auxiliary_hours_new(const struct conf *conf, struct store *store, struct auxiliary_hours **ret)
{
	struct auxiliary_hours *hours;
	bool direction = false;
	int speed = -1;
	for (int c = conf_first_auxiliary(conf); c < conf_behind_channels(conf); c++) {
		direction |= conf->channels[c].auxiliary == AUXILIARY_WIND_DIRECTION;
		if (conf->channels[c].auxiliary == AUXILIARY_WIND_SPEED)
			speed = c;
	}
	*ret = NULL;
	if (conf->n_auxiliaries == 0)
		return 0;
	int n = conf->n_auxiliaries + direction;
	hours = calloc(1, sizeof(*hours) + (size_t)n * sizeof(hours->lanes[0]));
	if (!hours)
		return -ENOMEM;
	hours->conf = conf;
	hours->store = store;
	hours->speed = speed;
	hours->north = direction ? &hours->lanes[n - 1] : NULL;
	hours->n = n;
	*ret = hours;
	return 0;
}

struct auxiliary_hours *auxiliary_hours_free(struct auxiliary_hours *hours)
{
	free(hours);
	return NULL;
}

void auxiliary_hours_forget(struct auxiliary_hours *hours)
{
	if (!hours)
		return;
	hours->newest = (struct sample){0};
	hours->rain = (struct rain_totals){.looked = false};
	for (int i = 0; i < CONF_AUXILIARIES_MAX; i++)
		hours->newest_ms[i] = 0;
	for (int i = 0; i < hours->n; i++)
		for (int h = 0; h < OPEN_HOURS_HOURS; h++)
			hours->lanes[i].hours[h].hour = 0;
}

/* ---- one channel ---- */

/* An hour of a channel: `north` is NULL but for the wind direction. */
struct pair {
	struct hour *hour, *north;
};

static const struct channel_conf *channel_of(const struct auxiliary_hours *hours, int channel)
{
	return &hours->conf->channels[channel];
}

static struct pair find_pair(struct auxiliary_hours *hours, int channel, int64_t hour)
{
	struct lane *lane = &hours->lanes[channel - conf_first_auxiliary(hours->conf)];
	bool direction = channel_of(hours, channel)->auxiliary == AUXILIARY_WIND_DIRECTION;
	int at = (int)(hour % OPEN_HOURS_HOURS);
	return (struct pair){&lane->hours[at], direction ? &hours->north->hours[at] : NULL};
}

static void begin_hour(const struct auxiliary_hours *hours, int channel, struct hour *open,
		       int64_t hour, const struct hour *before)
{
	hour_begin(open, hour, channel_of(hours, channel)->max_age_ms,
		   before && before->hour == hour - 1 ? before : NULL);
	open->scale = auxiliary_scale(channel_of(hours, channel)->auxiliary);
}

/* The hour, begun if it is not: with what still holds from the one before and what is stored. */
static struct pair open_pair(struct auxiliary_hours *hours, int channel, int64_t hour,
			     int *ret_error)
{
	struct pair open = find_pair(hours, channel, hour);
	struct pair before = find_pair(hours, channel, hour - 1);
	if (open.hour->hour == hour)
		return open;
	begin_hour(hours, channel, open.hour, hour, before.hour);
	if (open.north)
		begin_hour(hours, channel, open.north, hour, before.north);
	*ret_error = auxiliaries_load(hours->store, channel_of(hours, channel)->auxiliary,
				      open.hour, open.north);
	return open;
}

static void take_part(struct hour *open, struct hour *next, int64_t hour,
		      const struct sample *sample)
{
	hour_take(open, sample);
	if (next && next->hour == hour + 1)
		hour_take(next, sample);
}

static void fail_sample(struct sample *sample, enum why why)
{
	sample->why = why;
	sample->quality = why_quality(why);
	sample->value_milli = 0;
}

/* Beyond what the air may have the sums would not hold. */
static void check_bounds(const struct auxiliary_hours *hours, struct sample *sample)
{
	const struct auxiliary_info *info =
		auxiliary_info(channel_of(hours, sample->channel)->auxiliary);
	if (sample->quality == QUALITY_NORMAL &&
	    (sample->value_milli < info->least_milli || sample->value_milli > info->most_milli))
		fail_sample(sample, WHY_OUT_OF_RANGE);
}

/* The speed beside a direction: the newest, if it is no older than it holds. False: there is none,
 * and the direction says nothing. */
static bool find_speed(const struct auxiliary_hours *hours, const struct sample *sample,
		       struct sample *ret)
{
	*ret = (struct sample){.quality = QUALITY_NORMAL, .value_milli = WIND_SPEED_UNKNOWN_MILLI};
	if (hours->speed < 0)
		return true;
	*ret = hours->newest;
	return ret->quality != 0 &&
	       llabs(sample->at_ms - ret->at_ms) <= channel_of(hours, hours->speed)->max_age_ms;
}

/* True if the direction counts, as its two parts. */
static bool split_direction(const struct auxiliary_hours *hours, const struct sample *sample,
			    struct sample *ret_east, struct sample *ret_north)
{
	struct sample speed;
	*ret_east = *ret_north = *sample;
	if (sample->quality != QUALITY_NORMAL)
		return true;
	if (!find_speed(hours, sample, &speed))
		return false;
	if (speed.quality != QUALITY_NORMAL) {
		fail_sample(ret_east, speed.why);
		fail_sample(ret_north, speed.why);
		return true;
	}
	struct wind wind = wind_parts(sample->value_milli, speed.value_milli);
	ret_east->value_milli = wind.east_milli;
	ret_north->value_milli = wind.north_milli;
	return true;
}

static bool is_rain(const struct auxiliary_hours *hours, int channel)
{
	return channel_of(hours, channel)->auxiliary == AUXILIARY_RAIN;
}

/* A minute is counted once: by the process before, or before the clock was set back. */
static bool is_counted(int64_t newest_ms, const struct hour *hour, const struct sample *sample)
{
	int64_t minute = sample->at_ms / MINUTE_MS - (hour->hour - 1) * HOUR_MINUTES;
	return hour->restored[minute].covered_ms >= MINUTE_MS ||
	       sample->at_ms < newest_ms - SET_BACK_MS;
}

int auxiliary_hours_take(struct auxiliary_hours *hours, const struct sample *sample)
{
	struct sample east = *sample, north = {0};
	int64_t hour = hour_of_ms(sample->at_ms);
	int64_t *newest_ms = &hours->newest_ms[sample->channel - conf_first_auxiliary(hours->conf)];
	int r = 0;
	check_bounds(hours, &east);
	if (sample->channel == hours->speed)
		hours->newest = east;
	struct pair open = open_pair(hours, sample->channel, hour, &r);
	struct pair next = find_pair(hours, sample->channel, hour + 1);
	if (is_counted(*newest_ms, open.hour, sample))
		return r;
	if (open.north) {
		const struct sample direction = east;
		if (!split_direction(hours, &direction, &east, &north))
			return r;
		take_part(open.north, next.north, hour, &north);
	}
	if (is_rain(hours, sample->channel) && east.quality == QUALITY_NORMAL) {
		int looked = rain_totals_take(&hours->rain, hours->store,
					      channel_of(hours, sample->channel)->turns_milli,
					      open.hour, &east);
		r = r == 0 ? looked : r;
	}
	take_part(open.hour, next.hour, hour, &east);
	if (sample->at_ms > *newest_ms)
		*newest_ms = sample->at_ms;
	return r;
}

/* ---- minutes ---- */

/* The sums of a minute; of a direction two, of rain with what the counter said. */
struct parts {
	struct minute sums, north;
	bool has_north;
};

static const struct minute *north_of(const struct parts *parts)
{
	return parts->has_north ? &parts->north : NULL;
}

static int find_minute(struct auxiliary_hours *hours, int channel, int64_t minute, int64_t until_ms,
		       struct parts *ret)
{
	int r = 0, at = (int)(minute % HOUR_MINUTES);
	struct pair open = open_pair(hours, channel, minute / HOUR_MINUTES + 1, &r);
	*ret = (struct parts){.has_north = open.north != NULL};
	hour_minute(open.hour, at, until_ms, &ret->sums);
	if (open.north)
		hour_minute(open.north, at, until_ms, &ret->north);
	if (!is_rain(hours, channel))
		return r;
	ret->has_north = true;
	int looked = rain_totals_after(&hours->rain, hours->store, minute, &ret->north.weighted);
	return r == 0 ? looked : r;
}

static void report_minute(const struct auxiliary_hours *hours, int i, const struct parts *parts,
			  struct minute_report *report)
{
	enum auxiliary which = channel_of(hours, conf_first_auxiliary(hours->conf) + i)->auxiliary;
	struct auxiliary_mean mean = {.at = report->minute};
	auxiliary_mean_of(which, &parts->sums, north_of(parts), &mean);
	report->auxiliaries[i] = mean;
	report->n_auxiliaries = hours->conf->n_auxiliaries;
}

static int store_minute(struct auxiliary_hours *hours, int channel, int64_t minute,
			const struct parts *parts)
{
	if (parts->sums.covered_ms == 0 && parts->sums.samples == 0)
		return 0;
	return auxiliaries_put_minute(hours->store, minute, channel_of(hours, channel)->auxiliary,
				      &parts->sums, north_of(parts));
}

int auxiliary_hours_store(struct auxiliary_hours *hours, int64_t minute, int64_t until_ms,
			  struct minute_report *report)
{
	int r = 0;
	if (!hours)
		return 0;
	for (int i = 0; i < hours->conf->n_auxiliaries; i++) {
		int channel = conf_first_auxiliary(hours->conf) + i;
		struct parts parts;
		int failed = find_minute(hours, channel, minute, until_ms, &parts);
		report_minute(hours, i, &parts, report);
		if (failed == 0)
			failed = store_minute(hours, channel, minute, &parts);
		r = r == 0 ? failed : r;
	}
	return r;
}

void auxiliary_hours_report(struct auxiliary_hours *hours, struct minute_report *report)
{
	for (int i = 0; hours && i < hours->conf->n_auxiliaries; i++) {
		struct parts parts;
		find_minute(hours, conf_first_auxiliary(hours->conf) + i, report->minute,
			    (report->minute + 1) * MINUTE_MS, &parts);
		report_minute(hours, i, &parts, report);
	}
}

/* ---- hours ---- */

static int32_t sum_rain(const struct hour *hour)
{
	int64_t sum = 0;
	for (int m = 0; m < HOUR_MINUTES; m++)
		sum += hour->restored[m].weighted;
	return (int32_t)(sum < RAIN_MOST_AN_HOUR_MILLI ? sum : RAIN_MOST_AN_HOUR_MILLI);
}

static void find_mean(const struct auxiliary_hours *hours, int channel, const struct pair *open,
		      struct auxiliary_mean *ret)
{
	int32_t valid_ms = hours->conf->edition.hour_min_minutes * MINUTE_MS;
	struct hour_mean mean, north = {0};
	hour_mean(open->hour, INT64_MAX, valid_ms, &mean);
	*ret = (struct auxiliary_mean){.auxiliary = channel_of(hours, channel)->auxiliary,
				       .at = open->hour->hour,
				       .known = mean.valid,
				       .milli = mean.mean_milli,
				       .covered_ms = mean.covered_ms,
				       .quality = mean.quality,
				       .why = mean.why,
				       .samples = mean.samples};
	if (mean.valid && is_rain(hours, channel))
		ret->milli = sum_rain(open->hour);
	if (!open->north || !mean.valid)
		return;
	hour_mean(open->north, INT64_MAX, valid_ms, &north);
	const struct wind wind = {mean.mean_milli, north.mean_milli};
	ret->known = wind_direction_milli(&wind, &ret->milli);
	ret->calm = !ret->known;
}

int auxiliary_hours_close(struct auxiliary_hours *hours, int64_t hour,
			  enum time_quality time_quality)
{
	struct auxiliary_mean means[CONF_AUXILIARIES_MAX];
	bool any = false;
	int r = 0;
	for (int i = 0; hours && i < hours->conf->n_auxiliaries; i++) {
		int channel = conf_first_auxiliary(hours->conf) + i;
		struct pair open = open_pair(hours, channel, hour, &r);
		find_mean(hours, channel, &open, &means[i]);
		means[i].time_quality = time_quality;
		any |= means[i].samples > 0 || means[i].covered_ms > 0;
	}
	if (hours && !any && r == 0) /* closed before, under a wrong name */
		r = auxiliaries_drop_hour(hours->store, hour);
	for (int i = 0; any && r == 0 && i < hours->conf->n_auxiliaries; i++)
		r = auxiliaries_put_hour(hours->store, &means[i]);
	return r;
}

void auxiliary_hours_doubt(struct auxiliary_hours *hours, int channel, int64_t from_ms,
			   int64_t to_ms, enum why why)
{
	for (int h = 0; h < OPEN_HOURS_HOURS; h++) {
		struct pair open = find_pair(hours, channel, h);
		if (open.hour->hour != 0)
			hour_doubt(open.hour, from_ms, to_ms, why);
		if (open.north && open.north->hour != 0)
			hour_doubt(open.north, from_ms, to_ms, why);
	}
}

int auxiliary_hours_close_again(struct auxiliary_hours *hours, int channel, int64_t hour,
				enum why why)
{
	static struct hour stored, north; /* too large for a stack; one thread */
	enum auxiliary auxiliary = channel_of(hours, channel)->auxiliary;
	struct pair again = {&stored, auxiliary == AUXILIARY_WIND_DIRECTION ? &north : NULL};
	struct auxiliary_mean was = {0}, is;
	int r = auxiliaries_hour(hours->store, auxiliary, hour, &was);
	if (r != 0 || was.quality != QUALITY_NORMAL)
		return r == STORE_E_NONE ? 0 : r;
	begin_hour(hours, channel, &stored, hour, NULL);
	begin_hour(hours, channel, &north, hour, NULL);
	r = auxiliaries_load(hours->store, auxiliary, again.hour, again.north);
	if (r != 0)
		return r;
	find_mean(hours, channel, &again, &is);
	if (is.samples == 0) {
		is.why = why;
		is.quality = why_quality(why);
	}
	is.time_quality = was.time_quality;
	return auxiliaries_put_hour(hours->store, &is);
}
