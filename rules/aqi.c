/* SPDX-License-Identifier: MIT */
/*
 * AQI = the largest IAQI of what is present (HJ 633 formula (2)); the primary pollutants are all
 * that reach it, once it is above 50 (2012 4.4.1, 2026 4.2.5). The edition says how low it may be
 * (2026 4.1.1: 1).
 *
 * Daily (plan 4.1): the 24 h means of the 24 hours that end with this hour, for O3 the largest 8 h
 * mean that lies wholly inside them, and where the edition says so the largest hour.
 *
 *   PM2.5 mean 151 (201), PM10 mean 250 (150), O3 8 h 100 (50): daily AQI 201, primary PM2.5
 *
 * Which indicators count, and whether means are rounded first, is the edition's file.
 */
#include "aqi.h"

#include "iaqi.h"

static struct mean mean_of_period(const struct edition *edition, const struct window *window,
				  const struct column_info *column, struct mean day)
{
	enum pollutant pollutant = column->pollutant;
	switch (column->period) {
	case PERIOD_24H:
		return day.n >= edition->day_min_hours ? day : (struct mean){0};
	case PERIOD_8H:
		return window_max_8h(window, pollutant, edition->o3_8h_min_hours,
				     edition->o3_8h_min_means);
	case PERIOD_1H:
		return window_max_1h(window, pollutant, edition->o3_1h_min_hours);
	}
	return (struct mean){0};
}

/* One indicator's part: the larger IAQI of a pollutant counts, and the mean of its longer period.
 */
static void add_indicator(const struct edition *edition, enum column column, struct mean mean,
			  struct aqi *aqi)
{
	enum pollutant pollutant = column_info(column)->pollutant;
	if (mean.n == 0)
		return;
	if (edition->round_means)
		mean = mean_round(pollutant, mean);
	if (aqi->means[pollutant].n == 0 || column_info(column)->period != PERIOD_1H)
		aqi->means[pollutant] = mean;
	int32_t iaqi = iaqi_of(edition, column, mean);
	if (iaqi > aqi->iaqi[pollutant])
		aqi->iaqi[pollutant] = iaqi;
}

static int category_of(const struct edition *edition, int32_t value)
{
	int category = 0;
	while (category < edition->n_categories - 1 && value > edition->categories[category].upto)
		category++;
	return category;
}

/* Value, completeness, category and primaries from the IAQIs. */
static void conclude_aqi(const struct edition *edition, const struct scope *scope,
			 pollutant_set needed, struct aqi *aqi)
{
	int32_t largest = IAQI_NONE;
	aqi->complete = true;
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		pollutant_set bit = 1u << i;
		if ((scope->monitored & bit) && aqi->means[i].n == 0)
			aqi->complete = false;
		if ((needed & bit) && aqi->means[i].n > 0)
			aqi->known = true;
		if (aqi->iaqi[i] > largest)
			largest = aqi->iaqi[i];
	}
	aqi->known = aqi->known && largest != IAQI_NONE;
	if (largest == IAQI_NONE)
		return;
	aqi->value = largest > edition->lowest ? largest : edition->lowest;
	aqi->category = category_of(edition, aqi->value);
	aqi->publishable = aqi->complete || largest > edition->incomplete_above;
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (largest > edition->primary_above && aqi->iaqi[i] == largest)
			aqi->primary |= 1u << i;
	}
}

static void begin_aqi(struct aqi *aqi)
{
	*aqi = (struct aqi){0};
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		aqi->iaqi[i] = IAQI_NONE;
}

void aqi_day_means(const struct edition *edition, const struct window *window,
		   struct day_means *ret)
{
	struct mean day[POLLUTANT_COUNT];
	*ret = (struct day_means){0};
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		day[i] = window_sum(window, (enum pollutant)i, window->newest, WINDOW_HOURS);
		ret->hours[i] = day[i].n;
	}
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *column = column_info((enum column)c);
		if (edition->daily & (1u << c))
			ret->columns[c] =
				mean_of_period(edition, window, column, day[column->pollutant]);
	}
}

void aqi_of_day(const struct edition *edition, const struct scope *scope,
		const struct day_means *means, struct aqi *ret)
{
	begin_aqi(ret);
	for (int i = 0; i < POLLUTANT_COUNT; i++)
		ret->hours[i] = means->hours[i];
	for (int c = 0; c < COLUMN_COUNT; c++) {
		pollutant_set bit = 1u << column_info((enum column)c)->pollutant;
		if ((edition->daily & (1u << c)) && (scope->monitored & bit))
			add_indicator(edition, (enum column)c, means->columns[c], ret);
	}
	conclude_aqi(edition, scope, scope->leading, ret);
}

void aqi_daily(const struct edition *edition, const struct scope *scope,
	       const struct window *window, struct aqi *ret)
{
	struct day_means means;
	aqi_day_means(edition, window, &means);
	aqi_of_day(edition, scope, &means, ret);
}

void aqi_of_hour(const struct edition *edition, const struct scope *scope,
		 const struct mean means[POLLUTANT_COUNT], struct aqi *ret)
{
	begin_aqi(ret);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		enum pollutant pollutant = column_info((enum column)c)->pollutant;
		pollutant_set bit = 1u << pollutant;
		if (!(edition->realtime & (1u << c)) || !(scope->monitored & bit) ||
		    means[pollutant].n == 0)
			continue;
		ret->hours[pollutant] = 1;
		add_indicator(edition, (enum column)c, means[pollutant], ret);
	}
	conclude_aqi(edition, scope, scope->monitored, ret);
}

void aqi_realtime(const struct edition *edition, const struct scope *scope,
		  const struct hour_values *values, struct aqi *ret)
{
	struct mean means[POLLUTANT_COUNT] = {0};
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (values->valid & (1u << i))
			means[i] = (struct mean){.sum_milli = values->milli[i], .n = 1};
	}
	aqi_of_hour(edition, scope, means, ret);
}
