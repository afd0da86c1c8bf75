/* SPDX-License-Identifier: MIT */
#include "hours_file_header.h"

#include <string.h>

#include "words.h"

#define OWN_HEADER "hour,pm25_ug_m3,pm10_ug_m3,so2_ug_m3,no2_ug_m3,co_mg_m3,o3_ug_m3"
#define LISTED_SIZE 400

/* ---- names ---- */

static size_t match_pollutant(const struct hours_words *words, const char *plain,
			      enum pollutant *ret)
{
	size_t longest = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		size_t n = hours_names_match(&words->pollutants[p], plain);
		if (n > longest) {
			longest = n;
			*ret = (enum pollutant)p;
		}
	}
	return longest;
}

bool header_pollutant(const struct hours_words *words, const char *plain, enum pollutant *ret,
		      enum hours_unit *ret_unit)
{
	enum pollutant pollutant = POLLUTANT_PM25;
	size_t n = match_pollutant(words, plain, &pollutant);
	const char *rest = plain + n;
	if (n == 0)
		return false;
	for (size_t filler; (filler = hours_names_match(&words->fillers, rest)) > 0;)
		rest += filler;
	*ret_unit = UNIT_UNSAID;
	for (int unit = UNIT_MICROGRAMS; *rest != '\0' && unit <= UNIT_OTHER; unit++) {
		if (hours_names_have(&words->units[unit], rest)) {
			*ret_unit = (enum hours_unit)unit;
			rest = "";
		}
	}
	if (*rest != '\0')
		return false;
	*ret = pollutant;
	return true;
}

int header_digits(enum pollutant pollutant, enum hours_unit unit)
{
	bool own_mg = strcmp(pollutant_info(pollutant)->unit, "mg/m3") == 0;
	return 3 + (unit == UNIT_MILLIGRAMS ? 3 : 0) - (own_mg ? 3 : 0);
}

/* ---- columns ---- */

static struct header_column name_column(const struct header_reading *reading, int i)
{
	const struct hours_words *words = reading->order->words;
	struct header_column column = {
		.name = arena_text(reading->arena, reading->csv->fields[i].text),
		.column = COLUMN_EXTRA};
	char plain[HOURS_PLAIN_SIZE];
	hours_plain(column.name, plain);
	for (int kind = 0; kind < COLUMN_KINDS; kind++) {
		if (hours_names_have(&words->columns[kind], plain))
			column.column = (enum hours_column)kind;
	}
	if (column.column == COLUMN_EXTRA &&
	    header_pollutant(words, plain, &column.pollutant, &column.unit))
		column.column = COLUMN_VALUE;
	return column;
}

static void refuse_twice(struct csv *csv, int i, int first)
{
	csv_field_problem(csv, i, tr("the column %s stands twice, first at column %d"),
			  csv->fields[i].text, csv->fields[first].column);
}

static void take_columns(const struct header_reading *reading, struct header *header)
{
	for (int i = 0; i < header->n; i++) {
		struct header_column *column = &header->columns[i];
		*column = name_column(reading, i);
		if (column->column < COLUMN_KINDS && header->at[column->column] != HEADER_NONE)
			refuse_twice(reading->csv, i, header->at[column->column]);
		else if (column->column < COLUMN_KINDS)
			header->at[column->column] = i;
		for (int j = 0; j < i && column->column == COLUMN_VALUE; j++) {
			if (header->columns[j].column == COLUMN_VALUE &&
			    header->columns[j].pollutant == column->pollutant)
				refuse_twice(reading->csv, i, j);
		}
	}
}

/* ---- layouts ---- */

static bool has_field(const struct header *header, const char *name)
{
	char plain[HOURS_PLAIN_SIZE];
	for (int i = 0; i < header->n; i++) {
		if (strcmp(hours_plain(header->columns[i].name, plain), name) == 0)
			return true;
	}
	return false;
}

static bool is_layout(const struct header *header, const struct hours_layout *layout)
{
	char plain[HOURS_PLAIN_SIZE];
	for (int i = 0; i < layout->has.n; i++) {
		if (!has_field(header, layout->has.names[i]))
			return false;
	}
	for (int i = 0; i < layout->lacks.n; i++) {
		if (has_field(header, layout->lacks.names[i]))
			return false;
	}
	for (int i = 0; i < header->n && layout->values.n > 0; i++) {
		if (header->columns[i].column == COLUMN_VALUE &&
		    !hours_names_have(&layout->values, hours_plain(header->columns[i].name, plain)))
			return false;
	}
	return true;
}

