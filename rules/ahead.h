/* SPDX-License-Identifier: MIT */
/*
 * The hours ahead: the newest issue of each source, which of them speaks of an hour, and how they
 * are joined to the observed hours (domain.md 3 "Forecasts").
 *
 * Observed beats forecast. A newer issue replaces the older one of the same source whole. Where
 * sources overlap the plan ranks them. Keeps no state, asks for no time.
 */
#ifndef RULES_AHEAD_H
#define RULES_AHEAD_H

#include "aqi.h"
#include "dust.h"
#include "forecast.h"
#include "plan.h"
#include "timeline.h"

/* The newest issue of each source; all zero: there is none. */
struct forecasts {
	int n;
	struct forecast of[FORECAST_SOURCES_MAX];
};

enum forecasts_answer {
	FORECASTS_TAKEN,
	FORECASTS_OLDER, /* one of the same source that was issued later is in use */
	FORECASTS_FULL,  /* as many sources as can be kept speak of hours ahead already */
};

/* Takes an issue; `now` is the END of the newest closed hour. One whose hours are all over gives
 * its place to another source. */
enum forecasts_answer forecasts_take(struct forecasts *forecasts, const struct forecast *forecast,
				     int64_t now);

/* Whether one of them speaks of an hour after `now`. */
bool forecasts_reach(const struct forecasts *forecasts, int64_t now);

#define FORECASTS_BY_RANK (-1)

/* How forecasts are taken. */
struct forecast_use {
	const struct edition *edition;
	const struct plan *plan;
	const struct scope *scope;
	const struct dust_hours *dust; /* NULL: no hour is flagged */
	bool take_max;                 /* of a range, instead of the middle */
	int first; /* index of the source that comes before all others; or FORECASTS_BY_RANK */
};

/*
 * Joins the hours after the timeline's present one, as far as a forecast reaches (at most
 * TIMELINE_AHEAD_HOURS); replaces what was joined before. `window` holds the 24 observed hours as
 * the plan counts them. Concentrations that no air can have are as if they were not there. Where
 * nothing but issues that are too old speak of hours ahead, and none was issued after them, these
 * hours are unknown, not absent.
 */
void forecast_join(const struct forecast_use *use, const struct forecasts *forecasts,
		   const struct window *window, struct timeline *timeline);

#endif
