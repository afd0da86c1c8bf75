/* SPDX-License-Identifier: MIT */
#include "json_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "hour.h"
#include "time_text.h"

#define COUNT_MAX ((INT64_C(1) << 53) - 1)
#define CONCENTRATION_MAX 100000
#define KG_MAX 100000000 /* CUTS_GRAMS_MAX */
#define ID_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-"

/* ---- each type: false if the value is none ---- */

static bool read_json_text(const json_t *value, const struct table_key *key, char *ret)
{
	const char *text = json_string_value(value);
	size_t n = json_string_length(value);
	if (!text || n < 1 || n >= key->size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	}
	if (key->type == TABLE_ID && strspn(text, ID_LETTERS) != n)
		return false;
	memcpy(ret, text, n + 1);
	return true;
}

static bool read_json_time(const json_t *value, int64_t *ret)
{
	const char *text = json_string_value(value);
	return text && time_parse(text, ret) && *ret > 0;
}

static bool read_json_hour(const json_t *value, int64_t *ret)
{
	int64_t ms;
	if (!read_json_time(value, &ms) || ms % HOUR_MS != 0)
		return false;
	*ret = ms / HOUR_MS;
	return true;
}

/* A day ends with 24:00. */
static bool read_json_date(const json_t *value, int64_t *ret)
{
	const char *text = json_string_value(value);
	int64_t ms;
	if (!text || !time_parse_date(text, &ms) || ms <= 0)
		return false;
	*ret = ms / HOUR_MS + 24;
	return true;
}

/* 50.0 is a whole number, as JSON Schema has it; min and max are at most 2^53 from 0. */
static bool read_json_integer(const json_t *value, int64_t min, int64_t max, int64_t *ret)
{
	double number = json_number_value(value);
	if (!json_is_number(value) || !(number >= (double)min && number <= (double)max) ||
	    number != floor(number))
		return false;
	*ret = json_is_integer(value) ? json_integer_value(value) : (int64_t)number;
	return *ret >= min && *ret <= max;
}

static bool read_json_aqi(const json_t *value, int32_t *ret)
{
	int64_t aqi;
	if (!read_json_integer(value, 0, 500, &aqi))
		return false;
	*ret = (int32_t)aqi;
	return true;
}

static bool read_json_per_cent(const json_t *value, int32_t *ret)
{
	int64_t pct;
	if (!read_json_integer(value, 0, 100, &pct))
		return false;
	*ret = (int32_t)pct;
	return true;
}

static bool read_json_kg(const json_t *value, int64_t *ret)
{
	double number = json_number_value(value);
	if (!json_is_number(value) || !(number >= 0 && number <= KG_MAX))
		return false;
	*ret = llround(number * 1000);
	return true;
}

static bool read_json_milli(const json_t *value, int pollutant, struct hour_values *ret)
{
	double number = json_number_value(value);
	if (!json_is_number(value) || !(number >= 0 && number <= CONCENTRATION_MAX))
		return false;
	ret->milli[pollutant] = (int32_t)lround(number * 1000);
	ret->valid |= 1u << pollutant;
	return true;
}

static int index_of(const json_t *value, const char *const *names)
{
	const char *text = json_string_value(value);
	for (int i = 0; text && names[i]; i++) {
		if (strcmp(names[i], text) == 0)
			return i;
	}
	return -1;
}

static bool read_json_pollutants(const json_t *value, pollutant_set *ret)
{
	pollutant_set set = 0;
	size_t n = json_array_size(value);
	for (size_t i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(value, i));
		enum pollutant pollutant;
		if (!text || !pollutant_parse(text, &pollutant) || set & (1u << pollutant))
			return false;
		set |= 1u << pollutant;
	}
	if (set != 0)
		*ret = set;
	return set != 0;
}

static bool read_json_bool(const json_t *value, bool *ret)
{
	if (json_is_boolean(value))
		*ret = json_is_true(value);
	return json_is_boolean(value);
}

