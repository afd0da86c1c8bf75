/* SPDX-License-Identifier: MIT */
/*
 * Key tables for the JSON of commands: each key once, its type, its place in a struct. A key that
 * no table names is refused.
 */
#ifndef DAEMON_MESSAGES_JSON_TABLE_H
#define DAEMON_MESSAGES_JSON_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "command.h"

enum table_type {
	TABLE_TEXT_TYPE,  /* char[size], 1 to size - 1 bytes without control characters */
	TABLE_ID,         /* the same of A-Z a-z 0-9 . _ : - */
	TABLE_TIME,       /* int64_t ms since 1970 UTC: RFC 3339 with a numeric offset */
	TABLE_HOUR,       /* int64_t hours since 1970 UTC: such a time on the hour, an END */
	TABLE_DATE,       /* the same: the day's last hour, in Beijing time */
	TABLE_COUNT,      /* int64_t from 1 to 2^53 - 1 */
	TABLE_AQI,        /* int32_t 0 to 500 */
	TABLE_PER_CENT,   /* int32_t 0 to 100 */
	TABLE_KG,         /* int64_t grams, of a number of kilograms */
	TABLE_MILLI,      /* into struct hour_values, for the pollutant `extra` */
	TABLE_BOOL,       /* bool */
	TABLE_ENUM,       /* int-sized enum: index into names */
	TABLE_BOOL_NAME,  /* bool: the second of two names */
	TABLE_POLLUTANTS, /* pollutant_set: a list of at least one, each once */
	TABLE_ANY_LIST,   /* a list that somebody else reads */
	TABLE_ANY_TEXT,   /* a text that counts for nothing */
};

struct table_key {
	const char *key;
	enum table_type type;
	bool required;
	size_t offset, size;
	const char *const *names; /* ends with NULL */
	int extra;
};

#define TABLE_TEXT(key, type, member, text_type, must)                                             \
	{                                                                                          \
		key, text_type, must, offsetof(type, member), sizeof(((type *)0)->member), NULL, 0 \
	}
#define TABLE_VALUE(key, type, member, value_type, must)                                           \
	{                                                                                          \
		key, value_type, must, offsetof(type, member), 0, NULL, 0                          \
	}
#define TABLE_NAME(key, type, member, names, must)                                                 \
	{                                                                                          \
		key, TABLE_ENUM, must, offsetof(type, member), 0, names, 0                         \
	}
#define TABLE_FLAG_NAME(key, type, member, names, must)                                            \
	{                                                                                          \
		key, TABLE_BOOL_NAME, must, offsetof(type, member), 0, names, 0                    \
	}
#define TABLE_FLAG(key, type, member, must)                                                        \
	{                                                                                          \
		key, TABLE_BOOL, must, offsetof(type, member), 0, NULL, 0                          \
	}
#define TABLE_LIST(key)                                                                            \
	{                                                                                          \
		key, TABLE_ANY_LIST, false, 0, 0, NULL, 0                                          \
	}
#define TABLE_IGNORED(key)                                                                         \
	{                                                                                          \
		key, TABLE_ANY_TEXT, false, 0, 0, NULL, 0                                          \
	}

/* Reads the object's keys by the table and takes them out of it; false and why if one is wrong,
 * missing, or (table_read) unknown. Members of absent keys stay as they are. */
bool table_read_open(json_t *object, const struct table_key *keys, void *ret,
		     char why[COMMAND_TEXT_MAX]);
bool table_read(json_t *object, const struct table_key *keys, void *ret,
		char why[COMMAND_TEXT_MAX]);

/* An id that stands in a list; `key` is the list's. */
bool table_read_id(const json_t *value, char *ret, size_t size, const char *key,
		   char why[COMMAND_TEXT_MAX]);

#endif
