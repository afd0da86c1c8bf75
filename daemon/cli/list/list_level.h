/* SPDX-License-Identifier: MIT */
/*
 * The levels of a plan in the header of a reduction list's column: "黄色预警SO2减排量",
 * "cut_yellow_so2", "Ⅲ级措施". The words are the plan's own and the ranks of words.yaml. Inside the
 * list's reader only; texts are in the form of list_plain_header.
 */
#ifndef DAEMON_CLI_LIST_LIST_LEVEL_H
#define DAEMON_CLI_LIST_LIST_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "list_plain.h"
#include "list_words.h"
#include "plan.h"

/* How a plan calls its levels: name, colour, id and response of each. */
struct list_level_words {
	const struct plan *plan;
	int n;
	struct list_level_word {
		int level;
		size_t n; /* bytes of text */
		char text[LIST_NAME_MAX];
	} words[4 * LEVELS_MAX];
};

void list_level_words(const struct plan *plan, struct list_level_words *ret);

/* The level that a text begins with and how many bytes its word has; LEVEL_NONE: none. */
int list_level_begin(const struct list_words *words, const struct list_level_words *levels,
		     const char *text, size_t *ret_n);

/* True if so many bytes are how plans call a level: "蓝色", "四级". */
bool list_level_is_word(const char *text, size_t n);

#endif
