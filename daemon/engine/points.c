/* SPDX-License-Identifier: MIT */
#include "points.h"

#include <errno.h>
#include <stdlib.h>

#include "pollutant.h"

struct point_told {
	int64_t hour; /* 0: nothing was told */
	int32_t rev;
	struct hour_values values;
};

struct revised {
	int point;
	struct point_told was;
};

struct points {
	const struct conf *conf;
	int n;
	int64_t newest[DISTRICT_POINTS_MAX];
	struct point_told (*hours)[POINTS_HOURS]; /* of each point; hour h at h % POINTS_HOURS */
	int n_revised;
	struct revised *revised; /* POINTS_REVISED_MAX */
};

static const struct point_told *find_told(const struct points *points, int point, int64_t hour)
{
	const struct point_told *told = &points->hours[point][hour % POINTS_HOURS];
	return hour > 0 && told->hour == hour ? told : NULL;
}

static void take_stored(void *ctx, const struct point_hour *row)
{
	struct points *points = ctx;
	struct point_hour before;
	int point = roster_find(&points->conf->roster, row->station);
	if (point >= 0 && point < points->n)
		points_take(points, point, row, &before);
}

int points_new(const struct conf *conf, struct store *store, int64_t from, struct points **ret)
{
	struct points *points = calloc(1, sizeof(*points));
	if (!points)
		return -ENOMEM;
	points->conf = conf;
	points->n = conf->roster.n_points;
	points->hours = calloc((size_t)(points->n > 0 ? points->n : 1), sizeof(*points->hours));
	points->revised = calloc(POINTS_REVISED_MAX, sizeof(*points->revised));
	bool made = points->hours && points->revised;
	int r = made ? point_hours_each(store, from, take_stored, points) : -ENOMEM;
	if (r != 0)
		points = points_free(points);
	*ret = points;
	return r;
}

struct points *points_free(struct points *points)
{
	if (points) {
		free(points->hours);
		free(points->revised);
	}
	free(points);
	return NULL;
}

bool points_is_news(const struct points *points, int point, const struct point_hour *hour,
		    int64_t last)
{
	const struct point_told *told = &points->hours[point][hour->hour % POINTS_HOURS];
	return told->hour > last || hour->hour > told->hour ||
	       (hour->hour == told->hour && hour->rev > told->rev);
}

static int64_t find_newest(const struct points *points, int point)
{
	int64_t found = 0;
	for (int i = 0; i < POINTS_HOURS; i++) {
		int64_t hour = points->hours[point][i].hour;
		found = hour > found ? hour : found;
	}
	return found;
}

/* In place of what is told at its place, which may have been the newest. */
static void put_told(struct points *points, int point, struct point_told *place,
		     const struct point_hour *hour)
{
	bool was_newest = place->hour == points->newest[point];
	*place = (struct point_told){hour->hour, hour->rev, hour->values};
	if (hour->hour > points->newest[point])
		points->newest[point] = hour->hour;
	else if (was_newest)
		points->newest[point] = find_newest(points, point);
}

void points_take(struct points *points, int point, const struct point_hour *hour,
		 struct point_hour *ret_before)
{
	struct point_told *told = &points->hours[point][hour->hour % POINTS_HOURS];
	*ret_before =
		(struct point_hour){.hour = told->hour, .rev = told->rev, .values = told->values};
	put_told(points, point, told, hour);
}

void points_take_back(struct points *points, int point, int64_t hour,
		      const struct point_hour *before)
{
	put_told(points, point, &points->hours[point][hour % POINTS_HOURS], before);
}

/* ---- what was said before ---- */

void points_keep_revised(struct points *points, int point, const struct point_hour *before)
{
	if (points->n_revised == POINTS_REVISED_MAX)
		return;
	for (int i = 0; i < points->n_revised; i++) {
		const struct revised *revised = &points->revised[i];
		if (revised->point == point && revised->was.hour == before->hour)
			return;
	}
	points->revised[points->n_revised++] =
		(struct revised){point, {before->hour, before->rev, before->values}};
}

