/* SPDX-License-Identifier: MIT */
/* What each subcommand about the past has in its rows: names for programs, headings for people. */
#ifndef DAEMON_CLI_TABLES_COLUMNS_H
#define DAEMON_CLI_TABLES_COLUMNS_H

#include "conf.h"
#include "past.h"
#include "text_order.h"

enum column_type {
	TYPE_NUMBER,
	TYPE_TEXT,
	TYPE_MOMENT,     /* ms since 1970 UTC */
	TYPE_END,        /* the same, of an hour's END: 24:00 and not 00:00 */
	TYPE_DAY,        /* the same, when the day begins in Beijing */
	TYPE_MEAN,       /* thousandths, of whole units for people */
	TYPE_TENTHS,     /* of tenths */
	TYPE_DIRECTION,  /* thousandths of a degree, of whole ones for people: 0 to 359 */
	TYPE_POLLUTANTS, /* keys joined by commas */
	TYPE_LEVEL,      /* its name in the plan */
	TYPE_WORD,       /* one of ours */
	TYPE_MESSAGE,    /* JSON as it was sent; for people its text */
	TYPE_ID,         /* a text that only a very narrow terminal breaks */
	TYPE_DELIVERY,   /* a moment; a narrow terminal shows the remark of who has none */
	TYPE_PERSON,     /* a text; people have a column for it where any row has it */
	TYPE_KG,         /* grams, in kilograms */
	TYPE_REMARK,     /* a text for which a narrow terminal has no column */
};

struct table_column {
	const char *key;     /* of JSON and CSV */
	const char *heading; /* English, for tr; NULL: people do without it */
	enum column_type type;
};

/* Those of a kind, in the order of past_rows; *ret_n of them. */
const struct table_column *columns_of(enum past_kind kind, int *ret_n);

/* The cell as people read it: borrowed, from `ret` or from the cell; "-" for none. */
#define COLUMN_TEXT_MAX TEXT_ORDER_MAX
const char *column_text(const struct conf *conf, const struct table_column *column,
			const struct past_cell *cell, char ret[COLUMN_TEXT_MAX]);
/* As programs read it: times with their offset, means with three places; "" for none. */
const char *column_plain(const struct conf *conf, const struct table_column *column,
			 const struct past_cell *cell, char ret[COLUMN_TEXT_MAX]);

#endif
