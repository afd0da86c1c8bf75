/* SPDX-License-Identifier: MIT */
/*
 * A forecast of the coming hours (domain.md 3 "Forecasts", HJ 633-2026 5.4: forecasts for 3 days
 * and more).
 *
 * Three forms: hourly concentrations, hourly AQIs, daily AQIs with a range, each of which gives its
 * value to the 24 hours of its day. Keeps no state, asks for no time.
 */
#ifndef RULES_FORECAST_H
#define RULES_FORECAST_H

#include "edition.h"
#include "plan.h"
#include "timeline.h"
#include "window.h"

#define FORECAST_HOURS_MAX TIMELINE_AHEAD_HOURS

enum forecast_form { FORECAST_CONCENTRATIONS, FORECAST_HOURLY_AQI, FORECAST_DAILY_AQI };

/* One hour, or with FORECAST_DAILY_AQI one day named by the END of its last hour. */
struct forecast_step {
	int64_t hour;
	struct hour_values values; /* concentrations only */
	int32_t aqi_min, aqi_max;  /* 0..500; equal for an hourly AQI */
	bool short_heavy;          /* days: a short spell of heavy pollution is expected */
};

struct forecast {
	int64_t issued_ms; /* since 1970 UTC; 0: there is no forecast */
	enum forecast_kind kind;
	enum forecast_form form;
	char source[FORECAST_TEXT_MAX], issuer[FORECAST_TEXT_MAX];
	int n; /* 1..FORECAST_HOURS_MAX steps of rising hours */
	struct forecast_step steps[FORECAST_HOURS_MAX];
};

/* Hours that a step speaks of, its own the last: 24 of a day, else 1. */
int forecast_step_hours(const struct forecast *forecast);

/* True if it speaks of an hour after `now`. */
bool forecast_reaches(const struct forecast *forecast, int64_t now);

/* What may be wrong with a forecast from outside. */
enum forecast_fault {
	FORECAST_GOOD,
	FORECAST_TOO_MANY,  /* or no hours or days */
	FORECAST_NO_RISE,   /* hours or days that do not rise */
	FORECAST_DAY_ENDS,  /* a day that does not end at 24:00 */
	FORECAST_FAR,       /* an hour too far from its issue */
	FORECAST_NO_AQI,    /* or an AQI above 500, or the least is not first */
	FORECAST_NO_VALUE,  /* an hour without any concentration */
	FORECAST_BAD_VALUE, /* a concentration that cannot be */
};
#define FORECAST_FAULT_COUNT 8

/* The first that is found. */
enum forecast_fault forecast_fault(const struct forecast *forecast);

/* Hours of a forecast with a concentration above the edition's bounds, and the pollutants of which
 * there are such: forecast_join passes those over. */
int forecast_beyond(const struct forecast *forecast, const struct edition *edition,
		    pollutant_set *ret);

/* True if the forecast is older than max_age_h at now_ms. */
bool forecast_expired(const struct forecast *forecast, int32_t max_age_h, int64_t now_ms);

/* True if a forecast day's maximum may call for more than its middle does. */
bool forecast_has_range(const struct forecast *forecast);

/* "model", "bulletin", "consultation" */
const char *forecast_kind_name(enum forecast_kind kind);
bool forecast_kind_parse(const char *name, enum forecast_kind *ret);

#endif
