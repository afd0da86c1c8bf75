/* SPDX-License-Identifier: MIT */
#include "conf_quantity.h"

#include <math.h>

#include "conf_rules.h"
#include "decode.h"
#include "words.h"

const struct yaml_name conf_unit_names[] = {
	{"ug/m3", UNIT_UG_M3}, {"mg/m3", UNIT_MG_M3},
	{"ppb", UNIT_PPB},     {"ppm", UNIT_PPM},
	{"C", UNIT_CELSIUS},   {"%", UNIT_PERCENT},
	{"hPa", UNIT_HPA},     {"kPa", UNIT_KPA},
	{"Pa", UNIT_PA},       {"m/s", UNIT_M_S},
	{"deg", UNIT_DEGREE},  {"dB", UNIT_DECIBEL},
	{"mm", UNIT_MM},       {0},
};

void conf_pollutant_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_name names[POLLUTANT_COUNT + 1] = {0};
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		names[i] = (struct yaml_name){pollutant_info((enum pollutant)i)->key, i};
	const struct yaml_key key = {"pollutant", YAML_TYPE_NAME, .names = names};
	(void)index;
	yaml_read_value(file, node, &key, object);
}

/* The pollutants, and behind them what is measured beside them. */
void conf_quantity_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_name names[POLLUTANT_COUNT + AUXILIARY_COUNT] = {0};
	int n = 0;
	for (; n < POLLUTANT_COUNT; n++)
		names[n] = (struct yaml_name){pollutant_info((enum pollutant)n)->key, n};
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++)
		names[n++] = (struct yaml_name){auxiliary_info((enum auxiliary)i)->key,
						POLLUTANT_COUNT + i};
	const struct yaml_key key = {"pollutant", YAML_TYPE_NAME, .names = names};
	(void)index;
	yaml_read_value(file, node, &key, object);
}

bool conf_quantity_is_particles(int quantity)
{
	return quantity == POLLUTANT_PM25 || quantity == POLLUTANT_PM10 ||
	       quantity == POLLUTANT_COUNT + AUXILIARY_TSP;
}

struct profile_row conf_quantity_of(int quantity, int unit)
{
	bool auxiliary = quantity >= POLLUTANT_COUNT;
	return (struct profile_row){
		.pollutant = (enum pollutant)(auxiliary ? POLLUTANT_COUNT : quantity),
		.auxiliary =
			(enum auxiliary)(auxiliary ? quantity - POLLUTANT_COUNT : AUXILIARY_NONE),
		.unit = (enum unit)unit,
	};
}

static bool is_mixing_ratio(enum unit unit)
{
	return unit == UNIT_PPB || unit == UNIT_PPM;
}

static bool is_particles(const struct profile_row *row)
{
	return row->auxiliary == AUXILIARY_TSP || row->pollutant == POLLUTANT_PM25 ||
	       row->pollutant == POLLUTANT_PM10;
}

/* What the air may have of an auxiliary quantity. */
static void check_bounds(struct yaml_file *file, yaml_node at, const struct profile_row *row,
			 const double range[2])
{
	const struct auxiliary_info *info = auxiliary_info(row->auxiliary);
	double milli = decode_milli_per_unit(row);
	if (range[0] * milli < info->least_milli || range[1] * milli > info->most_milli)
		yaml_problem(file, at, tr("range: %s is from %g to %g %s"), info->key,
			     info->least_milli / milli, info->most_milli / milli,
			     conf_unit_names[row->unit].name);
}

void conf_quantity_check(struct yaml_file *file, yaml_node map, const struct profile_row *row,
			 const double range[2])
{
	const char *unit = conf_unit_names[row->unit].name;
	yaml_node at = yaml_get(file, map, "unit");
	if (is_particles(row) && is_mixing_ratio(row->unit))
		yaml_problem(file, at, tr("unit: %s is for gases; %s is counted in ug/m3 or mg/m3"),
			     unit, profile_row_key(row));
	else if (isnan(decode_milli_per_unit(row)))
		yaml_problem(file, at, tr("unit: %s is none of %s, which is counted in %s"), unit,
			     profile_row_key(row), profile_row_unit(row));
	else if (row->auxiliary != AUXILIARY_NONE)
		check_bounds(file, yaml_get(file, map, "range"), row, range);
}
