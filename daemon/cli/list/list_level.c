/* SPDX-License-Identifier: MIT */
#include "list_level.h"

#include <stdio.h>
#include <string.h>

#include "list_plain.h"

#define COLOUR "色"
#define GRADE "级"

static bool has_tail(const char *text, size_t n, const char *tail)
{
	size_t of = strlen(tail);
	return n > of && memcmp(text + n - of, tail, of) == 0;
}

/* How many bytes of the text the word takes that it begins with, 0: it does not. */
static size_t match_beginning(const char *text, const char *word)
{
	size_t n = strlen(word);
	return strncmp(text, word, n) == 0 ? n : 0;
}

static size_t pick_longer(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* A word of the plan in the plain form, with what stands behind it. */
static size_t match_word(const char *text, const char *word, const char *behind)
{
	char whole[LIST_NAME_MAX], plain[LIST_NAME_MAX];
	int n = snprintf(whole, sizeof(whole), "%s%s", word, behind);
	if (n >= LIST_NAME_MAX || !list_plain_header(whole, plain))
		return 0;
	return match_beginning(text, plain);
}

/* "黄" of 黄色. */
static size_t match_colour(const char *text, const char *name)
{
	char plain[LIST_NAME_MAX];
	if (!list_plain_header(name, plain) || !has_tail(plain, strlen(plain), COLOUR))
		return 0;
	plain[strlen(plain) - strlen(COLOUR)] = '\0';
	return match_beginning(text, plain);
}

static size_t match_rank(const struct list_words *words, const char *text, const char *response)
{
	size_t n = match_word(text, response, GRADE);
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, SECTION_RANKS, word))) {
		if (strcmp(word->key, response) == 0)
			n = pick_longer(n, match_beginning(text, word->text));
	}
	return n;
}

static size_t match_level(const struct list_words *words, const struct plan_level *level,
			  const char *text)
{
	size_t n = match_word(text, level->name_zh, "");
	n = pick_longer(n, match_colour(text, level->name_zh));
	n = pick_longer(n, match_word(text, level->id, ""));
	return level->response ? pick_longer(n, match_rank(words, text, level->response)) : n;
}

int list_level_begin(const struct list_words *words, const struct plan *plan, const char *text,
		     size_t *ret_n)
{
	int found = LEVEL_NONE;
	*ret_n = 0;
	for (int level = 1; level <= plan->n_levels; level++) {
		size_t n = match_level(words, &plan->levels[level], text);
		if (n > *ret_n) {
			*ret_n = n;
			found = level;
		}
	}
	return found;
}

bool list_level_is_word(const char *text, size_t n)
{
	return has_tail(text, n, COLOUR) || has_tail(text, n, GRADE);
}
