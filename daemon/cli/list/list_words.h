/* SPDX-License-Identifier: MIT */
/*
 * The words of reduction lists, read from config/list/words.yaml: how columns, amounts and values
 * are called. Knows no file of a list and no plan.
 */
#ifndef DAEMON_CLI_LIST_LIST_WORDS_H
#define DAEMON_CLI_LIST_LIST_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "problems.h"

/* In the order in which they are read: the values are trimmed by words of the cells. */
enum list_section {
	SECTION_CELLS,
	SECTION_COLUMNS,
	SECTION_HEADER,
	SECTION_RANKS,
	SECTION_KINDS,
	SECTION_GRADES,
	SECTION_CONTROLS,
	SECTION_COUNT,
};

/* The keys of SECTION_HEADER. The first four are in the order of enum emission. */
enum list_piece {
	PIECE_SO2,
	PIECE_NOX,
	PIECE_PM,
	PIECE_VOCS,
	PIECE_OTHER_POLLUTANT,
	PIECE_EMISSION,
	PIECE_CUT,
	PIECE_SHARE,
	PIECE_MEASURES,
	PIECE_LINES,
	PIECE_YEAR,
	PIECE_DAY,
	PIECE_G,
	PIECE_KG,
	PIECE_T,
	PIECE_10KT,
	PIECE_PER,
	PIECE_PERCENT,
	PIECE_OTHER_UNIT,
	PIECE_FILLER,
	PIECE_TEXT,
	PIECE_NEVER,
	PIECE_LEVEL, /* a word of the plan, in no file */
};

/* The keys of SECTION_CELLS. */
enum list_cells {
	CELLS_NOTHING,
	CELLS_TRIM,
	CELLS_COUNTED,
	CELLS_PERCENT,
	CELLS_TOTAL,
	CELLS_FOOT,
	CELLS_NONE, /* no word is one */
};

struct list_word {
	enum list_section section;
	int value;           /* which key of the section, from 0 */
	const char *key;     /* that key */
	const char *written; /* as the file has it */
	const char *text;    /* in the form in which it is compared */
	size_t n;            /* bytes of text */
};

#define LIST_WORDS_MAX 1000
struct list_words {
	struct arena *arena;
	int n;
	struct list_word words[LIST_WORDS_MAX]; /* section by section */
	int first[SECTION_COUNT + 1];           /* of each section */
};

/* Reads the file of config_dir (may be NULL) or of the installed folder; NULL after problems. */
struct list_words *list_words_load(const char *config_dir, struct problems *problems);
/* Reads that file alone. False after problems. */
bool list_words_check(const char *path, struct problems *problems);
struct list_words *list_words_free(struct list_words *words);

/* The next word of a section after `after` (NULL: the first one); NULL: no more. */
const struct list_word *list_words_next(const struct list_words *words, enum list_section section,
					const struct list_word *after);

/* The word of a section that is this text in the plain form; NULL: none. */
const struct list_word *list_words_find(const struct list_words *words, enum list_section section,
					const char *text);

/* Cells in the plain form of list_plain_cell. Takes a word of these cells from the end of a text
 * that is more than it; false: it ends in none. */
bool list_words_cut_end(const struct list_words *words, enum list_cells cells, char *text);

/* The word of these cells that a text begins with; NULL: none. */
const struct list_word *list_words_begin(const struct list_words *words, enum list_cells cells,
					 const char *text);

/* Takes the words of CELLS_TRIM from both ends, as long as something is left. */
void list_words_trim(const struct list_words *words, char *text);

#endif
