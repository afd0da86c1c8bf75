/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "list.h"
#include "list_name.h"
#include "list_value.h"
#include "log.h"
#include "words.h"

#define GRAMS_OF_A_KG 1000
#define FIRST_YEAR 1990
#define LAST_YEAR 2100

enum whole_column {
	WHOLE_EMISSION,
	WHOLE_AMOUNT,
	WHOLE_OUTSIDE,
	WHOLE_YEAR,
	WHOLE_SOURCE,
	WHOLE_COLUMNS
};

/* In the plain form of list_name.h. The amounts are in kg/d, and their header says so. */
static const char *const names[WHOLE_COLUMNS][3] = {
	{"污染物", "pollutant"}, {"全社会排放量", "wholekgd"}, {"清单外排放量", "outsidekgd"},
	{"年份", "year"},        {"来源", "source"},
};
#define WHOLE_HEADER "污染物,全社会排放量(kg/d),清单外排放量(kg/d),年份,来源"

struct whole_reader {
	const struct list_words *words;
	struct csv csv;
	int columns[WHOLE_COLUMNS]; /* LIST_ABSENT */
	int n;
	struct list_whole whole;
	int line[EMISSION_COUNT]; /* of the row of each pollutant; 0: none yet */
};

static bool is_amount(int column)
{
	return column == WHOLE_AMOUNT || column == WHOLE_OUTSIDE;
}

static int find_whole_column(const char *name)
{
	for (int c = 0; c < WHOLE_COLUMNS; c++) {
		for (int i = 0; names[c][i]; i++) {
			if (strcmp(names[c][i], name) == 0)
				return c;
		}
	}
	return LIST_ABSENT;
}

static bool is_kg_per_d(const char *name, const char *notes)
{
	static const char *const units[] = {"kg/d",    "千克/天", "千克/日", "公斤/天",
					    "公斤/日", "kg/天",   "kg/日"};
	size_t n = strlen(name);
	if (notes[0] == '\0' && n > 3 && strcmp(name + n - 3, "kgd") == 0)
		return true;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i], notes) == 0)
			return true;
	}
	return false;
}

static void take_header(struct whole_reader *reader, int i)
{
	char name[LIST_NAME_MAX], notes[LIST_NAME_MAX], shown[CSV_SHOWN];
	struct csv *csv = &reader->csv;
	const char *text = csv->fields[i].text;
	int column = list_plain_name(text, name, notes) ? find_whole_column(name) : LIST_ABSENT;
	if (column == LIST_ABSENT)
		return; /* remarks are welcome */
	if (reader->columns[column] != LIST_ABSENT)
		csv_field_problem(csv, i, tr("the column %s stands twice"), csv_shown(text, shown));
	else if (is_amount(column) && !is_kg_per_d(name, notes))
		csv_field_problem(csv, i, tr("the header %s does not say (kg/d), the unit allowed"),
				  csv_shown(text, shown));
	reader->columns[column] = i;
}

/* False after a problem. */
static bool read_whole_header(struct whole_reader *reader)
{
	struct csv *csv = &reader->csv;
	int before = csv->problems->n;
	for (int c = 0; c < WHOLE_COLUMNS; c++)
		reader->columns[c] = LIST_ABSENT;
	if (!csv_next(csv)) {
		problems_add(csv->problems, csv->path, 1, 1,
			     tr("the file is empty; it begins with the header %s"), WHOLE_HEADER);
		return false;
	}
	if (csv->n == 0)
		return false;
	reader->n = csv->n;
	for (int i = 0; i < csv->n; i++)
		take_header(reader, i);
	if (reader->columns[WHOLE_EMISSION] == LIST_ABSENT ||
	    reader->columns[WHOLE_AMOUNT] == LIST_ABSENT)
		csv_problem(csv, 1, tr("the header lacks 污染物 or 全社会排放量(kg/d); it is %s"),
			    WHOLE_HEADER);
	return csv->problems->n == before;
}

/* ---- rows ---- */

static const char *find_whole_text(const struct whole_reader *reader, enum whole_column column)
{
	int i = reader->columns[column];
	return i == LIST_ABSENT ? "" : reader->csv.fields[i].text;
}

static int64_t take_amount(struct whole_reader *reader, enum whole_column column)
{
	char shown[CSV_SHOWN], number[LIST_NUMBER_SIZE];
	int64_t gpd = CUT_UNSAID;
	const char *text = find_whole_text(reader, column);
	list_plain_number(reader->words, text, CELLS_NONE, number);
	if (text[0] != '\0' && !list_amount_gpd(number, GRAMS_OF_A_KG, 1, &gpd))
		csv_field_problem(&reader->csv, reader->columns[column],
				  tr("%s is not a decimal in kg/d, such as 1234.5"),
				  csv_shown(text, shown));
	return gpd;
}

