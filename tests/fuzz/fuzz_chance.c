/* SPDX-License-Identifier: MIT */
/* Any file as an outlook: it is refused with problems, or says a chance of 0 to 1000 permille of
 * any hours, each walk down a tree ends at a leaf, and what is not needed may be missing. */
#include <assert.h>

#include "conf_outlook.h"
#include "fuzz.h"

#define HOUR 400000

static void check_tree(const struct outlook_model *model, const struct outlook_tree *tree)
{
	assert(tree->n_leaves >= 1 && tree->n_leaves <= OUTLOOK_LEAVES_MAX);
	for (int i = 0; i < tree->n_leaves - 1; i++) {
		const struct outlook_node *node = &tree->nodes[i];
		assert(node->feature >= 0 && node->feature < model->n_features);
		assert(node->low > i || (node->low < 0 && ~node->low < tree->n_leaves));
		assert(node->high > i || (node->high < 0 && ~node->high < tree->n_leaves));
		assert(node->low < tree->n_leaves - 1 && node->high < tree->n_leaves - 1);
	}
}

/* Hours that rise and fall, with every third pollutant missing now and then. */
static void breathe(struct outlook_air *air, int shift)
{
	for (int i = 0; i < 2 * OUTLOOK_HOURS; i++) {
		struct hour_values values = {.valid = POLLUTANT_ALL};
		if (i % 7 == shift)
			values.valid = (pollutant_set)(i % 64);
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			values.milli[p] = (i * 37 + p * 11) % 400 * (shift == 2 ? 5000000 : 1000);
		outlook_put(air, HOUR + i, &values);
	}
}

static void check_model(const struct outlook_model *model)
{
	static struct outlook_air air;
	for (int t = 0; t < model->n_thresholds; t++)
		for (int i = 0; i < model->thresholds[t].n_trees; i++)
			check_tree(model, &model->thresholds[t].trees[i]);
	for (int shift = 0; shift < 3; shift++) {
		struct outlook_values values;
		int need;
		air = (struct outlook_air){0};
		breathe(&air, shift);
		if (!outlook_look(model, &air, &values, &need)) {
			assert(need >= 0 && need < model->n_needs);
			continue;
		}
		for (int t = 0; t < model->n_thresholds; t++) {
			struct outlook_chance chance;
			outlook_say(model, &air, &values, t, &chance);
			assert(chance.permille >= 0 && chance.permille <= 1000);
			assert(outlook_find(model, model->thresholds[t].aqi) == t);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct problems problems = {0};
	struct outlook_model model;
	struct yaml_file *file = bytes_open(data, size, arena, &problems);
	bool read = file && conf_read_outlook(file, &model);
	assert(read == (problems.n == 0));
	if (read)
		check_model(&model);
	yaml_close(file);
	problems_done(&problems);
	arena_free(arena);
	return 0;
}
