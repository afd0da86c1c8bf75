/* SPDX-License-Identifier: MIT */
/*
 * Key tables for the JSON of commands: each key once, its type, its place in a struct. A key that
 * no table names is refused.
 */
#ifndef DAEMON_INBOX_TABLE_H
#define DAEMON_INBOX_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "command.h"

enum inbox_type {
	INBOX_TEXT_TYPE,  /* char[size], 1 to size - 1 bytes without control characters */
	INBOX_ID,         /* the same of A-Z a-z 0-9 . _ : - */
	INBOX_TIME,       /* int64_t ms since 1970 UTC: RFC 3339 with a numeric offset */
	INBOX_HOUR,       /* int64_t hours since 1970 UTC: such a time on the hour, an END */
	INBOX_DATE,       /* the same: the day's last hour, in Beijing time */
	INBOX_COUNT,      /* int64_t from 1 to 2^53 - 1 */
	INBOX_AQI,        /* int32_t 0 to 500 */
	INBOX_MILLI,      /* into struct hour_values, for the pollutant `extra` */
	INBOX_BOOL,       /* bool */
	INBOX_ENUM,       /* int-sized enum: index into names */
	INBOX_BOOL_NAME,  /* bool: the second of two names */
	INBOX_POLLUTANTS, /* pollutant_set: a list of at least one, each once */
	INBOX_ANY_LIST,   /* a list that somebody else reads */
	INBOX_ANY_TEXT,   /* a text that counts for nothing */
};

struct inbox_key {
	const char *key;
	enum inbox_type type;
	bool required;
	size_t offset, size;
	const char *const *names; /* ends with NULL */
	int extra;
};

#define INBOX_TEXT(key, type, member, text_type, must)                                             \
	{                                                                                          \
		key, text_type, must, offsetof(type, member), sizeof(((type *)0)->member), NULL, 0 \
	}
#define INBOX_VALUE(key, type, member, value_type, must)                                           \
	{                                                                                          \
		key, value_type, must, offsetof(type, member), 0, NULL, 0                          \
	}
#define INBOX_NAME(key, type, member, names, must)                                                 \
	{                                                                                          \
		key, INBOX_ENUM, must, offsetof(type, member), 0, names, 0                         \
	}
#define INBOX_FLAG_NAME(key, type, member, names, must)                                            \
	{                                                                                          \
		key, INBOX_BOOL_NAME, must, offsetof(type, member), 0, names, 0                    \
	}
#define INBOX_FLAG(key, type, member, must)                                                        \
	{                                                                                          \
		key, INBOX_BOOL, must, offsetof(type, member), 0, NULL, 0                          \
	}
#define INBOX_LIST(key)                                                                            \
	{                                                                                          \
		key, INBOX_ANY_LIST, false, 0, 0, NULL, 0                                          \
	}
#define INBOX_IGNORED(key)                                                                         \
	{                                                                                          \
		key, INBOX_ANY_TEXT, false, 0, 0, NULL, 0                                          \
	}

/* Reads the object's keys by the table and takes them out of it; false and why if one is wrong,
 * missing, or (inbox_read) unknown. Members of absent keys stay as they are. */
bool inbox_read_open(json_t *object, const struct inbox_key *keys, void *ret,
		     char why[COMMAND_TEXT_MAX]);
bool inbox_read(json_t *object, const struct inbox_key *keys, void *ret,
		char why[COMMAND_TEXT_MAX]);

#endif
