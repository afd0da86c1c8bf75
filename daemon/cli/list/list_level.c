/* SPDX-License-Identifier: MIT */
#include "list_level.h"

#include <stdio.h>
#include <string.h>

#include "list_plain.h"

#define ALERT "预警"

/* A word of the plan in the plain form, with what stands behind it; "" if it is too long. */
static const char *compose_plain(const char *before, const char *word, const char *behind,
				 char ret[LIST_NAME_MAX])
{
	char text[LIST_NAME_MAX], notes[LIST_NAME_MAX];
	int n = snprintf(text, sizeof(text), "%s%s%s", before, word, behind);
	if (n >= LIST_NAME_MAX || !list_plain_name(text, ret, notes))
		ret[0] = '\0';
	return ret;
}

/* How many bytes of the name the word takes that it begins with, 0: it does not. */
static size_t match_beginning(const char *name, const char *word)
{
	size_t n = strlen(word);
	return strncmp(name, word, n) == 0 ? n : 0;
}

static size_t pick_longer(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t cut_word(const char *name, const struct plan_level *level)
{
	char word[LIST_NAME_MAX];
	size_t n = match_beginning(name, compose_plain("cut", level->id, "", word));
	n = pick_longer(n, match_beginning(name, compose_plain("", level->name_zh, "", word)));
	return pick_longer(n,
			   match_beginning(name, compose_plain("", level->name_zh, ALERT, word)));
}

int list_level_take(const struct plan *plan, const char **name)
{
	int found = LEVEL_NONE;
	size_t longest = 0;
	for (int level = 1; level <= plan->n_levels; level++) {
		size_t n = cut_word(*name, &plan->levels[level]);
		if (n > longest) {
			longest = n;
			found = level;
		}
	}
	*name += longest;
	return found;
}

/* The level whose id with `key` or whose Chinese name with one of `tails` a name is. */
static int find_level_word(const struct plan *plan, const char *name, const char *key,
			   const char *const *tails)
{
	char word[LIST_NAME_MAX];
	for (int level = 1; level <= plan->n_levels; level++) {
		const struct plan_level *l = &plan->levels[level];
		if (strcmp(name, compose_plain("", l->id, key, word)) == 0)
			return level;
		for (const char *const *tail = tails; *tail; tail++) {
			if (strcmp(name, compose_plain("", l->name_zh, *tail, word)) == 0)
				return level;
		}
	}
	return LEVEL_NONE;
}

static const char *const measures_tails[] = {ALERT "减排措施", "减排措施", "措施", NULL};
static const char *const lines_tails[] = {"停限产生产线/工序", "停限产生产线", NULL};

int list_level_measures(const struct plan *plan, const char *name)
{
	return find_level_word(plan, name, "", measures_tails);
}

int list_level_lines(const struct plan *plan, const char *name)
{
	return find_level_word(plan, name, "lines", lines_tails);
}

/* ---- of another plan ---- */

static bool has_tail(const char *text, size_t n, const char *tail)
{
	size_t of = strlen(tail);
	return n > of && memcmp(text + n - of, tail, of) == 0;
}

bool list_level_is_word(const char *text, size_t n)
{
	return has_tail(text, n, "色") || has_tail(text, n, "级") || has_tail(text, n, ALERT);
}

bool list_level_is_foreign(const char *name)
{
	static const char *const *const all[] = {measures_tails, lines_tails};
	size_t n = strlen(name);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (const char *const *tail = all[i]; *tail; tail++) {
			if (has_tail(name, n, *tail) && list_level_is_word(name, n - strlen(*tail)))
				return true;
		}
	}
	return false;
}