static void take_origin(struct whole_reader *reader, struct source_whole *whole)
{
	char shown[CSV_SHOWN];
	const char *year = find_whole_text(reader, WHOLE_YEAR),
		   *source = find_whole_text(reader, WHOLE_SOURCE);
	if (year[0] != '\0' && !digits_whole(year, FIRST_YEAR, LAST_YEAR, &whole->year))
		csv_field_problem(&reader->csv, reader->columns[WHOLE_YEAR],
				  tr("%s is not a year of %d to %d"), csv_shown(year, shown),
				  FIRST_YEAR, LAST_YEAR);
	if (strlen(source) >= sizeof(whole->source))
		csv_field_problem(&reader->csv, reader->columns[WHOLE_SOURCE],
				  tr("the text has %zu bytes; at most %zu are allowed"),
				  strlen(source), sizeof(whole->source) - 1);
	else
		memcpy(whole->source, source, strlen(source) + 1);
}

/* The pollutant of a row; false after a problem. */
static bool take_emission(struct whole_reader *reader, enum emission *ret)
{
	char shown[CSV_SHOWN];
	struct csv *csv = &reader->csv;
	const char *text = find_whole_text(reader, WHOLE_EMISSION);
	int i = reader->columns[WHOLE_EMISSION];
	if (!list_name_emission(reader->words, text, ret)) {
		csv_field_problem(csv, i, tr("%s is not one of SO2, NOx, 颗粒物 (PM), VOCs"),
				  csv_shown(text, shown));
		return false;
	}
	if (reader->line[*ret] > 0) {
		csv_field_problem(csv, i, tr("%s stands in line %d, too"), csv_shown(text, shown),
				  reader->line[*ret]);
		return false;
	}
	reader->line[*ret] = csv->line;
	return true;
}

static void take_whole_row(struct whole_reader *reader)
{
	struct csv *csv = &reader->csv;
	enum emission emission;
	if (csv->n == 0)
		return;
	if (csv->n != reader->n) {
		csv_problem(csv, csv->fields[csv->n - 1].column,
			    tr("%d fields end here; the header has %d"), csv->n, reader->n);
		return;
	}
	if (!take_emission(reader, &emission))
		return;
	struct source_whole *whole = &reader->whole.whole[emission];
	whole->whole_gpd = take_amount(reader, WHOLE_AMOUNT);
	whole->outside_gpd = take_amount(reader, WHOLE_OUTSIDE);
	take_origin(reader, whole);
	if (whole->whole_gpd != CUT_UNSAID && whole->outside_gpd > whole->whole_gpd)
		csv_field_problem(csv, reader->columns[WHOLE_OUTSIDE],
				  tr("the part outside the list is larger than the whole"));
}

static void clear_whole(struct whole_reader *reader)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		reader->whole.whole[e].whole_gpd = CUT_UNSAID;
		reader->whole.whole[e].outside_gpd = CUT_UNSAID;
	}
}

static bool is_blank(const struct csv *csv)
{
	for (int i = 0; i < csv->n; i++) {
		if (csv->fields[i].text[0] != '\0')
			return false;
	}
	return csv->n > 0;
}

static int read_whole_sheet(struct whole_reader *reader, const struct sheet *sheet)
{
	FILE *in = fmemopen(sheet->bytes, sheet->n, "rb");
	if (!in)
		return -errno;
	reader->csv.in = in;
	clear_whole(reader);
	if (read_whole_header(reader)) {
		while (csv_next(&reader->csv)) {
			if (!is_blank(&reader->csv))
				take_whole_row(reader);
		}
	}
	fclose(in);
	return 0;
}

int list_whole_load(const char *path, const struct list_words *words, struct problems *problems,
		    struct list_whole *ret)
{
	int before = problems->n;
	struct sheet sheet = {0};
	int r = sheet_load(path, problems, &sheet);
	if (r != 0)
		return r < 0 ? r : LIST_E_PROBLEMS;
	struct whole_reader *reader = calloc(1, sizeof(*reader));
	if (!reader)
		log_out_of_memory();
	reader->words = words;
	reader->csv.path = path;
	reader->csv.separator = sheet.separator;
	reader->csv.problems = problems;
	reader->csv.spreadsheet = true;
	memcpy(reader->whole.sha256, sheet.sha256, sizeof(sheet.sha256));
	r = read_whole_sheet(reader, &sheet);
	if (r == 0 && problems->n > before)
		r = LIST_E_PROBLEMS;
	if (r == 0)
		*ret = reader->whole;
	free(reader);
	sheet_done(&sheet);
	return r;
}
