/* SPDX-License-Identifier: MIT */
/*
 * Forecasts of daily AQIs against what came, per source and lead: how many, how far off, and how
 * often above each of the plan's daily thresholds. Of a range the plan's choice counts, as in the
 * advice. Pure but for memory.
 */
#ifndef DAEMON_CLI_TABLES_SCORE_H
#define DAEMON_CLI_TABLES_SCORE_H

#include "forecast.h"
#include "past.h"
#include "plan.h"

#define SCORE_LEADS 3 /* of the next day (24 h), and the two after it; its own day says nothing */
#define SCORE_SOURCES_MAX 16
#define SCORE_THRESHOLDS_MAX 8

struct score_lead {
	int64_t n, error_sum; /* of absolute errors */
	/* above a threshold: forecast and come, forecast alone, come alone */
	int64_t hits[SCORE_THRESHOLDS_MAX], false_alarms[SCORE_THRESHOLDS_MAX],
		missed[SCORE_THRESHOLDS_MAX];
};

struct score {
	const struct plan *plan;
	int n_thresholds;
	int32_t thresholds[SCORE_THRESHOLDS_MAX]; /* rising */
	int n_sources;
	struct score_source {
		char name[FORECAST_TEXT_MAX];
		struct score_lead leads[SCORE_LEADS];
	} sources[SCORE_SOURCES_MAX];
};

struct score score_begin(const struct plan *plan);
/* A row of PAST_FORECASTS; `ctx` is the score. False: too many sources. */
bool score_add(void *ctx, const struct past_cell *cells, int n);

#endif
