/* SPDX-License-Identifier: MIT */
#include "conf_plan.h"
#include "conf_rules.h"

#include <string.h>

#define TEXT_TOP 1000
#define GAP_H 2 /* where the plan is silent (domain: missing hours that a run bridges) */
#define FORECAST_MAX_AGE_H 36
#define RELEASE_H 36 /* practice of other plans: improved air for 36 hours */

#define TEXT(name, type, member, must)                                                             \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = must, .offset = offsetof(type, member),          \
				      .min = 1, .max = TEXT_TOP                                    \
	}
#define ID(name, type, member, must)                                                               \
	{                                                                                          \
		name, YAML_TYPE_ID, .required = must, .offset = offsetof(type, member)             \
	}

struct plan_draft {
	struct plan plan;
	const char *kind; /* for the reader of the file */
	int counting, bulletin_max;
	const char *replaces[PLAN_MEASURES_MAX]; /* ids, looked up when all measures are known */
};

/* Keys without an offset write to the plan, so it comes first. */
_Static_assert(offsetof(struct plan_draft, plan) == 0, "plan_draft begins with plan");

struct measure_draft {
	struct plan *plan;
	struct plan_measure measure;
	int level;
	const char *replaces;
};

static const struct yaml_name level_names[] = {
	{"yellow", LEVEL_YELLOW},
	{"orange", LEVEL_ORANGE},
	{"red", LEVEL_RED},
	{"any", LEVEL_NONE},
	{0},
};

static const char *level_word(enum level level)
{
	return level == LEVEL_NONE ? "any" : level_name(level);
}

static int find_unit(const struct plan *plan, const char *id)
{
	for (int i = 0; i < plan->n_units; i++) {
		if (plan->units[i].id && strcmp(plan->units[i].id, id) == 0)
			return i;
	}
	return -1;
}

static int find_measure(const struct plan *plan, const char *id)
{
	for (int i = 0; i < plan->n_measures; i++) {
		if (plan->measures[i].id && strcmp(plan->measures[i].id, id) == 0)
			return i;
	}
	return -1;
}

/* `first` is the index of the item of `list` that has the id already, or -1. */
static void check_new(struct yaml_file *file, yaml_node node, const char *list, int first)
{
	if (first < 0)
		return;
	yaml_node there = yaml_item(file, yaml_get(file, yaml_root(file), list), first);
	yaml_node id = yaml_get(file, node, "id");
	yaml_problem(file, id, "id: %s is taken, at %s", yaml_found(file, id),
		     yaml_place(file, there));
}

static void read_unit(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		ID("id", struct plan_unit, id, true),
		TEXT("zh", struct plan_unit, zh, true),
		TEXT("en", struct plan_unit, en, true),
		{0},
	};
	struct plan *plan = object;
	struct plan_unit unit = {0};
	yaml_read(file, node, keys, &unit);
	if (unit.id)
		check_new(file, node, "units", find_unit(plan, unit.id));
	plan->units[index] = unit;
	plan->n_units = index + 1;
}

static void read_unit_of_measure(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct measure_draft *draft = object;
	const char *id = yaml_scalar(file, node);
	int unit = id ? find_unit(draft->plan, id) : -1;
	(void)index;
	if (unit < 0)
		yaml_problem(file, node, "units: %s is no unit of this plan",
			     yaml_found(file, node));
	else if (draft->measure.units & (1u << unit))
		yaml_problem(file, node, "units: %s is there twice", yaml_found(file, node));
	else
		draft->measure.units |= 1u << unit;
}

static const struct yaml_key measure_keys[] = {
	ID("id", struct measure_draft, measure.id, true),
	{"level", YAML_TYPE_NAME, .required = true, .offset = offsetof(struct measure_draft, level),
	 .names = level_names},
	ID("group", struct measure_draft, measure.group, true),
	ID("sub", struct measure_draft, measure.sub, false),
	TEXT("clause", struct measure_draft, measure.clause, true),
	TEXT("zh", struct measure_draft, measure.zh, true),
	TEXT("en", struct measure_draft, measure.en, true),
	{"units", YAML_TYPE_EACH, .required = true, .max = PLAN_UNITS_MAX,
	 .each = read_unit_of_measure},
	ID("unit_source", struct measure_draft, measure.unit_source, true),
	ID("replaces", struct measure_draft, replaces, false),
	{0},
};

static void read_measure(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan_draft *draft = object;
	struct plan *plan = &draft->plan;
	struct measure_draft measure = {.plan = plan, .measure.replaces = -1};
	yaml_read(file, node, measure_keys, &measure);
	if (measure.measure.id)
		check_new(file, node, "measures", find_measure(plan, measure.measure.id));
	measure.measure.level = (enum level)measure.level;
	plan->measures[index] = measure.measure;
	plan->n_measures = index + 1;
	draft->replaces[index] = measure.replaces;
}

