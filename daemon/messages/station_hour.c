/* SPDX-License-Identifier: MIT */
#include "station_hour.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "time_text.h"

#define VALUE_MAX 100000 /* of the pollutant's unit: no air was ever near it */

static bool read_hour(const json_t *json, struct point_hour *ret)
{
	const char *text = json_string_value(json_object_get(json, "hour"));
	int64_t ms = 0;
	if (!text || !time_parse(text, &ms) || ms <= 0 || ms % HOUR_MS != 0)
		return false;
	ret->hour = ms / HOUR_MS;
	return true;
}

static bool read_rev(const json_t *json, struct point_hour *ret)
{
	const json_t *rev = json_object_get(json, "rev");
	json_int_t value = json_integer_value(rev);
	ret->rev = (int32_t)value;
	return json_is_integer(rev) && value >= 0 && value <= INT32_MAX;
}

/* One that is null, or not measured there, is missing. */
static bool read_value(const json_t *hourly, enum pollutant pollutant, struct hour_values *ret)
{
	const json_t *value = json_object_get(hourly, pollutant_info(pollutant)->field);
	if (!value || json_is_null(value))
		return true;
	double number = json_number_value(value);
	if (!json_is_number(value) || !(fabs(number) <= VALUE_MAX))
		return false;
	ret->milli[pollutant] = (int32_t)lround(number * 1000);
	ret->valid |= 1u << pollutant;
	return true;
}

static void read_status(const json_t *json, struct point_hour *ret)
{
	const char *status = json_string_value(json_object_get(json, "data_status"));
	ret->reviewed = status && strcmp(status, "reviewed") == 0;
}

static const char *read_message(const json_t *json, struct point_hour *ret)
{
	const json_t *hourly = json_object_get(json, "hourly");
	if (!read_hour(json, ret))
		return "hour: not an hour";
	if (!read_rev(json, ret))
		return "rev: not a revision";
	if (!json_is_object(hourly))
		return "hourly: not an object";
	read_status(json, ret);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!read_value(hourly, (enum pollutant)p, &ret->values))
			return "hourly: not a concentration";
	}
	return NULL;
}

/* NULL: it cannot be read. */
static char *shorten_message(const char *message, size_t n)
{
	json_t *json = json_loadb(message, n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *hourly = json_object_get(json, "hourly");
	json_t *kept = json_object(), *values = json_object();
	struct point_hour ignored = {0};
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		const char *field = pollutant_info((enum pollutant)p)->field;
		json_object_set(values, field, json_object_get(hourly, field));
	}
	json_object_set(kept, "hour", json_object_get(json, "hour"));
	json_object_set(kept, "rev", json_object_get(json, "rev"));
	json_object_set(kept, "data_status", json_object_get(json, "data_status"));
	json_object_set_new(kept, "hourly", values);
	char *text = json && !read_message(json, &ignored) ? json_dumps(kept, JSON_COMPACT) : NULL;
	json_decref(kept);
	json_decref(json);
	return text;
}

char *station_hour_entry(const char *station, const char *message, size_t n)
{
	char *text = shorten_message(message, n), *ret = NULL;
	int length = text ? (int)strlen(text) : (int)n;
	if (asprintf(&ret, "%s\n%.*s", station, length, text ? text : message) < 0)
		ret = NULL;
	free(text);
	return ret;
}

bool station_hour_parse(const char *text, size_t n, struct point_hour *ret,
			char why[COMMAND_TEXT_MAX])
{
	const char *line = memchr(text, '\n', n);
	size_t id = line ? (size_t)(line - text) : 0;
	*ret = (struct point_hour){0};
	if (id == 0 || id >= sizeof(ret->station)) {
		snprintf(why, COMMAND_TEXT_MAX, "no station");
		return false;
	}
	memcpy(ret->station, text, id);
	json_error_t error;
	json_t *json = json_loadb(line + 1, n - id - 1, JSON_REJECT_DUPLICATES, &error);
	const char *wrong = json ? read_message(json, ret) : "no JSON";
	json_decref(json);
	if (wrong)
		snprintf(why, COMMAND_TEXT_MAX, "%s", wrong);
	return !wrong;
}
