/* SPDX-License-Identifier: MIT */
/*
 * The emission-reduction list (应急减排清单) of the district: every version that was imported, and
 * the sources of each.
 *
 * The list in force is the newest version. The heads of all versions stay for ever; their sources
 * stay until there are more than SOURCES_KEPT_MAX, then the oldest versions lose theirs. A version
 * is there when its head is: its sources may be put before, in transactions of their own, and what
 * a kill leaves of such a one nobody sees. Writers run inside the caller's transaction. Persons and
 * telephones are stored here and belong into no message. Amounts are grams a day or CUT_UNSAID.
 * Strings given are borrowed.
 */
#ifndef STORAGE_TABLES_SOURCES_H
#define STORAGE_TABLES_SOURCES_H

#include "cuts.h"
#include "order.h"
#include "store.h"

#define SOURCES_LIST_MAX 20000  /* sources of one version */
#define SOURCES_KEPT_MAX 100000 /* of all versions together: about 80 MB */
#define SOURCE_ID_MAX 65        /* bytes of an id, the NUL included */
#define SOURCES_SUM_SIZE 65     /* SHA-256 in hexadecimal, the NUL included */
#define SOURCES_TEXT_MAX 256    /* bytes of a file's name or a denominator's source, with the NUL */

/* What the district emits of one pollutant. */
struct source_whole {
	int64_t whole_gpd;   /* CUT_UNSAID: unknown */
	int64_t outside_gpd; /* of it outside the list; CUT_UNSAID */
	int32_t year;        /* that it was counted for; 0: unsaid */
	char source[SOURCES_TEXT_MAX];
};

/* The head of a version. */
struct source_list {
	int64_t number;      /* 1, 2, 3, ... */
	int64_t imported_ms; /* since 1970 UTC */
	int32_t n_sources;
	char file[SOURCES_TEXT_MAX];
	char sha256[SOURCES_SUM_SIZE];       /* of the file as it was */
	char whole_sha256[SOURCES_SUM_SIZE]; /* of the denominator's file; "": there was none */
	struct source_whole whole[EMISSION_COUNT];
};

/* One source. A text that is not there is "". */
struct source {
	const char *id;   /* 1..64 bytes, no blank, no / + #: part of a topic */
	const char *kind; /* industry, building, spoil, land, traffic-works, mobile */
	const char *name, *credit_code;
	const char *county, *town, *inspector; /* who looks after it: as the list writes it */
	const char *grade;                     /* A, B, B-, C, D, leading, not-leading, ungraded */
	const char *control; /* normal, voluntary, protected, livelihood, small, idle */
	const char *process, *key_index;
	const char *park;                  /* the industrial park that it lies in */
	const char *exempt_as;             /* ids of the plan's exemptions, joined by commas */
	const char *measures[LEVEL_SLOTS]; /* text; [LEVEL_NONE] is "" */
	const char *lines[LEVEL_SLOTS];    /* which line or step is stopped; [LEVEL_NONE] is "" */
	const char *person, *phone;
	const char *other; /* JSON object: every other column that has a value, header to text */
	int32_t line;      /* of the file */
	int32_t movements, old_machines; /* as in struct order_source */
	struct cuts_source amounts;
};

/* Begins a version: stores its head under the next number, which is written to list->number. */
int sources_begin(struct store *store, struct source_list *list);

/* Adds a source to the version; -EEXIST if its id is taken. */
int sources_put(struct store *store, const struct source_list *list, const struct source *source);

/* Ends a version: old versions lose their sources as far as there are too many. */
int sources_end(struct store *store);

/* The same in pieces, each a transaction of the caller: first sources_clear until nothing is left,
 * then sources_put under the number that sources_number says, at the end the head, and
 * sources_clear again. */
int sources_number(struct store *store, int64_t *ret);
int sources_put_head(struct store *store, const struct source_list *list);
/* What no version has, and what sources_end takes, goes, at most `most` rows of a table; *ret_left:
 * there may be more. */
int sources_clear(struct store *store, int most, bool *ret_left);

/* The head of the list in force; STORE_E_NONE if none was ever imported. */
int sources_in_force(struct store *store, struct source_list *ret);

/* The plan wants both looked at each year (3.2). True if the list was imported more than 12 months
 * ago. */
bool sources_are_old(const struct source_list *list, int64_t now_ms);
/* The oldest year of the denominator that ended more than 12 months ago; 0: none did. */
int32_t sources_old_year(const struct source_list *list, int64_t now_ms);

/*
 * Hands over the first source of a version whose id comes after `after` ("": the first of all), in
 * the order of bytes; its strings are borrowed during the call. STORE_E_NONE if there is no more.
 * No read stays open between two calls: it may go on after a restart.
 */
int sources_next(struct store *store, int64_t number, const char *after,
		 void (*take)(void *ctx, const struct source *source), void *ctx);

/* The same of the source that has this id; STORE_E_NONE: none has. */
int sources_find(struct store *store, int64_t number, const char *id,
		 void (*take)(void *ctx, const struct source *source), void *ctx);

/* A source as the rules for orders want it, under the plan that is followed now. */
struct order_source sources_as_ordered(const struct source *source, const struct plan *plan);

/* Hands over every source of a version so, in the order of sources_next; the id is borrowed. */
int sources_each_ordered(struct store *store, int64_t number,
			 void (*take)(void *ctx, const char *id, const struct order_source *source),
			 void *ctx);

/* What the sources of a version emit and plan together. */
int sources_sums(struct store *store, int64_t number, struct cuts_sums *ret);

/* The denominator of a version as the rules want it. */
struct cuts_whole sources_whole(const struct source_list *list);

#endif