/* A measure replaces one of a lower level: chains end, and never in a circle. */
static void resolve_replaces(struct yaml_file *file, struct plan_draft *draft)
{
	struct plan *plan = &draft->plan;
	yaml_node list = yaml_get(file, yaml_root(file), "measures");
	for (int i = 0; i < plan->n_measures; i++) {
		if (!draft->replaces[i])
			continue;
		struct plan_measure *measure = &plan->measures[i];
		yaml_node node = yaml_get(file, yaml_item(file, list, i), "replaces");
		int replaced = find_measure(plan, draft->replaces[i]);
		if (replaced < 0)
			yaml_problem(file, node, "replaces: %s is no measure of this plan",
				     yaml_found(file, node));
		else if (plan->measures[replaced].level >= measure->level)
			yaml_problem(file, node, "replaces: %s is of level %s, not below %s",
				     yaml_found(file, node),
				     level_word(plan->measures[replaced].level),
				     level_word(measure->level));
		measure->replaces = replaced;
	}
}

/* Measures name units, wherever in the file these stand. */
static void skip_for_now(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)file, (void)node, (void)index, (void)object;
}

static void read_measures(struct yaml_file *file, struct plan_draft *draft)
{
	static const struct yaml_key key = {"measures", YAML_TYPE_EACH, .max = PLAN_MEASURES_MAX,
					    .each = read_measure};
	yaml_read_value(file, yaml_get(file, yaml_root(file), "measures"), &key, draft);
	resolve_replaces(file, draft);
}

static const struct yaml_name counting_names[] = {
	{"span", COUNTING_SPAN},
	{"rolling", COUNTING_ROLLING},
	{"natural-day", COUNTING_NATURAL_DAY},
	{0},
};
static const struct yaml_name bulletin_names[] = {{"mid", false}, {"max", true}, {0}};

static void read_excluded(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan_draft *draft = object;
	const char *key = yaml_scalar(file, node);
	enum pollutant pollutant;
	if (index == 0)
		draft->plan.dust_excludes = 0;
	if (!key || !pollutant_parse(key, &pollutant))
		yaml_problem(file, node,
			     "dust_excludes: %s is not one of pm25, pm10, so2, no2, co, o3",
			     yaml_found(file, node));
	else
		draft->plan.dust_excludes |= 1u << pollutant;
}

static const struct yaml_key plan_keys[] = {
	TEXT("kind", struct plan_draft, kind, true),
	ID("id", struct plan_draft, plan.id, true),
	TEXT("title_zh", struct plan_draft, plan.title_zh, true),
	TEXT("title_en", struct plan_draft, plan.title_en, true),
	TEXT("document", struct plan_draft, plan.document, true),
	{"counting", YAML_TYPE_NAME, .offset = offsetof(struct plan_draft, counting),
	 .names = counting_names},
	{"gap_h", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.gap_h), .max = 24},
	{"release_h", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.release_h),
	 .min = 1, .max = 240},
	{"forecast_max_age_h", YAML_TYPE_INT,
	 .offset = offsetof(struct plan_draft, plan.forecast_max_age_h), .min = 1, .max = 240},
	{"bulletin_value", YAML_TYPE_NAME, .offset = offsetof(struct plan_draft, bulletin_max),
	 .names = bulletin_names},
	{"dust_excludes", YAML_TYPE_EACH, .min = 1, .max = POLLUTANT_COUNT, .each = read_excluded},
	{"summary_days", YAML_TYPE_INT, .offset = offsetof(struct plan_draft, plan.summary_days),
	 .min = 1, .max = 60},
	{"levels", YAML_TYPE_CALL, .required = true, .each = conf_levels_read},
	{"units", YAML_TYPE_EACH, .max = PLAN_UNITS_MAX, .each = read_unit},
	{"measures", YAML_TYPE_CALL, .each = skip_for_now},
	{0},
};

bool conf_read_plan(struct yaml_file *file, struct plan *ret)
{
	struct plan_draft draft = {
		.plan = {.gap_h = GAP_H,
			 .release_h = RELEASE_H,
			 .forecast_max_age_h = FORECAST_MAX_AGE_H,
			 .dust_excludes = 1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10},
		.counting = COUNTING_SPAN,
	};
	for (int l = 0; l < LEVEL_COUNT; l++) {
		for (int e = 0; e < EMISSION_COUNT; e++)
			draft.plan.levels[l].min_cut_pct[e] = CUT_UNSAID;
	}
	yaml_read(file, yaml_root(file), plan_keys, &draft);
	read_measures(file, &draft);
	if (yaml_problems(file) > 0)
		return false;
	draft.plan.counting = (enum counting)draft.counting;
	draft.plan.bulletin_max = draft.bulletin_max != 0;
	*ret = draft.plan;
	return true;
}
