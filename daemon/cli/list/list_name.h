/* SPDX-License-Identifier: MIT */
/*
 * The name of a column of a reduction list -> which column, and in which unit. An amount is read
 * piece by piece, in any order; every piece has to be understood. Inside the list's reader only.
 */
#ifndef DAEMON_CLI_LIST_LIST_NAME_H
#define DAEMON_CLI_LIST_LIST_NAME_H

#include "list_header.h"
#include "list_plain.h"
#include "list_words.h"

/* What the pieces of a header say: bits of enum list_piece, and what else counts. */
struct list_said {
	uint32_t pieces;
	int emission;       /* -1: none */
	bool emissions;     /* more than one */
	int level;          /* LEVEL_NONE */
	bool levels;        /* more than one */
	bool of_year;       /* "2023年" */
	bool masses;        /* more than one unit of mass */
	const char *mass;   /* the key of the unit of mass, NULL: none */
	int64_t grams;      /* what one of it has */
	char unclear[64];   /* the first piece that is not understood, "": none */
	bool unclear_ascii; /* it is of a key: cut_blue_so2 */
};

/* Reads the pieces of a header; false if it is too long. */
bool list_name_read(const struct list_words *words, const struct plan *plan, const char *header,
		    struct list_said *ret);

/* True if some piece is of this kind. */
bool list_said_is(const struct list_said *said, enum list_piece piece);

/* True if a header speaks of what is emitted or cut, in whatever way: all of it has to be clear. */
bool list_said_amount(const struct list_said *said);

/* Neither emitted nor cut, though a pollutant or a unit stands in it: it is kept as text. */
bool list_said_text(const struct list_said *said);

/* A text column by its name or its key, LIST_OTHER if it is none. */
enum list_column list_name_text(const struct list_words *words, const char *header);

/* The pollutant that a text is the name of; false if it is none. */
bool list_name_emission(const struct list_words *words, const char *text, enum emission *ret);

#endif
