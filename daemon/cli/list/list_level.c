/* SPDX-License-Identifier: MIT */
#include "list_level.h"

#include <stdio.h>
#include <string.h>

#define COLOUR "色"
#define GRADE "级"

static bool has_tail(const char *text, size_t n, const char *tail)
{
	size_t of = strlen(tail);
	return n > of && memcmp(text + n - of, tail, of) == 0;
}

/* A word of the plan; one that is too long for a name of a column is in none. */
static void add_word(struct list_level_words *levels, int level, const char *word,
		     const char *behind)
{
	struct list_level_word *to = &levels->words[levels->n];
	char whole[LIST_NAME_MAX];
	int n = snprintf(whole, sizeof(whole), "%s%s", word, behind);
	if (n >= LIST_NAME_MAX || !list_plain_header(whole, to->text))
		return;
	to->level = level;
	to->n = strlen(to->text);
	levels->n += to->n > 0;
}

/* "黄" of 黄色, which was added last. */
static void add_colour(struct list_level_words *levels, int level)
{
	struct list_level_word *to = &levels->words[levels->n];
	if (levels->n == 0 || to[-1].level != level || !has_tail(to[-1].text, to[-1].n, COLOUR))
		return;
	*to = to[-1];
	levels->n++;
	to->n -= strlen(COLOUR);
	to->text[to->n] = '\0';
}

void list_level_words(const struct plan *plan, struct list_level_words *ret)
{
	ret->plan = plan;
	ret->n = 0;
	for (int level = 1; level <= plan->n_levels; level++) {
		const struct plan_level *of = &plan->levels[level];
		add_word(ret, level, of->name_zh, "");
		add_colour(ret, level);
		add_word(ret, level, of->id, "");
		if (of->response)
			add_word(ret, level, of->response, GRADE);
	}
}

static int find_response(const struct plan *plan, const char *rank)
{
	for (int level = 1; level <= plan->n_levels; level++) {
		const char *response = plan->levels[level].response;
		if (response && strcmp(response, rank) == 0)
			return level;
	}
	return LEVEL_NONE;
}

struct longest {
	int level;
	size_t n;
};

/* Of two words of one length it is the lower level's. */
static void try_word(struct longest *longest, int level, const char *word, size_t n,
		     const char *text)
{
	if (word[0] != text[0] || strncmp(text, word, n) != 0)
		return;
	if (n > longest->n || (n == longest->n && level < longest->level))
		*longest = (struct longest){level, n};
}

int list_level_begin(const struct list_words *words, const struct list_level_words *levels,
		     const char *text, size_t *ret_n)
{
	struct longest longest = {LEVEL_NONE, 0};
	for (int i = 0; i < levels->n; i++)
		try_word(&longest, levels->words[i].level, levels->words[i].text,
			 levels->words[i].n, text);
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, SECTION_RANKS, word))) {
		int level = find_response(levels->plan, word->key);
		if (level != LEVEL_NONE)
			try_word(&longest, level, word->text, word->n, text);
	}
	*ret_n = longest.n;
	return longest.level;
}

bool list_level_is_word(const char *text, size_t n)
{
	return has_tail(text, n, COLOUR) || has_tail(text, n, GRADE);
}
