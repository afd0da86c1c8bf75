/* SPDX-License-Identifier: MIT */
#include "forecast_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "digits.h"
#include "given_kinds.h"
#include "hour.h"
#include "time_text.h"
#include "words.h"

#define DAY_HOURS 24
#define CONCENTRATION_MAX_MILLI 100000000
#define AQI_MAX 500
#define DATE_LENGTH 10

enum what { WHAT_HOUR, WHAT_DATE, WHAT_AQI, WHAT_AQI_MIN, WHAT_AQI_MAX, WHAT_HEAVY, WHAT_VALUE };

static const struct forecast_column {
	const char *name;
	enum what what;
	enum pollutant pollutant; /* WHAT_VALUE */
} columns[] = {
	{"hour", WHAT_HOUR, 0},
	{"date", WHAT_DATE, 0},
	{"aqi", WHAT_AQI, 0},
	{"aqi_min", WHAT_AQI_MIN, 0},
	{"aqi_max", WHAT_AQI_MAX, 0},
	{"short_heavy", WHAT_HEAVY, 0},
	{"pm25_ug_m3", WHAT_VALUE, POLLUTANT_PM25},
	{"pm10_ug_m3", WHAT_VALUE, POLLUTANT_PM10},
	{"so2_ug_m3", WHAT_VALUE, POLLUTANT_SO2},
	{"no2_ug_m3", WHAT_VALUE, POLLUTANT_NO2},
	{"co_mg_m3", WHAT_VALUE, POLLUTANT_CO},
	{"o3_ug_m3", WHAT_VALUE, POLLUTANT_O3},
};
#define FORECAST_COLUMNS (sizeof(columns) / sizeof(columns[0]))

struct reading {
	struct csv csv;
	int n;
	const struct forecast_column *of[CSV_FIELDS_MAX];
	struct forecast *forecast;
};

/* ---- the header ---- */

static unsigned bit_of(enum what what)
{
	return 1u << what;
}

/* Which columns make a form, and no other. */
static bool find_form(unsigned set, enum forecast_form *ret)
{
	if (set == (bit_of(WHAT_HOUR) | bit_of(WHAT_VALUE)))
		*ret = FORECAST_CONCENTRATIONS;
	else if (set == (bit_of(WHAT_HOUR) | bit_of(WHAT_AQI)))
		*ret = FORECAST_HOURLY_AQI;
	else if ((set | bit_of(WHAT_HEAVY)) == (bit_of(WHAT_DATE) | bit_of(WHAT_AQI_MIN) |
						bit_of(WHAT_AQI_MAX) | bit_of(WHAT_HEAVY)))
		*ret = FORECAST_DAILY_AQI;
	else
		return false;
	return true;
}

static const struct forecast_column *find_column(const char *name)
{
	for (size_t i = 0; i < FORECAST_COLUMNS; i++) {
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	}
	return NULL;
}

static bool read_header(struct reading *reading)
{
	struct csv *csv = &reading->csv;
	char shown[CSV_SHOWN];
	unsigned set = 0;
	int before = csv->problems->n;
	if (!csv_next(csv) || csv->n == 0) {
		if (csv->error == 0 && csv->problems->n == before)
			csv_problem(csv, 0, tr("is empty; a header is the first line"));
		return false;
	}
	reading->n = csv->n;
	for (int i = 0; i < csv->n; i++) {
		const struct forecast_column *column = find_column(csv->fields[i].text);
		reading->of[i] = column;
		if (!column)
			csv_field_problem(csv, i,
					  tr("%s is no column of a forecast; see hazewatch(1)"),
					  csv_shown(csv->fields[i].text, shown));
		for (int j = 0; j < i && column; j++) {
			if (reading->of[j] == column)
				csv_field_problem(csv, i, tr("%s stands twice"), column->name);
		}
		set |= column ? bit_of(column->what) : 0;
	}
	if (csv->problems->n == before && !find_form(set, &reading->forecast->form))
		csv_problem(
			csv, 1,
			tr("neither hour with concentrations, nor hour and aqi, nor date, aqi_min "
			   "and aqi_max"));
	return csv->problems->n == before;
}

/* ---- values ---- */

/* The END of the day's last hour. */
static bool read_date(const char *text, int64_t *ret)
{
	int64_t ms;
	if (!time_parse_date(text, &ms))
		return false;
	*ret = ms / HOUR_MS + DAY_HOURS;
	return true;
}

static bool read_hour(const char *text, int64_t *ret)
{
	int64_t ms;
	if (strlen(text) < DATE_LENGTH || !given_time(text, 0, &ms) || ms % HOUR_MS != 0)
		return false;
	*ret = ms / HOUR_MS;
	return true;
}

static bool read_flag(const char *text, bool *ret)
{
	*ret = strcmp(text, "true") == 0;
	return *ret || strcmp(text, "false") == 0 || text[0] == '\0';
}

/* What the field had to be; NULL: it is good. */
static const char *take_field(const struct forecast_column *column, const char *text,
			      struct forecast_step *step)
{
	switch (column->what) {
	case WHAT_HOUR:
		return read_hour(text, &step->hour)
			       ? NULL
			       : tr("a full hour such as 2026-01-31T09:00:00+08:00 or 2026-01-31 "
				    "09:00");
	case WHAT_DATE:
		return read_date(text, &step->hour) ? NULL : tr("a date such as 2026-01-31");
	case WHAT_AQI:
	case WHAT_AQI_MAX:
		return digits_whole(text, 0, AQI_MAX, &step->aqi_max)
			       ? NULL
			       : tr("a whole number of 0 to 500");
	case WHAT_AQI_MIN:
		return digits_whole(text, 0, AQI_MAX, &step->aqi_min)
			       ? NULL
			       : tr("a whole number of 0 to 500");
	case WHAT_HEAVY:
		return read_flag(text, &step->short_heavy) ? NULL : tr("true, false or empty");
	case WHAT_VALUE:
		if (text[0] == '\0')
			return NULL;
		step->values.valid |= 1u << column->pollutant;
		return digits_decimal(text, 3, CONCENTRATION_MAX_MILLI,
				      &step->values.milli[column->pollutant])
			       ? NULL
			       : tr("a decimal of 0 to 100000, such as 12.5, nor empty, a missing "
				    "value");
	}
	return NULL;
}

