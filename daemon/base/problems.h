/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with files that people write: every problem of a run with file, line and column, in
 * the order of files and lines. Knows no format: whoever reads a file brings the place.
 */
#ifndef DAEMON_BASE_PROBLEMS_H
#define DAEMON_BASE_PROBLEMS_H

#include <stddef.h>
#include <stdio.h>

#define PROBLEMS_MAX 100 /* more are counted, not kept */
#define WARNINGS_MAX 16  /* the same */

struct problem_place {
	int file; /* 0: the first file that had a problem */
	size_t file_length;
	int line, column;
};

/* Messages in the order of files and lines: "hazewatch.yaml:14:20: ...". */
struct problems {
	int n; /* all that were found; the first PROBLEMS_MAX are kept */
	char *text[PROBLEMS_MAX];
	struct problem_place place[PROBLEMS_MAX];
	int n_warnings; /* what is allowed and unwise, as it was found: "...:14:20: warning: ..." */
	char *warning[WARNINGS_MAX];
};
void problems_done(struct problems *problems);
void problems_print(const struct problems *problems, FILE *out); /* one a line, each once */
void problems_print_warnings(const struct problems *problems, FILE *out);
/* To the log, each with the priority of what it is. */
void problems_log(const struct problems *problems);
/* A problem of a file that has no better position; line or column 0 are left out. */
void problems_add(struct problems *problems, const char *file, int line, int column,
		  const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same for what is no problem. */
void problems_warn(struct problems *problems, const char *file, int line, int column,
		   const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
