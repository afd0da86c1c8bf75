/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "crc.h"
#include "hours_inside.h"

uint32_t hours_row_crc(int64_t hour, const char *pollutant, const int32_t *mean_milli, bool valid)
{
	char text[80], mean[16] = "";
	if (mean_milli)
		snprintf(mean, sizeof(mean), "%d", *mean_milli);
	snprintf(text, sizeof(text), "%lld|%.16s|%s|%d", (long long)hour, pollutant, mean, valid);
	return crc32_of_text(text);
}

uint32_t hours_crc(int64_t hour, const char *pollutant, int32_t mean_milli)
{
	return hours_row_crc(hour, pollutant, &mean_milli, true);
}

uint32_t hours_crc_of_none(int64_t hour, const char *pollutant)
{
	return hours_row_crc(hour, pollutant, NULL, false);
}
