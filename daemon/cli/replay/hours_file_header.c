/* SPDX-License-Identifier: MIT */
#include "hours_file_header.h"

#include "words.h"

#include <string.h>

#define OWN_HEADER "hour,pm25_ug_m3,pm10_ug_m3,so2_ug_m3,no2_ug_m3,co_mg_m3,o3_ug_m3"
#define UCI_HEADER                                                                                 \
	"No,year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,TEMP,PRES,DEWP,RAIN,wd,WSPM,station"

static const struct layout_column own_columns[] = {
	{"hour", PART_HOUR, 0, 0},
	{"pm25_ug_m3", PART_VALUE, POLLUTANT_PM25, 3},
	{"pm10_ug_m3", PART_VALUE, POLLUTANT_PM10, 3},
	{"so2_ug_m3", PART_VALUE, POLLUTANT_SO2, 3},
	{"no2_ug_m3", PART_VALUE, POLLUTANT_NO2, 3},
	{"co_mg_m3", PART_VALUE, POLLUTANT_CO, 3},
	{"o3_ug_m3", PART_VALUE, POLLUTANT_O3, 3},
	{0},
};

/* CO stands in ug/m3: a thousandth of its unit is a whole one. */
static const struct layout_column uci_columns[] = {
	{"No", PART_UNUSED, 0, 0},
	{"year", PART_YEAR, 0, 0},
	{"month", PART_MONTH, 0, 0},
	{"day", PART_DAY, 0, 0},
	{"hour", PART_HOUR, 0, 0},
	{"PM2.5", PART_VALUE, POLLUTANT_PM25, 3},
	{"PM10", PART_VALUE, POLLUTANT_PM10, 3},
	{"SO2", PART_VALUE, POLLUTANT_SO2, 3},
	{"NO2", PART_VALUE, POLLUTANT_NO2, 3},
	{"CO", PART_VALUE, POLLUTANT_CO, 0},
	{"O3", PART_VALUE, POLLUTANT_O3, 3},
	{"TEMP", PART_UNUSED, 0, 0},
	{"PRES", PART_UNUSED, 0, 0},
	{"DEWP", PART_UNUSED, 0, 0},
	{"RAIN", PART_UNUSED, 0, 0},
	{"wd", PART_UNUSED, 0, 0},
	{"WSPM", PART_UNUSED, 0, 0},
	{"station", PART_UNUSED, 0, 0},
	{0},
};

static const char *header_of(const struct layout *layout)
{
	return layout->dated ? UCI_HEADER : OWN_HEADER;
}

static bool has_field(const struct csv *csv, const char *name)
{
	for (int i = 0; i < csv->n; i++) {
		if (strcmp(csv->fields[i].text, name) == 0)
			return true;
	}
	return false;
}

static const struct layout_column *find_column(const struct layout_column *columns,
					       const char *name)
{
	for (; columns->name; columns++) {
		if (strcmp(columns->name, name) == 0)
			return columns;
	}
	return NULL;
}

static void take_column(struct csv *csv, struct layout *layout, int i,
			const struct layout_column *columns)
{
	char shown[CSV_SHOWN];
	const struct csv_field *field = &csv->fields[i];
	const struct layout_column *column = find_column(columns, field->text);
	layout->columns[i] = column;
	if (!column) {
		csv_problem(csv, field->column, tr("%s is not one of the columns %s"),
			    csv_shown(field->text, shown), header_of(layout));
		return;
	}
	for (int j = 0; j < i; j++) {
		if (layout->columns[j] == column)
			csv_problem(csv, field->column,
				    tr("the column %s stands twice, first at column %d"),
				    column->name, csv->fields[j].column);
	}
	if (column->part == PART_VALUE)
		layout->monitored |= 1u << column->pollutant;
	else if (column->part != PART_UNUSED)
		layout->label[column->part] = i;
}

static void require_label_columns(struct csv *csv, const struct layout *layout)
{
	static const struct {
		enum layout_part part;
		const char *name;
	} needed[] = {
		{PART_YEAR, "year"}, {PART_MONTH, "month"}, {PART_DAY, "day"}, {PART_HOUR, "hour"}};
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		bool wanted = layout->dated || needed[i].part == PART_HOUR;
		if (wanted && layout->label[needed[i].part] == LAYOUT_NONE)
			csv_problem(csv, 1, tr("the column %s is missing"), needed[i].name);
	}
	if (layout->monitored == 0)
		csv_problem(csv, 1,
			    tr("there is no column of a pollutant; at least one of %s is needed"),
			    header_of(layout));
}

/* True if the first line is a header of one of the layouts, and tells which. */
static bool recognise_layout(struct csv *csv, struct layout *layout)
{
	char shown[CSV_SHOWN];
	if (!csv_next(csv)) {
		if (csv->error == 0)
			problems_add(csv->problems, csv->path, 1, 1,
				     tr("the file is empty; it begins with the header %s"),
				     OWN_HEADER);
		return false;
	}
	if (csv->n == 0)
		return false;
	layout->dated = has_field(csv, "year");
	layout->missing = layout->dated ? "NA" : "";
	if (!layout->dated && !has_field(csv, "hour")) {
		csv_problem(csv, 1, tr("the header begins with %s; it is %s or %s"),
			    csv_shown(csv->fields[0].text, shown), OWN_HEADER, UCI_HEADER);
		return false;
	}
	return true;
}

bool layout_read(struct csv *csv, struct layout *layout)
{
	int before = csv->problems->n;
	if (!recognise_layout(csv, layout))
		return false;
	for (int p = 0; p < PART_LABEL_COUNT; p++)
		layout->label[p] = LAYOUT_NONE;
	layout->n = csv->n;
	for (int i = 0; i < csv->n; i++)
		take_column(csv, layout, i, layout->dated ? uci_columns : own_columns);
	if (csv->problems->n == before)
		require_label_columns(csv, layout);
	return csv->problems->n == before;
}
