/* SPDX-License-Identifier: MIT */
#include "hours_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "digits.h"
#include "hour.h"
#include "hours_file_header.h"
#include "time_text.h"
#include "words.h"

#define FIRST_YEAR 1970
#define TIME_SIZE 48
#define WRONG_MAX 10000 /* problems: whatever this is, it is no record; nothing more is read */

struct reader {
	const struct edition *edition;
	bool strict; /* a value above its bound is a problem */
	struct csv csv;
	struct layout layout;
	int64_t newest; /* the hour of the newest row, 0: none */
	struct hours_file record;
};

/* ---- values ---- */

/* True if the air of an hour can be so, or nothing can be said. */
static bool is_within_bounds(struct reader *reader, int i, int32_t milli)
{
	const struct layout_column *column = reader->layout.columns[i];
	const struct csv_field *field = &reader->csv.fields[i];
	struct hours_file_beyond *beyond = &reader->record.beyond[column->pollutant];
	int32_t bound_milli = reader->edition->bound_milli[column->pollutant];
	char shown[CSV_SHOWN];
	if (milli <= bound_milli)
		return true;
	if (reader->strict)
		csv_problem(&reader->csv, field->column,
			    tr("%s: %s is above %g %s, the bound of %s"), column->name,
			    csv_shown(field->text, shown), bound_milli / 1000.0,
			    pollutant_info(column->pollutant)->unit, reader->edition->id);
	if (beyond->n++ == 0) {
		beyond->column = column->name;
		beyond->line = reader->csv.line;
	}
	if (milli > beyond->most_milli)
		beyond->most_milli = milli;
	return false;
}

static void take_value(struct reader *reader, int i, struct hour_values *values)
{
	struct csv *csv = &reader->csv;
	char shown[CSV_SHOWN];
	const struct layout_column *column = reader->layout.columns[i];
	const struct csv_field *field = &csv->fields[i];
	if (strcmp(field->text, reader->layout.missing) == 0)
		return;
	if (digits_decimal(field->text, column->digits, HOURS_FILE_MOST_MILLI,
			   &values->milli[column->pollutant])) {
		if (is_within_bounds(reader, i, values->milli[column->pollutant]))
			values->valid |= 1u << column->pollutant;
		return;
	}
	csv_problem(csv, field->column,
		    tr("%s: %s is not a decimal of 0 to %d, such as 12.5, nor %s, a missing value"),
		    column->name, csv_shown(field->text, shown),
		    HOURS_FILE_MOST_MILLI / (column->digits == 3 ? 1000 : 1),
		    reader->layout.dated ? "NA" : tr("empty"));
}

/* ---- hours ---- */

/* The hour of a time that lies on one; 0: it does not, or before 1970. */
static int64_t hour_of_time(const char *text)
{
	char numeric[TIME_SIZE];
	int64_t ms;
	size_t n = strlen(text);
	bool zulu = n > 0 && text[n - 1] == 'Z';
	if (strchr(text, '.') || n >= TIME_SIZE - sizeof("+00:00"))
		return 0;
	snprintf(numeric, sizeof(numeric), "%.*s%s", (int)(zulu ? n - 1 : n), text,
		 zulu ? "+00:00" : "");
	if (!time_parse(numeric, &ms) || ms <= 0 || ms % HOUR_MS != 0)
		return 0;
	return ms / HOUR_MS;
}

/* A part of a date; false after a problem. */
static bool take_date_number(struct reader *reader, enum layout_part part, int most, int *ret)
{
	char shown[CSV_SHOWN];
	const struct csv_field *field = &reader->csv.fields[reader->layout.label[part]];
	int least = part == PART_YEAR ? FIRST_YEAR : part == PART_HOUR ? 0 : 1;
	if (digits_whole(field->text, least, most, ret))
		return true;
	csv_problem(&reader->csv, field->column, tr("%s: %s is not a whole number of %d to %d"),
		    reader->layout.columns[reader->layout.label[part]]->name,
		    csv_shown(field->text, shown), least, most);
	return false;
}

/* 0 after a problem. */
static int64_t take_date_columns(struct reader *reader)
{
	int year = 0, month = 0, day = 0, hour = 0;
	char text[TIME_SIZE];
	bool good = take_date_number(reader, PART_YEAR, 9999, &year);
	good = take_date_number(reader, PART_MONTH, 12, &month) && good;
	good = take_date_number(reader, PART_DAY, 31, &day) && good;
	good = take_date_number(reader, PART_HOUR, 23, &hour) && good;
	if (!good)
		return 0;
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:00:00+08:00", year, month, day, hour);
	int64_t label = hour_of_time(text);
	if (label == 0)
		csv_problem(&reader->csv, reader->csv.fields[reader->layout.label[PART_DAY]].column,
			    tr("day: %d is not a day of %04d-%02d"), day, year, month);
	return label;
}

/* 0 after a problem. */
static int64_t take_label(struct reader *reader)
{
	char shown[CSV_SHOWN];
	if (reader->layout.dated)
		return take_date_columns(reader);
	const struct csv_field *field = &reader->csv.fields[reader->layout.label[PART_HOUR]];
	int64_t label = hour_of_time(field->text);
	if (label == 0)
		csv_problem(&reader->csv, field->column,
			    tr("hour: %s is not a whole hour with its offset since 1970, such as "
			       "2013-10-31T11:00:00+08:00 (midnight is T00 of the day it begins)"),
			    csv_shown(field->text, shown));
	return label;
}

