/* SPDX-License-Identifier: MIT */
/*
 * Hours of one pollutant as an hourly instrument would have delivered them, through the guard.
 *
 * usage: frozen pm25|pm10 < HOURS (thousandths a line, empty: missing)
 *
 * Prints how often the value was found frozen that was not before, and how many hours were.
 */
#include <stdio.h>
#include <stdlib.h>

#include "guard.h"

#define HOUR_MS 3600000

int main(int argc, char *argv[])
{
	/* as conf_profile.c fills it in for an hourly row of particles */
	struct profile_row row = {.type = TYPE_U32,
				  .delivers = DELIVERS_HOURLY,
				  .frozen_min = 1440,
				  .update_s = 60,
				  .floor_milli = -1};
	struct guard guard = {0};
	int64_t at_ms = 0;
	long alarms = 0, hours = 0;
	bool frozen = false;
	char line[64];

	if (argc != 2 || !pollutant_parse(argv[1], &row.pollutant))
		return EXIT_FAILURE;
	for (; fgets(line, sizeof(line), stdin); at_ms += HOUR_MS) {
		long milli = strtol(line, NULL, 10);
		const uint16_t words[] = {(uint16_t)(milli >> 16), (uint16_t)milli};
		struct sample sample = {
			.at_ms = at_ms, .value_milli = (int32_t)milli, .quality = QUALITY_NORMAL};
		if (line[0] == '\n')
			continue;
		guard_take(&guard, &row, words, &sample);
		alarms += sample.why == WHY_FROZEN && !frozen;
		frozen = sample.why == WHY_FROZEN;
		hours += frozen;
	}
	printf("%ld %ld\n", alarms, hours);
	return EXIT_SUCCESS;
}
