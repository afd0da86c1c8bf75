/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "digits.h"
#include "hours_file_inside.h"
#include "hours_time.h"
#include "words.h"

#define FIRST_YEAR 1970
#define TIME_SIZE 64

/* ---- values ---- */

/* True if the air of an hour can be so, or nothing can be said. */
static bool is_within_bounds(struct reader *reader, int i, enum pollutant pollutant, int32_t milli)
{
	const struct csv_field *field = &reader->csv.fields[i];
	const struct edition *edition = reader->order->edition;
	struct hours_file_beyond *beyond = &reader->record.beyond[pollutant];
	int32_t bound_milli = edition->bound_milli[pollutant];
	const char *name = reader->header.columns[i].name;
	char shown[CSV_SHOWN];
	if (milli <= bound_milli)
		return true;
	if (reader->order->strict)
		csv_problem(&reader->csv, field->column,
			    tr("%s: %s is above %g %s, the bound of %s"), name,
			    csv_shown(field->text, shown), bound_milli / 1000.0,
			    pollutant_info(pollutant)->unit, edition->id);
	if (beyond->n++ == 0) {
		beyond->column = name;
		beyond->line = reader->csv.line;
	}
	if (milli > beyond->most_milli)
		beyond->most_milli = milli;
	return false;
}

bool reader_is_missing(struct reader *reader, int i, const char *text)
{
	const struct hours_words *words = reader->order->words;
	struct header_column *column = &reader->header.columns[i];
	char plain[HOURS_PLAIN_SIZE];
	if (text[0] == '\0')
		return true;
	if (text[0] >= '0' && text[0] <= '9')
		return false;
	hours_plain(text, plain);
	if (reader->header.layout && hours_names_have(&reader->header.layout->missing, plain))
		return true;
	if (!hours_names_have(&words->missing, plain))
		return false;
	if (column->missing++ == 0) {
		column->missing_line = reader->csv.line;
		column->missing_word = arena_text(reader->record.arena, text);
	}
	return true;
}

const char *reader_trim(const char *text, char ret[CSV_LINE_MAX])
{
	size_t n = 0;
	if (strlen(text) >= CSV_LINE_MAX)
		return text;
	for (bool blank = true; blank;) {
		blank = *text == ' ' || strncmp(text, "\xc2\xa0", 2) == 0;
		text += blank ? (*text == ' ' ? 1 : 2) : 0;
	}
	for (size_t i = 0; text[i] != '\0' && i + 1 < CSV_LINE_MAX; i++) {
		ret[i] = text[i];
		bool blank = text[i] == ' ' || (text[i] == '\xc2' && text[i + 1] == '\xa0') ||
			     (text[i] == '\xa0' && i > 0 && text[i - 1] == '\xc2');
		n = blank ? n : i + 1;
	}
	ret[n] = '\0';
	return ret;
}

void reader_take_value(struct reader *reader, int i, enum pollutant pollutant, enum hours_unit unit,
		       struct hour_values *values)
{
	struct csv *csv = &reader->csv;
	char shown[CSV_SHOWN], trimmed[CSV_LINE_MAX];
	const struct csv_field *field = &csv->fields[i];
	const char *text = reader_trim(field->text, trimmed);
	int digits = header_digits(pollutant, unit);
	int32_t *milli = &values->milli[pollutant];
	int most = HOURS_FILE_MOST_MILLI;
	if (reader_is_missing(reader, i, text))
		return;
	if (digits_decimal(text, digits, HOURS_FILE_MOST_MILLI, milli)) {
		if (is_within_bounds(reader, i, pollutant, *milli))
			values->valid |= 1u << pollutant;
		if (*milli > reader->most_milli[pollutant])
			reader->most_milli[pollutant] = *milli;
		return;
	}
	for (int d = 0; d < digits; d++)
		most /= 10;
	csv_problem(csv, field->column,
		    tr("%s: %s is not a decimal of 0 to %d, such as 12.5, nor %s, a missing value"),
		    reader->header.columns[i].name, csv_shown(field->text, shown), most,
		    tr("empty"));
}

/* ---- times ---- */

/* A part of a date; false after a problem. */
static bool take_date_number(struct reader *reader, enum hours_column part, int most, int *ret)
{
	char shown[CSV_SHOWN];
	int i = reader->header.at[part];
	const struct csv_field *field = &reader->csv.fields[i];
	int least = part == COLUMN_YEAR ? FIRST_YEAR : part == COLUMN_HOUR ? 0 : 1;
	if (digits_whole(field->text, least, most, ret))
		return true;
	csv_problem(&reader->csv, field->column, tr("%s: %s is not a whole number of %d to %d"),
		    reader->header.columns[i].name, csv_shown(field->text, shown), least, most);
	return false;
}

/* 0 after a problem. */
static int64_t take_date_columns(struct reader *reader)
{
	int year = 0, month = 0, day = 0, hour = 0;
	char text[TIME_SIZE];
	int64_t ms = 0;
	bool offset, good = take_date_number(reader, COLUMN_YEAR, 9999, &year);
	good = take_date_number(reader, COLUMN_MONTH, 12, &month) && good;
	good = take_date_number(reader, COLUMN_DAY, 31, &day) && good;
	good = take_date_number(reader, COLUMN_HOUR, 24, &hour) && good;
	if (!good)
		return 0;
	snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:00", year, month, day, hour);
	if (!hours_time_parse(text, &ms, &offset))
		csv_problem(&reader->csv, reader->csv.fields[reader->header.at[COLUMN_DAY]].column,
			    tr("day: %d is not a day of %04d-%02d"), day, year, month);
	return ms;
}

/* The field that a row's time is told by. */
int reader_time_field(const struct header *header)
{
	static const enum hours_column order[] = {COLUMN_YEAR, COLUMN_DATE, COLUMN_TIME};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (header->at[order[i]] != HEADER_NONE)
			return header->at[order[i]];
	}
	return header->at[COLUMN_HOUR];
}

/* 0 after a problem. */
int64_t reader_take_time(struct reader *reader)
{
	const struct header *header = &reader->header;
	char shown[CSV_SHOWN], text[TIME_SIZE], trimmed[CSV_LINE_MAX];
	int64_t ms = 0;
	bool offset = true;
	if (header->at[COLUMN_YEAR] != HEADER_NONE)
		return take_date_columns(reader);
	int at = reader_time_field(header), clock = header->at[COLUMN_TIME];
	const struct csv_field *field = &reader->csv.fields[at];
	if (clock == HEADER_NONE || clock == at)
		clock = header->at[COLUMN_HOUR];
	bool parted = at == header->at[COLUMN_DATE] && clock != HEADER_NONE;
	snprintf(text, sizeof(text), "%.40s%s%.20s", reader_trim(field->text, trimmed),
		 parted ? " " : "", parted ? reader->csv.fields[clock].text : "");
	if (!hours_time_parse(text, &ms, &offset))
		csv_problem(
			&reader->csv, field->column,
			tr("%s: %s is no time with year, month, day and hour since 1970, such as "
			   "2013-10-31T11:00:00+08:00 or 2013/10/31 11:00"),
			header->columns[at].name, csv_shown(text, shown));
	else if (!offset && reader->without_offset == 0 && !parted)
		reader->without_offset = reader->csv.line;
	return ms;
}
