/* SPDX-License-Identifier: MIT */
#include "payload_pieces.h"

#include <stdio.h>
#include <string.h>

#include "time_text.h"

json_t *piece_object(const char *text)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

const char *piece_text(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? text : "";
}

void piece_copy(const json_t *json, const char *key, char *ret, size_t size)
{
	snprintf(ret, size, "%s", piece_text(json, key));
}

int64_t piece_time(const json_t *json, const char *key)
{
	int64_t ms = 0;
	return time_parse(piece_text(json, key), &ms) ? ms : 0;
}

int32_t piece_int(const json_t *json, const char *key, int32_t otherwise)
{
	const json_t *number = json_object_get(json, key);
	json_int_t value = json_integer_value(number);
	return json_is_integer(number) && value >= INT32_MIN && value <= INT32_MAX ? (int32_t)value
										   : otherwise;
}

bool piece_flag(const json_t *json, const char *key)
{
	return json_is_true(json_object_get(json, key));
}

int piece_level(const struct plan *plan, const json_t *json, const char *key)
{
	int level = LEVEL_NONE;
	const char *name = piece_text(json, key);
	if (name[0])
		level_parse(plan, name, &level);
	return level;
}

int piece_word(const json_t *json, const char *key, const char *const words[], int otherwise)
{
	const char *text = piece_text(json, key);
	for (int i = 0; words[i]; i++) {
		if (strcmp(text, words[i]) == 0)
			return i;
	}
	return otherwise;
}
