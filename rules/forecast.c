/* SPDX-License-Identifier: MIT */
#include "forecast.h"

#include <assert.h>
#include <string.h>

#include "hour.h"

#define HOURS_A_DAY 24
#define HOUR_MS 3600000
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

int forecast_beyond(const struct forecast *forecast, const struct edition *edition,
		    pollutant_set *ret)
{
	int n = 0;
	pollutant_set all = 0;
	for (int i = 0; i < forecast->n && forecast->form == FORECAST_CONCENTRATIONS; i++) {
		const struct hour_values *values = &forecast->steps[i].values;
		pollutant_set beyond = edition_beyond(edition, values->valid, values->milli);
		all |= beyond;
		n += beyond != 0;
	}
	*ret = all;
	return n;
}

bool forecast_expired(const struct forecast *forecast, int32_t max_age_h, int64_t now_ms)
{
	return now_ms - forecast->issued_ms > (int64_t)max_age_h * HOUR_MS;
}

int forecast_step_hours(const struct forecast *forecast)
{
	return forecast->form == FORECAST_DAILY_AQI ? HOURS_A_DAY : 1;
}

bool forecast_reaches(const struct forecast *forecast, int64_t now)
{
	return forecast->n > 0 && forecast->steps[forecast->n - 1].hour > now;
}

bool forecast_has_range(const struct forecast *forecast)
{
	for (int i = 0; i < forecast->n; i++) {
		if (forecast->steps[i].aqi_max > forecast->steps[i].aqi_min)
			return true;
	}
	return false;
}

static enum forecast_fault step_fault(const struct forecast *forecast,
				      const struct forecast_step *step)
{
	if (forecast->form != FORECAST_CONCENTRATIONS)
		return step->aqi_min < 0 || step->aqi_max > AQI_TOP || step->aqi_min > step->aqi_max
			       ? FORECAST_NO_AQI
			       : FORECAST_GOOD;
	if (step->values.valid == 0)
		return FORECAST_NO_VALUE;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		int32_t milli = step->values.milli[p];
		if ((step->values.valid & (1u << p)) && (milli < 0 || milli > CONC_TOP_MILLI))
			return FORECAST_BAD_VALUE;
	}
	return FORECAST_GOOD;
}

enum forecast_fault forecast_fault(const struct forecast *forecast)
{
	int span = forecast_step_hours(forecast);
	if (forecast->n < 1 || forecast->n * span > FORECAST_HOURS_MAX)
		return FORECAST_TOO_MANY;
	for (int i = 0; i < forecast->n; i++) {
		const struct forecast_step *step = &forecast->steps[i];
		int64_t ahead_ms = step->hour * HOUR_MS - forecast->issued_ms;
		if (i > 0 && step->hour < forecast->steps[i - 1].hour + span)
			return FORECAST_NO_RISE;
		if (span > 1 && (step->hour + BEIJING_H) % HOURS_A_DAY != 0)
			return FORECAST_DAY_ENDS;
		if (ahead_ms < -(int64_t)FAR_H * HOUR_MS || ahead_ms > (int64_t)FAR_H * HOUR_MS)
			return FORECAST_FAR;
		enum forecast_fault fault = step_fault(forecast, step);
		if (fault != FORECAST_GOOD)
			return fault;
	}
	return FORECAST_GOOD;
}
