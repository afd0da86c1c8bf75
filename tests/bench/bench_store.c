/* SPDX-License-Identifier: MIT */
/*
 * A day of the store, 8 channels at 1 Hz, as the daemon writes it: minutes, hours with their
 * messages, each sent and confirmed, and a slice of retention an hour. Counts the bytes that the
 * process sent to the block layer (/proc/self/io), and fails above 50 MB a day.
 *
 * usage: bench_store FOLDER (on a real disk: a tmpfs writes nothing, and the benchmark is skipped)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hours.h"
#include "minutes.h"
#include "models.h"
#include "outbox_one.h"
#include "retention.h"
#include "warnings.h"

#define CHANNELS 8
#define DAY_HOURS 24
#define H INT64_C(490000)
#define BUDGET (50 * 1000 * 1000)
#define MESSAGES 3 /* of an hour: aqi, health, warning */
#define SKIPPED 77
#define PAYLOAD 2500

static struct store *store;

static void must(int r, const char *what)
{
	if (r == 0)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, store_strerror(r), store_message(store));
	exit(EXIT_FAILURE);
}

static long long written(void)
{
	char line[100];
	long long bytes = -1;
	FILE *file = fopen("/proc/self/io", "re");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "write_bytes: %lld", &bytes);
	if (file)
		fclose(file);
	return bytes;
}

static void put_minute(int64_t minute)
{
	const struct minute sums = {.weighted = 60000 * INT64_C(35000) + minute,
				    .covered_ms = 60000,
				    .samples = 60,
				    .counts = {60}};
	char channel[24];
	must(store_samples_begin(store), "begin");
	for (int c = 0; c < CHANNELS; c++) {
		snprintf(channel, sizeof(channel), "sensor-%d", c);
		must(minutes_put(store, minute, channel, &sums), "minute");
	}
	must(store_samples_commit(store), "commit");
}

static void put_message(const char *topic, enum outbox_class class)
{
	static char payload[PAYLOAD + 1];
	struct outbox_row row = {.class = class, .retain = true, .payload = payload};
	int dropped = 0;
	memset(payload, 'x', PAYLOAD);
	snprintf(row.topic, sizeof(row.topic), "%s", topic);
	must(outbox_next_seq(store, &row.seq), "seq");
	must(outbox_append(store, &row, &dropped), "append");
}

static void put_hour(int64_t hour)
{
	const struct hour_mean mean = {.valid = true,
				       .mean_milli = 35000,
				       .covered_ms = HOUR_MS,
				       .quality = QUALITY_NORMAL,
				       .samples = 3600};
	struct aqi aqi = {.known = true, .value = 75, .complete = true, .publishable = true};
	const struct advice advice = {.last_hour = hour};
	const struct rules_used rules = {.edition = "hj633-2026", .plan = "hetang-2024"};
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		aqi.means[p] = (struct mean){35000 * 24, 24};
	must(store_begin(store), "begin");
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		must(hours_put(store, hour, (enum pollutant)p, &mean, TIME_SYNCHRONISED), "hour");
	must(hours_put_aqi(store, hour, "hj633-2026", &aqi, &aqi), "aqi");
	must(warnings_save(store, &advice, &rules), "advice");
	put_message("aqi", OUTBOX_DATA);
	put_message("warning", OUTBOX_WARNING);
	must(store_commit(store), "commit");
	must(store_begin(store), "begin");
	put_message("health", OUTBOX_STATE);
	must(store_commit(store), "commit");
}

static void deliver(void)
{
	struct outbox_row rows[MESSAGES];
	int n = 0;
	must(outbox_take(store, MESSAGES, rows, &n), "take");
	for (int i = 0; i < n; i++) {
		must(outbox_confirm(store, rows[i].seq), "confirm");
		outbox_row_done(&rows[i]);
	}
}

static void live_a_day(int64_t first, const struct retention *retention)
{
	for (int64_t hour = first; hour < first + DAY_HOURS; hour++) {
		bool more = false;
		for (int i = 0; i < HOUR_MINUTES; i++)
			put_minute((hour - 1) * HOUR_MINUTES + i);
		put_hour(hour);
		deliver();
		must(retention_prune(store, retention, hour, &more), "prune");
	}
}

int main(int argc, char **argv)
{
	const struct retention retention = {.minutes_days = 1,
					    .hours_days = 1,
					    .events_days = 1,
					    .state_quota_mb = 256,
					    .samples_quota_mb = 256};
	char dir[500];
	if (argc != 2)
		return EXIT_FAILURE;
	snprintf(dir, sizeof(dir), "%s/hazewatch-bench-XXXXXX", argv[1]);
	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	must(store_open(dir, &store), "open");
	store_use_plan(store, models_plan());
	must(retention_set_quotas(store, &retention), "quotas");
	live_a_day(H, &retention); /* the files reach their size */
	long long before = written();
	live_a_day(H + DAY_HOURS, &retention);
	long long bytes = written() - before;
	store = store_close(store);
	static const char *const files[] = {"state.db", "samples.db", "lock"};
	char path[600];
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
	printf("a day of %d channels writes %.1f MB\n", CHANNELS, (double)bytes / 1e6);
	if (before < 0 || bytes == 0)
		return SKIPPED;
	return bytes <= BUDGET ? EXIT_SUCCESS : EXIT_FAILURE;
}
