/* SPDX-License-Identifier: MIT */
/*
 * What a row of a profile measures, a pollutant or an auxiliary quantity, and in which unit. A
 * quantity is a number here: a pollutant, or POLLUTANT_COUNT + an auxiliary quantity.
 */
#ifndef DAEMON_CONF_CONF_QUANTITY_H
#define DAEMON_CONF_CONF_QUANTITY_H

#include "profile.h"
#include "yaml.h"

extern const struct yaml_name conf_unit_names[]; /* at enum unit */

/* Reads a key into an int of the object: for YAML_TYPE_CALL. */
void conf_quantity_read(struct yaml_file *file, yaml_node node, int index, void *object);

/* PM2.5, PM10 or TSP. */
bool conf_quantity_is_particles(int quantity);

/* A row of that quantity and unit, all else 0. */
struct profile_row conf_quantity_of(int quantity, int unit);

/* Problems of unit and range, what the instrument can measure, of such a row. */
void conf_quantity_check(struct yaml_file *file, yaml_node map, const struct profile_row *row,
			 const double range[2]);

#endif
