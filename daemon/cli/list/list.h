/* SPDX-License-Identifier: MIT */
/*
 * A reduction list (应急减排清单) and its denominator from CSV files: hazewatch-list(5).
 *
 * Read whole; every row that cannot be right is told with line, column and reason. Keeps the rows
 * without a problem, so that an audit can say what they come to; whoever imports a list imports it
 * only without any problem. Stores nothing and prints nothing.
 */
#ifndef DAEMON_CLI_LIST_LIST_H
#define DAEMON_CLI_LIST_LIST_H

#include "arena.h"
#include "cuts.h"
#include "list_header.h"
#include "list_value.h"
#include "sheet.h"
#include "sources.h"

/* Positive codes. */
enum list_error {
	LIST_E_PROBLEMS = 1, /* some rows have problems; the others are there */
	LIST_E_UNREADABLE,   /* there is not even a header */
};

/* Cells of a column that were read though they are not as they should be. */
struct list_habits {
	int n, line; /* how many, the line of the first */
};

struct list_row {
	struct source source; /* `other` is NULL: see cells */
	const char *cells;    /* as written: header.n texts, one behind the other's NUL */
	bool wrong;           /* had a problem */
};

struct list {
	const char *path;
	struct list_terms terms; /* of whose levels its columns are */
	struct arena *arena;
	struct list_header header;
	int n, room;           /* rows that are not empty */
	int n_wrong;           /* of these with a problem */
	struct list_row *rows; /* in the order of the file */
	const char *encoding;  /* of the file: "utf-8", "gb18030", "utf-16" */
	char sha256[CHECKSUM_SIZE];
	struct problems notes; /* warnings: allowed, but to be looked at */
	struct list_habits habits[CSV_FIELDS_MAX][HABIT_COUNT];
};

/* Told from time to time: how many of so many bytes are done. May be NULL. */
typedef void list_progress(size_t done, size_t of);

/*
 * Reads a list ("-" is standard input) whose levels are the plan's; the terms have to live as long.
 * 0, a code of enum list_error, or a negative errno if it cannot be read; *ret is to be freed by
 * list_done in any case.
 */
int list_load(const char *path, const struct list_terms *terms, list_progress *progress,
	      struct problems *problems, struct list *ret);
void list_done(struct list *list);

/* What the rows without a problem emit and plan. */
struct cuts_sums list_sums(const struct list *list);

/* The denominator's file. */
struct list_whole {
	struct source_whole whole[EMISSION_COUNT];
	char sha256[CHECKSUM_SIZE];
};

/* Reads it; 0, LIST_E_PROBLEMS, or a negative errno. */
int list_whole_load(const char *path, const struct list_words *words, struct problems *problems,
		    struct list_whole *ret);

#endif
