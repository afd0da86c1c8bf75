/* SPDX-License-Identifier: MIT */
/* Any file as a reduction list and as its denominator: refused with problems, or its sums hold. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "fuzz.h"
#include "hetang.h"
#include "list_value.h"
#include "models.h"

/* The first byte says which of the two the rest is. */
enum reader { READ_LIST, READ_WHOLE, READERS };

static const struct list_words *the_words(void)
{
	static struct list_words *words;
	if (!words) {
		char folder[4096];
		struct problems problems = {0};
		snprintf(folder, sizeof(folder), "%s/config", getenv("HAZEWATCH_SOURCE"));
		words = list_words_load(folder, &problems);
		assert(words);
	}
	return words;
}

static void check_row(const struct list *list, const struct list_row *row)
{
	const struct source *source = &row->source;
	const char *cell = row->cells;
	assert(list_is_id(source->id) && source->name[0] != '\0');
	assert(list_kind(list->terms.words, source->kind) && source->grade[0] != '\0' &&
	       source->control[0] != '\0');
	assert(source->credit_code[0] == '\0' || !list_credit_code_wrong(source->credit_code));
	for (int i = 0; i < list->header.n; i++) {
		size_t at;
		assert(list->header.fields[i].header && sheet_is_utf8(cell, strlen(cell), &at));
		cell += strlen(cell) + 1;
	}
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			assert(!cuts_above_base(&source->amounts, level, (enum emission)e));
			assert(!cuts_fall(&source->amounts, level, (enum emission)e));
		}
	}
}

static void check_audit(const struct list *list)
{
	static struct plan plan;
	plan = models_hetang();
	static struct audit audit;
	struct list_whole whole = {0};
	for (int e = 0; e < EMISSION_COUNT; e++) {
		whole.whole[e].whole_gpd = e * 1000;
		for (int level = 0; level < LEVEL_COUNT; level++)
			plan.levels[level].min_cut_pct[e] = 10 * level;
	}
	audit_list(list, &plan, &whole, &audit);
	assert(audit.sums.n_sources == list->n - list->n_wrong);
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			const struct audit_target *t = &audit.targets[level][e];
			assert(t->target.planned_gpd <= t->target.base_gpd);
			assert(t->target.met == (t->target.shortfall_gpd == 0));
			for (int i = 0; i < t->n; i++)
				assert(t->candidates[i].left_gpd > 0 &&
				       !t->candidates[i].row->wrong);
		}
	}
}

static void read_list(const char *path, struct problems *problems)
{
	struct list list;
	const struct list_terms terms = {models_plan(), the_words()};
	int r = list_load(path, &terms, NULL, problems, &list);
	assert(r >= 0 && (r == 0) == (problems->n == 0));
	if (r == 0)
		assert(list.n > 0 && list.n_wrong == 0);
	for (int i = 0; r != LIST_E_UNREADABLE && i < list.n; i++) {
		if (!list.rows[i].wrong)
			check_row(&list, &list.rows[i]);
	}
	if (r != LIST_E_UNREADABLE)
		check_audit(&list);
	list_done(&list);
}

static void read_whole(const char *path, struct problems *problems)
{
	struct list_whole whole;
	int r = list_whole_load(path, the_words(), problems, &whole);
	assert(r >= 0 && (r == 0) == (problems->n == 0));
	for (int e = 0; r == 0 && e < EMISSION_COUNT; e++)
		assert(whole.whole[e].whole_gpd <= CUTS_GRAMS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct problems problems;
	if (size == 0)
		return 0;
	const char *path = bytes_path(data + 1, size - 1);
	if (data[0] % READERS == READ_LIST)
		read_list(path, &problems);
	else
		read_whole(path, &problems);
	problems_done(&problems);
	return 0;
}
