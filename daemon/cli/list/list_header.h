/* SPDX-License-Identifier: MIT */
/*
 * The header of a reduction list (应急减排清单) -> what each column is.
 *
 * A column is known by its Chinese name or its key, in any order; blanks, brackets of either width
 * and the case of letters do not matter. The unit of an amount stands in the header and is never
 * guessed. A column that is not known is kept as text, unless it speaks of what is emitted or cut:
 * then all of it has to be understood.
 */
#ifndef DAEMON_CLI_LIST_LIST_HEADER_H
#define DAEMON_CLI_LIST_LIST_HEADER_H

#include "arena.h"
#include "csv.h"
#include "list_words.h"
#include "plan.h"

/* The words that a list is read by: those of all lists, and of the plan's levels. */
struct list_terms {
	const struct plan *plan;
	const struct list_words *words;
};

enum list_column {
	LIST_OTHER, /* not known: kept as text */
	LIST_KIND,
	LIST_ID,
	LIST_NAME,
	LIST_CREDIT_CODE,
	LIST_PERMIT,
	LIST_PERMIT_TYPE,
	LIST_COUNTY,
	LIST_TOWN,
	LIST_PARK,
	LIST_ADDRESS,
	LIST_LNG,
	LIST_LAT,
	LIST_KEY_SECTOR,
	LIST_OTHER_SECTOR,
	LIST_GRADE,
	LIST_CONTROL,
	LIST_DAYS,
	LIST_LINES,
	LIST_LINE_TEXT,
	LIST_PROCESS,
	LIST_KEY_INDEX,
	LIST_MOVEMENTS,
	LIST_NRMM,
	LIST_EXEMPT_AS,
	LIST_PERSON,
	LIST_PHONE,
	LIST_METER,
	LIST_HAS_METER,
	LIST_HAS_CEMS,
	LIST_INSPECTOR,
	LIST_TEXT_COUNT, /* each of those above but LIST_OTHER stands at most once */
	LIST_BASE = LIST_TEXT_COUNT,
	LIST_CUT,
	LIST_MEASURES, /* of a level */
	LIST_STOPPED,  /* lines that a level stops */
};

enum list_unit { LIST_NO_UNIT, LIST_PER_YEAR, LIST_PER_DAY, LIST_PER_CENT };

struct list_field {
	enum list_column column;
	enum list_unit unit;    /* of a base or a cut */
	int64_t grams;          /* of one of its unit of mass */
	const char *unit_name;  /* "t/a", "kg/d", "%" */
	int level;              /* of a cut, measures, lines stopped */
	enum emission emission; /* of a base or a cut */
	const char *header;     /* as it is written, line ends as blanks */
};

#define LIST_ABSENT (-1)
struct list_header {
	int n;
	struct list_field fields[CSV_FIELDS_MAX];
	int text[LIST_TEXT_COUNT]; /* index of the column, LIST_ABSENT */
	int measures[LEVEL_SLOTS], stopped[LEVEL_SLOTS];
	int base[EMISSION_COUNT];
	int cut[LEVEL_SLOTS][EMISSION_COUNT];
};

/* The key of a known text column, such as "credit_code"; NULL for the others. */
const char *list_column_key(enum list_column column);

struct list_reading {
	struct csv *csv;
	const struct list_terms *terms;
	struct arena *arena;    /* where texts are kept */
	struct problems *notes; /* warnings */
};

/*
 * Reads the header from the row last read. False if it had a problem: an amount that is not
 * understood or lacks its unit, a column that stands twice, is missing or is of a level that the
 * plan lacks.
 */
bool list_header_read(const struct list_reading *reading, struct list_header *ret);

/* True if some column is of this level. */
bool list_header_has_level(const struct list_header *header, int level);

/* True if the row last read is a second header: most of its fields that are not empty are names of
 * columns or of pollutants. */
bool list_header_again(const struct csv *csv, const struct list_terms *terms);

/* What a column is used as: its key, "base_so2 (t/a)", "cut_yellow_so2 (kg/d)"; "" if it is kept as
 * text. */
#define LIST_USE_SIZE 96
const char *list_header_use(const struct plan *plan, const struct list_field *field,
			    char ret[LIST_USE_SIZE]);

#endif
