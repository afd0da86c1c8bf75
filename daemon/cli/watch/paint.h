/* SPDX-License-Identifier: MIT */
/* What a terminal can show, and how a text gets a colour there. */
#ifndef DAEMON_CLI_WATCH_PAINT_H
#define DAEMON_CLI_WATCH_PAINT_H

#include <stdbool.h>
#include <stdio.h>

struct paint {
	bool moves; /* its cursor can be moved: no dumb terminal, no pipe */
	bool utf8;
	enum { PAINT_PLAIN, PAINT_256, PAINT_RGB } colours;
};

/* By TERM, COLORTERM, NO_COLOR and the locale's name: its locale need not be there. */
struct paint paint_of(bool is_terminal);

/* The sign that follows has this colour ("FF7E00") on a ground on which each of them is seen. */
void paint_sign(FILE *out, const struct paint *paint, const char *rgb);
/* The text that follows stands on this colour, black or white. */
void paint_ground(FILE *out, const struct paint *paint, const char *rgb);
void paint_end(FILE *out, const struct paint *paint);

/* In place: what a terminal without UTF-8 cannot show becomes ASCII of one column. */
void paint_make_ascii(char *text);

#endif
