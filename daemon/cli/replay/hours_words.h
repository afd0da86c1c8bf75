/* SPDX-License-Identifier: MIT */
/*
 * The words and layouts of records of hours, read from config/records/layouts.yaml. Knows no file
 * of a record.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_WORDS_H
#define DAEMON_CLI_REPLAY_HOURS_WORDS_H

#include <stdbool.h>

#include "arena.h"
#include "pollutant.h"
#include "problems.h"

/* How an hour is named. */
enum hours_label { LABEL_UNSAID, LABEL_START, LABEL_END };

/* In which unit a pollutant stands. */
enum hours_unit { UNIT_UNSAID, UNIT_MICROGRAMS, UNIT_MILLIGRAMS, UNIT_OTHER };

enum hours_column {
	COLUMN_TIME,
	COLUMN_DATE,
	COLUMN_YEAR,
	COLUMN_MONTH,
	COLUMN_DAY,
	COLUMN_HOUR,
	COLUMN_TYPE,
	COLUMN_STATION,
	COLUMN_KINDS,
	COLUMN_EXTRA = COLUMN_KINDS, /* of no use */
	COLUMN_VALUE,                /* of a pollutant, or of a station beside COLUMN_TYPE */
};

#define HOURS_NAMES_MAX 40
/* Texts in the plain form. */
struct hours_names {
	int n;
	const char *names[HOURS_NAMES_MAX];
};

struct hours_layout {
	const char *id, *source;
	struct hours_names has, lacks, values, unsaid, missing;
	enum hours_label label;
	enum hours_unit units[POLLUTANT_COUNT];
};

#define HOURS_LAYOUTS_MAX 16
struct hours_words {
	struct arena *arena;
	const char *kind;
	struct hours_names missing, fillers;
	struct hours_names columns[COLUMN_KINDS];
	struct hours_names pollutants[POLLUTANT_COUNT];
	struct hours_names units[UNIT_OTHER + 1];
	int n;
	struct hours_layout layouts[HOURS_LAYOUTS_MAX];
};

/* Reads the file of config_dir (may be NULL) or of the installed folder; NULL after problems. */
struct hours_words *hours_words_load(const char *config_dir, struct problems *problems);
/* Reads that file alone. False after problems. */
bool hours_words_check(const char *path, struct problems *problems);
struct hours_words *hours_words_free(struct hours_words *words);

/* A name or a value as it is compared: small letters, ASCII for wide characters and subscripts,
 * without blanks, underscores and brackets. Longer ones are cut. */
#define HOURS_PLAIN_SIZE 128
const char *hours_plain(const char *text, char ret[HOURS_PLAIN_SIZE]);

/* True if one of the names is this plain text. */
bool hours_names_have(const struct hours_names *names, const char *plain);

/* The unit of a word of the command line, "ug" or "mg"; UNIT_UNSAID if it is none. */
enum hours_unit hours_unit_parse(const char *text);
const char *hours_unit_name(enum hours_unit unit); /* "ug/m3" */

#endif
