/* SPDX-License-Identifier: MIT */
#include "payload_json.h"

#include <stdlib.h>

#include "clock.h"
#include "time_text.h"

#define PRECISION 12 /* significant digits: a concentration in thousandths prints as it is */

json_t *payload_text(const char *text)
{
	return text ? json_string(text) : json_null();
}

json_t *payload_time(int64_t wall_ms)
{
	char text[TIME_TEXT_SIZE];
	return json_string(time_text(wall_ms, text));
}

json_t *payload_time_or_null(int64_t wall_ms)
{
	return wall_ms == 0 ? json_null() : payload_time(wall_ms);
}

json_t *payload_text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_string(text);
}

/* An END label; 0 is none. */
json_t *payload_hour(int64_t hour)
{
	return hour == 0 ? json_null() : payload_time(hour * HOUR_MS);
}

json_t *payload_kg(int64_t grams)
{
	return grams == CUT_UNSAID ? json_null() : json_real((double)grams / 1000);
}

json_t *payload_both(const char *zh, const char *en)
{
	return json_pack("{s:s*, s:s*}", "zh", zh, "en", en);
}

static json_t *station_json(const struct station_conf *station)
{
	json_t *json =
		json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*}", "id", station->id, "name_zh",
			  station->name_zh, "name_en", station->name_en, "area", station->area,
			  "national_code", station->national_code, "mn", station->mn);
	if (json && station->lng && station->lat) {
		json_object_set_new(json, "lng", json_real(strtod(station->lng, NULL)));
		json_object_set_new(json, "lat", json_real(strtod(station->lat, NULL)));
	}
	return json;
}

json_t *payload_begin(const struct payload_head *head)
{
	json_t *json = json_pack(
		"{s:s, s:o, s:s, s:o, s:b}", "id", head->id, "time", payload_time(head->time_ms),
		"time_quality", time_quality_name(head->time_quality), "station",
		station_json(&head->conf->station), "exercise", head->conf->exercise);
	if (json && head->seq != 0)
		json_object_set_new(json, "seq", json_integer(head->seq));
	if (json && head->is_volatile)
		json_object_set_new(json, "volatile", json_true());
	return json;
}

/* Writes and releases. */
char *payload_finish(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));
	json_decref(json);
	return text;
}

json_t *payload_concentration(int64_t milli, int32_t step_milli)
{
	int64_t rounded = round_half_even(milli, step_milli) * step_milli;
	if (step_milli % 1000 == 0)
		return json_integer(rounded / 1000);
	return json_real((double)rounded / 1000);
}

json_t *payload_pollutants(pollutant_set set)
{
	json_t *list = json_array();
	for (int i = 0; i < POLLUTANT_COUNT; i++) {
		if (set & (1u << i))
			json_array_append_new(list,
					      json_string(pollutant_info((enum pollutant)i)->key));
	}
	return list;
}
