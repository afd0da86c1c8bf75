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
#include "dust.h"
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

/* How a forecast is taken. */
struct forecast_use {
	const struct edition *edition;
	const struct scope *scope;
	const struct dust_hours *dust;
	pollutant_set dust_excludes; /* not counted in hours of dust */
	bool expired;                /* nobody knows any more: its hours are unknown, not absent */
	bool take_max;               /* of a range, instead of the middle */
};

/*
 * Joins the hours after the timeline's present one, as far as the forecast reaches (at most
 * TIMELINE_AHEAD_HOURS); replaces what was joined before. `window` holds the 24 observed hours as
 * the plan counts them. A forecast that ended, or none (issued_ms 0), leaves no hours ahead.
 */
void forecast_join(const struct forecast_use *use, const struct forecast *forecast,
		   const struct window *window, struct timeline *timeline);

/* What is wrong with a forecast from outside (steps, hours, ranges), in a few words; NULL: nothing.
 */
const char *forecast_fault(const struct forecast *forecast);

/* True if the forecast is older than max_age_h at now_ms. */
bool forecast_expired(const struct forecast *forecast, int32_t max_age_h, int64_t now_ms);

/* True if a forecast day's maximum may call for more than its middle does. */
bool forecast_has_range(const struct forecast *forecast);

/* "model", "bulletin", "consultation" */
const char *forecast_kind_name(enum forecast_kind kind);
bool forecast_kind_parse(const char *name, enum forecast_kind *ret);

#endif
