/* SPDX-License-Identifier: MIT */
/*
 * The columns of a record of hours, known by its header, and which layout they make. Between
 * hours_file_header.c and hours_file.c only.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_FILE_HEADER_H
#define DAEMON_CLI_REPLAY_HOURS_FILE_HEADER_H

#include "csv.h"
#include "hours_file.h"

struct header_column {
	const char *name; /* as the file has it */
	enum hours_column column;
	enum pollutant pollutant;        /* of COLUMN_VALUE, but beside COLUMN_TYPE */
	enum hours_unit unit;            /* the same */
	struct hours_quantity auxiliary; /* of COLUMN_AUXILIARY */
	int beyond, beyond_line;   /* the same: cells that no air has, the line of the first */
	int missing, missing_line; /* cells that said that they have none, the line of the first */
	const char *missing_word;
};

struct header {
	bool own_auxiliaries; /* it is what hazewatch export aux writes; nothing else is known */
	const struct hours_layout *layout; /* NULL: none that is known */
	enum hours_label label;
	int n;
	struct header_column *columns;
	int at[COLUMN_KINDS]; /* the field of each, HEADER_NONE */
	int value;            /* of the station beside COLUMN_TYPE, HEADER_NONE */
	pollutant_set monitored;
	uint32_t auxiliaries; /* bit 1u << quantity: it has a column */
	/* beside COLUMN_TYPE: of each pollutant */
	enum hours_unit units[POLLUTANT_COUNT];
};
#define HEADER_NONE (-1)

struct header_reading {
	struct csv *csv;
	const struct hours_order *order;
	struct arena *arena;
	struct problems *notes;
};

/* Reads the first line. False after a problem, or if the file cannot be read. */
bool header_read(const struct header_reading *reading, struct header *ret);

/* The pollutant that a plain text is the name of, and its unit if it says one. */
bool header_pollutant(const struct hours_words *words, const char *plain, enum pollutant *ret,
		      enum hours_unit *ret_unit);

/* How many decimals of a unit make a thousandth of the pollutant's own. */
int header_digits(enum pollutant pollutant, enum hours_unit unit);

#endif
