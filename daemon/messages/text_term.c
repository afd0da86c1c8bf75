/* SPDX-License-Identifier: MIT */
#include "text_term.h"

#include <stdio.h>
#include <string.h>

#include "area.h"
#include "time_text.h"

#define DAY_MS INT64_C(86400000)

const char *text_emission(enum emission emission, enum text_language language)
{
	static const char *const names[EMISSION_COUNT] = {"SO2", "NOx", "PM", "VOCs"};
	return emission == EMISSION_PM && language == TEXT_ZH ? "颗粒物" : names[emission];
}

const char *text_pollutant(enum pollutant pollutant, enum text_language language)
{
	const struct pollutant_info *info = pollutant_info(pollutant);
	return language == TEXT_ZH ? info->name_zh : info->name;
}

const char *text_instant(int64_t wall_ms, bool ends, enum text_language language,
			 char ret[TEXT_INSTANT_MAX])
{
	struct tm tm = time_beijing(wall_ms);
	int hour = tm.tm_hour;
	if (ends && hour == 0 && tm.tm_min == 0) {
		tm = time_beijing(wall_ms - DAY_MS);
		hour = 24;
	}
	if (language == TEXT_EN)
		snprintf(ret, TEXT_INSTANT_MAX, "%d-%02d-%02d %02d:%02d", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, hour, tm.tm_min);
	else if (tm.tm_min == 0)
		snprintf(ret, TEXT_INSTANT_MAX, "%d年%d月%d日%d时", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, hour);
	else
		snprintf(ret, TEXT_INSTANT_MAX, "%d年%d月%d日%d时%d分", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, hour, tm.tm_min);
	return ret;
}

const char *text_response(const struct plan_level *level, enum text_language language,
			  char ret[TEXT_RESPONSE_MAX])
{
	static const char *const ascii[] = {"I", "II", "III", "IV"};
	static const char *const full[] = {"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"};
	const char *rank = level->response;
	for (size_t i = 0; i < 4 && language == TEXT_ZH; i++) {
		if (strcmp(level->response, ascii[i]) == 0)
			rank = full[i];
	}
	snprintf(ret, TEXT_RESPONSE_MAX, language == TEXT_ZH ? "%s级" : "%s", rank);
	return ret;
}

const char *text_district(const struct station_conf *station, enum text_language language)
{
	const char *name = language == TEXT_ZH ? station->district_zh : station->district_en;
	const char *other = language == TEXT_ZH ? station->district_en : station->district_zh;
	return name ? name : other ? other : station->area;
}

bool text_is_district(const struct station_conf *station, const char *area)
{
	return area[0] == '\0' || area_is_place(area, station->area) ||
	       (station->district_zh && area_is_place(area, station->district_zh)) ||
	       (station->district_en && area_is_place(area, station->district_en));
}