static void take_row(struct reading *reading)
{
	struct csv *csv = &reading->csv;
	struct forecast *forecast = reading->forecast;
	struct forecast_step step = {0};
	char shown[CSV_SHOWN];
	int before = csv->problems->n;
	int most = forecast->form == FORECAST_DAILY_AQI ? FORECAST_HOURS_MAX / DAY_HOURS
							: FORECAST_HOURS_MAX;
	if (csv->n != reading->n && csv->n > 0)
		csv_field_problem(csv, csv->n - 1, tr("%d fields end here; the header has %d"),
				  csv->n, reading->n);
	for (int i = 0; i < csv->n && csv->n == reading->n; i++) {
		const char *text = csv->fields[i].text;
		const char *wanted = take_field(reading->of[i], text, &step);
		if (wanted)
			csv_field_problem(csv, i, tr("%s: %s is not %s"), reading->of[i]->name,
					  csv_shown(text, shown), wanted);
	}
	if (csv->n == 0 || csv->problems->n > before)
		return;
	if (forecast->n > 0 && step.hour <= forecast->steps[forecast->n - 1].hour)
		csv_problem(csv, 1,
			    tr("does not come after the row before it; hours and days rise"));
	else if (forecast->n == most)
		csv_problem(csv, 1, tr("a forecast has at most %d rows"), most);
	else if (forecast->form == FORECAST_DAILY_AQI && step.aqi_min > step.aqi_max)
		csv_problem(csv, 1, tr("aqi_min is above aqi_max"));
	else
		forecast->steps[forecast->n++] = step;
}

static int read_rows(FILE *in, const char *path, struct problems *problems, struct forecast *ret)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	if (!reading)
		return -ENOMEM;
	int before = problems->n;
	reading->csv = (struct csv){.in = in, .path = path, .problems = problems};
	reading->forecast = ret;
	if (read_header(reading)) {
		while (csv_next(&reading->csv))
			take_row(reading);
		if (ret->n == 0 && problems->n == before && reading->csv.error == 0)
			csv_problem(&reading->csv, 0, tr("no row follows the header"));
	}
	int r = -reading->csv.error;
	free(reading);
	return r;
}

int forecast_file_load(const char *path, struct problems *problems, struct forecast *ret)
{
	if (strcmp(path, "-") == 0)
		return read_rows(stdin, path, problems, ret);
	FILE *in = fopen(path, "re");
	if (!in)
		return -errno;
	int r = read_rows(in, path, problems, ret);
	fclose(in);
	return r;
}

/* ---- a bulletin ---- */

#define BLANKS " \t"

static bool read_bulletin_aqi(const char **at, int32_t *ret)
{
	size_t n = digits_begin(*at, AQI_MAX, ret);
	*at += n;
	return n > 0;
}

/* One day; NULL, or what was to stand at *at. */
static const char *read_bulletin_day(const char **at, struct forecast_step *ret)
{
	char date[DATE_LENGTH + 1];
	snprintf(date, sizeof(date), "%s", *at);
	if (!read_date(date, &ret->hour))
		return tr("a date such as 2026-01-31");
	*at += DATE_LENGTH;
	size_t gap = strspn(*at, BLANKS);
	if (gap == 0)
		return tr("a blank and AQIs such as 110-160");
	*at += gap;
	if (!read_bulletin_aqi(at, &ret->aqi_min))
		return tr("an AQI of 0 to 500");
	ret->aqi_max = ret->aqi_min;
	if (**at == '-') {
		(*at)++;
		if (!read_bulletin_aqi(at, &ret->aqi_max) || ret->aqi_max < ret->aqi_min)
			return tr("the higher AQI, up to 500");
	}
	*at += strspn(*at, BLANKS);
	ret->short_heavy = strncmp(*at, "heavy", 5) == 0;
	*at += ret->short_heavy ? 5 : 0;
	*at += strspn(*at, BLANKS);
	return **at == ',' || **at == '\0' ? NULL : tr("a comma, heavy or the end");
}

void forecast_bulletin_read(const char *name, const char *line, struct problems *problems,
			    struct forecast *ret)
{
	const char *at = line;
	*ret = (struct forecast){.form = FORECAST_DAILY_AQI};
	do {
		struct forecast_step step = {0};
		at += strspn(at, BLANKS);
		const char *begin = at, *wanted = read_bulletin_day(&at, &step);
		if (!wanted && ret->n > 0 && step.hour <= ret->steps[ret->n - 1].hour) {
			at = begin;
			wanted = tr("a day after the one before it");
		}
		if (!wanted && ret->n == FORECAST_HOURS_MAX / DAY_HOURS)
			wanted = tr("the end: there are 10 days already");
		if (!wanted)
			ret->steps[ret->n++] = step;
		else
			problems_add(problems, name, 1, (int)(at - line) + 1,
				     tr("here stands \"%.20s\", not %s"), at, wanted);
		at += strcspn(at, ",");
	} while (*at++ == ',');
}
