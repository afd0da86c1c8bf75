/* SPDX-License-Identifier: MIT */
#include "hours_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hours_file_auxiliary.h"
#include "log.h"
#include "sheet.h"
#include "words.h"

#define PROGRESS_ROWS 1000
/* What every value of a file is below, in ug/m3, if its unit was mg/m3. */
#define MISTAKEN_MILLI 50

/* ---- rows ---- */

static void add_row(struct reader *reader, int64_t ms, const struct hour_values *values)
{
	if (reader->n == reader->room) {
		reader->room = reader->room == 0 ? 1024 : 2 * reader->room;
		reader->rows = realloc(reader->rows, (size_t)reader->room * sizeof(*reader->rows));
		if (!reader->rows)
			log_out_of_memory();
	}
	int at = reader_time_field(&reader->header);
	reader->rows[reader->n++] =
		(struct hours_row){ms, reader->csv.line, reader->csv.fields[at].column, *values,
				   auxiliary_take_row(reader)};
}

static bool is_blank_row(const struct csv *csv)
{
	for (int i = 0; i < csv->n; i++) {
		if (csv->fields[i].text[strspn(csv->fields[i].text, " ")] != '\0')
			return false;
	}
	return true;
}

/* True if the row is of the station that is wanted, or of the only one. */
static bool is_of_station(struct reader *reader)
{
	int at = reader->header.at[COLUMN_STATION];
	if (at == HEADER_NONE)
		return true;
	const char *name = reader->csv.fields[at].text;
	if (reader->order->station)
		return strcmp(name, reader->order->station) == 0;
	if (!reader->station)
		reader->station = arena_text(reader->record.arena, name);
	if (strcmp(name, reader->station) == 0 || reader->stations)
		return strcmp(name, reader->station) == 0;
	reader->stations = true;
	csv_problem(&reader->csv, reader->csv.fields[at].column,
		    tr("a second station, %s after %s; say which by --station"), name,
		    reader->station);
	return false;
}

/* Of a layout with one pollutant a row; what is none of the six (AQI, PM2.5_24h) is passed over. */
static void take_typed_value(struct reader *reader, struct hour_values *values)
{
	struct header *header = &reader->header;
	enum pollutant pollutant;
	enum hours_unit unit;
	char plain[HOURS_PLAIN_SIZE];
	hours_plain(reader->csv.fields[header->at[COLUMN_TYPE]].text, plain);
	if (!header_pollutant(reader->order->words, plain, &pollutant, &unit))
		return;
	if (unit == UNIT_UNSAID)
		unit = header->units[pollutant];
	header->monitored |= 1u << pollutant;
	if (unit == UNIT_MICROGRAMS || unit == UNIT_MILLIGRAMS)
		reader_take_value(reader, header->value, pollutant, unit, values);
	else
		csv_problem(&reader->csv, 1, tr("%s says no unit, and none is guessed; say --unit"),
			    pollutant_info(pollutant)->key);
}

static void take_hour_row(struct reader *reader)
{
	struct csv *csv = &reader->csv;
	struct header *header = &reader->header;
	struct hour_values values = {0};
	if (csv->n == 0 || is_blank_row(csv))
		return;
	if (csv->n != header->n) {
		csv_problem(csv, csv->fields[csv->n - 1].column,
			    tr("%d fields end here; the header has %d"), csv->n, header->n);
		return;
	}
	if (!is_of_station(reader))
		return;
	int64_t ms = reader_take_time(reader);
	for (int i = 0; i < csv->n && header->value == HEADER_NONE; i++) {
		struct header_column *column = &header->columns[i];
		if (column->column == COLUMN_VALUE)
			reader_take_value(reader, i, column->pollutant, column->unit, &values);
	}
	if (header->value != HEADER_NONE)
		take_typed_value(reader, &values);
	if (ms > 0)
		add_row(reader, ms, &values);
}

/* A pollutant of mg/m3 that the layout has in ug/m3: values that are all tiny are of mg/m3. */
static void check_units(struct reader *reader)
{
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const struct hours_layout *layout = reader->header.layout;
		const char *key = pollutant_info((enum pollutant)p)->key;
		int32_t most = reader->most_milli[p];
		if (!layout || layout->units[p] != UNIT_MICROGRAMS || most == 0 ||
		    reader->order->units[p] != UNIT_UNSAID ||
		    header_digits((enum pollutant)p, UNIT_MICROGRAMS) != 0)
			continue;
		if (most < MISTAKEN_MILLI)
			problems_add(
				reader->csv.problems, reader->csv.path, 1, 0,
				tr("%s: no value reaches %d ug/m3, the unit of the layout %s; is "
				   "it mg/m3? Say --unit %s=mg or --unit %s=ug"),
				pollutant_info((enum pollutant)p)->name, MISTAKEN_MILLI, layout->id,
				key, key);
	}
}

