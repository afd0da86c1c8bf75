/* SPDX-License-Identifier: MIT */
/*
 * A record of hours from a file, for replay and import, in any layout of config/records: our own
 * (`hour`, its END, and a column a pollutant), archives, what loggers and spreadsheet programs
 * write. What is finer than an hour is averaged by the rules of an hour. Decimals of any length are
 * rounded half to even to thousandths of the pollutant's unit, exactly. Never rounds an hour to
 * published steps, never invents a number, never guesses a unit, nor whether an hour is named by
 * its start or its end; what else it takes for granted stands in its notes.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_H

#include <stdio.h>

#include "auxiliaries.h"
#include "edition.h"
#include "hours_words.h"
#include "problems.h"
#include "window.h"

#define HOURS_FILE_HOURS_MAX 438300      /* fifty years */
#define HOURS_FILE_MOST_MILLI 2000000000 /* the highest concentration taken */

/* Positive code of hours_file_load: the file has problems, and they have been told. */
#define HOURS_FILE_E_PROBLEMS 1

/* How a file is to be read. */
struct hours_order {
	const char *path; /* "-" is standard input */
	const struct edition *edition;
	const struct hours_words *words;
	bool auxiliaries;                       /* these, too, of a file of hours */
	bool strict;                            /* a value above its bound is a problem */
	enum hours_label label;                 /* LABEL_UNSAID: as the layout says */
	enum hours_unit units[POLLUTANT_COUNT]; /* UNIT_UNSAID: as the column or the layout says */
	const char *station;                    /* of several; NULL: there is one */
	/* told from time to time: how many bytes of how many are read. May be NULL */
	void (*progress)(int64_t done, int64_t of);
};

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
	/* an hour without a row has no value; what is beyond its bound is there and not valid, if
	 * the file has hours */
	struct hour_values *hours;
	int n_auxiliaries, room;
	struct auxiliary_mean *auxiliaries; /* hours, as they are to be stored */
	int32_t step_ms;                    /* of what was averaged, 0: the file has hours */
	struct hours_file_beyond beyond[POLLUTANT_COUNT];
	struct problems notes; /* what was taken for granted */
	struct arena *arena;
};

/*
 * Reads a whole file. Every problem of it is told with line and column; a value above the edition's
 * bound is one if `strict`, else it is counted and left out. 0, HOURS_FILE_E_PROBLEMS, or a
 * negative errno if the file cannot be read; *ret is to be freed in any case.
 */
int hours_file_load(const struct hours_order *order, struct problems *problems,
		    struct hours_file *ret);
/* Of an hour that was loaded: what was above the bounds. */
pollutant_set hours_file_beyond(const struct hour_values *values, const struct edition *edition);
/* What was taken for granted, and a line for each column that had values above its bound. */
void hours_file_tell(const struct hours_file *file, const struct edition *edition, const char *path,
		     FILE *out);
void hours_file_done(struct hours_file *record);

#endif
