/* SPDX-License-Identifier: MIT */
/*
 * Hourly means in, chances out: what rules/outlook makes of a record with a file of kind outlook.
 *
 *   chances MODEL.yaml < HOURS
 *
 * Input, one line an hour, labels rising: HOUR,PM25,PM10,SO2,NO2,CO,O3 as tests/sim/hours.c has it.
 * Output, a line an hour: HOUR, then of each threshold the chance in permille; or HOUR,lacks,N with
 * the index of the need that is not met.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "conf_outlook.h"

#define LINE_MAX_BYTES 200

/* What follows a comma: a number, or nothing. */
static void read_value(char **at, int pollutant, struct hour_values *values)
{
	if (**at == ',')
		++*at;
	char *end;
	long milli = strtol(*at, &end, 10);
	if (end != *at) {
		values->milli[pollutant] = (int32_t)milli;
		values->valid |= 1u << pollutant;
	}
	*at = end;
}

static void print_chances(const struct outlook_model *model, const struct outlook_air *air)
{
	struct outlook_values values;
	int need;
	printf("%" PRId64, air->newest);
	if (!outlook_look(model, air, &values, &need)) {
		printf(",lacks,%d\n", need);
		return;
	}
	for (int t = 0; t < model->n_thresholds; t++) {
		struct outlook_chance chance;
		outlook_say(model, air, &values, t, &chance);
		printf(",%" PRId32, chance.permille);
	}
	printf("\n");
}

static void answer_hours(const struct outlook_model *model)
{
	static struct outlook_air air;
	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof(line), stdin)) {
		struct hour_values values = {0};
		char *at;
		int64_t hour = strtoll(line, &at, 10);
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			read_value(&at, p, &values);
		outlook_put(&air, hour, &values);
		print_chances(model, &air);
	}
}

int main(int argc, char **argv)
{
	struct problems problems = {0};
	struct outlook_model model;
	if (argc != 2)
		return EX_USAGE;
	struct arena *arena = arena_new();
	bool good = conf_load_outlook(argv[1], NULL, &problems, arena, &model);
	problems_print(&problems, stderr);
	problems_done(&problems);
	if (good)
		answer_hours(&model);
	arena_free(arena);
	return good ? EX_OK : EX_CONFIG;
}
