/* SPDX-License-Identifier: MIT */
/*
 * The mean of an hour: every sample of quality N stands for the time until the next sample, but for
 * max_age at most; the mean is the sum of value x time over the sum of time (domain.md 1).
 *
 *   08:00 N 10.0   08:30 N 20.0   max_age 60 min
 *   mean of the hour 09:00 = (10.0 * 30 + 20.0 * 30) / 60 = 15.0, covered 60 min
 *   with max_age 20 min: the same mean, covered 40 min, and so not valid (45 are needed)
 *
 * A sample of another quality ends the one before it and covers nothing itself.
 */
#include "hour.h"

#include <assert.h>
#include <string.h>

#include "pollutant.h"

int64_t hour_of_ms(int64_t at_ms)
{
	int64_t begun = at_ms / HOUR_MS;
	if (at_ms % HOUR_MS < 0)
		begun--;
	return begun + 1;
}

static int64_t hour_start_ms(const struct hour *hour)
{
	return (hour->hour - 1) * HOUR_MS;
}

void hour_begin(struct hour *hour, int64_t label, int32_t max_age_ms, const struct hour *before)
{
	assert(max_age_ms > 0 && hour != before);
	hour->hour = label;
	hour->max_age_ms = max_age_ms;
	hour->scale = NULL;
	hour->repeated = 0;
	hour->refused = 0;
	hour->n = 0;
	memset(hour->restored, 0, sizeof(hour->restored));
	if (!before || before->n == 0)
		return;
	struct hour_sample last = before->samples[before->n - 1];
	int64_t at_ms = last.at_ms - (label - before->hour) * HOUR_MS;
	if (at_ms < 0 && at_ms > -(int64_t)max_age_ms) {
		last.at_ms = (int32_t)at_ms;
		hour->samples[hour->n++] = last;
	}
}

/* Only the newest of the samples before the hour can still hold. */
static bool carry_in(struct hour *hour, const struct hour_sample *sample)
{
	if (sample->at_ms <= -hour->max_age_ms)
		return false;
	if (hour->n > 0 && hour->samples[0].at_ms < 0) {
		if (hour->samples[0].at_ms >= sample->at_ms)
			return false;
		hour->samples[0] = *sample;
		return true;
	}
	if (hour->n == HOUR_SAMPLES_MAX)
		return false;
	memmove(&hour->samples[1], &hour->samples[0], (size_t)hour->n * sizeof(*sample));
	hour->samples[0] = *sample;
	hour->n++;
	return true;
}

static void add_count(struct minute *sums, enum why why)
{
	sums->samples++;
	sums->counts[why]++;
}

bool hour_take(struct hour *hour, const struct sample *sample)
{
	int64_t at_ms = sample->at_ms - hour_start_ms(hour);
	if (at_ms >= HOUR_MS || at_ms <= -(int64_t)hour->max_age_ms)
		return false;
	const struct hour_sample taken = {.at_ms = (int32_t)at_ms,
					  .value_milli = sample->value_milli,
					  .quality = (uint8_t)sample->quality,
					  .why = (uint8_t)sample->why};
	if (at_ms < 0)
		return carry_in(hour, &taken);

	int32_t i = hour->n; /* samples come in order but for a few: search from the end */
	while (i > 0 && hour->samples[i - 1].at_ms > taken.at_ms)
		i--;
	if (i > 0 && hour->samples[i - 1].at_ms == taken.at_ms) {
		hour->repeated++;
		return false;
	}
	if (hour->n == HOUR_SAMPLES_MAX) {
		hour->refused++;
		return false;
	}
	memmove(&hour->samples[i + 1], &hour->samples[i],
		(size_t)(hour->n - i) * sizeof(hour->samples[0]));
	hour->samples[i] = taken;
	hour->n++;
	return true;
}

bool hour_report(struct hour *hour, const struct sample *sample)
{
	struct minute *whole = &hour->restored[HOUR_REPORT_MINUTE];
	if (whole->covered_ms > 0)
		return false;
	add_count(whole, sample->why);
	if (sample->quality != QUALITY_NORMAL)
		return false;
	whole->covered_ms = HOUR_MS;
	whole->weighted = (int64_t)sample->value_milli * HOUR_MS;
	return true;
}

void hour_restore(struct hour *hour, int minute, const struct minute *stored)
{
	assert(minute >= 0 && minute < HOUR_MINUTES);
	hour->restored[minute] = *stored;
}

void minute_doubt(struct minute *minute, enum why why)
{
	minute->covered_ms = 0;
	minute->weighted = 0;
	minute->counts[why] = (uint16_t)(minute->counts[why] + minute->counts[WHY_NONE]);
	minute->counts[WHY_NONE] = 0;
}

