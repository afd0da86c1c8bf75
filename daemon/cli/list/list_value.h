/* SPDX-License-Identifier: MIT */
/*
 * The values of a reduction list: words of closed lists, numbers as people write them, credit
 * codes, exact amounts. Knows no file of a list and no position.
 */
#ifndef DAEMON_CLI_LIST_LIST_VALUE_H
#define DAEMON_CLI_LIST_LIST_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "list_words.h"
#include "plan.h"

/* The word under which the database keeps a kind, grade or control, by its Chinese or that word, as
 * people write them; NULL if it is none. An empty grade is ungraded, an empty control normal. */
const char *list_kind(const struct list_words *words, const char *text);
const char *list_grade(const struct list_words *words, const char *text);
const char *list_control(const struct list_words *words, const char *text);

/* The words allowed in a section of values, for messages. `size` of ret: LIST_ALLOWED. */
#define LIST_ALLOWED 512
const char *list_allowed(const struct list_words *words, enum list_section section,
			 char ret[LIST_ALLOWED]);

/* True if a cell says that there is nothing: "/", "无". */
bool list_is_nothing(const struct list_words *words, const char *text);

/* What people do to numbers; bits of 1u << it. */
enum list_habit {
	HABIT_NOTHING, /* of any cell */
	HABIT_WIDE,    /* full-width digits */
	HABIT_MARK,    /* '32 */
	HABIT_COMMA,   /* 1,032 */
	HABIT_BEHIND,  /* 320天, 10% */
	HABIT_COUNT,
};

/*
 * A number as people write it -> its digits and point; `behind` are the words that may stand behind
 * it. Returns the habits that were found. What is no such number comes back as it is.
 */
#define LIST_NUMBER_SIZE 64
unsigned list_plain_number(const struct list_words *words, const char *text, enum list_cells behind,
			   char ret[LIST_NUMBER_SIZE]);

/* The id of an exemption of the plan by its id or its Chinese; NULL if it is none. */
const char *list_exemption(const struct plan *plan, const char *text);

/* How many bytes of a separator of such words (、 ， , ； ; or a blank) a text begins with. */
size_t list_separator(const char *text);

/* True if a source may be without a compulsory measure: grade A or leading, or under a control
 * other than normal. Both as the database keeps them. */
bool list_may_go_on(const char *grade, const char *control);

/* True if a source of grade B to D under normal control has to have measures. */
bool list_has_to_act(const char *grade, const char *control);

/* True for one of the 39 key sectors of the technical guideline of 2020. */
bool list_is_key_sector(const char *text);

/* What is wrong with a unified social credit code (GB 32100-2015); NULL: nothing. */
const char *list_credit_code_wrong(const char *text);

/* True if a text can be an id: 1 to 64 bytes, no blank, none of / + #, not $ at its begin. */
bool list_is_id(const char *text);

/*
 * A decimal without a sign, at most 9 digits before and 18 after the point, is so many units of
 * `grams` grams in so many days (1..366): whole grams a day, rounded half to even once. False if it
 * is no such decimal or above CUTS_GRAMS_MAX.
 */
bool list_amount_gpd(const char *text, int64_t grams, int32_t days, int64_t *ret_gpd);

/* A decimal of 0 to 100 is so many per cent of base_gpd: as above. */
bool list_share_gpd(const char *text, int64_t base_gpd, int64_t *ret_gpd);

/* Grams a day as kilograms, "12.5", or "unsaid". */
#define LIST_KG_SIZE 32
const char *list_show_kg(int64_t gpd, char ret[LIST_KG_SIZE]);

#endif
