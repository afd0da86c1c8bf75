/* SPDX-License-Identifier: MIT */
/*
 * Concentrations go the way of observed hours: into the window, and the daily AQI of each hour
 * ahead is computed from observed and forecast hours together. Where a forecast gives only AQIs, a
 * window that holds such an hour has no concentrations; its daily value is then the mean of its 24
 * hourly AQIs, observed ones real-time, compared unrounded (domain.md 3).
 *
 *   real-time AQI 100 for 23 hours, then a forecast hour of 260: the daily value of that hour is
 * (23 * 100 + 260) / 24 = 106.667; a forecast day of 120 to 181 counts with 150.5
 */
#include "forecast.h"

#include <assert.h>
#include <string.h>

#define HOURS_A_DAY 24
#define HOUR_MS 3600000
#define BEIJING_H 8
#define AQI_TOP 500
#define CONC_TOP_MILLI 10000000
#define FAR_H 384

static const char *const kinds[] = {"model", "bulletin", "consultation"};

const char *forecast_kind_name(enum forecast_kind kind)
{
	assert(kind >= FORECAST_MODEL && kind <= FORECAST_CONSULTATION);
	return kinds[kind];
}

bool forecast_kind_parse(const char *name, enum forecast_kind *ret)
{
	for (int i = FORECAST_MODEL; i <= FORECAST_CONSULTATION; i++) {
		if (strcmp(kinds[i], name) == 0) {
			*ret = (enum forecast_kind)i;
			return true;
		}
	}
	return false;
}

bool forecast_expired(const struct forecast *forecast, int32_t max_age_h, int64_t now_ms)
{
	return now_ms - forecast->issued_ms > (int64_t)max_age_h * HOUR_MS;
}

bool forecast_has_range(const struct forecast *forecast)
{
	for (int i = 0; i < forecast->n; i++) {
		if (forecast->steps[i].aqi_max > forecast->steps[i].aqi_min)
			return true;
	}
	return false;
}

static const char *step_fault(const struct forecast *forecast, const struct forecast_step *step)
{
	if (forecast->form != FORECAST_CONCENTRATIONS)
		return step->aqi_min < 0 || step->aqi_max > AQI_TOP || step->aqi_min > step->aqi_max
			       ? "aqi: not within 0 to 500, the least first"
			       : NULL;
	if (step->values.valid == 0)
		return "an hour without any concentration";
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		int32_t milli = step->values.milli[p];
		if ((step->values.valid & (1u << p)) && (milli < 0 || milli > CONC_TOP_MILLI))
			return "a concentration below 0 or above 10000";
	}
	return NULL;
}

const char *forecast_fault(const struct forecast *forecast)
{
	int span = forecast->form == FORECAST_DAILY_AQI ? HOURS_A_DAY : 1;
	if (forecast->n < 1 || forecast->n * span > FORECAST_HOURS_MAX)
		return "not 1 to 240 hours, or 1 to 10 days";
	for (int i = 0; i < forecast->n; i++) {
		const struct forecast_step *step = &forecast->steps[i];
		int64_t ahead_ms = step->hour * HOUR_MS - forecast->issued_ms;
		if (i > 0 && step->hour < forecast->steps[i - 1].hour + span)
			return "hours or days that do not rise";
		if (span > 1 && (step->hour + BEIJING_H) % HOURS_A_DAY != 0)
			return "a day that does not end at 24:00 in Beijing";
		if (ahead_ms < -(int64_t)FAR_H * HOUR_MS || ahead_ms > (int64_t)FAR_H * HOUR_MS)
			return "an hour more than 16 days from its issue";
		const char *fault = step_fault(forecast, step);
		if (fault)
			return fault;
	}
	return NULL;
}

/* The step that speaks of an hour; NULL: none does. */
static const struct forecast_step *step_at(const struct forecast *forecast, int64_t hour)
{
	int span = forecast->form == FORECAST_DAILY_AQI ? HOURS_A_DAY : 1;
	for (int i = 0; i < forecast->n; i++) {
		const struct forecast_step *step = &forecast->steps[i];
		if (hour <= step->hour && hour > step->hour - span)
			return step;
	}
	return NULL;
}

