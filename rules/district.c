/* SPDX-License-Identifier: MIT */
/*
 * District concentration = the sum of the valid points' concentrations / their number (HJ 663 A.2);
 * only then it is rounded (GB/T 8170: once) and has an IAQI.
 *
 *   PM2.5 of four points over 24 h: 60, 60, 60, 424 -> 151 -> IAQI 201, heavily polluted
 *   (the mean of the points' AQIs would be 187.5, their maximum 450)
 *   three valid of four are 75 %: a value; two of four: none; two of three are 67 % >= 50 %: a
 * value
 *
 * The points' means have 1 to 8, or 20 to 24 hours. All of these numbers divide COMMON, over which
 * the sum of the fractions is exact.
 */
#include "district.h"

#include <assert.h>

#define COMMON 212520 /* the least common multiple of 1..8 and 20..24 */
#define DAY_HOURS_MIN 20
#define FEW_POINTS 4

bool point_set_has(const struct point_set *set, int point)
{
	return set->bits[point / 32] >> point % 32 & 1;
}

static void add_point(struct point_set *set, int point)
{
	set->bits[point / 32] |= 1u << point % 32;
}

bool district_is_enough(int valid, int n)
{
	return n > 0 && (n < FEW_POINTS ? 2 * valid >= n : 4 * valid >= 3 * n);
}

/* Whether a point's mean is one, and small enough for the sum. */
static bool may_count(struct mean mean)
{
	int64_t most = (int64_t)DISTRICT_MILLI_MAX * mean.n;
	return mean.n > 0 && COMMON % mean.n == 0 && mean.sum_milli <= most &&
	       mean.sum_milli >= -most;
}

/* A sum over the points. */
struct total {
	int64_t sum; /* of their means, in thousandths / COMMON */
	int valid;
	int32_t hours; /* the fewest of a valid point */
	struct point_set points;
};

static void count_point(struct total *total, int point, struct mean mean, int32_t hours)
{
	if (!may_count(mean))
		return;
	total->sum += mean.sum_milli * (COMMON / mean.n);
	total->hours = total->valid == 0 || hours < total->hours ? hours : total->hours;
	total->valid++;
	add_point(&total->points, point);
}

/* The district's mean; none if too few of n points are valid. */
static struct mean conclude_total(const struct total *total, int n)
{
	if (!district_is_enough(total->valid, n))
		return (struct mean){0};
	return (struct mean){.sum_milli = total->sum, .n = total->valid * COMMON};
}

/* What an index's mean rests on. */
static void note_points(struct district_index *index, enum pollutant pollutant,
			const struct total *total)
{
	if (index->aqi.means[pollutant].n == 0)
		return;
	index->points[pollutant] = total->points;
	index->aqi.hours[pollutant] = total->hours;
}

static void total_hour(int n, const struct hour_values *points, enum pollutant pollutant,
		       struct total *ret)
{
	*ret = (struct total){0};
	for (int i = 0; i < n; i++) {
		if (points[i].valid & (1u << pollutant))
			count_point(ret, i, (struct mean){points[i].milli[pollutant], 1}, 1);
	}
}

struct mean district_hour(int n, const struct hour_values *points, enum pollutant pollutant)
{
	struct total total;
	total_hour(n, points, pollutant, &total);
	return conclude_total(&total, n);
}

void district_realtime(const struct edition *edition, const struct scope *scope, int n,
		       const struct hour_values *points, struct district_index *ret)
{
	struct total totals[POLLUTANT_COUNT];
	struct mean means[POLLUTANT_COUNT];
	assert(n >= 0 && n <= DISTRICT_POINTS_MAX);
	*ret = (struct district_index){0};
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		total_hour(n, points, (enum pollutant)p, &totals[p]);
		means[p] = conclude_total(&totals[p], n);
	}
	aqi_of_hour(edition, scope, means, &ret->aqi);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		note_points(ret, (enum pollutant)p, &totals[p]);
}

static void read_point(const struct edition *edition, const struct window *point,
		       struct day_means *ret)
{
	aqi_day_means(edition, point, ret);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		if (column_info((enum column)c)->period == PERIOD_24H &&
		    ret->columns[c].n < DAY_HOURS_MIN)
			ret->columns[c] = (struct mean){0};
	}
}

void district_daily(const struct edition *edition, const struct scope *scope, int n,
		    const struct window *points, struct district_index *ret)
{
	struct total totals[COLUMN_COUNT] = {0};
	struct day_means own, means = {0};
	assert(n >= 0 && n <= DISTRICT_POINTS_MAX);
	*ret = (struct district_index){0};
	for (int i = 0; i < n; i++) {
		assert(points[i].newest == points[0].newest);
		read_point(edition, &points[i], &own);
		for (int c = 0; c < COLUMN_COUNT; c++)
			count_point(&totals[c], i, own.columns[c],
				    own.hours[column_info((enum column)c)->pollutant]);
	}
	for (int c = 0; c < COLUMN_COUNT; c++)
		means.columns[c] = conclude_total(&totals[c], n);
	aqi_of_day(edition, scope, &means, &ret->aqi);
	for (int c = 0; c < COLUMN_COUNT; c++) { /* the longer period's is the mean that is shown */
		const struct column_info *column = column_info((enum column)c);
		bool longer = column->period != PERIOD_1H || ret->aqi.hours[column->pollutant] == 0;
		if (means.columns[c].n > 0 && longer)
			note_points(ret, column->pollutant, &totals[c]);
	}
}
