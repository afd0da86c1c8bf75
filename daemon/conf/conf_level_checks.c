/* SPDX-License-Identifier: MIT */
/* The levels of a plan held against each other, and each against its own release. */
#include "plan_draft.h"
#include "words.h"

#define AQI_TOP 500

/* Of messages about a level whose id may have been refused. */
static const char *name_level(const struct plan *plan, int level)
{
	return plan->levels[level].id ? plan->levels[level].id : tr("this level");
}

static yaml_node level_node(const struct yaml_file *file, yaml_node levels, int level)
{
	return yaml_item(file, levels, level - 1);
}

static yaml_node condition_node(const struct yaml_file *file, yaml_node levels, int level, int i)
{
	return yaml_item(file, yaml_get(file, level_node(file, levels, level), "any"), i);
}

/* A cut that a higher level would undo. What a level does not say is compared past. */
static void check_rise(struct yaml_file *file, yaml_node levels, const struct plan *plan)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		int before = LEVEL_NONE;
		for (int l = 1; l <= plan->n_levels; l++) {
			int32_t cut = plan->levels[l].min_cut_pct[e];
			if (cut == CUT_UNSAID)
				continue;
			const char *name = emission_name((enum emission)e);
			int32_t least = plan->levels[before].min_cut_pct[e];
			if (before != LEVEL_NONE && cut < least) {
				yaml_node cuts =
					yaml_get(file, level_node(file, levels, l), "min_cut_pct");
				yaml_problem(file, yaml_get(file, cuts, name),
					     tr("%s: %d is less than the %d of %s"), name, cut,
					     least, name_level(plan, before));
			}
			before = l;
		}
	}
}

/* Forgotten, more often than meant: the units under that level are asked for nothing of it. */
static void warn_of_unsaid_cuts(struct yaml_file *file, yaml_node levels, const struct plan *plan)
{
	for (int e = 0; e < EMISSION_COUNT; e++) {
		int says = LEVEL_NONE;
		for (int l = 1; l <= plan->n_levels && says == LEVEL_NONE; l++)
			says = plan->levels[l].min_cut_pct[e] != CUT_UNSAID ? l : LEVEL_NONE;
		for (int l = 1; l <= plan->n_levels && says != LEVEL_NONE; l++) {
			yaml_node level = level_node(file, levels, l);
			yaml_node cuts = yaml_get(file, level, "min_cut_pct");
			if (plan->levels[l].min_cut_pct[e] == CUT_UNSAID)
				yaml_warning(file, cuts ? cuts : level,
					     tr("min_cut_pct: %s has no %s, as %s has"),
					     name_level(plan, l), emission_name((enum emission)e),
					     name_level(plan, says));
		}
	}
}

void conf_cuts_check(struct yaml_file *file, yaml_node levels, const struct plan *plan)
{
	check_rise(file, levels, plan);
	warn_of_unsaid_cuts(file, levels, plan);
}

/* True if b holds wherever a holds: no higher threshold, no more hours. */
static bool part_implies(const struct plan_part *a, const struct plan_part *b)
{
	int32_t least_a = a->threshold + !a->at_least, least_b = b->threshold + !b->at_least;
	return a->index == b->index && least_a >= least_b && a->for_h >= b->for_h;
}

static bool is_no_harder(const struct plan_condition *higher, const struct plan_condition *lower)
{
	for (int h = 0; h < higher->n_parts; h++) {
		bool implied = false;
		for (int l = 0; l < lower->n_parts && !implied; l++)
			implied = part_implies(&lower->parts[l], &higher->parts[h]);
		if (!implied)
			return false;
	}
	return true;
}

/* One condition against those of a lower level: who fulfils one of these must not be there yet. */
static void check_harder(struct yaml_file *file, yaml_node levels, const struct plan *plan,
			 int higher, int index)
{
	const struct plan_condition *condition = &plan->levels[higher].any[index];
	for (int lower = 1; lower < higher; lower++) {
		for (int i = 0; i < plan->levels[lower].n_any; i++) {
			if (!is_no_harder(condition, &plan->levels[lower].any[i]))
				continue;
			yaml_problem(file, condition_node(file, levels, higher, index),
				     tr("%s: this condition is no harder than the one of %s at %s"),
				     name_level(plan, higher), name_level(plan, lower),
				     yaml_place(file, condition_node(file, levels, lower, i)));
			return;
		}
	}
}

