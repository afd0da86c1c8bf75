/* SPDX-License-Identifier: MIT */
/* The keys of a sensor that are about its care: warm_up_min, corrections, checks. */
#include "conf_rules.h"
#include "station_draft.h"
#include "words.h"

static const struct yaml_key correction_keys[] = {
	{"pollutant", YAML_TYPE_CALL, .required = true, .each = conf_pollutant_read,
	 .offset = offsetof(struct upkeep_correction, pollutant)},
	{"from", YAML_TYPE_CALL, .required = true, .each = station_read_time,
	 .offset = offsetof(struct upkeep_correction, from_ms)},
	{"slope", YAML_TYPE_DECIMAL, .min = 0.1, .max = 10,
	 .offset = offsetof(struct upkeep_correction, slope)},
	{"intercept", YAML_TYPE_MILLI, .min = -1000, .max = 1000,
	 .offset = offsetof(struct upkeep_correction, intercept_milli)},
	{0},
};

void station_read_correction(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct upkeep_conf *conf = object;
	struct upkeep_correction *correction = &conf->corrections[index];
	*correction = (struct upkeep_correction){.pollutant = -1, .slope = 1};
	yaml_read(file, node, correction_keys, correction);
	conf->n_corrections = index + 1;
	for (int i = 0; i < index; i++) {
		if (conf->corrections[i].pollutant == correction->pollutant &&
		    conf->corrections[i].from_ms == correction->from_ms)
			yaml_problem(file, yaml_get(file, node, "from"),
				     tr("from: this pollutant has a correction from that moment "
					"already"));
	}
}

static const struct yaml_name check_names[] = {
	{"zero", WHY_ZERO_CHECK},
	{"span", WHY_SPAN_CHECK},
	{0},
};

static const struct yaml_key check_keys[] = {
	{"kind", YAML_TYPE_NAME, .required = true, .names = check_names,
	 .offset = offsetof(struct upkeep_check, why)},
	{"from", YAML_TYPE_CALL, .required = true, .each = station_read_time,
	 .offset = offsetof(struct upkeep_check, first_ms)},
	{"every_h", YAML_TYPE_INT, .required = true, .min = 1, .max = 2400,
	 .offset = offsetof(struct upkeep_check, every_h)},
	{"minutes", YAML_TYPE_INT, .required = true, .min = 1, .max = 720,
	 .offset = offsetof(struct upkeep_check, minutes)},
	{0},
};

void station_read_check(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct upkeep_conf *conf = object;
	struct upkeep_check *check = &conf->checks[index];
	*check = (struct upkeep_check){.every_h = 24, .minutes = 1};
	yaml_read(file, node, check_keys, check);
	conf->n_checks = index + 1;
	if (check->minutes >= check->every_h * 60)
		yaml_problem(file, yaml_get(file, node, "minutes"),
			     tr("minutes: %d leave no time to measure in %d h"),
			     (int)check->minutes, (int)check->every_h);
}

void station_check_corrections(struct yaml_file *file, const struct sensor_draft *sensor)
{
	yaml_node list = yaml_get(file, sensor->at, "corrections");
	for (int i = 0; i < sensor->upkeep.n_corrections; i++) {
		int pollutant = sensor->upkeep.corrections[i].pollutant;
		bool measured = pollutant < 0;
		for (int row = 0; row < sensor->model->n_rows; row++)
			measured |= (int)sensor->model->rows[row].pollutant == pollutant;
		if (!measured)
			yaml_problem(file, yaml_get(file, yaml_item(file, list, i), "pollutant"),
				     tr("pollutant: profile %s does not measure %s"),
				     sensor->model->id,
				     pollutant_info((enum pollutant)pollutant)->key);
	}
}
