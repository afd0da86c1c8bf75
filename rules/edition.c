/* SPDX-License-Identifier: MIT */
#include "edition.h"

#include <assert.h>

static const struct column_info columns[COLUMN_COUNT] = {
	[COLUMN_SO2_24H] = {"so2_24h", POLLUTANT_SO2, PERIOD_24H},
	[COLUMN_SO2_1H] = {"so2_1h", POLLUTANT_SO2, PERIOD_1H},
	[COLUMN_NO2_24H] = {"no2_24h", POLLUTANT_NO2, PERIOD_24H},
	[COLUMN_NO2_1H] = {"no2_1h", POLLUTANT_NO2, PERIOD_1H},
	[COLUMN_CO_24H] = {"co_24h", POLLUTANT_CO, PERIOD_24H},
	[COLUMN_CO_1H] = {"co_1h", POLLUTANT_CO, PERIOD_1H},
	[COLUMN_O3_1H] = {"o3_1h", POLLUTANT_O3, PERIOD_1H},
	[COLUMN_O3_8H] = {"o3_8h", POLLUTANT_O3, PERIOD_8H},
	[COLUMN_PM10_24H] = {"pm10_24h", POLLUTANT_PM10, PERIOD_24H},
	[COLUMN_PM25_24H] = {"pm25_24h", POLLUTANT_PM25, PERIOD_24H},
};

const struct column_info *column_info(enum column column)
{
	assert((int)column >= 0 && (int)column < COLUMN_COUNT);
	return &columns[column];
}

pollutant_set edition_beyond(const struct edition *edition, pollutant_set valid,
			     const int32_t *means_milli)
{
	pollutant_set beyond = 0;

	for (int p = 0; p < POLLUTANT_COUNT; p++)
		if ((valid & (1u << p)) && means_milli[p] > edition->bound_milli[p])
			beyond |= 1u << p;
	return beyond;
}
