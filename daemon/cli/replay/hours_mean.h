/* SPDX-License-Identifier: MIT */
/*
 * What a logger wrote in minutes or seconds -> hours, by the rules of an hour (rules/hour.h): each
 * value holds until the next one, for a step at most; an hour is valid with the edition's minutes.
 * Between hours_file.c and hours_mean.c only.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_MEAN_H
#define DAEMON_CLI_REPLAY_HOURS_MEAN_H

#include "hours_file.h"

/* What one time of the file has beside the pollutants. */
struct hours_auxiliaries {
	uint32_t has; /* bit 1u << quantity */
	bool calm;    /* the direction is none */
	int32_t milli[AUXILIARY_COUNT];
};

/* One time of the file. */
struct hours_row {
	int64_t ms; /* as it is named, since 1970 UTC */
	int line, column;
	struct hour_values values;
	const struct hours_auxiliaries *auxiliaries; /* NULL: none */
};

/* The most common step from one row to the next, in rising order; HOUR_MS if there is none. */
int64_t hours_step(const struct hours_row *rows, int n);

/* Rows that rise. */
struct hours_series {
	const struct hours_row *rows;
	int n;
	int32_t step_ms;
	enum hours_label label; /* whether a time is the start or the end of its step */
	const struct edition *edition;
};

/* Averages them. ret has room for the hours from the first to the last, all of them empty. */
void hours_average(const struct hours_series *series, struct hours_file *ret);

/* The hour (its END) in which what a row says begins. */
int64_t hours_label_of(int64_t ms, int32_t step_ms, enum hours_label label);

#endif
