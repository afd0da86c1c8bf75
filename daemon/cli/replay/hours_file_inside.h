/* SPDX-License-Identifier: MIT */
/* The inside of hours_file.h: a file that is being read. hours_file.c calls hours_file_cell.c for
 * each row and hours_file_rows.c at the end. */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_INSIDE_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_INSIDE_H

#include "hours_file_header.h"
#include "hours_mean.h"

#define WRONG_MAX 10000 /* problems: whatever this is, it is no record; nothing more is read */

struct reader {
	const struct hours_order *order;
	struct csv csv;
	struct header header;
	int n, room;
	struct hours_row *rows;
	int without_offset;  /* the line of the first time without one, 0: none */
	const char *station; /* of the rows, as the file names it */
	bool stations;       /* there are several, which was told */
	int32_t most_milli[POLLUTANT_COUNT];
	struct hours_file record;
};

/* A cell of a pollutant in a unit; a problem is told. */
void reader_take_value(struct reader *reader, int i, enum pollutant pollutant, enum hours_unit unit,
		       struct hour_values *values);

/* True if a cell says that it has no value. */
bool reader_is_missing(struct reader *reader, int i, const char *text);

/* A cell without the blanks at its ends. */
const char *reader_trim(const char *text, char ret[CSV_LINE_MAX]);

/* The time of the row last read; 0 after a problem. */
int64_t reader_take_time(struct reader *reader);

/* The field by which a row's time is told. */
int reader_time_field(const struct header *header);

/* The rows, at least one, as hours of the record, or problems. */
void reader_make_hours(struct reader *reader);

#endif
