/* SPDX-License-Identifier: MIT */
/*
 * A forecast of the coming hours, and how it is joined to the observed ones (domain.md 3
 * "Forecasts", HJ 633-2026 5.4: forecasts for 3 days and more).
 *
 * Three forms: hourly concentrations, from which daily AQIs are computed together with the observed
 * hours; hourly AQIs; daily AQIs with a range, each of which gives its value to the 24 hours of its
 * day. The newest issue replaces an older one whole. Keeps no state, asks for no time.
 */
#ifndef RULES_FORECAST_H
#define RULES_FORECAST_H

#include "aqi.h"
#include "timeline.h"

#define FORECAST_HOURS_MAX TIMELINE_AHEAD_HOURS
#define FORECAST_TEXT_MAX 128 /* bytes, the NUL included */

enum forecast_form { FORECAST_CONCENTRATIONS, FORECAST_HOURLY_AQI, FORECAST_DAILY_AQI };
enum forecast_kind { FORECAST_MODEL, FORECAST_BULLETIN, FORECAST_CONSULTATION };

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

#endif
