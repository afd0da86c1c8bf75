/* SPDX-License-Identifier: MIT */
/*
 * Any samples into an hour: the mean is what the definition gives, read slowly; their order does
 * not matter, nor does a restart.
 */
#include <assert.h>
#include <stdlib.h>

#include "fuzz.h"
#include "hour.h"

#define LABEL 400000
#define SAMPLES_MAX 200
#define MAX_AGE_MS 7200000
#define VALID_MS (45 * MINUTE_MS)

/* Sums that cannot overflow. */
__extension__ typedef __int128 wide;

/* What a fuzzed hour is made of. Times are since the hour's start, each there once. */
struct given {
	int32_t max_age_ms;
	int64_t until_ms;
	int n;
	struct sample samples[SAMPLES_MAX];
};

static const int64_t start_ms = (int64_t)(LABEL - 1) * HOUR_MS;

static bool is_new(const struct given *given, int64_t at_ms)
{
	for (int i = 0; i < given->n; i++) {
		if (given->samples[i].at_ms == at_ms)
			return false;
	}
	return true;
}

static struct given read_given(struct bytes *bytes)
{
	struct given given = {.max_age_ms = (int32_t)bytes_between(bytes, 1, MAX_AGE_MS),
			      .until_ms = start_ms + bytes_between(bytes, -1000, HOUR_MS + 1000)};
	bool whole_s = bytes_between(bytes, 0, 1);
	while (bytes->left > 0 && given.n < SAMPLES_MAX) {
		int64_t at_ms = whole_s ? bytes_between(bytes, -4000, 3600) * 1000
					: bytes_between(bytes, -MAX_AGE_MS, HOUR_MS + 1);
		enum why why = (enum why)bytes_between(bytes, 0, 2 * WHY_COUNT - 1);
		if (why >= WHY_COUNT)
			why = WHY_NONE; /* half of them and more count */
		int32_t value = (int32_t)bytes_between(bytes, INT32_MIN, INT32_MAX);
		if (!is_new(&given, start_ms + at_ms))
			continue;
		given.samples[given.n++] = (struct sample){.at_ms = start_ms + at_ms,
							   .value_milli = value,
							   .quality = why_quality(why),
							   .why = why};
	}
	return given;
}

