/* SPDX-License-Identifier: MIT */
#include "pollutant.h"

#include <assert.h>
#include <string.h>

/* HJ 633 names them in this order; steps of published values: HJ 663-2013 6.3. */
static const struct pollutant_info pollutants[POLLUTANT_COUNT] = {
	[POLLUTANT_PM25] = {"pm25", "pm25_ug_m3", "PM2.5", "细颗粒物（PM2.5）", "ug/m3", 1000},
	[POLLUTANT_PM10] = {"pm10", "pm10_ug_m3", "PM10", "可吸入颗粒物（PM10）", "ug/m3", 1000},
	[POLLUTANT_SO2] = {"so2", "so2_ug_m3", "SO2", "二氧化硫（SO2）", "ug/m3", 1000},
	[POLLUTANT_NO2] = {"no2", "no2_ug_m3", "NO2", "二氧化氮（NO2）", "ug/m3", 1000},
	[POLLUTANT_CO] = {"co", "co_mg_m3", "CO", "一氧化碳（CO）", "mg/m3", 100},
	[POLLUTANT_O3] = {"o3", "o3_ug_m3", "O3", "臭氧（O3）", "ug/m3", 1000},
};

const struct pollutant_info *pollutant_info(enum pollutant pollutant)
{
	assert((int)pollutant >= 0 && (int)pollutant < POLLUTANT_COUNT);
	return &pollutants[pollutant];
}

bool pollutant_parse(const char *key, enum pollutant *ret)
{
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (strcmp(pollutants[i].key, key) == 0) {
			*ret = (enum pollutant)i;
			return true;
		}
	}
	return false;
}

int64_t round_half_even(int64_t value, int64_t divisor)
{
	assert(divisor > 0);
	int64_t quotient = value / divisor, rest = value % divisor;
	if (rest < 0) { /* floor division */
		rest += divisor;
		quotient--;
	}
	/* rest against divisor - rest: 2 * rest could overflow */
	if (rest > divisor - rest || (rest == divisor - rest && quotient % 2 != 0))
		quotient++;
	return quotient;
}
