/* SPDX-License-Identifier: MIT */
/*
 * The header of a reduction list (应急减排清单) -> what each column is.
 *
 * A column is known by its Chinese name or its key, in any order; blanks, brackets of either width
 * and the case of letters do not matter. The unit of an amount stands in the header and is never
 * guessed. A column that is not known is kept as text.
 */
#ifndef DAEMON_CLI_LIST_LIST_HEADER_H
#define DAEMON_CLI_LIST_LIST_HEADER_H

#include "arena.h"
#include "csv.h"
#include "plan.h"

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

enum list_unit { LIST_NO_UNIT, LIST_T_PER_A, LIST_KG_PER_D, LIST_PER_CENT };

struct list_field {
	enum list_column column;
	enum list_unit unit;    /* of a base or a cut */
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

/*
 * Reads the header from the row last read; its texts live in the arena. False if it had a problem:
 * an amount without its unit, a column that stands twice, is missing or is of a level that the plan
 * lacks.
 */
bool list_header_read(struct csv *csv, const struct plan *plan, struct arena *arena,
		      struct list_header *ret);

/* True if some column is of this level. */
bool list_header_has_level(const struct list_header *header, int level);

/* True if the row last read is a second header: most of its fields that are not empty are names of
 * columns or of pollutants. */
bool list_header_again(const struct csv *csv, const struct plan *plan);

#endif