void hour_doubt(struct hour *hour, int64_t from_ms, int64_t to_ms, enum why why)
{
	int64_t from = from_ms - hour_start_ms(hour), to = to_ms - hour_start_ms(hour);
	for (int m = 0; m < HOUR_MINUTES; m++)
		if ((m + 1) * MINUTE_MS > from && m * MINUTE_MS < to)
			minute_doubt(&hour->restored[m], why);
	for (int32_t i = 0; i < hour->n; i++) {
		struct hour_sample *sample = &hour->samples[i];
		if (sample->at_ms < from || sample->at_ms >= to ||
		    sample->quality != QUALITY_NORMAL)
			continue;
		sample->quality = (uint8_t)why_quality(why);
		sample->why = (uint8_t)why;
	}
}

/* Adds what sample i covers of [from, to). */
static void add_cover(const struct hour *hour, int32_t i, int32_t from, int32_t to,
		      struct minute *sums)
{
	const struct hour_sample *sample = &hour->samples[i];
	if (sample->quality != QUALITY_NORMAL)
		return;
	int32_t begin = sample->at_ms;
	int64_t end = (int64_t)begin + hour->max_age_ms;
	if (i + 1 < hour->n && hour->samples[i + 1].at_ms < end)
		end = hour->samples[i + 1].at_ms;
	if (begin < from)
		begin = from;
	if (end > to)
		end = to;
	if (begin >= end)
		return;
	int32_t covered_ms = (int32_t)(end - begin);
	int64_t value = hour->scale ? hour->scale->up(sample->value_milli) : sample->value_milli;
	sums->weighted += value * covered_ms;
	sums->covered_ms += covered_ms;
}

void hour_minute(const struct hour *hour, int minute, int64_t until_ms, struct minute *ret)
{
	assert(minute >= 0 && minute < HOUR_MINUTES);
	struct minute sums = hour->restored[minute];
	int32_t from = minute * MINUTE_MS, end = from + MINUTE_MS, to = end;
	int64_t until = until_ms - hour_start_ms(hour);
	if (until < to)
		to = until < from ? from : (int32_t)until;
	for (int32_t i = 0; i < hour->n; i++) {
		const struct hour_sample *sample = &hour->samples[i];
		if (sample->at_ms >= end)
			break;
		if (sample->at_ms >= from)
			add_count(&sums, (enum why)sample->why);
		add_cover(hour, i, from, to, &sums);
	}
	*ret = sums;
}

bool minute_mean_scaled(const struct minute *minute, const struct hour_scale *scale,
			int32_t *ret_milli)
{
	if (minute->covered_ms <= 0)
		return false;
	int64_t mean = round_half_even(minute->weighted, minute->covered_ms);
	*ret_milli = scale ? scale->down(mean) : (int32_t)mean;
	return true;
}

bool minute_mean(const struct minute *minute, int32_t *ret_milli)
{
	return minute_mean_scaled(minute, NULL, ret_milli);
}

/* The reason with the most samples; of equals, the first of the list. */
static enum why commonest_failure(const uint32_t counts[WHY_COUNT])
{
	int most = WHY_NONE;
	for (int why = WHY_NONE + 1; why < WHY_COUNT; why++) {
		if (counts[why] > (most == WHY_NONE ? 0 : counts[most]))
			most = why;
	}
	return (enum why)most;
}

enum why minute_failure(const struct minute *minute)
{
	uint32_t counts[WHY_COUNT];
	for (int why = 0; why < WHY_COUNT; why++)
		counts[why] = minute->counts[why];
	return commonest_failure(counts);
}

static void count_samples(const struct hour *hour, struct hour_mean *mean)
{
	for (int m = 0; m < HOUR_MINUTES; m++) {
		mean->samples += hour->restored[m].samples;
		for (int why = 0; why < WHY_COUNT; why++)
			mean->counts[why] += hour->restored[m].counts[why];
	}
	for (int32_t i = 0; i < hour->n; i++) {
		if (hour->samples[i].at_ms < 0)
			continue;
		mean->samples++;
		mean->counts[hour->samples[i].why]++;
	}
}

void hour_mean(const struct hour *hour, int64_t until_ms, int32_t valid_ms, struct hour_mean *ret)
{
	struct hour_mean mean = {0};
	struct minute sums = {0};
	int64_t until = until_ms - hour_start_ms(hour);
	int32_t to = until >= HOUR_MS ? HOUR_MS : until < 0 ? 0 : (int32_t)until;
	for (int m = 0; m < HOUR_MINUTES; m++) {
		sums.weighted += hour->restored[m].weighted;
		sums.covered_ms += hour->restored[m].covered_ms;
	}
	for (int32_t i = 0; i < hour->n; i++)
		add_cover(hour, i, 0, to, &sums);
	count_samples(hour, &mean);

	mean.covered_ms = sums.covered_ms;
	mean.valid = minute_mean_scaled(&sums, hour->scale, &mean.mean_milli) &&
		     sums.covered_ms >= valid_ms;
	mean.why = commonest_failure(mean.counts);
	if (mean.valid)
		mean.quality = QUALITY_NORMAL;
	else if (mean.why == WHY_NONE)
		mean.quality = QUALITY_NO_COMMUNICATION;
	else
		mean.quality = why_quality(mean.why);
	*ret = mean;
}
