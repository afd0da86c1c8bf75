/* SPDX-License-Identifier: MIT */
/*
 * Stored hours in order with the daily AQI of each, as an outlook is scored: of a station out of
 * the hours themselves, by the edition in use; of a district as it is stored, since its days are
 * the means of its points' own days, which its hours do not tell.
 */
#ifndef STORAGE_TABLES_DAILY_HOURS_H
#define STORAGE_TABLES_DAILY_HOURS_H

#include "aqi.h"
#include "store.h"
#include "window.h"

/* Begins with an empty window. */
struct daily_hours {
	const struct edition *edition;
	const struct scope *scope;
	bool is_district;
	int64_t next; /* the hour that is loaded next */
	struct window window;
};

/* The next n hours; IAQI_NONE: no daily AQI. After a failure they are still the next. */
int daily_hours_load(struct store *store, struct daily_hours *hours, int n, struct hour_values *ret,
		     int32_t *ret_daily);

#endif
