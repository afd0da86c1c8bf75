/* SPDX-License-Identifier: MIT */
/*
 * The name of a column of a reduction list -> which column, and in which unit. Inside the list's
 * reader only.
 */
#ifndef DAEMON_CLI_LIST_LIST_NAME_H
#define DAEMON_CLI_LIST_LIST_NAME_H

#include "list_header.h"
#include "list_plain.h"

/* What a name says of its unit. The two of a contradiction are both set. */
struct list_said {
	bool t_per_a, kg_per_d, per_cent; /* a unit */
	bool other_unit;                  /* a unit that no amount is written in */
	bool annual, daily, ratio;        /* words that ask for one of them */
};

/* A base or a cut by its plain name and notes: column, level and emission of *ret. */
bool list_name_amount(const struct plan *plan, const char *name, const char *notes,
		      struct list_field *ret, struct list_said *ret_said);

/* A text column by its plain name, LIST_OTHER if it is none: column and level of *ret. */
void list_name_text(const struct plan *plan, const char *name, struct list_field *ret);

/* True if a name that is neither speaks of a level that the plan lacks: "蓝色SO2减排量",
 * "cut_blue_so2", "蓝色措施". */
bool list_name_is_foreign(const char *name);

/* The pollutant that a plain name is that of; false if it is none. */
bool list_name_emission(const char *name, enum emission *ret);

#endif
