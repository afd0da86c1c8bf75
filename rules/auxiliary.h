/* SPDX-License-Identifier: MIT */
/*
 * The auxiliary quantities: what a station measures beside the six pollutants. They are stored and
 * told, and no index, level, cut or order ever rests on them.
 *
 * A value is a whole number of thousandths of the quantity's unit, in a variable whose name ends in
 * _milli. Hours follow the rule of the pollutants: 45 minutes of samples of quality N.
 */
#ifndef RULES_AUXILIARY_H
#define RULES_AUXILIARY_H

#include <stdbool.h>
#include <stdint.h>

#include "hour.h"

enum auxiliary {
	AUXILIARY_NONE, /* it is a pollutant */
	AUXILIARY_TSP,
	AUXILIARY_NO,
	AUXILIARY_NOX, /* counted as NO2 */
	AUXILIARY_TEMPERATURE,
	AUXILIARY_HUMIDITY,
	AUXILIARY_PRESSURE,
	AUXILIARY_WIND_SPEED,
	AUXILIARY_WIND_DIRECTION, /* where it comes from, clockwise from north */
	AUXILIARY_NOISE,          /* A-weighted */
	AUXILIARY_RAIN,           /* a sum: of samples since somebody knows when, see rain.h */
};
#define AUXILIARY_COUNT 11

struct auxiliary_info {
	const char *key;      /* "temperature": config files, topics, database */
	const char *field;    /* "temperature_c": key and unit, names of JSON and CSV fields */
	const char *name;     /* "temperature" */
	const char *name_zh;  /* "气温" */
	const char *unit;     /* "C" */
	int32_t report_milli; /* the step a published value is rounded to */
	int32_t least_milli, most_milli; /* what the air may have; nothing beyond is believed */
};

/* Names, unit and bounds of one quantity, not of AUXILIARY_NONE. */
const struct auxiliary_info *auxiliary_info(enum auxiliary auxiliary);

/* Finds a quantity by its key; false if there is none. */
bool auxiliary_parse(const char *key, enum auxiliary *ret);

/* How samples become a mean: of noise by energy, NULL: as they are. */
const struct hour_scale *auxiliary_scale(enum auxiliary auxiliary);

/* The sound energy of a level within the bounds, in units of four times that of 0 dB, and the level
 * of an energy. */
int64_t noise_energy(int32_t level_milli);
int32_t noise_level_milli(int64_t energy);

/* The two parts of a wind from a direction (0..360000). */
struct wind {
	int32_t east_milli, north_milli; /* m/s, of where it comes from */
};
struct wind wind_parts(int32_t direction_milli, int32_t speed_milli);

/* What a sample without a wind speed beside it counts as. */
#define WIND_SPEED_UNKNOWN_MILLI 1000
/* At most this is a calm: it comes from nowhere. */
#define WIND_CALM_MILLI 200

/* Where a wind of these parts comes from, 0..359990; false if it is a calm. */
bool wind_direction_milli(const struct wind *wind, int32_t *ret);

#endif