/* Also across the indices: a mean above a threshold has an hour above it. */
static bool part_brings(const struct plan_part *a, const struct plan_part *b)
{
	struct plan_part hour = *b;
	if (a->index == PLAN_INDEX_DAILY_AQI && b->index == PLAN_INDEX_HOURLY_AQI && b->for_h == 1)
		hour.index = a->index;
	return part_implies(a, &hour);
}

static bool condition_brings(const struct plan_condition *higher,
			     const struct plan_condition *lower)
{
	for (int l = 0; l < lower->n_parts; l++) {
		bool brought = false;
		for (int h = 0; h < higher->n_parts && !brought; h++)
			brought = part_brings(&higher->parts[h], &lower->parts[l]);
		if (!brought)
			return false;
	}
	return true;
}

/* A level that nothing of the one below leads to. One way of several may leap, as AQI 500 at once
 * does. */
static void warn_of_leap(struct yaml_file *file, yaml_node levels, const struct plan *plan,
			 int level)
{
	const struct plan_level *higher = &plan->levels[level], *lower = higher - 1;
	for (int h = 0; h < higher->n_any; h++) {
		for (int l = 0; l < lower->n_any; l++) {
			if (condition_brings(&higher->any[h], &lower->any[l]))
				return;
		}
	}
	yaml_warning(file, yaml_get(file, level_node(file, levels, level), "any"),
		     tr("%s can be met where %s is not; is a threshold or a duration of %s, at %s, "
			"mistyped?"),
		     name_level(plan, level), name_level(plan, level - 1),
		     name_level(plan, level - 1),
		     yaml_place(file, yaml_get(file, level_node(file, levels, level - 1), "any")));
}

/* ---- air that stays as it is ---- */

#define NEVER_MET 0

/* Whether an index has the same value as the AQI in such air. */
static bool is_aqi(const struct plan *plan, int index)
{
	return index < PLAN_INDEX_OWN || plan->own[index - PLAN_INDEX_OWN].kind == OWN_MEAN_AQI;
}

/* Whether nothing but the AQI decides, all year. */
static bool is_plain(const struct plan *plan, const struct plan_condition *condition)
{
	bool plain = condition->season.from == 0;
	for (int p = 0; p < condition->n_parts; p++)
		plain = plain && is_aqi(plan, condition->parts[p].index);
	return plain;
}

/* After how many hours at one AQI the first of a level's plain conditions is met; NEVER_MET. */
static int32_t find_hours(const struct plan *plan, const struct plan_level *level, int32_t aqi)
{
	int32_t first = NEVER_MET;
	for (int i = 0; i < level->n_any; i++) {
		const struct plan_condition *condition = &level->any[i];
		bool met = is_plain(plan, condition);
		int32_t hours = NEVER_MET;
		for (int p = 0; p < condition->n_parts; p++) {
			met = met && plan_part_holds(&condition->parts[p], aqi * 1000);
			if (condition->parts[p].for_h > hours)
				hours = condition->parts[p].for_h;
		}
		if (met && (first == NEVER_MET || hours < first))
			first = hours;
	}
	return first;
}

/* A level that such air brings without the one below, or where that begins to come, before it. Of
 * higher AQIs a plan may ask for fewer hours. */
