/* SPDX-License-Identifier: MIT */
#include "inbox_table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "hour.h"

#define COUNT_MAX ((INT64_C(1) << 53) - 1)
#define CONCENTRATION_MAX 100000
#define ID_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-"

/* ---- each type: false if the value is none ---- */

static bool read_text(const json_t *value, const struct inbox_key *key, char *ret)
{
	const char *text = json_string_value(value);
	size_t n = json_string_length(value);
	if (!text || n < 1 || n >= key->size)
		return false;
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	}
	if (key->type == INBOX_ID && strspn(text, ID_LETTERS) != n)
		return false;
	memcpy(ret, text, n + 1);
	return true;
}

static bool read_time(const json_t *value, int64_t *ret)
{
	const char *text = json_string_value(value);
	return text && conf_parse_time(text, ret) && *ret > 0;
}

static bool read_hour(const json_t *value, int64_t *ret)
{
	int64_t ms;
	if (!read_time(value, &ms) || ms % HOUR_MS != 0)
		return false;
	*ret = ms / HOUR_MS;
	return true;
}

/* A day ends with 24:00. */
static bool read_date(const json_t *value, int64_t *ret)
{
	const char *text = json_string_value(value);
	char midnight[32];
	int64_t ms;
	if (!text || strlen(text) != strlen("2026-01-31"))
		return false;
	snprintf(midnight, sizeof(midnight), "%sT00:00:00+08:00", text);
	if (!conf_parse_time(midnight, &ms) || ms <= 0)
		return false;
	*ret = ms / HOUR_MS + 24;
	return true;
}

static bool read_integer(const json_t *value, int64_t min, int64_t max, int64_t *ret)
{
	if (!json_is_integer(value) || json_integer_value(value) < min ||
	    json_integer_value(value) > max)
		return false;
	*ret = json_integer_value(value);
	return true;
}

static bool read_aqi(const json_t *value, int32_t *ret)
{
	int64_t aqi;
	if (!read_integer(value, 0, 500, &aqi))
		return false;
	*ret = (int32_t)aqi;
	return true;
}

static bool read_milli(const json_t *value, int pollutant, struct hour_values *ret)
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

static bool read_pollutants(const json_t *value, pollutant_set *ret)
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

static bool read_bool(const json_t *value, bool *ret)
{
	if (json_is_boolean(value))
		*ret = json_is_true(value);
	return json_is_boolean(value);
}

static bool read_value(const json_t *value, const struct inbox_key *key, void *member)
{
	int i;
	switch (key->type) {
	case INBOX_TEXT_TYPE:
	case INBOX_ID:
		return read_text(value, key, member);
	case INBOX_TIME:
		return read_time(value, member);
	case INBOX_HOUR:
		return read_hour(value, member);
	case INBOX_DATE:
		return read_date(value, member);
	case INBOX_COUNT:
		return read_integer(value, 1, COUNT_MAX, member);
	case INBOX_AQI:
		return read_aqi(value, member);
	case INBOX_MILLI:
		return read_milli(value, key->extra, member);
	case INBOX_BOOL:
		return read_bool(value, member);
	case INBOX_ENUM:
		i = index_of(value, key->names);
		if (i >= 0)
			*(unsigned *)member = (unsigned)i;
		return i >= 0;
	case INBOX_BOOL_NAME:
		i = index_of(value, key->names);
		if (i >= 0)
			*(bool *)member = i == 1;
		return i >= 0;
	case INBOX_POLLUTANTS:
		return read_pollutants(value, member);
	case INBOX_ANY_LIST:
		return json_is_array(value);
	case INBOX_ANY_TEXT:
		return json_is_string(value);
	}
	return false;
}

/* ---- the object ---- */

/* What a value had to be, for whoever sent it. */
static const char *type_text(enum inbox_type type)
{
	static const char *const texts[] = {
		[INBOX_TEXT_TYPE] = "a text of 1 to 127 bytes",
		[INBOX_ID] = "1 to 64 of A-Z a-z 0-9 . _ : -",
		[INBOX_TIME] = "a time like 2026-01-31T09:00:00+08:00",
		[INBOX_HOUR] = "a full hour like 2026-01-31T09:00:00+08:00",
		[INBOX_DATE] = "a date like 2026-01-31",
		[INBOX_COUNT] = "a whole number from 1",
		[INBOX_AQI] = "a whole number from 0 to 500",
		[INBOX_MILLI] = "a number from 0 to 100000",
		[INBOX_BOOL] = "true or false",
		[INBOX_ENUM] = "one of the words for it",
		[INBOX_BOOL_NAME] = "one of the words for it",
		[INBOX_POLLUTANTS] = "a list of pollutants",
		[INBOX_ANY_LIST] = "a list",
		[INBOX_ANY_TEXT] = "a text",
	};
	return texts[type];
}

bool inbox_read_open(json_t *object, const struct inbox_key *keys, void *ret,
		     char why[COMMAND_TEXT_MAX])
{
	if (!json_is_object(object)) {
		snprintf(why, COMMAND_TEXT_MAX, "not an object where one belongs");
		return false;
	}
	for (const struct inbox_key *key = keys; key->key; key++) {
		const json_t *value = json_object_get(object, key->key);
		if (!value && key->required)
			snprintf(why, COMMAND_TEXT_MAX, "%s: missing", key->key);
		else if (value && !read_value(value, key, (char *)ret + key->offset))
			snprintf(why, COMMAND_TEXT_MAX, "%s: not %s", key->key,
				 type_text(key->type));
		if (why[0] != '\0')
			return false;
		if (key->type != INBOX_ANY_LIST)
			json_object_del(object, key->key);
	}
	return true;
}

bool inbox_read(json_t *object, const struct inbox_key *keys, void *ret, char why[COMMAND_TEXT_MAX])
{
	if (!inbox_read_open(object, keys, ret, why))
		return false;
	void *item = json_object_iter(object);
	while (item) {
		bool known = false;
		for (const struct inbox_key *key = keys; key->key; key++)
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
