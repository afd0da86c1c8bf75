/* SPDX-License-Identifier: MIT */
#include "twins.h"

#include <stdlib.h>

#include "channel.h"
#include "clock.h"
#include "hour.h"
#include "log.h"
#include "words.h"

/* The second instrument of a pollutant, and what is known of both; [0] is the first. */
struct twin {
	int channels[2];    /* [1] -1: there is none */
	int counts;         /* which of them */
	int64_t since_ms;   /* since when it does; 0: no sample has come */
	int64_t good_ms[2]; /* the newest good value, or the first sample of either */
	int64_t hour;       /* that the sums are of */
	int64_t sums_milli[2];
	int32_t n[2];
	int64_t differ_since; /* an hour's END; 0: they do not */
};

struct twins {
	const struct conf *conf;
	bool changed;
	struct twin twins[POLLUTANT_COUNT];
};

struct twins *twins_new(const struct conf *conf)
{
	struct twins *twins = calloc(1, sizeof(*twins));
	if (!twins)
		return NULL;
	twins->conf = conf;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		twins->twins[p].channels[0] = twins->twins[p].channels[1] = -1;
	for (int c = 0; c < conf_first_auxiliary(conf); c++)
		twins->twins[conf->channels[c].pollutant].channels[c >= conf->n_channels] = c;
	return twins;
}

struct twins *twins_free(struct twins *twins)
{
	free(twins);
	return NULL;
}

static const struct channel_conf *channel_of(const struct twins *twins, const struct twin *twin,
					     int which)
{
	return &twins->conf->channels[twin->channels[which]];
}

/* ---- which of them counts ---- */

static bool is_healthy(const struct twins *twins, const struct twin *twin, int which, int64_t at_ms)
{
	int64_t patience_ms = channel_of(twins, twin, which)->max_age_ms;
	if (patience_ms < CHANNEL_PATIENCE_MS)
		patience_ms = CHANNEL_PATIENCE_MS;
	return at_ms - twin->good_ms[which] <= patience_ms;
}

static void tell_choice(const struct twins *twins, const struct twin *twin)
{
	const struct channel_conf *now = channel_of(twins, twin, twin->counts),
				  *other = channel_of(twins, twin, !twin->counts);
	const struct log_fields about = {.sensor = now->sensor};
	if (twin->counts == 1)
		log_line(LOG_LEVEL_WARNING, LOG_TWIN_COUNTS, &about,
			 "%s: counts now in place of %s, which has no good value", now->id,
			 other->id);
	else
		log_line(LOG_LEVEL_NOTICE, LOG_TWIN_COUNTS, &about, "%s: counts again, and not %s",
			 now->id, other->id);
}

static void choose_instrument(struct twins *twins, struct twin *twin, int64_t at_ms)
{
	int counts = !is_healthy(twins, twin, 0, at_ms) && is_healthy(twins, twin, 1, at_ms);
	if (counts == twin->counts)
		return;
	twin->counts = counts;
	twin->since_ms = at_ms;
	twins->changed = true;
	tell_choice(twins, twin);
}

/* A clock that was set back leaves no value in the future. */
static void follow_time(struct twin *twin, int64_t at_ms)
{
	for (int i = 0; i < 2; i++)
		if (twin->since_ms == 0 || twin->good_ms[i] > at_ms + HOUR_MS)
			twin->good_ms[i] = at_ms;
	if (twin->since_ms == 0 || twin->since_ms > at_ms + HOUR_MS)
		twin->since_ms = at_ms;
}

/* ---- how far they are apart ---- */

static bool are_apart(const struct twins *twins, const struct twin *twin, int64_t first_milli,
		      int64_t second_milli)
{
	bool co = channel_of(twins, twin, 0)->pollutant == POLLUTANT_CO;
	int64_t larger = first_milli > second_milli ? first_milli : second_milli;
	int64_t apart = llabs(first_milli - second_milli);
	return apart > (co ? TWINS_MILLI_CO : TWINS_MILLI) && apart * 100 > larger * TWINS_PERCENT;
}

static void tell_difference(const struct twins *twins, const struct twin *twin, int64_t first_milli,
			    int64_t second_milli)
{
	const struct channel_conf *first = channel_of(twins, twin, 0),
				  *second = channel_of(twins, twin, 1);
	const struct log_fields about = {.sensor = first->sensor};
	const char *unit = pollutant_info(first->pollutant)->unit;
	double a = (double)first_milli / 1000, b = (double)second_milli / 1000;
	if (twin->differ_since != 0)
		log_line(
			LOG_LEVEL_WARNING, LOG_TWINS_DIFFER, &about,
			"%s and %s differ: %.1f and %.1f %s in the last hour; one of them is wrong",
			first->id, second->id, a, b, unit);
	else
		log_line(LOG_LEVEL_NOTICE, LOG_TWINS_DIFFER, &about,
			 "%s and %s agree again: %.1f and %.1f %s in the last hour", first->id,
			 second->id, a, b, unit);
}

/* Of an hour that is over. */
static void compare_hour(struct twins *twins, struct twin *twin)
{
	bool hourly = channel_of(twins, twin, 0)->delivers == DELIVERS_HOURLY;
	int least = hourly ? 1 : TWINS_SAMPLES_MIN;
	if (twin->n[0] < least || twin->n[1] < least)
		return;
	int64_t first_milli = twin->sums_milli[0] / twin->n[0],
		second_milli = twin->sums_milli[1] / twin->n[1];
	bool apart = are_apart(twins, twin, first_milli, second_milli);
	if (apart == (twin->differ_since != 0))
		return;
	twin->differ_since = apart ? twin->hour : 0;
	twins->changed = true;
	tell_difference(twins, twin, first_milli, second_milli);
}

static void add_value(struct twins *twins, struct twin *twin, int which,
		      const struct sample *sample)
{
	int64_t hour = hour_of_ms(sample->at_ms);
	if (hour != twin->hour) {
		compare_hour(twins, twin);
		twin->hour = hour;
		for (int i = 0; i < 2; i++)
			twin->sums_milli[i] = twin->n[i] = 0;
	}
	if (sample->why != WHY_NONE)
		return;
	twin->sums_milli[which] += sample->value_milli;
	twin->n[which]++;
	if (twin->good_ms[which] < sample->at_ms)
		twin->good_ms[which] = sample->at_ms;
}

bool twins_choose(struct twins *twins, struct sample *sample)
{
	if (sample->channel >= conf_first_auxiliary(twins->conf))
		return true;
	struct twin *twin = &twins->twins[twins->conf->channels[sample->channel].pollutant];
	int which = sample->channel == twin->channels[1];
	if (twin->channels[1] < 0)
		return true;
	follow_time(twin, sample->at_ms);
	add_value(twins, twin, which, sample);
	choose_instrument(twins, twin, sample->at_ms);
	if (which != twin->counts)
		return false;
	sample->channel = (uint16_t)twin->channels[0];
	int64_t counted_ms = sample->at_ms - twin->since_ms;
	if (sample->doubt_ms > counted_ms)
		sample->doubt_ms = counted_ms > 0 ? (int32_t)counted_ms : 0;
	return true;
}

bool twins_report(struct twins *twins, struct twin_report ret[POLLUTANT_COUNT])
{
	bool changed = twins->changed;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct twin *twin = &twins->twins[p];
		ret[p] = (struct twin_report){.first = twin->channels[0],
					      .second = twin->channels[1],
					      .counts = twin->channels[twin->counts],
					      .differ_since = twin->differ_since};
	}
	twins->changed = false;
	return changed;
}
