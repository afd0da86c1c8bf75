/* SPDX-License-Identifier: MIT */
#include "conf_plan.h"

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
#define LEVEL(name, level)                                                                         \
	{                                                                                          \
		name, YAML_TYPE_MAP, .required = true,                                             \
				     .offset = offsetof(struct plan, levels[level]),               \
				     .sub = level_keys                                             \
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
		yaml_problem(file, node, "a part takes either above or at_least, here %s",
			     above ? "are both" : "is neither");
	if (draft.index == PLAN_INDEX_DAILY_AQI && draft.for_h > 0 && draft.for_h < DAILY_HOURS)
		yaml_problem(file, yaml_get(file, node, "for_h"),
			     "for_h: %d is too short for daily_aqi; one value covers %d hours",
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
		yaml_problem(file, node, "a condition needs a part with index daily_aqi");
}

static const struct yaml_key cut_keys[] = {
	CUT("so2", EMISSION_SO2),
	CUT("nox", EMISSION_NOX),
	CUT("pm", EMISSION_PM),
	CUT("vocs", EMISSION_VOCS),
	{0},
};

static const struct yaml_key level_keys[] = {
	TEXT("response", struct plan_level, response, true),
	TEXT("name_zh", struct plan_level, name_zh, true),
	TEXT("name_en", struct plan_level, name_en, true),
	TEXT("approver_zh", struct plan_level, approver_zh, false),
	TEXT("approver_en", struct plan_level, approver_en, false),
	TEXT("clause", struct plan_level, clause, true),
	{"min_cut_pct", YAML_TYPE_MAP, .offset = offsetof(struct plan_level, min_cut_pct),
	 .sub = cut_keys},
	{"any", YAML_TYPE_EACH, .required = true, .min = 1, .max = PLAN_CONDITIONS_MAX,
	 .each = read_condition},
	{0},
};

static const struct yaml_key levels_keys[] = {
	LEVEL("yellow", LEVEL_YELLOW),
	LEVEL("orange", LEVEL_ORANGE),
	LEVEL("red", LEVEL_RED),
	{0},
};

static yaml_node level_node(const struct yaml_file *file, yaml_node levels, int level)
{
	return yaml_get(file, levels, level_name((enum level)level));
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
		for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
			int32_t cut = plan->levels[l].min_cut_pct[e];
			if (cut == CUT_UNSAID)
				continue;
			const char *name = emission_name((enum emission)e);
			int32_t least = plan->levels[before].min_cut_pct[e];
			if (before != LEVEL_NONE && cut < least) {
				yaml_node cuts =
					yaml_get(file, level_node(file, levels, l), "min_cut_pct");
				yaml_problem(file, yaml_get(file, cuts, name),
					     "%s: %d is less than the %d of %s", name, cut, least,
					     level_name((enum level)before));
			}
			before = l;
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
	for (int lower = LEVEL_YELLOW; lower < higher; lower++) {
		for (int i = 0; i < plan->levels[lower].n_any; i++) {
			if (!is_no_harder(condition, &plan->levels[lower].any[i]))
				continue;
			yaml_problem(file, condition_node(file, levels, higher, index),
				     "%s: this condition is no harder than the one of %s at %s",
				     level_name((enum level)higher), level_name((enum level)lower),
				     yaml_place(file, condition_node(file, levels, lower, i)));
			return;
		}
	}
}

/* Part 0 of a condition moves to the base, so positions of parts are not asked for after this. */
static void check_conditions(struct yaml_file *file, yaml_node levels, struct plan *plan)
{
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++) {
		if (!plan_level_prepare(&plan->levels[l]))
			yaml_problem(
				file, level_node(file, levels, l),
				"%s: no daily_aqi part has above, so nothing would end the level",
				level_name((enum level)l));
		for (int i = 0; i < plan->levels[l].n_any; i++)
			check_harder(file, levels, plan, l, i);
	}
}

void conf_levels_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan *plan = object;
	int before = yaml_problems(file);
	(void)index;
	yaml_read(file, node, levels_keys, plan);
	bool readable = yaml_problems(file) == before;
	check_cuts(file, node, plan);
	if (readable)
		check_conditions(file, node, plan);
}
