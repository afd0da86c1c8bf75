/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <string.h>

#include "list_value.h"

/* The most first; of equals the first of the list. */
static void offer_candidate(struct audit_target *target, const struct list_row *row,
			    int64_t left_gpd)
{
	int at = target->n;
	while (at > 0 && target->candidates[at - 1].left_gpd < left_gpd)
		at--;
	if (at == AUDIT_CANDIDATES)
		return;
	if (target->n < AUDIT_CANDIDATES)
		target->n++;
	int moved = target->n - 1 - at;
	memmove(&target->candidates[at + 1], &target->candidates[at],
		(size_t)moved * sizeof(target->candidates[0]));
	target->candidates[at] = (struct audit_candidate){row, left_gpd};
}

static void find_candidates(const struct list *list, int level, enum emission emission,
			    struct audit_target *target)
{
	for (int i = 0; i < list->n; i++) {
		const struct list_row *row = &list->rows[i];
		if (row->wrong || list_may_go_on(row->source.grade, row->source.control))
			continue;
		int64_t left_gpd = cuts_left_gpd(&row->source.amounts, level, emission);
		target->left_gpd += left_gpd;
		if (left_gpd > 0)
			offer_candidate(target, row, left_gpd);
	}
}

static void note_quiet(struct audit *audit, const struct audit_quiet *quiet)
{
	if (quiet->levels == 0)
		return;
	if (audit->n_quiet < AUDIT_QUIET_MAX)
		audit->quiet[audit->n_quiet] = *quiet;
	audit->n_quiet++;
}

static void find_quiet(const struct list *list, const struct plan *plan, struct audit *audit)
{
	struct order_level levels[LEVEL_SLOTS];
	for (int level = 1; level <= plan->n_levels; level++)
		levels[level] = order_level_of(plan, level);
	for (int i = 0; i < list->n; i++) {
		struct audit_quiet quiet = {.row = &list->rows[i]};
		if (quiet.row->wrong)
			continue;
		quiet.source = sources_as_ordered(&quiet.row->source, plan);
		for (int level = 1; level <= plan->n_levels; level++) {
			unsigned why = order_why_none(&levels[level], &quiet.source);
			if (why == 0)
				continue;
			quiet.why = why;
			quiet.levels |= 1u << level;
			audit->quiet_at[level]++;
		}
		note_quiet(audit, &quiet);
	}
}

struct cuts_whole audit_whole(const struct list_whole *whole)
{
	struct cuts_whole known = cuts_whole_unsaid();
	for (int e = 0; whole && e < EMISSION_COUNT; e++)
		known.gpd[e] = whole->whole[e].whole_gpd;
	return known;
}

void audit_list(const struct list *list, const struct plan *plan, const struct list_whole *whole,
		struct audit *ret)
{
	struct cuts_whole known = audit_whole(whole);
	*ret = (struct audit){.list = list, .plan = plan, .whole = whole, .met = true};
	ret->sums = list_sums(list);
	for (int level = 1; level <= plan->n_levels; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			struct audit_target *target = &ret->targets[level][e];
			target->target =
				cuts_target(&ret->sums, &known, plan, level, (enum emission)e);
			if (target->target.shortfall_gpd > 0)
				find_candidates(list, level, (enum emission)e, target);
			bool asked = target->target.min_cut_pct != CUT_UNSAID;
			ret->required = ret->required || asked;
			ret->met = ret->met && (!asked || target->target.met);
		}
	}
	ret->met = ret->met && ret->required;
	find_quiet(list, plan, ret);
}