/* ---- concentrations ---- */

static void join_values(const struct forecast_use *use, const struct forecast *forecast,
			struct window *window, int64_t hour, struct timeline_hour *ret)
{
	const struct forecast_step *step = step_at(forecast, hour);
	struct hour_values values = step ? step->values : (struct hour_values){0};
	struct aqi realtime, daily;
	if (dust_at(use->dust, hour))
		values.valid &= ~use->dust_excludes;
	window_put(window, hour, &values);
	aqi_realtime(use->edition, use->scope, &values, &realtime);
	aqi_daily(use->edition, use->scope, window, &daily);
	*ret = timeline_hour_of(daily.known ? daily.value : TIMELINE_UNKNOWN,
				realtime.known ? realtime.value : TIMELINE_UNKNOWN);
}

/* ---- AQIs ---- */

static int32_t hourly_milli(const struct forecast_use *use, const struct forecast_step *step)
{
	if (use->take_max)
		return step->aqi_max * AQI_MILLI;
	return (step->aqi_min + step->aqi_max) * (AQI_MILLI / 2);
}

/* The mean of the 24 hourly AQIs up to the i-th hour, if as many are known as a day needs. */
static int32_t mean_of_day(const struct edition *edition, const struct timeline *timeline, int i)
{
	int64_t sum = 0;
	int n = 0;
	for (int k = i; k > i - HOURS_A_DAY && k >= 0; k--) {
		int32_t value = timeline->hours[k].realtime_milli;
		if (value == TIMELINE_UNKNOWN || timeline->hours[k].dust)
			continue;
		sum += value;
		n++;
	}
	return n < edition->day_min_hours ? TIMELINE_UNKNOWN : (int32_t)round_half_even(sum, n);
}

static void join_aqi(const struct forecast_use *use, const struct forecast *forecast,
		     struct timeline *timeline, int i)
{
	const struct forecast_step *step = step_at(forecast, timeline_label(timeline, i));
	struct timeline_hour *hour = &timeline->hours[i];
	*hour = timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN);
	if (step) {
		hour->realtime_milli = hourly_milli(use, step);
		hour->short_heavy = step->short_heavy;
	}
	hour->daily_milli = mean_of_day(use->edition, timeline, i);
}

/* ---- both ---- */

static int hours_ahead(const struct forecast *forecast, int64_t now)
{
	if (forecast->issued_ms == 0 || forecast->n == 0)
		return 0;
	int64_t ahead = forecast->steps[forecast->n - 1].hour - now;
	if (ahead <= 0)
		return 0;
	return ahead < TIMELINE_AHEAD_HOURS ? (int)ahead : TIMELINE_AHEAD_HOURS;
}

void forecast_join(const struct forecast_use *use, const struct forecast *forecast,
		   const struct window *window, struct timeline *timeline)
{
	struct window moving = *window;
	bool concentrations = forecast->form == FORECAST_CONCENTRATIONS;
	timeline->ahead = hours_ahead(forecast, timeline->now);
	timeline->basis = concentrations ? BASIS_FORECAST : BASIS_FORECAST_AQI;
	for (int i = timeline->past; i < timeline->past + timeline->ahead; i++) {
		int64_t label = timeline_label(timeline, i);
		struct timeline_hour *hour = &timeline->hours[i];
		if (use->expired)
			*hour = timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN);
		else if (concentrations)
			join_values(use, forecast, &moving, label, hour);
		else
			join_aqi(use, forecast, timeline, i);
		hour->dust = dust_at(use->dust, label);
		hour->dust_blind = !use->expired && hour->daily_milli == TIMELINE_UNKNOWN &&
				   dust_within(use->dust, label - HOURS_A_DAY + 1, label);
	}
}
