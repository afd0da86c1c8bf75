/* SPDX-License-Identifier: MIT */
/* Pieces of the page: every text of other people goes through html_text. */
#ifndef DAEMON_CLI_REPORT_HTML_H
#define DAEMON_CLI_REPORT_HTML_H

#include "assessment.h"
#include "report_words.h"

const char *report_word(const struct report *report, enum report_word word);
/* The word of that beginning and of a word of the database; that itself if there is none. */
const char *report_word_of(const struct report *report, const char *beginning, const char *of);

/* So that it is text wherever it stands, also in an attribute: control characters and what is no
 * UTF-8 become U+FFFD. */
void html_text(FILE *out, const char *text);
void html_word(const struct report *report, enum report_word word);
/* "2026-01-11 18:00" */
#define HTML_MOMENT_SIZE 32
const char *html_moment(int64_t ms, char ret[HTML_MOMENT_SIZE]);
const char *html_level(const struct report *report, const char *name);

void html_begin_section(const struct report *report, enum report_word title);
void html_end_section(const struct report *report);

/* A table of what a part of the episode has. */
enum html_type {
	HTML_TEXT,
	HTML_MOMENT,
	HTML_END,   /* the same, of an hour's END: 24:00 and not 00:00 */
	HTML_SINCE, /* a moment, and the minutes since the moment in the third cell */
	HTML_NUMBER,
	HTML_KG, /* of grams */
	HTML_LEVEL,
	HTML_ABOUT, /* these are words of ours, found by their beginnings */
	HTML_KIND,
	HTML_OUTCOME,
	HTML_UNIT,
	HTML_POLLUTANTS, /* keys, separated by commas */
	HTML_MEAN,       /* thousandths, of the pollutant in the first cell */
};
struct html_column {
	enum report_word heading;
	enum html_type type;
};
struct html_table {
	enum episode_part part;
	int n;
	const struct html_column *columns;
};
#define HTML_ROWS_MAX 500
#define HTML_SINCE_CELL 2

void html_begin_table(const struct report *report, const struct html_column *columns, int n);
void html_end_table(const struct report *report);
void html_cell(const struct report *report, enum html_type type, const char *text);
int html_put_table(const struct report *report, const struct html_table *table);

#endif
