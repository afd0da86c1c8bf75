/* SPDX-License-Identifier: MIT */
/*
 * What one hour of one channel costs: taking its samples, and its mean when it closes; and how many
 * hours of a station with six channels go through in a second.
 */
#include <inttypes.h>
#include <stdio.h>

#include "bench.h"
#include "hour.h"

#define LABEL 400000
#define HOURS 200 /* a round */
#define VALID_MS (45 * MINUTE_MS)
#define CHANNELS 6

struct rhythm {
	int32_t period_ms;
	struct hour hour;
};

static void fill(struct rhythm *rhythm)
{
	int64_t start_ms = (int64_t)(LABEL - 1) * HOUR_MS;
	hour_begin(&rhythm->hour, LABEL, 60000, NULL);
	for (int32_t at_ms = 0; at_ms < HOUR_MS; at_ms += rhythm->period_ms) {
		const struct sample sample = {.at_ms = start_ms + at_ms,
					      .value_milli = 35000 + at_ms % 977,
					      .quality = QUALITY_NORMAL};
		hour_take(&rhythm->hour, &sample);
	}
}

static void close_hours(void *context)
{
	const struct rhythm *rhythm = context;
	struct hour_mean mean;
	for (int i = 0; i < HOURS; i++) {
		hour_mean(&rhythm->hour, (int64_t)LABEL * HOUR_MS, VALID_MS, &mean);
		bench_use(&mean);
	}
}

static void fill_hours(void *context)
{
	struct rhythm *rhythm = context;
	for (int i = 0; i < HOURS; i++) {
		fill(rhythm);
		bench_use(&rhythm->hour);
	}
}

int main(void)
{
	static const int32_t periods_ms[] = {1000, 2000, 10000, 60000};
	static struct rhythm rhythm;
	printf("a sample every  samples  to close the hour  to take a sample  hours/s of a "
	       "station\n");
	for (size_t i = 0; i < sizeof(periods_ms) / sizeof(periods_ms[0]); i++) {
		rhythm.period_ms = periods_ms[i];
		fill(&rhythm);
		int64_t close_ns = bench_fastest_ns(close_hours, &rhythm) / HOURS;
		int64_t fill_ns = bench_fastest_ns(fill_hours, &rhythm) / HOURS;
		printf("%12" PRId32 " s %8" PRId32 " %15" PRId64 " ns %14" PRId64 " ns %22" PRId64
		       "\n",
		       periods_ms[i] / 1000, rhythm.hour.n, close_ns, fill_ns / rhythm.hour.n,
		       1000000000 / (CHANNELS * (close_ns + fill_ns)));
	}
	return 0;
}
