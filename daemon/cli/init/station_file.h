/* SPDX-License-Identifier: MIT */
/* The text of a station file with comments in both languages, out of what was said of the station.
 */
#ifndef DAEMON_CLI_INIT_STATION_FILE_H
#define DAEMON_CLI_INIT_STATION_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "cmd_probe.h"

#define STATION_UNITS_MAX 64
#define STATION_TEXT_MAX 256

/* All texts are given; what has a default has it. */
struct station_file {
	const char *id, *name_zh, *name_en, *area;
	const char *edition, *plan;
	const char *mqtt; /* HOST or HOST:PORT; "none" */
	bool exercise;
	struct probe_options bus;
	int n_units;
	struct probe_found units[STATION_UNITS_MAX];
	const char *profile; /* of the only unit, as it was said; NULL: they were probed */
};

/* Whether anything of the units can be a sensor: a profile that measures what none before it does.
 */
bool station_file_measures(const struct station_file *station);

void station_file_write(FILE *out, const struct station_file *station);

#endif
