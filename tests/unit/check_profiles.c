/* SPDX-License-Identifier: MIT */
/*
 * Every profile that is shipped against a register dump of its device: tests/data/registers. The
 * plan asks for what the dump has, and every sample is the one that was worked out beforehand.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "unit.h"

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

static void poll_profile(const struct profile *profile, const struct dump *dump)
{
	static struct poll poll;
	static struct device device;
	const struct bus_env env = {.station_ms = no_time, .emit = keep_sample};
	struct device_conf conf = {.unit_id = dump->unit, .profile = profile, .poll_ms = 1000};

	for (int i = 0; i < PROFILE_ROWS_MAX; i++)
		conf.channels[i] = (int16_t)i;
	dump_poll(dump, &conf, &device, &poll);
	device_emit_rows(&device, &env, &poll);
}

/* "pm25 35500 N none": the sample of that pollutant. */
static void expect(const struct profile *profile, const char *text)
{
	char key[32], letter, why[32];
	int milli;
	ck_assert_int_eq(sscanf(text, "%31s %d %c %31s", key, &milli, &letter, why), 4);
	for (int i = 0; i < profile->n_rows; i++) {
		if (strcmp(profile_row_key(&profile->rows[i]), key) != 0)
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
	char line[1024];
	struct arena *arena = arena_new();
	struct profile profile;
	struct dump *dump = calloc(1, sizeof(*dump));
	int expected = 0;
	bool polled = false;

	ck_assert_ptr_nonnull(dump);
	dump_profile(name, arena, &profile);
	FILE *file = dump_open(name);
	while (fgets(line, sizeof(line), file)) {
		if (dump_take(dump, line)) {
			polled = false;
		} else if (strncmp(line, "expect ", 7) == 0) {
			if (!polled)
				poll_profile(&profile, dump);
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
	int n = 0;

	DIR *folder = opendir(unit_source("config/profiles"));
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