static void find_layout(const struct header_reading *reading, struct header *header)
{
	const struct hours_words *words = reading->order->words;
	for (int i = 0; i < words->n && !header->layout; i++) {
		if (is_layout(header, &words->layouts[i]))
			header->layout = &words->layouts[i];
	}
	header->label = reading->order->label;
	if (header->label == LABEL_UNSAID && header->layout)
		header->label = header->layout->label;
}

/* Those that nobody needs are named once; what a layout has beside its values is not. */
static void note_extra(const struct header_reading *reading, const struct header *header)
{
	char plain[HOURS_PLAIN_SIZE], listed[LISTED_SIZE] = "";
	size_t n = 0;
	for (int i = 0; i < header->n && n < sizeof(listed); i++) {
		const char *name = header->columns[i].name;
		bool unsaid = name[0] == '\0' ||
			      (header->layout &&
			       hours_names_have(&header->layout->unsaid, hours_plain(name, plain)));
		if (header->columns[i].column == COLUMN_EXTRA && !unsaid)
			n += (size_t)snprintf(listed + n, sizeof(listed) - n, "%s%s",
					      n > 0 ? ", " : "", name);
	}
	if (n > 0)
		problems_add(reading->notes, reading->csv->path, 1, 0,
			     tr("columns that are not read: %s"), listed);
}

static void note_layout(const struct header_reading *reading, const struct header *header)
{
	if (header->layout && header->layout->values.n == 0)
		problems_add(reading->notes, reading->csv->path, 1, 0,
			     header->label == LABEL_START
				     ? tr("the layout is %s; hours are named by their start")
				     : tr("the layout is %s; hours are named by their end"),
			     header->layout->id);
}

/* ---- units ---- */

/* What the option, the column and the layout say; the first that says something. */
static enum hours_unit choose_unit(const struct header_reading *reading,
				   const struct header *header, enum pollutant pollutant)
{
	enum hours_unit unit = reading->order->units[pollutant];
	if (unit == UNIT_UNSAID && header->layout)
		unit = header->layout->units[pollutant];
	return unit;
}

static void take_column_unit(const struct header_reading *reading, struct header *header, int i)
{
	struct header_column *column = &header->columns[i];
	const char *key = pollutant_info(column->pollutant)->key;
	enum hours_unit said = reading->order->units[column->pollutant];
	header->monitored |= 1u << column->pollutant;
	if (column->unit == UNIT_OTHER)
		csv_field_problem(reading->csv, i,
				  tr("the column %s is not in ug/m3 or mg/m3; turn it into one of "
				     "them"),
				  column->name);
	else if (column->unit != UNIT_UNSAID && said != UNIT_UNSAID && said != column->unit)
		csv_field_problem(reading->csv, i,
				  tr("the column %s says its unit itself, not --unit %s"),
				  column->name, key);
	else if (column->unit == UNIT_UNSAID)
		column->unit = choose_unit(reading, header, column->pollutant);
	if (column->unit == UNIT_UNSAID)
		csv_field_problem(reading->csv, i,
				  tr("the column %s says no unit, and none is guessed; say --unit "
				     "%s=ug or --unit %s=mg"),
				  column->name, key, key);
}

/* ---- beside a column of pollutants, the others are stations ---- */

static bool is_station(const struct header *header, int i)
{
	char plain[HOURS_PLAIN_SIZE];
	return header->columns[i].column >= COLUMN_KINDS && header->columns[i].name[0] != '\0' &&
	       !(header->layout && hours_names_have(&header->layout->unsaid,
						    hours_plain(header->columns[i].name, plain)));
}

static void list_stations(const struct header *header, char ret[LISTED_SIZE])
{
	size_t n = 0;
	ret[0] = '\0';
	for (int i = 0; i < header->n && n < LISTED_SIZE / 2; i++) {
		if (is_station(header, i))
			n += (size_t)snprintf(ret + n, LISTED_SIZE - n, "%s%.40s",
					      n > 0 ? ", " : "", header->columns[i].name);
	}
}

static void find_station(const struct header_reading *reading, struct header *header)
{
	const char *wanted = reading->order->station;
	char listed[LISTED_SIZE];
	int n = 0;
	for (int i = 0; i < header->n; i++) {
		if (!is_station(header, i))
			continue;
		n++;
		if (!wanted || strcmp(header->columns[i].name, wanted) == 0)
			header->value = i;
	}
	list_stations(header, listed);
	if (n == 0)
		csv_problem(reading->csv, 1, tr("there is no column of a station"));
	else if (wanted && header->value == HEADER_NONE)
		csv_problem(reading->csv, 1, tr("there is no station %s; there are %d: %s ..."),
			    wanted, n, listed);
	else if (!wanted && n > 1)
		csv_problem(reading->csv, 1,
			    tr("there are %d stations: %s ...; say which by --station"), n, listed);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		header->units[p] = choose_unit(reading, header, (enum pollutant)p);
	if (header->value != HEADER_NONE)
		header->columns[header->value].column = COLUMN_VALUE;
}

