/* SPDX-License-Identifier: MIT */
/*
 *   "荷塘区、芦淞区" before, "芦淞区" now: not wider; "芦淞区、石峰区" now: wider
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