static bool read_json_value(const json_t *value, const struct table_key *key, void *member)
{
	int i;
	switch (key->type) {
	case TABLE_TEXT_TYPE:
	case TABLE_ID:
		return read_json_text(value, key, member);
	case TABLE_TIME:
		return read_json_time(value, member);
	case TABLE_HOUR:
		return read_json_hour(value, member);
	case TABLE_DATE:
		return read_json_date(value, member);
	case TABLE_COUNT:
		return read_json_integer(value, 1, COUNT_MAX, member);
	case TABLE_AQI:
		return read_json_aqi(value, member);
	case TABLE_PER_CENT:
		return read_json_per_cent(value, member);
	case TABLE_KG:
		return read_json_kg(value, member);
	case TABLE_MILLI:
		return read_json_milli(value, key->extra, member);
	case TABLE_BOOL:
		return read_json_bool(value, member);
	case TABLE_ENUM:
		i = index_of(value, key->names);
		if (i >= 0)
			*(unsigned *)member = (unsigned)i;
		return i >= 0;
	case TABLE_BOOL_NAME:
		i = index_of(value, key->names);
		if (i >= 0)
			*(bool *)member = i == 1;
		return i >= 0;
	case TABLE_POLLUTANTS:
		return read_json_pollutants(value, member);
	case TABLE_ANY_LIST:
		return json_is_array(value);
	case TABLE_ANY_TEXT:
		return json_is_string(value);
	}
	return false;
}

/* ---- the object ---- */

/* What a value had to be, for whoever sent it. */
static const char *type_text(enum table_type type)
{
	static const char *const texts[] = {
		[TABLE_TEXT_TYPE] = "a text", /* and how long */
		[TABLE_ID] = "1 to 64 of A-Z a-z 0-9 . _ : -",
		[TABLE_TIME] = "a time like 2026-01-31T09:00:00+08:00",
		[TABLE_HOUR] = "a full hour like 2026-01-31T09:00:00+08:00",
		[TABLE_DATE] = "a date like 2026-01-31",
		[TABLE_COUNT] = "a whole number from 1",
		[TABLE_AQI] = "a whole number from 0 to 500",
		[TABLE_PER_CENT] = "a whole number from 0 to 100",
		[TABLE_KG] = "a number from 0 to 100000000",
		[TABLE_MILLI] = "a number from 0 to 100000",
		[TABLE_BOOL] = "true or false",
		[TABLE_ENUM] = "one of the words for it",
		[TABLE_BOOL_NAME] = "one of the words for it",
		[TABLE_POLLUTANTS] = "a list of pollutants",
		[TABLE_ANY_LIST] = "a list",
		[TABLE_ANY_TEXT] = "a text",
	};
	return texts[type];
}

static void tell_type(const struct table_key *key, char why[COMMAND_TEXT_MAX])
{
	if (key->type == TABLE_TEXT_TYPE)
		snprintf(why, COMMAND_TEXT_MAX, "%s: not a text of 1 to %zu bytes", key->key,
			 key->size - 1);
	else
		snprintf(why, COMMAND_TEXT_MAX, "%s: not %s", key->key, type_text(key->type));
}

bool table_read_open(json_t *object, const struct table_key *keys, void *ret,
		     char why[COMMAND_TEXT_MAX])
{
	if (!json_is_object(object)) {
		snprintf(why, COMMAND_TEXT_MAX, "not an object where one belongs");
		return false;
	}
	for (const struct table_key *key = keys; key->key; key++) {
		const json_t *value = json_object_get(object, key->key);
		if (!value && key->required)
			snprintf(why, COMMAND_TEXT_MAX, "%s: missing", key->key);
		else if (value && !read_json_value(value, key, (char *)ret + key->offset))
			tell_type(key, why);
		if (why[0] != '\0')
			return false;
		if (key->type != TABLE_ANY_LIST)
			json_object_del(object, key->key);
	}
	return true;
}

bool table_read(json_t *object, const struct table_key *keys, void *ret, char why[COMMAND_TEXT_MAX])
{
	if (!table_read_open(object, keys, ret, why))
		return false;
	void *item = json_object_iter(object);
	while (item) {
		bool known = false;
		for (const struct table_key *key = keys; key->key; key++)
			known = known || strcmp(key->key, json_object_iter_key(item)) == 0;
		if (!known) {
			snprintf(why, COMMAND_TEXT_MAX, "unknown key %.60s",
				 json_object_iter_key(item));
			return false;
		}
		item = json_object_iter_next(object, item);
	}
	return true;
}

bool table_read_id(const json_t *value, char *ret, size_t size, const char *key,
		   char why[COMMAND_TEXT_MAX])
{
	const struct table_key element = {.key = key, .type = TABLE_ID, .size = size};
	if (read_json_text(value, &element, ret))
		return true;
	tell_type(&element, why);
	return false;
}
