/* SPDX-License-Identifier: MIT */
/*
 * Four years of one station's hours in memory through window, AQI and plan, and what each stage
 * costs. The air repeats: five days of a recorded episode, then fifteen days that are four times
 * cleaner, so that the plan has warnings to think about, but not always.
 *
 * usage: bench_replay EDITION.yaml PLAN.yaml RECORD.csv
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aqi.h"
#include "bench.h"
#include "load.h"
#include "warning.h"

#define HOURS 35064 /* of 2013-03-01 to 2017-02-28 */
#define FIRST 378376
#define CLEANER 4
#define RECORD_MAX 200

/* How far the hours go; each stage does what the one before does, too. */
enum stage { STAGE_WINDOW, STAGE_REALTIME, STAGE_DAILY, STAGE_TIMELINE, STAGE_PLAN };

struct replay {
	enum stage last;
	struct edition edition;
	struct plan plan;
	struct hour_values hours[HOURS];
	struct window window;
	struct timeline timeline;
	struct advice advice;
	int warnings; /* issued in the last round */
};

static struct timeline_hour indices_of(const struct aqi *daily, const struct aqi *realtime)
{
	return timeline_hour_of(daily->known ? daily->value : TIMELINE_UNKNOWN,
				realtime->known ? realtime->value : TIMELINE_UNKNOWN);
}

static void hold_against_plan(struct replay *replay)
{
	struct event events[WARNING_EVENTS_MAX];
	struct verdict verdict;
	evaluate(&replay->plan, &replay->timeline, &verdict);
	int n = advice_step(&replay->advice, &verdict, events);
	for (int i = 0; i < n; i++)
		replay->warnings += events[i].kind == EVENT_ISSUE;
}

static void close_hour(struct replay *replay, int64_t hour, const struct hour_values *values)
{
	static const struct scope scope = {POLLUTANT_ALL,
					   1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10};
	struct aqi realtime, daily;
	window_put(&replay->window, hour, values);
	if (replay->last < STAGE_REALTIME)
		return;
	aqi_realtime(&replay->edition, &scope, values, &realtime);
	bench_use(&realtime);
	if (replay->last < STAGE_DAILY)
		return;
	aqi_daily(&replay->edition, &scope, &replay->window, &daily);
	bench_use(&daily);
	if (replay->last < STAGE_TIMELINE)
		return;
	timeline_observe(&replay->timeline, hour, indices_of(&daily, &realtime));
	if (replay->last == STAGE_PLAN)
		hold_against_plan(replay);
}

static void replay_all(void *context)
{
	struct replay *replay = context;
	replay->window = (struct window){0};
	replay->timeline = (struct timeline){0};
	replay->advice = (struct advice){0};
	replay->warnings = 0;
	for (int i = 0; i < HOURS; i++)
		close_hour(replay, FIRST + i, &replay->hours[i]);
	bench_use(&replay->window);
}

/* One line of tests/data: time, PM2.5, PM10, SO2, NO2, CO, O3 in ug/m3; CO is kept in mg/m3. */
static struct hour_values read_line(char *line)
{
	struct hour_values values = {0};
	char *at = strchr(line, ',');
	for (int p = 0; p < POLLUTANT_COUNT && at; p++, at = strchr(at, ',')) {
		char *end;
		double value = strtod(++at, &end);
		if (end == at)
			continue; /* NA */
		values.milli[p] = (int32_t)(p == POLLUTANT_CO ? value : value * 1000);
		values.valid |= 1u << p;
	}
	return values;
}

static int read_record(const char *path, struct hour_values ret[RECORD_MAX])
{
	char line[256];
	int n = 0;
	FILE *in = fopen(path, "re");
	if (!in || !fgets(line, sizeof(line), in)) { /* the names */
		perror(path);
		exit(EX_NOINPUT);
	}
	while (n < RECORD_MAX && fgets(line, sizeof(line), in))
		ret[n++] = read_line(line);
	fclose(in);
	return n;
}

static void spread(struct replay *replay, const struct hour_values *record, int n)
{
	for (int i = 0; i < HOURS; i++) {
		struct hour_values values = record[i % n];
		bool episode = i / n % CLEANER == 0;
		for (int p = 0; p < POLLUTANT_COUNT && !episode; p++)
			values.milli[p] /= CLEANER;
		replay->hours[i] = values;
	}
}

static int64_t fastest_to(struct replay *replay, enum stage stage)
{
	replay->last = stage;
	return bench_fastest_ns(replay_all, replay);
}

static void print_stage(const char *name, int64_t ns, int64_t before_ns)
{
	printf("  %-28s %7" PRId64 " ns an hour\n", name, (ns - before_ns) / HOURS);
}

static void print_rate(const char *name, int64_t ns)
{
	printf("%-30s %10.0f hours/s, four years in %.3f s\n", name, HOURS * 1e9 / (double)ns,
	       (double)ns / 1e9);
}

int main(int argc, char *argv[])
{
	static struct replay replay;
	static struct hour_values record[RECORD_MAX];
	if (argc != 4)
		return EX_USAGE;
	struct arena *edition = load_edition(argv[1], &replay.edition);
	struct arena *plan = load_plan(argv[2], &replay.plan);
	spread(&replay, record, read_record(argv[3], record));

	int64_t window = fastest_to(&replay, STAGE_WINDOW);
	int64_t realtime = fastest_to(&replay, STAGE_REALTIME);
	int64_t daily = fastest_to(&replay, STAGE_DAILY);
	int64_t timeline = fastest_to(&replay, STAGE_TIMELINE);
	int64_t all = fastest_to(&replay, STAGE_PLAN);
	printf("%s, %s, %d hours, %d warnings issued\n", replay.edition.id, replay.plan.id, HOURS,
	       replay.warnings);
	print_rate("window and AQI", daily);
	print_rate("with the plan", all);
	print_stage("hour into the window", window, 0);
	print_stage("real-time AQI", realtime, window);
	print_stage("daily AQI", daily, realtime);
	print_stage("timeline", timeline, daily);
	print_stage("plan and advice", all, timeline);
	arena_free(edition);
	arena_free(plan);
	return 0;
}
