/* SPDX-License-Identifier: MIT */
/*
 * The words and layouts of records of hours, read from config/records/layouts.yaml. Knows no file
 * of a record.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_WORDS_H
#define DAEMON_CLI_REPLAY_HOURS_WORDS_H

#include <stdbool.h>

#include "arena.h"
#include "auxiliary.h"
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
	COLUMN_AUXILIARY,            /* of an auxiliary quantity, in a unit */
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
	int auxiliaries[AUXILIARY_COUNT]; /* units; 0: not said */
};

/* Units of the auxiliary quantities are numbers, 0: none is said. */
#define HOURS_AUXILIARY_UNITS 12
#define HOURS_DIRECTIONS 16 /* clockwise from north */

#define HOURS_LAYOUTS_MAX 16
struct hours_words {
	struct arena *arena;
	const char *kind;
	struct hours_names missing, fillers;
	struct hours_names columns[COLUMN_KINDS];
	struct hours_names pollutants[POLLUTANT_COUNT];
	struct hours_names units[UNIT_OTHER + 1];
	struct hours_names auxiliaries[AUXILIARY_COUNT];
	struct hours_names auxiliary_units[HOURS_AUXILIARY_UNITS];
	int n_directions;
	struct hours_names directions[HOURS_DIRECTIONS], calm;
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

/* How many bytes of the plain text the longest of the names has that it begins with; 0: none. */
size_t hours_names_match(const struct hours_names *names, const char *plain);

/* A quantity, and how many decimals of the unit that a column or the layout (NULL: none) says make
 * a thousandth of its own. False: the plain name is that of none, or no unit is said. */
struct hours_quantity {
	enum auxiliary auxiliary;
	int digits;
};
bool hours_quantity_parse(const struct hours_words *words, const struct hours_layout *layout,
			  const char *plain, struct hours_quantity *ret);

/* The unit of a word of the command line, "ug" or "mg"; UNIT_UNSAID if it is none. */
enum hours_unit hours_unit_parse(const char *text);
const char *hours_unit_name(enum hours_unit unit); /* "ug/m3" */

#endif