/* With one pollutant a row, only the rows tell whether there is any. */
static void require_pollutant(struct reader *reader)
{
	const struct header *header = &reader->header;
	if (header->monitored == 0 && header->auxiliaries == 0 && reader->csv.problems->n == 0)
		problems_add(
			reader->csv.problems, reader->csv.path, 1, 0,
			tr("no row is of a pollutant: %s has none of pm25, pm10, so2, no2, co, "
			   "o3"),
			header->columns[header->at[COLUMN_TYPE]].name);
}

static void note_guesses(struct reader *reader)
{
	struct problems *notes = &reader->record.notes;
	for (int i = 0; i < reader->header.n; i++) {
		const struct header_column *column = &reader->header.columns[i];
		if (column->missing > 0)
			problems_add(
				notes, reader->csv.path, column->missing_line, 0,
				tr("%s: %s is taken as missing; %d cells, this line the first"),
				column->name, column->missing_word, column->missing);
	}
	if (reader->without_offset > 0)
		problems_add(notes, reader->csv.path, reader->without_offset, 0,
			     tr("times without an offset are taken as of Beijing (+08:00)"));
}

static void read_hour_rows(struct reader *reader, size_t size)
{
	struct csv *csv = &reader->csv;
	const struct hours_order *order = reader->order;
	const struct header_reading reading = {csv, order, reader->record.arena,
					       &reader->record.notes};
	if (!header_read(&reading, &reader->header))
		return;
	if (reader->header.own_auxiliaries) {
		auxiliary_read_own(reader);
		return;
	}
	while (csv->problems->n < WRONG_MAX && csv_next(csv)) {
		take_hour_row(reader);
		if (order->progress && csv->line % PROGRESS_ROWS == 0)
			order->progress(csv->read, (int64_t)size);
	}
	if (csv->error != 0)
		return;
	note_guesses(reader);
	if (reader->n == 0 && csv->problems->n == 0 && order->station)
		csv_problem(csv, 0, tr("no hour of the station %s follows the header"),
			    order->station);
	else if (reader->n == 0 && csv->problems->n == 0)
		csv_problem(csv, 0, tr("no hour follows the header"));
	if (reader->n == 0)
		return;
	require_pollutant(reader);
	check_units(reader);
	reader_make_hours(reader);
	auxiliary_make_hours(reader);
	reader->record.monitored = reader->header.monitored;
}

static void note_sheet(const struct sheet *sheet, struct reader *reader)
{
	struct problems *notes = &reader->record.notes;
	if (strcmp(sheet->encoding, "utf-8") != 0)
		problems_add(notes, reader->csv.path, 1, 0, tr("the file is in %s"),
			     sheet->encoding);
	if (sheet->separator != ',')
		problems_add(notes, reader->csv.path, 1, 0,
			     tr("fields are separated by %s, not by commas"),
			     sheet_separator(sheet));
}

static int read_sheet(const struct hours_order *order, const struct sheet *sheet,
		      struct problems *problems, struct hours_file *ret)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	FILE *in = fmemopen(sheet->bytes, sheet->n > 0 ? sheet->n : 1, "rb");
	if (!reader || !in)
		log_out_of_memory();
	reader->order = order;
	reader->csv = (struct csv){.in = in, .path = order->path, .problems = problems};
	reader->csv.spreadsheet = true;
	reader->csv.separator = sheet->separator;
	reader->csv.most = CSV_FIELDS_WIDE;
	reader->record.arena = arena_new();
	note_sheet(sheet, reader);
	if (sheet->n == 0)
		getc(in);
	read_hour_rows(reader, sheet->n);
	int r = -reader->csv.error;
	*ret = reader->record;
	free(reader->rows);
	free(reader);
	fclose(in);
	return r;
}

int hours_file_load(const struct hours_order *order, struct problems *problems,
		    struct hours_file *ret)
{
	int before = problems->n;
	struct sheet sheet = {0};
	*ret = (struct hours_file){0};
	int r = sheet_load(order->path, problems, &sheet);
	if (r != 0)
		return r < 0 ? r : HOURS_FILE_E_PROBLEMS;
	r = read_sheet(order, &sheet, problems, ret);
	sheet_done(&sheet);
	if (r == 0 && problems->n > before)
		r = HOURS_FILE_E_PROBLEMS;
	if (r != 0) {
		free(ret->hours);
		free(ret->auxiliaries);
		ret->hours = NULL;
		ret->auxiliaries = NULL;
	}
	return r;
}

pollutant_set hours_file_beyond(const struct hour_values *values, const struct edition *edition)
{
	return edition_beyond(edition, POLLUTANT_ALL & ~values->valid, values->milli);
}

void hours_file_tell(const struct hours_file *file, const struct edition *edition, const char *path,
		     FILE *out)
{
	for (int i = 0; i < file->notes.n && i < PROBLEMS_MAX; i++)
		fprintf(out, tr("note: %s\n"), file->notes.text[i]);
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
	free(record->auxiliaries);
	problems_done(&record->notes);
	arena_free(record->arena);
	*record = (struct hours_file){0};
}
