/* SPDX-License-Identifier: MIT */
/*
 * A page of labelled rows, folded to the width of the terminal: at blanks, and between Chinese
 * letters but not before a closing mark or behind an opening one. A row that needs more lines than
 * it may have, or than are left, ends in "…".
 */
#ifndef DAEMON_CLI_STATUS_SCREEN_H
#define DAEMON_CLI_STATUS_SCREEN_H

#include <stdio.h>

#define SCREEN_TEXT_MAX 2048
#define SCREEN_LABEL_WIDTH 11
#define SCREEN_WIDTH_MIN 40

struct screen {
	FILE *out;
	int width;
	int left; /* lines of the page */
	int most; /* lines that the row may take */
	const char *label;
	size_t n;
	char text[SCREEN_TEXT_MAX];
};

/* The bytes of the first line of a text in so many columns, at least one letter, and of what stands
 * between it and the next. */
size_t screen_fold(const char *text, int room, size_t *ret_gap);

struct screen screen_begin(FILE *out, int width, int lines);
/* Prints the row before and begins another; NULL is no label, and the text begins at the edge. */
void screen_row(struct screen *screen, const char *label, int most);
void screen_say(struct screen *screen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Blanks up to a column of the page, for short tables: the text is not folded before it. */
void screen_tab(struct screen *screen, int column);
void screen_end(struct screen *screen);

#endif
