/* SPDX-License-Identifier: MIT */
/*
 * By which rules the advice was made: the names of plan and edition, and a sum over every number in
 * them that decides, so that a file which changed under its old name is noticed too. Texts do not
 * decide.
 */
#include <stdio.h>
#include <string.h>

#include "engine_inside.h"

/* FNV-1a over whole numbers. */
static void hash_number(uint32_t *sum, int64_t number)
{
	for (int i = 0; i < 8; i++) {
		*sum ^= (uint32_t)(number >> 8 * i) & 0xffu;
		*sum *= 16777619u;
	}
}

static void add_edition(uint32_t *sum, const struct edition *edition)
{
	const int32_t numbers[] = {(int32_t)edition->daily,   (int32_t)edition->realtime,
				   edition->hour_min_minutes, edition->day_min_hours,
				   edition->o3_8h_min_hours,  edition->o3_8h_min_means,
				   edition->o3_1h_min_hours,  edition->round_hours,
				   edition->round_means,      edition->n_index};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		hash_number(sum, numbers[i]);
	for (int i = 0; i < edition->n_index; i++)
		hash_number(sum, edition->index[i]);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct breakpoints *column = &edition->columns[c];
		hash_number(sum, column->above);
		for (int i = 0; i < column->n; i++)
			hash_number(sum, column->conc_milli[i]);
	}
}

static void add_season(uint32_t *sum, const struct plan_season *season)
{
	if (season->from == 0)
		return;
	hash_number(sum, season->from);
	hash_number(sum, season->until);
}

static void add_condition(uint32_t *sum, const struct plan_condition *condition)
{
	hash_number(sum, condition->n_parts);
	add_season(sum, &condition->season);
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		hash_number(sum, part->index);
		hash_number(sum, part->at_least);
		hash_number(sum, part->threshold);
		hash_number(sum, part->for_h);
	}
}

/* What a plan need not say adds nothing where it does not: so the sum of older files stays. */
static void add_release(uint32_t *sum, const struct plan_release *release)
{
	if (!release->own)
		return;
	for (int i = 0; i < release->n; i++) {
		hash_number(sum, release->limits[i].index);
		hash_number(sum, release->limits[i].below);
		hash_number(sum, release->limits[i].threshold);
	}
	hash_number(sum, release->for_h);
}

static void add_own(uint32_t *sum, const struct plan *plan)
{
	for (int k = 0; k < plan->n_own; k++) {
		hash_number(sum, plan->own[k].kind);
		hash_number(sum, plan->own[k].daily);
		hash_number(sum, plan->own[k].of);
	}
	add_season(sum, &plan->season);
	if (plan->valid_from != 0)
		hash_number(sum, plan->valid_from);
	if (plan->valid_until != 0)
		hash_number(sum, -(int64_t)plan->valid_until);
}

static void add_plan(uint32_t *sum, const struct plan *plan)
{
	hash_number(sum, plan->counting);
	hash_number(sum, plan->gap_h);
	hash_number(sum, plan->release_h);
	hash_number(sum, plan->forecast_max_age_h);
	for (int k = 0; k < FORECAST_KIND_COUNT; k++)
		hash_number(sum, plan->forecast_rank[k]);
	hash_number(sum, plan->rank_for_h);
	hash_number(sum, plan->horizon_hold_h);
	hash_number(sum, plan->bulletin_max);
	hash_number(sum, plan->dust_excludes);
	add_own(sum, plan);
	for (int l = 1; l <= plan->n_levels; l++) {
		add_release(sum, &plan->levels[l].release);
		for (int i = 0; i < plan->levels[l].n_any; i++)
			add_condition(sum, &plan->levels[l].any[i]);
		for (int e = 0; e < EMISSION_COUNT; e++)
			hash_number(sum, plan->levels[l].min_cut_pct[e]);
	}
}

static struct rules_used rules_of(const struct engine_rules *rules)
{
	struct rules_used used = {.sum = 2166136261u};
	add_edition(&used.sum, rules->edition);
	add_plan(&used.sum, rules->plan);
	hash_number(&used.sum, rules->scope.monitored);
	hash_number(&used.sum, rules->scope.leading);
	snprintf(used.edition, sizeof(used.edition), "%s", rules->edition->id);
	snprintf(used.plan, sizeof(used.plan), "%s", rules->plan->id);
	return used;
}

int engine_note_rules(struct engine *engine, int64_t hour, struct event *ret)
{
	const struct rules_used before = engine->used;
	engine->used = rules_of(&engine->rules);
	bool same = before.sum == engine->used.sum && strcmp(before.plan, engine->used.plan) == 0 &&
		    strcmp(before.edition, engine->used.edition) == 0;
	if (same || engine->state.advice.episode == 0)
		return 0;
	advice_note(&engine->state.advice, EVENT_RULES_CHANGED, hour, ret);
	engine->used_before = before;
	engine->rules_change = (struct rules_change){
		.plan_before = engine->used_before.plan,
		.plan = engine->used.plan,
		.edition_before = engine->used_before.edition,
		.edition = engine->used.edition,
		.sum_before = before.sum,
		.sum = engine->used.sum,
		.plan_same = strcmp(before.plan, engine->used.plan) == 0,
		.edition_same = strcmp(before.edition, engine->used.edition) == 0};
	ret->rules = &engine->rules_change;
	return 1;
}
