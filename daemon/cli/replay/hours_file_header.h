/* SPDX-License-Identifier: MIT */
/*
 * The columns of a record of hours, known by its header. Between hours_file_header.c and
 * hours_file.c only.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_HEADER_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_HEADER_H

#include "csv.h"
#include "pollutant.h"

enum layout_part { PART_YEAR, PART_MONTH, PART_DAY, PART_HOUR, PART_VALUE, PART_UNUSED };
#define PART_LABEL_COUNT 4 /* year to hour: the parts of an hour's label */

struct layout_column {
	const char *name;
	enum layout_part part;
	enum pollutant pollutant; /* only of a value, as the next one */
	int digits; /* of its decimals that make a thousandth of the pollutant's unit */
};

struct layout {
	bool dated;          /* year, month, day and hour in columns of their own */
	const char *missing; /* the text of a missing value */
	pollutant_set monitored;
	int n;
	const struct layout_column *columns[CSV_FIELDS_MAX];
	int label[PART_LABEL_COUNT]; /* the field of each part, LAYOUT_NONE if there is none */
};
#define LAYOUT_NONE (-1)

/* Reads the first line. False after a problem, or if the file cannot be read. */
bool layout_read(struct csv *csv, struct layout *ret);

#endif