/* True if the hour comes after those before it and not too late to be of the same record. */
static bool check_order(struct reader *reader, int64_t hour)
{
	const struct csv_field *field = &reader->csv.fields[reader->layout.label[PART_HOUR]];
	if (hour <= reader->newest) {
		csv_problem(&reader->csv, field->column,
			    tr("the hour does not come after the one of the row before it; hours "
			       "rise"));
		return false;
	}
	reader->newest = hour;
	if (reader->record.n > 0 && hour - reader->record.first >= HOURS_FILE_HOURS_MAX) {
		csv_problem(
			&reader->csv, field->column,
			tr("the hour comes %lld hours after the first one; a record has at most "
			   "%d"),
			(long long)(hour - reader->record.first), HOURS_FILE_HOURS_MAX);
		return false;
	}
	return true;
}

/* ---- rows ---- */

/* Room for the hours up to n; new ones are missing. Negative errno. */
static int make_hour_room(struct hours_file *record, int n)
{
	if (n <= record->room)
		return 0;
	int room = n > 2 * record->room ? n : 2 * record->room;
	struct hour_values *hours = realloc(record->hours, (size_t)room * sizeof(*hours));
	if (!hours)
		return -ENOMEM;
	memset(hours + record->room, 0, (size_t)(room - record->room) * sizeof(*hours));
	record->hours = hours;
	record->room = room;
	return 0;
}

static int add_record_hour(struct hours_file *record, int64_t hour,
			   const struct hour_values *values)
{
	if (record->n == 0)
		record->first = hour;
	int n = (int)(hour - record->first) + 1;
	int r = make_hour_room(record, n);
	if (r != 0)
		return r;
	record->hours[n - 1] = *values;
	record->n = n;
	return 0;
}

static int take_hour_row(struct reader *reader)
{
	struct csv *csv = &reader->csv;
	struct hour_values values = {0};
	if (csv->n == 0)
		return 0;
	if (csv->n != reader->layout.n) {
		csv_problem(csv, csv->fields[csv->n - 1].column,
			    tr("%d fields end here; the header has %d"), csv->n, reader->layout.n);
		return 0;
	}
	int64_t hour = take_label(reader);
	for (int i = 0; i < csv->n; i++) {
		if (reader->layout.columns[i]->part == PART_VALUE)
			take_value(reader, i, &values);
	}
	if (hour == 0 || !check_order(reader, hour))
		return 0;
	return add_record_hour(&reader->record, hour, &values);
}

static int read_hour_rows(struct reader *reader)
{
	struct csv *csv = &reader->csv;
	int r = 0;
	if (!layout_read(csv, &reader->layout))
		return -csv->error;
	while (r == 0 && csv->problems->n < WRONG_MAX && csv_next(csv))
		r = take_hour_row(reader);
	if (r != 0 || csv->error != 0)
		return r != 0 ? r : -csv->error;
	if (csv->line == 1)
		csv_problem(csv, 0, tr("no hour follows the header"));
	reader->record.monitored = reader->layout.monitored;
	return 0;
}

int hours_file_load(const char *path, const struct edition *edition, bool strict,
		    struct problems *problems, struct hours_file *ret)
{
	int before = problems->n;
	bool standard_input = strcmp(path, "-") == 0;
	FILE *in = standard_input ? stdin : fopen(path, "rbe");
	if (!in)
		return -errno;
	struct reader *reader = calloc(1, sizeof(*reader));
	int r = -ENOMEM;
	if (reader) {
		reader->edition = edition;
		reader->strict = strict;
		reader->csv.in = in;
		reader->csv.path = path;
		reader->csv.problems = problems;
		r = read_hour_rows(reader);
		if (r == 0 && problems->n > before)
			r = HOURS_FILE_E_PROBLEMS;
		if (r == 0)
			*ret = reader->record;
		else
			hours_file_done(&reader->record);
	}
	free(reader);
	if (!standard_input)
		fclose(in);
	return r;
}

pollutant_set hours_file_beyond(const struct hour_values *values, const struct edition *edition)
{
	return edition_beyond(edition, POLLUTANT_ALL & ~values->valid, values->milli);
}

void hours_file_tell_beyond(const struct hours_file *file, const struct edition *edition,
			    const char *path, FILE *out)
{
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct hours_file_beyond *beyond = &file->beyond[p];
		if (beyond->n == 0)
			continue;
		fprintf(out,
			tr("%s: %s: %d above %g %s taken as out of range (T), the highest %.10g, "
			   "the "
			   "first on line %d\n"),
			path, beyond->column, beyond->n, edition->bound_milli[p] / 1000.0,
			pollutant_info((enum pollutant)p)->unit, beyond->most_milli / 1000.0,
			beyond->line);
	}
}

void hours_file_done(struct hours_file *record)
{
	free(record->hours);
	*record = (struct hours_file){0};
}
