/* SPDX-License-Identifier: MIT */
/* All rows of a record, once they are read: in order, and hours. */
#include <stdlib.h>

#include "hour.h"
#include "hours_file_inside.h"
#include "log.h"
#include "time_text.h"
#include "words.h"

static void row_problem(struct reader *reader, const struct hours_row *row, const char *text)
{
	problems_add(reader->csv.problems, reader->csv.path, row->line, row->column, "%s", text);
}

static int compare_rows(const void *a, const void *b)
{
	const struct hours_row *x = a, *y = b;
	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return x->line - y->line;
}

/* One row a time, of a layout that has one a pollutant. */
static void merge_rows(struct reader *reader)
{
	int n = 0;
	qsort(reader->rows, (size_t)reader->n, sizeof(*reader->rows), compare_rows);
	for (int i = 0; i < reader->n; i++) {
		struct hours_row *row = &reader->rows[i], *last = &reader->rows[n - (n > 0)];
		if (n == 0 || last->ms != row->ms) {
			reader->rows[n++] = *row;
			continue;
		}
		if (last->values.valid & row->values.valid)
			row_problem(reader, row, tr("a second value of this hour and pollutant"));
		for (int p = 0; p < POLLUTANT_COUNT; p++) {
			if (row->values.milli[p] != 0)
				last->values.milli[p] = row->values.milli[p];
		}
		last->values.valid |= row->values.valid;
	}
	reader->n = n;
}

/* The newest first, all of them: turned round. */
static void turn_round(struct reader *reader)
{
	int falls = 0;
	for (int i = 1; i < reader->n; i++)
		falls += reader->rows[i].ms < reader->rows[i - 1].ms;
	if (reader->n < 2 || falls < reader->n - 1)
		return;
	for (int i = 0; i < reader->n / 2; i++) {
		struct hours_row row = reader->rows[i];
		reader->rows[i] = reader->rows[reader->n - 1 - i];
		reader->rows[reader->n - 1 - i] = row;
	}
	problems_add(&reader->record.notes, reader->csv.path, 1, 0,
		     tr("the newest row comes first; read from the end"));
}

/* True if the rows rise, and none comes too late to be of the same record. */
static bool check_order(struct reader *reader, int i)
{
	const struct hours_row *row = &reader->rows[i];
	int64_t hours = (row->ms - reader->rows[0].ms) / HOUR_MS;
	if (i > 0 && row->ms <= reader->rows[i - 1].ms) {
		row_problem(reader, row,
			    tr("the hour does not come after the one of the row before it; hours "
			       "rise"));
		return false;
	}
	if (hours < HOURS_FILE_HOURS_MAX)
		return true;
	problems_add(reader->csv.problems, reader->csv.path, row->line, row->column,
		     tr("the hour comes %lld hours after the first one; a record has at most %d"),
		     (long long)hours, HOURS_FILE_HOURS_MAX);
	return false;
}

static bool check_whole_hour(struct reader *reader, const struct hours_row *row)
{
	if (row->ms % HOUR_MS == 0)
		return true;
	char time[TIME_TEXT_SIZE];
	problems_add(reader->csv.problems, reader->csv.path, row->line, row->column,
		     tr("%s is no whole hour, as the others are"), time_text(row->ms, time));
	return false;
}

static bool check_rows(struct reader *reader, bool hourly)
{
	bool good = true;
	for (int i = 0; i < reader->n && reader->csv.problems->n < WRONG_MAX; i++) {
		good = check_order(reader, i) && good;
		good = (!hourly || check_whole_hour(reader, &reader->rows[i])) && good;
	}
	return good;
}

static void place_hours(struct reader *reader)
{
	struct hours_file *record = &reader->record;
	for (int i = 0; i < reader->n; i++) {
		int64_t hour = hours_label_of(reader->rows[i].ms, HOUR_MS, reader->header.label);
		record->hours[hour - record->first] = reader->rows[i].values;
	}
}

static void note_average(struct reader *reader, int32_t step_ms)
{
	reader->record.step_ms = step_ms;
	problems_add(
		&reader->record.notes, reader->csv.path, 1, 0,
		reader->header.label == LABEL_START
			? tr("values of %g minutes each, named by their start, are averaged to "
			     "hours; %d minutes make one valid")
			: tr("values of %g minutes each, named by their end, are averaged to "
			     "hours; %d minutes make one valid"),
		step_ms / (double)MINUTE_MS, reader->order->edition->hour_min_minutes);
}

void reader_make_hours(struct reader *reader)
{
	struct hours_file *record = &reader->record;
	enum hours_label label = reader->header.label;
	if (reader->header.at[COLUMN_TYPE] != HEADER_NONE)
		merge_rows(reader);
	turn_round(reader);
	int64_t step = hours_step(reader->rows, reader->n);
	bool hourly = step >= HOUR_MS;
	int32_t step_ms = hourly ? HOUR_MS : (int32_t)step;
	if (!check_rows(reader, hourly))
		return;
	record->first = hours_label_of(reader->rows[0].ms, step_ms, label);
	record->n = (int)(hours_label_of(reader->rows[reader->n - 1].ms, step_ms, label) -
			  record->first) +
		    1;
	record->hours = calloc((size_t)record->n, sizeof(*record->hours));
	if (!record->hours)
		log_out_of_memory();
	if (hourly) {
		place_hours(reader);
		return;
	}
	const struct hours_series series = {reader->rows, reader->n, step_ms, label,
					    reader->order->edition};
	note_average(reader, step_ms);
	hours_average(&series, record);
}
