/* SPDX-License-Identifier: MIT */
/*
 * Hourly means -> air quality index, category and primary pollutants.
 *
 * Two indices: the real-time AQI of one hour, and the daily AQI of the 24 hours that end with an
 * hour, which is the plan's index (plan 4.1: any 24 consecutive hours). Never a mean of AQIs.
 */
#ifndef RULES_AQI_H
#define RULES_AQI_H

#include "edition.h"
#include "window.h"

struct aqi {
	bool known;    /* for the plan: a leading pollutant (daily) or any (real-time) is there */
	bool complete; /* every monitored pollutant has a mean */
	bool publishable; /* there is a value, and the edition allows it to be published
			     (2026 5.3.1) */
	int32_t value;    /* 0..500: the largest IAQI of what is present; if known or publishable */
	int32_t iaqi[POLLUTANT_COUNT];      /* IAQI_NONE where missing */
	struct mean means[POLLUTANT_COUNT]; /* the mean behind it (O3 daily: the 8 h maximum) */
	int32_t hours[POLLUTANT_COUNT];     /* valid hours in the averaging period: 0..24, 0..1 */
	pollutant_set primary;              /* all that tie; empty up to edition.primary_above */
	int category;                       /* index into edition.categories, of the value */
};

/* What the station measures and which of it must be there for the plan. leading is in monitored. */
struct scope {
	pollutant_set monitored;
	pollutant_set leading;
};

/* The daily AQI of the 24 hours that end with the window's newest hour (HJ 633, domain.md 2). */
void aqi_daily(const struct edition *edition, const struct scope *scope,
	       const struct window *window, struct aqi *ret);

/* The real-time AQI of one hour: 1 h means, PM on its 24 h column (2026 table 3; national feed). */
void aqi_realtime(const struct edition *edition, const struct scope *scope,
		  const struct hour_values *values, struct aqi *ret);

/* What a daily AQI is made of: a mean for each column that the edition asks for, n == 0 without
 * enough hours, and the valid hours of each pollutant. */
struct day_means {
	struct mean columns[COLUMN_COUNT];
	int32_t hours[POLLUTANT_COUNT];
};

/* The two halves of aqi_daily, and aqi_realtime of means that are fractions: a district has its
 * points' means between them (district.h). */
void aqi_day_means(const struct edition *edition, const struct window *window,
		   struct day_means *ret);
void aqi_of_day(const struct edition *edition, const struct scope *scope,
		const struct day_means *means, struct aqi *ret);
void aqi_of_hour(const struct edition *edition, const struct scope *scope,
		 const struct mean means[POLLUTANT_COUNT], struct aqi *ret);

#endif
