/* SPDX-License-Identifier: MIT */
/*
 * The hours that a district's assessment points told, as far back as the plan looks, and what the
 * district makes of them. A district has them where a station has its open hours.
 *
 * Of a point and hour the highest revision counts; what the one before said is known until what
 * follows from it is computed. Bounded by DISTRICT_POINTS_MAX points of POINTS_HOURS hours, and
 * POINTS_REVISED_MAX hours that were revised.
 */
#ifndef DAEMON_ENGINE_POINTS_H
#define DAEMON_ENGINE_POINTS_H

#include "conf.h"
#include "point_hours.h"
#include "report.h"
#include "stages.h"
#include "store.h"

#define POINTS_HOURS 1488        /* 62 days, as RESEND_HOURS_MAX */
#define POINTS_REVISED_MAX 16384 /* further ones are as if they had always been so */

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

/* A point revised an hour: what it said before, if that is not known of an earlier revision. */
void points_keep_revised(struct points *points, int point, const struct point_hour *before);
/* What was told is as before the revisions; the next call takes that back. */
void points_swap_revised(struct points *points);
void points_forget_revised(struct points *points);

/* Whether a point has told the hour. */
bool points_has(const struct points *points, int point, int64_t hour);

/* Whether all, or any, of the points have told the hour. */
bool points_are_whole(const struct points *points, int64_t hour);
bool points_are_any(const struct points *points, int64_t hour);

/* The newest hour that a point told; 0: none. */
int64_t points_newest(const struct points *points, int point);

/* The district's means of the hour, not rounded yet, its indices, and what these rest on. */
void points_means(const struct points *points, int64_t hour, struct hour_report *ret);

/* As an index_source; `ctx` is the points. */
void points_index(const void *ctx, int64_t hour, const struct index_dust *dust,
		  struct aqi *realtime, struct aqi *daily);

#endif
