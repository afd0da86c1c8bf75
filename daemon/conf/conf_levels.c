/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "plan_draft.h"
#include "words.h"

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

static const struct yaml_key part_keys[] = {
	{"index", YAML_TYPE_CALL, .required = true, .offset = offsetof(struct part_draft, index),
	 .each = conf_index_read},
	{"above", YAML_TYPE_INT, .offset = offsetof(struct part_draft, above),
	 .max = PLAN_CONCENTRATION_MAX},
	{"at_least", YAML_TYPE_INT, .offset = offsetof(struct part_draft, at_least),
	 .max = PLAN_CONCENTRATION_MAX},
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
	conf_index_check_top(file, node, draft.index, above ? "above" : "at_least",
			     above ? draft.above : draft.at_least);
	if (conf_index_is_daily(draft.index) && draft.for_h > 0 && draft.for_h < DAILY_HOURS)
		yaml_problem(file, yaml_get(file, node, "for_h"),
			     tr("for_h: %d is too short for %s; one value covers %d hours"),
			     draft.for_h, yaml_found(file, yaml_get(file, node, "index")),
			     DAILY_HOURS);
	condition->n_parts = index + 1;
	condition->parts[index] = (struct plan_part){
		.index = draft.index < 0 ? PLAN_INDEX_DAILY_AQI : draft.index,
		.at_least = at_least,
		.threshold = at_least ? draft.at_least : draft.above,
		.for_h = draft.for_h,
	};
}

static void read_condition(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		TEXT("clause", struct plan_condition, clause, true),
		{"all", YAML_TYPE_EACH, .required = true, .min = 1, .max = PLAN_PARTS_MAX,
		 .each = read_part},
		{"season", YAML_TYPE_CALL, .offset = offsetof(struct plan_condition, season),
		 .each = conf_season_read},
		{0},
	};
	struct plan_level *level = object;
	struct plan_condition *condition = &level->any[index];
	level->n_any = index + 1;
	yaml_read(file, node, keys, condition);
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
	{"stage", YAML_TYPE_BOOL, .offset = offsetof(struct plan_level, stage)},
	TEXT("response", struct plan_level, response, true),
	TEXT("approver_zh", struct plan_level, approver_zh, false),
	TEXT("approver_en", struct plan_level, approver_en, false),
	TEXT("clause", struct plan_level, clause, true),
	{"min_cut_pct", YAML_TYPE_MAP, .offset = offsetof(struct plan_level, min_cut_pct),
	 .sub = cut_keys},
	{"any", YAML_TYPE_EACH, .required = true, .min = 1, .max = PLAN_CONDITIONS_MAX,
	 .each = read_condition},
	{"release", YAML_TYPE_MAP, .offset = offsetof(struct plan_level, release),
	 .sub = conf_release_keys},
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
	const struct plan_level *below = &plan->levels[index]; /* the first of them is no level */
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
	if (draft.level.stage && below != plan->levels && !below->stage)
		yaml_problem(
			file, yaml_get(file, node, "stage"),
			tr("stage: a stage is below every warning, and the level below is one"));
	draft.level.severity = (enum severity)draft.severity;
	plan->levels[index + 1] = draft.level;
	plan->n_levels = index + 1;
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
	bool readable = yaml_problems(file) == before && conf_index_keep(file, node, plan);
	conf_cuts_check(file, node, plan);
	if (readable)
		conf_conditions_check(file, node, plan);
}
