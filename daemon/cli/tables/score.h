/* SPDX-License-Identifier: MIT */
/*
 * The daily AQIs of forecasts against what came, per source and lead: how many, how far off, and
 * how often above each of the plan's daily thresholds. What a forecast says of a day is computed as
 * the advice does (ahead.h), whatever its form. Pure but for memory.
 */
#ifndef DAEMON_CLI_TABLES_SCORE_H
#define DAEMON_CLI_TABLES_SCORE_H

#include "conf.h"
#include "forecast.h"

#define SCORE_LEADS 3 /* of the next day (24 h), and the two after it; its own day says nothing */
#define SCORE_SOURCES_MAX 16
#define SCORE_THRESHOLDS_MAX 8

struct score_lead {
	int64_t n, error_milli; /* the sum of absolute errors */
	/* above a threshold: forecast and come, forecast alone, come alone */
	int64_t hits[SCORE_THRESHOLDS_MAX], false_alarms[SCORE_THRESHOLDS_MAX],
		missed[SCORE_THRESHOLDS_MAX];
};

struct score {
	const struct conf *conf;
	int n_thresholds;
	int32_t thresholds[SCORE_THRESHOLDS_MAX]; /* rising */
	int n_sources;
	struct score_source {
		char name[FORECAST_TEXT_MAX];
		struct score_lead leads[SCORE_LEADS];
	} sources[SCORE_SOURCES_MAX]; /* by name */
};

struct score score_begin(const struct conf *conf);

/* The last hour (END label) of the natural day that lies so far ahead of an issue. */
int64_t score_day_ends(int64_t issued_ms, int lead);

/* The daily AQI that came on that day, if the forecast speaks of it. More sources than there is
 * room for are passed over. */
void score_add(struct score *score, const struct forecast *forecast, int lead, int32_t came);

#endif
