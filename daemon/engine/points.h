/* SPDX-License-Identifier: MIT */
/*
 * The hours that a district's assessment points told, as far back as the plan looks, and what the
 * district makes of them. A district has them where a station has its open hours.
 *
 * Of a point and hour the highest revision counts. Bounded by DISTRICT_POINTS_MAX points of
 * POINTS_HOURS hours.
 */
#ifndef DAEMON_ENGINE_POINTS_H
#define DAEMON_ENGINE_POINTS_H

#include "conf.h"
#include "point_hours.h"
#include "report.h"
#include "stages.h"
#include "store.h"

#define POINTS_HOURS 1488 /* 62 days, as RESEND_HOURS_MAX */

struct points;

/* Reads what is stored from hour `from` on. Negative errno, a store error. */
int points_new(const struct conf *conf, struct store *store, int64_t from, struct points **ret);
struct points *points_free(struct points *points);

/* Whether it says anything that is not known: another hour, or a higher revision. What is known of
 * hours after `last` was told under a wrong time, and gives way. */
bool points_is_news(const struct points *points, int point, const struct point_hour *hour,
		    int64_t last);
/* Takes it, *ret_before: what there was (hour 0: nothing), and takes that back. */
void points_take(struct points *points, int point, const struct point_hour *hour,
		 struct point_hour *ret_before);
void points_take_back(struct points *points, int point, int64_t hour,
		      const struct point_hour *before);

/* Whether all, or any, of the points have told the hour. */
bool points_are_whole(const struct points *points, int64_t hour);
bool points_are_any(const struct points *points, int64_t hour);

/* The newest hour that a point told; 0: none. */
int64_t points_newest(const struct points *points, int point);

/* The district's means of the hour, and what they and its daily AQI rest on. */
void points_means(const struct points *points, int64_t hour, struct hour_report *ret);

/* As an index_source; `ctx` is the points. */
void points_index(const void *ctx, int64_t hour, const struct index_dust *dust,
		  struct aqi *realtime, struct aqi *daily);

#endif
