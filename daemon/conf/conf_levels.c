/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "plan_draft.h"
#include "words.h"

#define AQI_TOP 500
#define HOURS_TOP PLAN_HOURS_MAX
#define DAILY_HOURS 24 /* a daily AQI covers the 24 hours before it */
#define TEXT_TOP 400

#define TEXT(name, type, member, must)                                                             \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = must, .offset = offsetof(type, member),          \
				      .min = 1, .max = TEXT_TOP                                    \
	}
#define CUT(name, emission)                                                                        \
	{                                                                                          \
		name, YAML_TYPE_INT, .offset = sizeof(int32_t) * (emission), .max = 100            \
	}
struct part_draft {
	int index;
	int32_t above, at_least, for_h;
};

static const struct yaml_name index_names[] = {
	{"daily_aqi", PLAN_INDEX_DAILY_AQI},
	{"hourly_aqi", PLAN_INDEX_HOURLY_AQI},
	{0},
};

static const struct yaml_key part_keys[] = {
	{"index", YAML_TYPE_NAME, .required = true, .offset = offsetof(struct part_draft, index),
	 .names = index_names},
	{"above", YAML_TYPE_INT, .offset = offsetof(struct part_draft, above), .max = AQI_TOP},
	{"at_least", YAML_TYPE_INT, .offset = offsetof(struct part_draft, at_least),
	 .max = AQI_TOP},
	{"for_h", YAML_TYPE_INT, .required = true, .offset = offsetof(struct part_draft, for_h),
	 .min = 1, .max = HOURS_TOP},
	{0},
};

static void read_part(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct part_draft draft = {.index = -1};
	struct plan_condition *condition = object;
	yaml_read(file, node, part_keys, &draft);
	bool above = yaml_get(file, node, "above"), at_least = yaml_get(file, node, "at_least");
	if (yaml_is_map(file, node) && above == at_least)
		yaml_problem(file, node,
			     above ? tr("a part takes either above or at_least, here are both")
				   : tr("a part takes either above or at_least, here is neither"));
	if (draft.index == PLAN_INDEX_DAILY_AQI && draft.for_h > 0 && draft.for_h < DAILY_HOURS)
		yaml_problem(file, yaml_get(file, node, "for_h"),
			     tr("for_h: %d is too short for daily_aqi; one value covers %d hours"),
			     draft.for_h, DAILY_HOURS);
	condition->n_parts = index + 1;
	condition->parts[index] = (struct plan_part){
		.index = draft.index == PLAN_INDEX_HOURLY_AQI ? PLAN_INDEX_HOURLY_AQI
							      : PLAN_INDEX_DAILY_AQI,
		.at_least = at_least,
		.threshold = at_least ? draft.at_least : draft.above,
		.for_h = draft.for_h,
	};
}

static bool has_daily_part(const struct plan_condition *condition)
{
	for (int i = 0; i < condition->n_parts; i++) {
		if (condition->parts[i].index == PLAN_INDEX_DAILY_AQI)
			return true;
	}
	return condition->n_parts == 0;
}

static void read_condition(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		TEXT("clause", struct plan_condition, clause, true),
		{"all", YAML_TYPE_EACH, .required = true, .min = 1, .max = PLAN_PARTS_MAX,
		 .each = read_part},
		{0},
	};
	struct plan_level *level = object;
	struct plan_condition *condition = &level->any[index];
	level->n_any = index + 1;
	yaml_read(file, node, keys, condition);
	if (!has_daily_part(condition))
		yaml_problem(file, node, tr("a condition needs a part with index daily_aqi"));
}

static const struct yaml_key cut_keys[] = {
	CUT("so2", EMISSION_SO2),
	CUT("nox", EMISSION_NOX),
	CUT("pm", EMISSION_PM),
	CUT("vocs", EMISSION_VOCS),
	{0},
};

static const struct yaml_name severity_names[] = {
	{"Minor", SEVERITY_MINOR},     {"Moderate", SEVERITY_MODERATE}, {"Severe", SEVERITY_SEVERE},
	{"Extreme", SEVERITY_EXTREME}, {"Unknown", SEVERITY_UNKNOWN},   {0},
};

/* A level first, so that keys without an offset write to it. */
struct level_draft {
	struct plan_level level;
	int32_t rank;
	int severity;
};
_Static_assert(offsetof(struct level_draft, level) == 0, "level_draft begins with level");

