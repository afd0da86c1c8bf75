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
#ifndef DAEMON_RECORD_H
#define DAEMON_RECORD_H

#include "window.h"
#include "yaml.h"

#define RECORD_HOURS_MAX 438300      /* fifty years */
#define RECORD_MOST_MILLI 2000000000 /* the highest concentration taken */

/* Positive code of record_load: the file has problems, and they have been told. */
#define RECORD_E_PROBLEMS 1

struct record {
	pollutant_set monitored;   /* the columns there are */
	int64_t first;             /* END of the first hour, hours since 1970 UTC */
	int n;                     /* hours from the first to the last, those in between included */
	struct hour_values *hours; /* an hour without a row has no value */
	int room;
};

/*
 * Reads a whole file ("-" is standard input). Every problem of it is told with line and column. 0,
 * RECORD_E_PROBLEMS, or a negative errno if the file cannot be read.
 */
int record_load(const char *path, struct problems *problems, struct record *ret);
void record_done(struct record *record);

/*
 * A decimal without a sign -> its thousandths (digits 3) or whole units (digits 0), half to even.
 * False if the text is none, or the result is above RECORD_MOST_MILLI.
 */
bool record_parse_decimal(const char *text, int digits, int32_t *ret);

#endif
