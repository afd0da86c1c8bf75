/* SPDX-License-Identifier: MIT */
/*
 * The summary assessment of one episode of directives (plan 7) as one HTML page without script and
 * network, out of the database. Changes nothing.
 */
#ifndef DAEMON_CLI_REPORT_ASSESSMENT_H
#define DAEMON_CLI_REPORT_ASSESSMENT_H

#include <stdio.h>

#include "conf.h"
#include "episodes.h"
#include "hour.h"
#include "summary.h"
#include "text.h"

#define REPORT_AROUND_H 72          /* shown before and behind the response */
#define REPORT_HOURS_MAX (120 * 24) /* of which so many are kept: the first ones */
#define REPORT_FORCE_MAX 256
#define REPORT_REVISION "hazewatch-revision" /* the name of what a page says of its hours */

struct report_hour {
	int32_t daily, realtime;             /* AQI; -1: not known */
	int32_t mean_milli[POLLUTANT_COUNT]; /* of the valid ones; -1 */
};

struct report {
	const struct conf *conf;
	struct store *store;
	FILE *out;
	enum text_language language;
	int64_t now_ms;
	int64_t episode; /* number of the directive that began it */
	struct episode_span span;
	bool running;
	int level; /* the highest that was in force */
	int32_t due_day;
	bool due_certain;
	uint32_t units; /* bits: index into plan.units, of the measures of all its levels */
	int n_force;
	struct force_row force[REPORT_FORCE_MAX]; /* what was in force, from when on */
	int64_t first_hour;                       /* END label of hours[0] */
	int n_hours;
	struct report_hour hours[REPORT_HOURS_MAX];
	int64_t revision; /* how often hours of it were reviewed: of each hour how often */
};

/* True while the hours behind a response are not all there. */
static inline bool report_is_early(int64_t ended_ms, int64_t now_ms)
{
	return now_ms < ended_ms + (int64_t)REPORT_AROUND_H * HOUR_MS;
}

/* Fills in the episode that a directive belongs to, and its hours; conf, store and now are set.
 * STORE_E_NONE: no episode has it. */
int report_collect(struct report *report, int64_t directive);

/* The episodes that have ended and whose summaries are not long past. */
int report_due(struct store *store, const struct conf *conf, int64_t now_ms, struct summaries *ret);

/* Writes the page in one language or both; a store error. What `out` has to say is its own. */
int report_write(struct report *report, bool zh, bool en);

#endif