static bool check_order(struct yaml_file *file, yaml_node levels, const struct plan *plan, int rank)
{
	const struct plan_level *higher = &plan->levels[rank], *lower = higher - 1;
	bool begun = false;
	for (int i = 0; i < lower->n_any; i++) {
		if (!is_plain(plan, &lower->any[i]))
			return true;
	}
	for (int32_t aqi = 0; aqi <= AQI_TOP; aqi++) {
		int32_t high = find_hours(plan, higher, aqi), low = find_hours(plan, lower, aqi);
		bool before = low == NEVER_MET || (!begun && high < low);
		begun = begun || low != NEVER_MET;
		if (high == NEVER_MET || !before)
			continue;
		yaml_problem(file, yaml_get(file, level_node(file, levels, rank), "any"),
			     tr("%s comes before %s in air that stays at an AQI of %d; conditions "
				"of %s, at %s"),
			     name_level(plan, rank), name_level(plan, rank - 1), (int)aqi,
			     name_level(plan, rank - 1),
			     yaml_place(file,
					yaml_get(file, level_node(file, levels, rank - 1), "any")));
		return false;
	}
	return true;
}

/* ---- what ends a level ---- */

static yaml_node limit_node(const struct yaml_file *file, yaml_node levels, int rank, int i)
{
	yaml_node level = level_node(file, levels, rank);
	yaml_node limit =
		yaml_item(file, yaml_get(file, yaml_get(file, level, "release"), "all"), i);
	return limit ? limit : level;
}

/* Cleaner than good air is: it would hardly ever be lifted. */
static void check_limit_is_reached(struct yaml_file *file, yaml_node levels,
				   const struct plan *plan, int rank, int i)
{
	const struct plan_limit *limit = &plan->levels[rank].release.limits[i];
	if (!plan_index_is_concentration(plan, limit->index) && limit->threshold < PLAN_LIFTED_AT)
		yaml_problem(file, limit_node(file, levels, rank, i),
			     tr("%s: ends only with %s %s %d, less than %d, so it would hardly "
				"ever be lifted"),
			     name_level(plan, rank), plan_index_name(plan, limit->index),
			     limit->below ? tr("below") : tr("at or below"), (int)limit->threshold,
			     PLAN_LIFTED_AT);
}

/* The highest value of an index that a condition asks for, the least that fulfils it; -1. */
static int32_t find_least(const struct plan_condition *condition, int index)
{
	int32_t least = -1;
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		if (part->index == index && part->threshold + !part->at_least > least)
			least = part->threshold + !part->at_least;
	}
	return least;
}

/* A limit that the air keeps while a condition is met: the level would end as it begins. */
static void check_limit_is_below(struct yaml_file *file, yaml_node levels, const struct plan *plan,
				 int rank, int i)
{
	const struct plan_level *level = &plan->levels[rank];
	const struct plan_limit *limit = &level->release.limits[i];
	for (int c = 0; c < level->n_any; c++) {
		int32_t least = find_least(&level->any[c], limit->index);
		if (least < 0 || !plan_limit_holds(limit, least * 1000))
			continue;
		yaml_problem(file, limit_node(file, levels, rank, i),
			     tr("%s: would be lifted at a %s of %d, which calls for it at %s"),
			     name_level(plan, rank), plan_index_name(plan, limit->index),
			     (int)least, yaml_place(file, condition_node(file, levels, rank, c)));
	}
}

static void check_release(struct yaml_file *file, yaml_node levels, struct plan *plan, int rank)
{
	struct plan_level *level = &plan->levels[rank];
	if (!plan_level_prepare(plan, level)) {
		yaml_problem(file, level_node(file, levels, rank),
			     tr("%s: no part of a daily index has above and no release is said, so "
				"nothing would end the level"),
			     name_level(plan, rank));
		return;
	}
	for (int i = 0; i < level->release.n; i++) {
		check_limit_is_reached(file, levels, plan, rank, i);
		if (level->release.own)
			check_limit_is_below(file, levels, plan, rank, i);
	}
}

/* Part 0 of a condition moves to the base, so positions of parts are not asked for after this. */
void conf_conditions_check(struct yaml_file *file, yaml_node levels, struct plan *plan)
{
	for (int l = 2; l <= plan->n_levels; l++) {
		int before = yaml_problems(file);
		for (int i = 0; i < plan->levels[l].n_any; i++)
			check_harder(file, levels, plan, l, i);
		if (yaml_problems(file) == before && check_order(file, levels, plan, l))
			warn_of_leap(file, levels, plan, l);
	}
	for (int l = 1; l <= plan->n_levels; l++)
		check_release(file, levels, plan, l);
}
