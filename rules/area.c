/* SPDX-License-Identifier: MIT */
/*
 *   "荷塘区、芦淞区" before, "芦淞区" now: not wider; "芦淞区、石峰区" now: wider
 *   "湖南省株洲市荷塘区" is 荷塘区; "荷塘区、芦淞区" and "荷塘区东部" are not
 */
#include "area.h"

#include <stddef.h>
#include <string.h>

static const char *const separators[] = {"、", "，", "；", ",", ";", " ", "\t"};
#define SEPARATOR_COUNT (sizeof(separators) / sizeof(separators[0]))

/* Bytes of the separator at a place; 0: none is there. */
static size_t separator_at(const char *text)
{
	for (size_t i = 0; i < SEPARATOR_COUNT; i++) {
		size_t length = strlen(separators[i]);
		if (strncmp(text, separators[i], length) == 0)
			return length;
	}
	return 0;
}

/* The next name from *text on, which is moved behind it; its length, 0 at the end. */
static size_t next_name(const char **text, const char **ret_name)
{
	size_t skip, length = 0;
	while ((skip = separator_at(*text)) > 0)
		*text += skip;
	*ret_name = *text;
	while ((*text)[length] != '\0' && separator_at(*text + length) == 0)
		length++;
	*text += length;
	return length;
}

static bool has_name(const char *area, const char *wanted, size_t wanted_length)
{
	const char *name;
	size_t length;
	while ((length = next_name(&area, &name)) > 0) {
		if (length == wanted_length && memcmp(name, wanted, length) == 0)
			return true;
	}
	return false;
}

bool area_is_wider(const char *area, const char *before)
{
	const char *name;
	size_t length;
	if (area[0] == '\0' || before[0] == '\0')
		return area[0] != before[0];
	while ((length = next_name(&area, &name)) > 0) {
		if (!has_name(before, name, length))
			return true;
	}
	return false;
}

/* Behind a province, if one is named first. */
static const char *skip_province(const char *text, const char *end)
{
	static const char *const kinds[] = {"省", "自治区"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *found = strstr(text, kinds[i]);
		if (found && found < end)
			return found + strlen(kinds[i]);
	}
	return text;
}

static bool ends_with(const char *text, const char *end, const char *kind)
{
	size_t length = strlen(kind);
	return (size_t)(end - text) > length && memcmp(end - length, kind, length) == 0;
}

/* The names of a province and one city, either may be missing: "湖南省株洲市". */
static bool is_above(const char *text, const char *end)
{
	static const char *const below[] = {"区", "县"};
	const char *city = skip_province(text, end);
	const char *first = strstr(city, "市");
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		const char *found = strstr(city, below[i]);
		if (found && found < end)
			return false;
	}
	if (first && first < end - strlen("市"))
		return false; /* two of them */
	return city == end || ends_with(city, end, "市") || ends_with(city, end, "自治州") ||
	       ends_with(city, end, "盟");
}

bool area_is_place(const char *area, const char *name)
{
	const char *only, *next, *rest = area;
	size_t length = next_name(&rest, &only), wanted = strlen(name);
	if (next_name(&rest, &next) > 0 || wanted == 0 || length < wanted)
		return strcmp(area, name) == 0 && wanted > 0;
	const char *at = only + length - wanted;
	return memcmp(at, name, wanted) == 0 && (at == only || is_above(only, at));
}