void points_swap_revised(struct points *points)
{
	for (int i = 0; i < points->n_revised; i++) {
		struct revised *revised = &points->revised[i];
		struct point_told *told =
			&points->hours[revised->point][revised->was.hour % POINTS_HOURS];
		struct point_told now = *told;
		if (now.hour != revised->was.hour) /* another has taken its place */
			continue;
		*told = revised->was;
		revised->was = now;
	}
}

void points_forget_revised(struct points *points)
{
	points->n_revised = 0;
}

/* ---- what there is ---- */

static int count_told(const struct points *points, int64_t hour)
{
	int n = 0;
	for (int i = 0; i < points->n; i++)
		n += find_told(points, i, hour) != NULL;
	return n;
}

bool points_has(const struct points *points, int point, int64_t hour)
{
	return find_told(points, point, hour) != NULL;
}

bool points_are_whole(const struct points *points, int64_t hour)
{
	return points->n > 0 && count_told(points, hour) == points->n;
}

bool points_are_any(const struct points *points, int64_t hour)
{
	return count_told(points, hour) > 0;
}

int64_t points_newest(const struct points *points, int point)
{
	return points->newest[point];
}

/* ---- what the district makes of them ---- */

static struct window windows[DISTRICT_POINTS_MAX]; /* too large for a stack; one thread */
static struct hour_values newest[DISTRICT_POINTS_MAX];

static void fill_window(const struct points *points, int point, int64_t hour,
			const struct index_dust *dust)
{
	windows[point] = (struct window){0};
	for (int64_t h = hour - WINDOW_HOURS + 1; h <= hour; h++) {
		const struct point_told *told = find_told(points, point, h);
		struct hour_values values = told ? told->values : (struct hour_values){0};
		if (h == hour)
			newest[point] = values;
		if (dust && dust_at(dust->dust, h))
			values.valid &= ~dust->excluded;
		window_put(&windows[point], h, &values);
	}
}

static void index_hour(const struct points *points, int64_t hour, const struct index_dust *dust,
		       struct district_index *realtime, struct district_index *daily)
{
	const struct edition *edition = &points->conf->edition;
	const struct scope *scope = &points->conf->station.scope;
	for (int i = 0; i < points->n; i++)
		fill_window(points, i, hour, dust);
	district_realtime(edition, scope, points->n, newest, realtime);
	district_daily(edition, scope, points->n, windows, daily);
}

void points_index(const void *ctx, int64_t hour, const struct index_dust *dust,
		  struct aqi *realtime, struct aqi *daily)
{
	struct district_index now, day;
	index_hour(ctx, hour, dust, &now, &day);
	*realtime = now.aqi;
	*daily = day.aqi;
}

/* In thousandths, half to even, not yet rounded as it is published. */
static struct hour_mean mean_of_hour(const struct points *points, int64_t hour,
				     enum pollutant pollutant)
{
	struct hour_mean ret = {.quality = QUALITY_NO_COMMUNICATION};
	struct mean mean = district_hour(points->n, newest, pollutant);
	ret.samples = (uint32_t)count_told(points, hour);
	if (ret.samples > 0)
		ret.quality = QUALITY_FAULT; /* some came, too few are valid */
	if (mean.n == 0)
		return ret;
	ret.valid = true;
	ret.quality = QUALITY_NORMAL;
	ret.covered_ms = HOUR_MS;
	ret.mean_milli = (int32_t)round_half_even(mean.sum_milli, mean.n);
	return ret;
}

void points_means(const struct points *points, int64_t hour, struct hour_report *ret)
{
	struct district_index realtime, daily;
	index_hour(points, hour, NULL, &realtime, &daily);
	ret->realtime = realtime.aqi;
	ret->daily = daily.aqi;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		ret->means[p] = mean_of_hour(points, hour, (enum pollutant)p);
		ret->realtime_points[p] = realtime.points[p];
		ret->daily_points[p] = daily.points[p];
	}
}