static int compare_times(const void *a, const void *b)
{
	int64_t first = ((const struct sample *)a)->at_ms,
		second = ((const struct sample *)b)->at_ms;
	return (first > second) - (first < second);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t largest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The definition: each sample holds until the next one, for max_age at most. */
static void check_definition(const struct given *given, const struct hour_mean *mean)
{
	struct given sorted = *given;
	int64_t covered_ms = 0, min = INT64_MAX, max = INT64_MIN;
	wide weighted = 0;
	uint32_t samples = 0;
	qsort(sorted.samples, (size_t)sorted.n, sizeof(sorted.samples[0]), compare_times);
	for (int i = 0; i < sorted.n; i++) {
		const struct sample *sample = &sorted.samples[i];
		int64_t from = sample->at_ms, to = from + given->max_age_ms;
		samples += from >= start_ms && from < start_ms + HOUR_MS;
		if (i + 1 < sorted.n)
			to = least(to, sorted.samples[i + 1].at_ms);
		to = least(least(to, start_ms + HOUR_MS), given->until_ms);
		from = largest(from, start_ms);
		if (sample->quality != QUALITY_NORMAL || to <= from)
			continue;
		covered_ms += to - from;
		weighted += (wide)sample->value_milli * (to - from);
		min = least(min, sample->value_milli);
		max = largest(max, sample->value_milli);
	}
	assert(mean->samples == samples && mean->covered_ms == covered_ms);
	assert(mean->valid == (covered_ms >= VALID_MS));
	if (covered_ms == 0)
		return;
	wide rest = weighted - (wide)mean->mean_milli * covered_ms;
	assert(mean->mean_milli >= min && mean->mean_milli <= max);
	assert(2 * rest <= covered_ms && 2 * rest >= -covered_ms);
	assert((2 * rest != covered_ms && 2 * rest != -covered_ms) || mean->mean_milli % 2 == 0);
}

static void check_mean(const struct hour_mean *mean)
{
	uint64_t counted = 0;
	for (int why = 0; why < WHY_COUNT; why++)
		counted += mean->counts[why];
	assert(counted == mean->samples);
	assert(mean->covered_ms >= 0 && mean->covered_ms <= HOUR_MS);
	assert(mean->valid == (mean->quality == QUALITY_NORMAL));
	assert(mean->valid || mean->why != WHY_NONE || mean->quality == QUALITY_NO_COMMUNICATION);
}

static void check_same(const struct hour_mean *a, const struct hour_mean *b)
{
	assert(a->valid == b->valid && a->mean_milli == b->mean_milli);
	assert(a->covered_ms == b->covered_ms && a->quality == b->quality && a->why == b->why);
	assert(a->samples == b->samples);
	for (int why = 0; why < WHY_COUNT; why++)
		assert(a->counts[why] == b->counts[why]);
}

/* Minutes that one process stored, in an hour that another one begins. */
static void check_restart(const struct hour *hour, const struct given *given,
			  const struct hour_mean *expected)
{
	static struct hour restored;
	struct hour_mean mean;
	hour_begin(&restored, LABEL, given->max_age_ms, NULL);
	for (int m = 0; m < HOUR_MINUTES; m++) {
		struct minute minute;
		hour_minute(hour, m, given->until_ms, &minute);
		assert(minute.covered_ms >= 0 && minute.covered_ms <= MINUTE_MS);
		hour_restore(&restored, m, &minute);
	}
	hour_mean(&restored, given->until_ms, VALID_MS, &mean);
	check_same(&mean, expected);
}

/* The hour after it begins with what still holds. */
static void check_next(const struct hour *hour, const struct given *given)
{
	static struct hour next;
	struct hour_mean mean;
	hour_begin(&next, LABEL + 1, given->max_age_ms, hour);
	for (int i = 0; i < given->n; i++)
		hour_take(&next, &given->samples[i]);
	hour_mean(&next, start_ms + 2 * (int64_t)HOUR_MS, VALID_MS, &mean);
	check_mean(&mean);
	assert(mean.covered_ms <= given->max_age_ms + 1);
}

static void check_hour(const struct given *given)
{
	static struct hour forward, backward;
	struct hour_mean mean, again;
	hour_begin(&forward, LABEL, given->max_age_ms, NULL);
	hour_begin(&backward, LABEL, given->max_age_ms, NULL);
	for (int i = 0; i < given->n; i++) {
		hour_take(&forward, &given->samples[i]);
		hour_take(&backward, &given->samples[given->n - 1 - i]);
	}
	assert(forward.repeated == 0 && forward.refused == 0);
	for (int i = 0; i < given->n; i++)
		assert(!hour_take(&forward, &given->samples[i])); /* twice is as good as once */
	hour_mean(&forward, given->until_ms, VALID_MS, &mean);
	hour_mean(&backward, given->until_ms, VALID_MS, &again);
	check_mean(&mean);
	check_definition(given, &mean);
	check_same(&mean, &again);
	check_restart(&forward, given, &mean);
	check_next(&forward, given);
}

/* More samples than an hour holds. */
static void check_flood(int32_t step_ms, int32_t value)
{
	static struct hour hour;
	struct hour_mean mean;
	hour_begin(&hour, LABEL, MINUTE_MS, NULL);
	for (int64_t at_ms = 0; at_ms < HOUR_MS; at_ms += step_ms) {
		const struct sample sample = {
			.at_ms = start_ms + at_ms, .value_milli = value, .quality = QUALITY_NORMAL};
		hour_take(&hour, &sample);
	}
	hour_mean(&hour, start_ms + HOUR_MS, VALID_MS, &mean);
	check_mean(&mean);
	assert(hour.n <= HOUR_SAMPLES_MAX && mean.mean_milli == value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = {data, size};
	if (bytes_between(&bytes, 0, 63) == 0) {
		check_flood((int32_t)bytes_between(&bytes, 500, 5000),
			    (int32_t)bytes_between(&bytes, INT32_MIN, INT32_MAX));
		return 0;
	}
	struct given given = read_given(&bytes);
	check_hour(&given);
	return 0;
}