static const struct yaml_key level_keys[] = {
	CONF_ID("id", struct plan_level, id, true),
	{"rank", YAML_TYPE_INT, .required = true, .offset = offsetof(struct level_draft, rank),
	 .min = 1, .max = LEVELS_MAX},
	TEXT("colour", struct plan_level, colour, true),
	TEXT("name_zh", struct plan_level, name_zh, true),
	TEXT("name_en", struct plan_level, name_en, true),
	{"severity", YAML_TYPE_NAME, .required = true,
	 .offset = offsetof(struct level_draft, severity), .names = severity_names},
	TEXT("response", struct plan_level, response, true),
	TEXT("approver_zh", struct plan_level, approver_zh, false),
	TEXT("approver_en", struct plan_level, approver_en, false),
	TEXT("clause", struct plan_level, clause, true),
	{"min_cut_pct", YAML_TYPE_MAP, .offset = offsetof(struct plan_level, min_cut_pct),
	 .sub = cut_keys},
	{"any", YAML_TYPE_EACH, .required = true, .min = 1, .max = PLAN_CONDITIONS_MAX,
	 .each = read_condition},
	{0},
};

static void check_id(struct yaml_file *file, yaml_node node, const struct plan *plan,
		     const char *id)
{
	yaml_node at = yaml_get(file, node, "id");
	if (strlen(id) >= LEVEL_ID_MAX)
		yaml_problem(file, at, tr("id: %s is longer than %d bytes"), yaml_found(file, at),
			     LEVEL_ID_MAX - 1);
	if (strcmp(id, "none") == 0 || strcmp(id, "any") == 0 || strcmp(id, "unknown") == 0 ||
	    strcmp(id, "base") == 0)
		yaml_problem(file, at, tr("id: %s is reserved"), yaml_found(file, at));
	for (int l = 1; l <= plan->n_levels; l++) {
		if (plan->levels[l].id && strcmp(plan->levels[l].id, id) == 0)
			yaml_problem(file, at, tr("id: %s is taken by the level of rank %d"),
				     yaml_found(file, at), l);
	}
}

static void check_colour(struct yaml_file *file, yaml_node node, const char *colour)
{
	yaml_node at = yaml_get(file, node, "colour");
	if (strlen(colour) != 6 || strspn(colour, "0123456789ABCDEF") != 6)
		yaml_problem(file, at, tr("colour: %s is not six digits of 0-9 and A-F"),
			     yaml_found(file, at));
}

void conf_check_both(struct yaml_file *file, yaml_node node, const char *zh, const char *en)
{
	yaml_node has_zh = yaml_get(file, node, zh), has_en = yaml_get(file, node, en);
	if (!has_zh != !has_en)
		yaml_problem(file, has_zh ? has_zh : has_en,
			     tr("%s: stands alone; %s has to say the same in the other language"),
			     has_zh ? zh : en, has_zh ? en : zh);
}

/* Levels stand in the order of their ranks: one that was left out or turned is a mistake. */
static void read_level(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan *plan = object;
	struct level_draft draft = {.level = plan->levels[index + 1]};
	yaml_read(file, node, level_keys, &draft);
	if (draft.rank != 0 && draft.rank != index + 1)
		yaml_problem(
			file, yaml_get(file, node, "rank"),
			tr("rank: %d is not %d; levels are counted from the lowest, 1, without a "
			   "gap"),
			(int)draft.rank, index + 1);
	if (draft.level.id)
		check_id(file, node, plan, draft.level.id);
	if (draft.level.colour)
		check_colour(file, node, draft.level.colour);
	conf_check_both(file, node, "approver_zh", "approver_en");
	draft.level.severity = (enum severity)draft.severity;
	plan->levels[index + 1] = draft.level;
	plan->n_levels = index + 1;
}

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
static void check_cuts(struct yaml_file *file, yaml_node levels, const struct plan *plan)
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

/* Part 0 of a condition moves to the base, so positions of parts are not asked for after this. */
static void check_conditions(struct yaml_file *file, yaml_node levels, struct plan *plan)
{
	for (int l = 2; l <= plan->n_levels; l++)
		warn_of_leap(file, levels, plan, l);
	for (int l = 1; l <= plan->n_levels; l++) {
		if (!plan_level_prepare(&plan->levels[l]))
			yaml_problem(file, level_node(file, levels, l),
				     tr("%s: no daily_aqi part has above, so nothing would end the "
					"level"),
				     name_level(plan, l));
		for (int i = 0; i < plan->levels[l].n_any; i++)
			check_harder(file, levels, plan, l, i);
	}
}

void conf_levels_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan *plan = object;
	int before = yaml_problems(file);
	static const struct yaml_key key = {"levels", YAML_TYPE_EACH, .min = 1, .max = LEVELS_MAX,
					    .each = read_level};
	(void)index;
	if (yaml_is_map(file, node)) {
		yaml_problem(
			file, node,
			tr("levels: is a mapping, the form of older plans; now it is a list, the "
			   "lowest level first: - {id: yellow, rank: 1, colour: FFD800, severity: "
			   "Moderate, ...}"));
		return;
	}
	yaml_read_value(file, node, &key, plan);
	bool readable = yaml_problems(file) == before;
	check_cuts(file, node, plan);
	warn_of_unsaid_cuts(file, node, plan);
	if (readable)
		check_conditions(file, node, plan);
}
