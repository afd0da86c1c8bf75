/* SPDX-License-Identifier: MIT */
/*
 * A command of the contract as a person gives it on the command line: an option for each of its
 * keys (hazewatch-mqtt(7)), named as the key is. Knows what there is to say of each kind; what the
 * values must be is the contract's to say (command_json.h).
 */
#ifndef DAEMON_CLI_GIVE_GIVEN_KINDS_H
#define DAEMON_CLI_GIVE_GIVEN_KINDS_H

#include <stdbool.h>

#include "command_kind.h"
#include "forecast.h"

enum given_type {
	GIVEN_TEXT,
	GIVEN_LEVEL,
	GIVEN_TIME,       /* a moment, or an hour named by its END */
	GIVEN_NUMBER,     /* JSON's */
	GIVEN_IDS,        /* joined by commas */
	GIVEN_POLLUTANTS, /* their keys, joined by commas */
	GIVEN_FLAG,       /* without a value */
};

enum given_need {
	GIVEN_FREE,
	GIVEN_NEEDED,
	GIVEN_OF_LEVEL,   /* needed unless it says nothing about a level, and withdraws */
	GIVEN_OF_RELEASE, /* needed if a directive is named, to make it public */
};

#define GIVEN_FIELDS_MAX 12
struct given_field {
	const char *key;   /* of the contract, and of the option with - for _; NULL: the end */
	const char *label; /* English, for tr */
	enum given_type type;
	enum given_need need;
};

struct given_kind {
	enum command_kind kind;
	const char *usage;  /* English, for tr */
	const char *issuer; /* whose value is the issuer where none is said; NULL: nobody's */
	struct given_field fields[GIVEN_FIELDS_MAX + 1];
};
const struct given_kind *given_kind_of(enum command_kind kind);

/* What was said; NULL: nothing. Borrowed. */
struct given {
	const struct given_kind *kind;
	const char *values[GIVEN_FIELDS_MAX]; /* as kind->fields; of a flag "" */
	const char *issuer, *time, *id;
	const struct forecast *forecast; /* steps and form; of no other kind */
};

/* The issuer, said or implied; NULL: neither. */
const char *given_issuer(const struct given *given);

/* "--planned-end" of "planned_end". */
#define GIVEN_OPTION_MAX 32
const char *given_option(const char *key, char ret[GIVEN_OPTION_MAX]);

/* What was said of a key of its kind; NULL: nothing, or there is no such key. */
const char *given_value(const struct given *given, const char *key);

/* "now", an RFC 3339 time, "2026-01-31 09:00" in Beijing, or "09:00" of today there -> ms since
 * 1970 UTC. */
bool given_time(const char *text, int64_t now_ms, int64_t *ret_ms);

#endif