/* ---- beside the pollutants ---- */

/* What hazewatch export aux writes. */
static bool is_own_auxiliaries(const struct header *header)
{
	static const char *const names[] = {"hour",    "quantity",     "mean",
					    "quality", "why",          "covered_min",
					    "samples", "time_quality", "rev"};
	int n = (int)(sizeof(names) / sizeof(names[0]));
	for (int i = 0; i < n; i++) {
		if (header->n != n || strcmp(header->columns[i].name, names[i]) != 0)
			return false;
	}
	return true;
}

/* Where they are wanted: of an hour a row, in a unit that is said. */
static void find_auxiliaries(const struct header_reading *reading, struct header *header)
{
	char plain[HOURS_PLAIN_SIZE];
	uint32_t found = 0;
	if (!reading->order->auxiliaries || header->at[COLUMN_TYPE] != HEADER_NONE)
		return;
	for (int i = 0; i < header->n; i++) {
		struct header_column *column = &header->columns[i];
		if (column->column != COLUMN_EXTRA ||
		    !hours_quantity_parse(reading->order->words, header->layout,
					  hours_plain(column->name, plain), &column->auxiliary) ||
		    found & 1u << column->auxiliary.auxiliary)
			continue;
		column->column = COLUMN_AUXILIARY;
		found |= 1u << column->auxiliary.auxiliary;
	}
	header->auxiliaries = found;
}

/* ---- what there has to be ---- */

static void require_times(const struct header_reading *reading, const struct header *header)
{
	static const char *const names[] = {"time", "date", "year", "month", "day", "hour"};
	struct csv *csv = reading->csv;
	bool dated = header->at[COLUMN_YEAR] != HEADER_NONE;
	bool timed = header->at[COLUMN_TIME] != HEADER_NONE;
	for (int kind = COLUMN_MONTH; dated && kind <= COLUMN_HOUR; kind++) {
		if (header->at[kind] == HEADER_NONE)
			csv_problem(csv, 1, tr("the column %s is missing"), names[kind]);
	}
	if (!dated && !timed && header->at[COLUMN_HOUR] == HEADER_NONE)
		csv_problem(csv, 1,
			    tr("there is no column of a time, such as hour; the header is %s, or "
			       "that of another layout of hazewatch(1)"),
			    OWN_HEADER);
}

static void require_values(const struct header_reading *reading, struct header *header)
{
	if (header->at[COLUMN_TYPE] != HEADER_NONE) {
		find_station(reading, header);
		return;
	}
	for (int i = 0; i < header->n; i++) {
		if (header->columns[i].column == COLUMN_VALUE)
			take_column_unit(reading, header, i);
	}
	if (header->monitored == 0 && header->auxiliaries == 0)
		csv_problem(reading->csv, 1,
			    tr("there is no column of a pollutant; at least one of %s is needed"),
			    OWN_HEADER);
}

static void require_label(const struct header_reading *reading, const struct header *header)
{
	if (header->label == LABEL_UNSAID)
		csv_problem(
			reading->csv, 1,
			tr("whether a time is the start or the end of its hour does not stand in "
			   "the file; say --label start or --label end"));
}

bool header_read(const struct header_reading *reading, struct header *ret)
{
	struct csv *csv = reading->csv;
	int before = csv->problems->n;
	if (!csv_next(csv)) {
		if (csv->error == 0)
			problems_add(csv->problems, csv->path, 1, 1,
				     tr("the file is empty; it begins with the header %s"),
				     OWN_HEADER);
		return false;
	}
	*ret = (struct header){.n = csv->n, .value = HEADER_NONE};
	for (int kind = 0; kind < COLUMN_KINDS; kind++)
		ret->at[kind] = HEADER_NONE;
	if (csv->n == 0)
		return false;
	ret->columns = arena_alloc(reading->arena, (size_t)csv->n * sizeof(*ret->columns));
	take_columns(reading, ret);
	ret->own_auxiliaries = reading->order->auxiliaries && is_own_auxiliaries(ret);
	if (ret->own_auxiliaries)
		return csv->problems->n == before;
	find_layout(reading, ret);
	find_auxiliaries(reading, ret);
	require_times(reading, ret);
	if (csv->problems->n == before)
		require_values(reading, ret);
	if (csv->problems->n == before)
		require_label(reading, ret);
	note_layout(reading, ret);
	if (ret->at[COLUMN_TYPE] == HEADER_NONE)
		note_extra(reading, ret);
	return csv->problems->n == before;
}
