/* SPDX-License-Identifier: MIT */
#include "station_draft.h"
#include "words.h"

#include <string.h>

/* 0 is the broadcast of a serial line; 248 to 255 are reserved, and devices there exist */
#define SERIAL_UNIT_MAX 255

static const struct yaml_key sensor_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct sensor_draft, id)},
	{"bus", YAML_TYPE_ID, .required = true, .offset = offsetof(struct sensor_draft, bus)},
	{"unit_id", YAML_TYPE_INT, .required = true, .max = 255,
	 .offset = offsetof(struct sensor_draft, unit_id)},
	{"profile", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 255,
	 .offset = offsetof(struct sensor_draft, profile.text)},
	{"poll_s", YAML_TYPE_MILLI, .required = true, .min = 0.1, .max = 3600,
	 .offset = offsetof(struct sensor_draft, poll_ms)},
	{"response_timeout_ms", YAML_TYPE_INT, .min = 20, .max = LINK_MS_MAX,
	 .offset = offsetof(struct sensor_draft, response_timeout_ms)},
	{"retries", YAML_TYPE_INT, .max = 5, .offset = offsetof(struct sensor_draft, retries)},
	{"max_registers", YAML_TYPE_INT, .min = 1, .max = READPLAN_REGISTERS_MAX,
	 .offset = offsetof(struct sensor_draft, max_registers)},
	{"warm_up_min", YAML_TYPE_INT, .max = 1440,
	 .offset = offsetof(struct sensor_draft, upkeep.warm_up_min)},
	{"corrections", YAML_TYPE_EACH, .min = 1, .max = UPKEEP_CORRECTIONS_MAX,
	 .each = station_read_correction, .offset = offsetof(struct sensor_draft, upkeep)},
	{"checks", YAML_TYPE_EACH, .min = 1, .max = UPKEEP_CHECKS_MAX, .each = station_read_check,
	 .offset = offsetof(struct sensor_draft, upkeep)},
	{0},
};

static const struct yaml_key logged_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct sensor_draft, id)},
	{"bus", YAML_TYPE_ID, .required = true, .offset = offsetof(struct sensor_draft, bus)},
	{"hj212", YAML_TYPE_CALL, .required = true, .each = station_read_logger},
	{"corrections", YAML_TYPE_EACH, .min = 1, .max = UPKEEP_CORRECTIONS_MAX,
	 .each = station_read_correction, .offset = offsetof(struct sensor_draft, upkeep)},
	{"checks", YAML_TYPE_EACH, .min = 1, .max = UPKEEP_CHECKS_MAX, .each = station_read_check,
	 .offset = offsetof(struct sensor_draft, upkeep)},
	{0},
};

static int find_bus(const struct station_draft *draft, const char *id)
{
	for (int i = 0; i < draft->conf.n_buses; i++) {
		if (draft->conf.buses[i].id && strcmp(draft->conf.buses[i].id, id) == 0)
			return i;
	}
	return -1;
}

/* "a, b, c" in the arena, for the message that none of them was meant. */
static const char *bus_names(struct yaml_file *file, const struct station_draft *draft)
{
	const char *names = "";
	for (int i = 0; i < draft->conf.n_buses; i++)
		names = arena_format(yaml_arena(file), "%s%s%s", names, names[0] ? ", " : "",
				     draft->conf.buses[i].id);
	return names;
}

/* False after a problem with a bus, which may well be the one that is meant. */
static bool every_bus_has_its_id(const struct station_draft *draft)
{
	for (int i = 0; i < draft->conf.n_buses; i++) {
		if (!draft->conf.buses[i].id)
			return false;
	}
	return draft->conf.n_buses > 0;
}

static void join_bus(struct yaml_file *file, struct station_draft *draft,
		     struct sensor_draft *sensor)
{
	if (!sensor->bus)
		return;
	sensor->on_bus = find_bus(draft, sensor->bus);
	yaml_node at = yaml_get(file, sensor->at, "bus");
	if (sensor->on_bus < 0 && !every_bus_has_its_id(draft))
		return;
	if (sensor->on_bus < 0) {
		yaml_problem(file, at, tr("bus: %s is not one of the buses: %s"), sensor->bus,
			     bus_names(file, draft));
		return;
	}
	const struct link_conf *link = &draft->conf.buses[sensor->on_bus].link;
	if (draft->conf.buses[sensor->on_bus].of_loggers != sensor->is_logger) {
		yaml_problem(
			file, at,
			sensor->is_logger
				? tr("bus: %s speaks Modbus; a logger needs a bus with the key "
				     "hj212")
				: tr("bus: %s is one of data loggers; a sensor of it has the "
				     "key hj212 in place of unit_id, profile and poll_s"),
			sensor->bus);
		sensor->on_bus = -1;
		return;
	}
	if (link_conf_is_rtu(link) && sensor->unit_id == 0)
		yaml_problem(file, yaml_get(file, sensor->at, "unit_id"),
			     tr("unit_id: %d is not a whole number of 1 to %d (a serial line)"),
			     (int)sensor->unit_id, SERIAL_UNIT_MAX);
}

static void compare_sensors(struct yaml_file *file, const struct sensor_draft *sensor,
			    const struct sensor_draft *before)
{
	if (sensor->id && before->id && strcmp(sensor->id, before->id) == 0)
		yaml_problem(file, yaml_get(file, sensor->at, "id"),
			     tr("duplicate sensor id %s, given before at %s"), sensor->id,
			     yaml_place(file, yaml_get(file, before->at, "id")));
	if (sensor->on_bus >= 0 && sensor->on_bus == before->on_bus && sensor->unit_id >= 0 &&
	    sensor->unit_id == before->unit_id)
		yaml_problem(file, yaml_get(file, sensor->at, "unit_id"),
			     tr("unit_id %d is used on bus %s already, at %s"),
			     (int)sensor->unit_id, sensor->bus,
			     yaml_place(file, yaml_get(file, before->at, "unit_id")));
}

void station_read_sensor(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct station_draft *draft = object;
	struct sensor_draft *sensor = &draft->sensors[index];
	*sensor = (struct sensor_draft){.at = node, .unit_id = -1, .on_bus = -1};
	bool is_logger = yaml_get(file, node, "hj212") != 0;
	yaml_read(file, node, is_logger ? logged_keys : sensor_keys, sensor);
	if (!is_logger)
		sensor->profile.at = yaml_get(file, node, "profile");
	draft->n_sensors = index + 1;
}

void station_check_sensors(struct yaml_file *file, struct station_draft *draft)
{
	for (int i = 0; i < draft->n_sensors; i++) {
		join_bus(file, draft, &draft->sensors[i]);
		for (int j = 0; j < i; j++)
			compare_sensors(file, &draft->sensors[i], &draft->sensors[j]);
	}
}
