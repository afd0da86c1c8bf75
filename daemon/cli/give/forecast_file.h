/* SPDX-License-Identifier: MIT */
/*
 * A forecast as people have it -> its steps: a CSV file of hours or days, or a bulletin's line.
 * Every problem is told with file, line and column. Whether it may be taken is the daemon's to say.
 */
#ifndef DAEMON_CLI_GIVE_FORECAST_FILE_H
#define DAEMON_CLI_GIVE_FORECAST_FILE_H

#include "forecast.h"
#include "problems.h"

/* Columns hour and concentrations, hour and aqi, or date, aqi_min, aqi_max and short_heavy; "-" is
 * standard input. Fills in form and steps. A negative errno if it cannot be read. */
int forecast_file_load(const char *path, struct problems *problems, struct forecast *ret);

/* "2026-01-31 110-160, 2026-02-01 80-120 heavy"; problems are those of `name`, line 1. */
void forecast_bulletin_read(const char *name, const char *line, struct problems *problems,
			    struct forecast *ret);

#endif
