/* SPDX-License-Identifier: MIT */
/*
 * A record of hours from a CSV file, for replay.
 *
 * Two layouts, known by their header. Ours: `hour` (its END, RFC 3339) and a column for each
 * pollutant monitored, named by its field (pm25_ug_m3, ... co_mg_m3); an empty field is a missing
 * value. The UCI Beijing multi-site data set: year, month, day, hour (its END, Beijing time) and
 * PM2.5, PM10, SO2, NO2, CO, O3, all in ug/m3; NA is a missing value; other columns of that set are
 * not looked at. Decimals of any length are rounded half to even to thousandths of the pollutant's
 * unit, exactly. Never rounds an hour to published steps.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_H

#include <stdio.h>

#include "edition.h"
#include "problems.h"
#include "window.h"

#define HOURS_FILE_HOURS_MAX 438300      /* fifty years */
#define HOURS_FILE_MOST_MILLI 2000000000 /* the highest concentration taken */

/* Positive code of hours_file_load: the file has problems, and they have been told. */
#define HOURS_FILE_E_PROBLEMS 1

/* Values of one pollutant that were above the edition's bound, and so are none. */
struct hours_file_beyond {
	int n;
	const char *column;
	int line; /* of the first one */
	int32_t most_milli;
};

struct hours_file {
	pollutant_set monitored; /* the columns there are */
	int64_t first;           /* END of the first hour, hours since 1970 UTC */
	int n;                   /* hours from the first to the last, those in between included */
	/* an hour without a row has no value; what is beyond its bound is there and not valid */
	struct hour_values *hours;
	int room;
	struct hours_file_beyond beyond[POLLUTANT_COUNT];
};

/*
 * Reads a whole file ("-" is standard input). Every problem of it is told with line and column; a
 * value above the edition's bound is one if `strict`, else it is counted and left out. 0,
 * HOURS_FILE_E_PROBLEMS, or a negative errno if the file cannot be read.
 */
int hours_file_load(const char *path, const struct edition *edition, bool strict,
		    struct problems *problems, struct hours_file *ret);
/* Of an hour that was loaded: what was above the bounds. */
pollutant_set hours_file_beyond(const struct hour_values *values, const struct edition *edition);
/* A line for each column that had values above its bound. */
void hours_file_tell_beyond(const struct hours_file *file, const struct edition *edition,
			    const char *path, FILE *out);
void hours_file_done(struct hours_file *record);

#endif
