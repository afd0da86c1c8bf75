/* SPDX-License-Identifier: MIT */
/*
 * The six pollutants of the air quality index: keys, names, units.
 *
 * A concentration inside hazewatch is a whole number of thousandths of the pollutant's unit
 * (ug/m3; mg/m3 for CO), in a variable whose name ends in _milli.
 */
#ifndef RULES_POLLUTANT_H
#define RULES_POLLUTANT_H

#include <stdbool.h>
#include <stdint.h>

enum pollutant {
	POLLUTANT_PM25,
	POLLUTANT_PM10,
	POLLUTANT_SO2,
	POLLUTANT_NO2,
	POLLUTANT_CO,
	POLLUTANT_O3,
};
#define POLLUTANT_COUNT 6

/* A set of pollutants: bit (1u << pollutant). */
typedef uint32_t pollutant_set;
#define POLLUTANT_ALL ((1u << POLLUTANT_COUNT) - 1u)

struct pollutant_info {
	const char *key;      /* "pm25": config files, topics, database */
	const char *field;    /* "pm25_ug_m3": key and unit, names of JSON and CSV fields */
	const char *name;     /* "PM2.5" */
	const char *name_zh;  /* "细颗粒物（PM2.5）" */
	const char *unit;     /* "ug/m3" */
	int32_t report_milli; /* the step a published value is rounded to: 1000, CO 100 (HJ 663 6.3)
			       */
};

/* Names and unit of one pollutant. */
const struct pollutant_info *pollutant_info(enum pollutant pollutant);

/* Finds a pollutant by its key; false if there is none. */
bool pollutant_parse(const char *key, enum pollutant *ret);

/* value / divisor rounded half to even (GB/T 8170); divisor > 0. */
int64_t round_half_even(int64_t value, int64_t divisor);

#endif
