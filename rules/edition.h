/* SPDX-License-Identifier: MIT */
/*
 * An edition of the AQI standard as a model: breakpoints, indicators, validity, rounding,
 * categories.
 *
 * The numbers come from config/aqi/<id>.yaml; no number of an edition stands in C. The strings are
 * borrowed from whoever loaded the file and live as long as it does.
 */
#ifndef RULES_EDITION_H
#define RULES_EDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "pollutant.h"

/* The columns of the breakpoint table (HJ 633-2012 table 1, HJ 633-2026 table 3). */
enum column {
	COLUMN_SO2_24H,
	COLUMN_SO2_1H,
	COLUMN_NO2_24H,
	COLUMN_NO2_1H,
	COLUMN_CO_24H,
	COLUMN_CO_1H,
	COLUMN_O3_1H,
	COLUMN_O3_8H,
	COLUMN_PM10_24H,
	COLUMN_PM25_24H,
};
#define COLUMN_COUNT 10

enum period { PERIOD_1H, PERIOD_8H, PERIOD_24H };

struct column_info {
	const char *key; /* "so2_24h" */
	enum pollutant pollutant;
	enum period period;
};

#define BREAKPOINTS_MAX 16
#define CATEGORIES_MAX 8
#define IAQI_NONE (-1)

struct breakpoints {
	int n; /* 2..edition.n_index; a column may end before the table does */
	int32_t conc_milli[BREAKPOINTS_MAX]; /* rising, the first is 0 */
	int32_t above; /* the IAQI of a concentration above the last row; IAQI_NONE: not computed */
	const char *clause;
};

struct category {
	int32_t upto; /* the highest AQI of the category */
	const char *level_zh, *name_zh, *name_en, *colour_zh, *colour_en, *rgb;
	const char *health_zh, *health_en, *advice_zh, *advice_en;
};

struct edition {
	const char *id, *title_zh, *title_en;
	int n_index;
	int32_t index[BREAKPOINTS_MAX]; /* the IAQI of each row */
	struct breakpoints columns[COLUMN_COUNT];
	int32_t bound_milli[POLLUTANT_COUNT]; /* an hourly mean above it is out of range (T) */
	uint32_t daily;           /* the indicators of the daily AQI: bits 1u << column */
	uint32_t realtime;        /* and of the real-time AQI; every one from the 1 h mean */
	int hour_min_minutes;     /* cover that makes an hour valid */
	int day_min_hours;        /* hours that make a 24 h mean valid */
	int o3_8h_min_hours;      /* hours that make an 8 h mean valid */
	int o3_8h_min_means;      /* 8 h means that make a daily maximum valid */
	int o3_1h_min_hours;      /* hours that make a daily 1 h maximum valid */
	bool round_hours;         /* hours closed from samples are rounded (HJ 663 6.3) */
	bool round_means;         /* means are rounded before the IAQI (2026 4.2.2) */
	int32_t incomplete_above; /* with a pollutant missing, publish only an AQI above this (2026
				     5.3.1: 100; 2012: -1, always) */
	int32_t lowest;           /* an AQI is at least this (2026 4.1.1: 1; 2012: 0) */
	int32_t primary_above;    /* primary pollutants are named above this AQI */
	int n_categories;
	struct category categories[CATEGORIES_MAX];
};

const struct column_info *column_info(enum column column);

/* Those of the valid hourly means (thousandths of the unit, by pollutant) that are above the
 * edition's bounds: no air was ever like that. */
pollutant_set edition_beyond(const struct edition *edition, pollutant_set valid,
			     const int32_t *means_milli);

#endif
