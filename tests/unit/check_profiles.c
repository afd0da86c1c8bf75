/* SPDX-License-Identifier: MIT */
/*
 * Every profile that is shipped against a register dump of its device: tests/data/registers. The
 * plan asks for what the dump has, and every sample is the one that was worked out beforehand.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf_rules.h"
#include "device.h"
#include "unit.h"

#define PATH_LENGTH 512

static const char *root(void)
{
	const char *path = getenv("HAZEWATCH_SOURCE");
	ck_assert_ptr_nonnull(path);
	return path;
}

/* The registers of a device as a dump has them. */
struct dump {
	bool known[2][65536];
	uint16_t words[2][65536];
};

static struct sample samples[PROFILE_ROWS_MAX];

static int64_t no_time(void *ctx)
{
	(void)ctx;
	return 1000;
}

static void keep_sample(void *ctx, const struct sample *sample)
{
	(void)ctx;
	samples[sample->channel] = *sample;
}

static void read_profile(const char *name, struct arena *arena, struct profile *ret)
{
	char path[PATH_LENGTH];
	struct problems problems = {0};

	snprintf(path, sizeof(path), "%s/config/profiles/%s.yaml", root(), name);
	struct yaml_file *file = yaml_open(path, arena, &problems);
	ck_assert_ptr_nonnull(file);
	ck_assert(conf_read_profile(file, ret));
	yaml_close(file);
	problems_done(&problems);
}

/* "3 500: 0000 01F4 ..." */
static void take_registers(struct dump *dump, const char *text)
{
	int function = 0, address = 0, used = 0;
	unsigned word;

	ck_assert_int_eq(sscanf(text, "%d %d:%n", &function, &address, &used), 2);
	ck_assert(function == 3 || function == 4);
	for (text += used; sscanf(text, "%4x%n", &word, &used) == 1; text += used) {
		dump->known[function - 3][address] = true;
		dump->words[function - 3][address++] = (uint16_t)word;
	}
}

/* What the device answers to the plan; a register that the dump has not is an exception. */
static void answer(const struct device *device, const struct dump *dump, struct poll *ret)
{
	for (int i = 0; i < device->plan.n; i++) {
		const struct request *request = &device->plan.requests[i];
		ret->whys[i] = WHY_NONE;
		for (int j = 0; j < request->count; j++) {
			int at = request->address + j;
			if (!dump->known[request->function - 3][at])
				ret->whys[i] = WHY_EXCEPTION;
			ret->replies[i][j] = dump->words[request->function - 3][at];
		}
	}
}

/* Asks as the poller does: what is refused is asked for in parts. */
static void poll_dump(const struct profile *profile, const struct dump *dump, int unit)
{
	static struct poll poll;
	static struct device device;
	const struct bus_env env = {.station_ms = no_time, .emit = keep_sample};
	struct device_conf conf = {.unit_id = unit, .profile = profile, .poll_ms = 1000};

	for (int i = 0; i < PROFILE_ROWS_MAX; i++)
		conf.channels[i] = (int16_t)i;
	memset(&device, 0, sizeof(device));
	device_init(&device, &conf, 0);
	answer(&device, dump, &poll);
	for (int i = 0; i < device.plan.n;)
		if (poll.whys[i] == WHY_EXCEPTION && readplan_split(&device.plan, profile, i))
			answer(&device, dump, &poll);
		else
			i++;
	device_identify(&device, &poll, 1, 0);
	device_emit_rows(&device, &env, &poll);
}

/* "pm25 35500 N none": the sample of that pollutant. */
static void expect(const struct profile *profile, const char *text)
{
	char key[8], letter, why[32];
	int milli;
	enum pollutant pollutant;

	ck_assert_int_eq(sscanf(text, "%7s %d %c %31s", key, &milli, &letter, why), 4);
	ck_assert(pollutant_parse(key, &pollutant));
	for (int i = 0; i < profile->n_rows; i++) {
		if (profile->rows[i].pollutant != pollutant)
			continue;
		ck_assert_msg(samples[i].quality == (enum quality)letter &&
				      strcmp(why_name(samples[i].why), why) == 0 &&
				      samples[i].value_milli == milli,
			      "%s: %s instead of %d %c %s", profile->id, key, milli, letter, why);
		return;
	}
	ck_abort_msg("%s: no row of %s", profile->id, key);
}

static int play_dump(const char *name)
{
	char path[PATH_LENGTH], line[1024];
	struct arena *arena = arena_new();
	struct profile profile;
	struct dump *dump = calloc(1, sizeof(*dump));
	int unit = 0, expected = 0;
	bool polled = false;

	ck_assert_ptr_nonnull(dump);
	read_profile(name, arena, &profile);
	snprintf(path, sizeof(path), "%s/tests/data/registers/%s.txt", root(), name);
	FILE *file = fopen(path, "re");
	ck_assert_msg(file != NULL, "profile %s has no register dump: %s", name, path);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "case %d", &unit) == 1) {
			memset(dump, 0, sizeof(*dump));
			polled = false;
		} else if (strncmp(line, "read ", 5) == 0) {
			take_registers(dump, line + 5);
		} else if (strncmp(line, "expect ", 7) == 0) {
			if (!polled)
				poll_dump(&profile, dump, unit);
			polled = true;
			expect(&profile, line + 7);
			expected++;
		}
	}
	fclose(file);
	free(dump);
	arena_free(arena);
	return expected;
}

START_TEST(every_shipped_profile_gives_what_its_register_dump_means)
{
	char path[PATH_LENGTH];
	int n = 0;

	snprintf(path, sizeof(path), "%s/config/profiles", root());
	DIR *folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".yaml") != 0)
			continue;
		*dot = '\0';
		ck_assert_int_ge(play_dump(entry->d_name), 1);
		n++;
	}
	closedir(folder);
	ck_assert_int_ge(n, 10);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("profiles");
	TCase *tc = tcase_create("profiles");

	tcase_add_test(tc, every_shipped_profile_gives_what_its_register_dump_means);
	suite_add_tcase(suite, tc);
	return suite;
}
