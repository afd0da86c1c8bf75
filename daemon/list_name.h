/* SPDX-License-Identifier: MIT */
/*
 * The name of a column of a reduction list -> which column, and in which unit. Inside the list's
 * reader only.
 */
#ifndef DAEMON_LIST_NAME_H
#define DAEMON_LIST_NAME_H

#include "list_header.h"

#define LIST_NAME_MAX 160 /* bytes of a name in its plain form; a longer one is not known */

/*
 * A header in its plain form: ASCII for what is as wide as a Chinese character, small letters, no
 * blanks, dashes or underscores. What stands in brackets goes to `notes`, joined by commas. False
 * if it is too long.
 */
bool list_name_plain(const char *header, char ret_name[LIST_NAME_MAX],
		     char ret_notes[LIST_NAME_MAX]);

/* What a name says of its unit. The two of a contradiction are both set. */
struct list_said {
	bool t_per_a, kg_per_d, per_cent; /* a unit */
	bool other_unit;                  /* a unit that no amount is written in */
	bool annual, daily, ratio;        /* words that ask for one of them */
};

/* A base or a cut by its plain name and notes: column, level and emission of *ret. */
bool list_name_amount(const char *name, const char *notes, struct list_field *ret,
		      struct list_said *ret_said);

/* A text column by its plain name, LIST_OTHER if it is none. */
enum list_column list_name_text(const char *name);

/* The pollutant that a plain name is that of; false if it is none. */
bool list_name_emission(const char *name, enum emission *ret);

#endif
