/* SPDX-License-Identifier: MIT */
/* Who acts and what: the units, exemptions, measures and the release slip of a plan file. */
#include <stdio.h>
#include <string.h>

#include "plan_draft.h"
#include "words.h"

struct measure_draft {
	struct plan *plan;
	struct plan_measure measure;
	const char *level;
	const char *replaces;
};

#define ANY_LEVEL "any"
#define LISTED_MAX (LEVEL_SLOTS * (LEVEL_ID_MAX + 2))

static const char *level_word(const struct plan *plan, int level)
{
	const char *id = level == LEVEL_NONE ? ANY_LEVEL : plan->levels[level].id;
	return id ? id : "?";
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
	yaml_problem(file, id, tr("id: %s is taken, at %s"), yaml_found(file, id),
		     yaml_place(file, there));
}

void conf_unit_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		CONF_ID("id", struct plan_unit, id, true),
		CONF_TEXT("zh", struct plan_unit, zh, true),
		CONF_TEXT("en", struct plan_unit, en, true),
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

/* An exemption of the list `exemptions`. */
void conf_exemption_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		CONF_ID("id", struct plan_exemption, id, true),
		CONF_TEXT("zh", struct plan_exemption, zh, true),
		CONF_TEXT("en", struct plan_exemption, en, true),
		{0},
	};
	struct plan *plan = object;
	struct plan_exemption exemption = {0};
	yaml_read(file, node, keys, &exemption);
	if (exemption.id)
		check_new(file, node, "exemptions", plan_exemption_find(plan, exemption.id));
	plan->exemptions[index] = exemption;
	plan->n_exemptions = index + 1;
}

/* An item of the list `key`, which names each thing once. */
static void add_bit(struct yaml_file *file, yaml_node node, const char *key, int bit,
		    uint32_t *bits)
{
	if (*bits & (1u << bit))
		yaml_problem(file, node, tr("%s: %s is there twice"), key, yaml_found(file, node));
	*bits |= 1u << bit;
}

static void add_unit(struct yaml_file *file, yaml_node node, const struct plan *plan,
		     uint32_t *units)
{
	const char *id = yaml_scalar(file, node);
	int unit = id ? find_unit(plan, id) : -1;
	if (unit < 0)
		yaml_problem(file, node, tr("units: %s is no unit of this plan"),
			     yaml_found(file, node));
	else
		add_bit(file, node, "units", unit, units);
}

static void read_unit_of_measure(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct measure_draft *draft = object;
	(void)index;
	add_unit(file, node, draft->plan, &draft->measure.units);
}

static void read_except(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct measure_draft *draft = object;
	const char *id = yaml_scalar(file, node);
	int exemption = id ? plan_exemption_find(draft->plan, id) : -1;
	(void)index;
	if (exemption < 0)
		yaml_problem(file, node, tr("except: %s is no exemption of this plan"),
			     yaml_found(file, node));
	else
		add_bit(file, node, "except", exemption, &draft->measure.except);
}

/* A word of a closed list as a bit of the set at `object`. */
static void read_name_bit(struct yaml_file *file, yaml_node node, const struct yaml_key *name,
			  uint32_t *bits)
{
	int value = -1;
	yaml_read_value(file, node, name, &value);
	if (value >= 0)
		add_bit(file, node, name->key, value, bits);
}

static void read_kind_of_source(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_name names[SOURCE_KIND_COUNT + 1] = {{0}};
	for (int i = 0; i < SOURCE_KIND_COUNT; i++)
		names[i] = (struct yaml_name){source_kind_name((enum source_kind)i), i};
	const struct yaml_key key = {.key = "sources", .type = YAML_TYPE_NAME, .names = names};
	(void)index;
	read_name_bit(file, node, &key, object);
}

static void read_need(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_name names[PLAN_NEED_COUNT + 1] = {{0}};
	for (int i = 0; i < PLAN_NEED_COUNT; i++)
		names[i] = (struct yaml_name){plan_need_name((enum plan_need)i), i};
	const struct yaml_key key = {.key = "only_if", .type = YAML_TYPE_NAME, .names = names};
	(void)index;
	read_name_bit(file, node, &key, object);
}

/* An id of the plan's own choice, for programs to sort by. */
static void read_word(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {.key = "word", .type = YAML_TYPE_ID};
	struct plan_words *words = object;
	yaml_read_value(file, node, &key, &words->words[index]);
	words->n = index + 1;
}

#define NUMBER(name, number, least, most)                                                          \
	{                                                                                          \
		name, YAML_TYPE_INT, .offset = sizeof(int32_t) * (number), .min = least,           \
				     .max = most                                                   \
	}

static const struct yaml_key number_keys[] = {
	NUMBER("min_cut_pct", NUMBER_MIN_CUT_PCT, 0, 100),
	NUMBER("min_per_day", NUMBER_MIN_PER_DAY, 1, 24),
	NUMBER("max_stage", NUMBER_MAX_STAGE, 0, 9),
	NUMBER("more_than_movements_per_day", NUMBER_MORE_THAN_MOVEMENTS_PER_DAY, 0, 100000),
	NUMBER("delta_c_min", NUMBER_DELTA_C_MIN, 0, 20),
	NUMBER("delta_c_max", NUMBER_DELTA_C_MAX, 0, 20),
	{0},
};

static const struct yaml_key measure_keys[] = {
	CONF_ID("id", struct measure_draft, measure.id, true),
	CONF_ID("level", struct measure_draft, level, true),
	CONF_ID("group", struct measure_draft, measure.group, true),
	CONF_ID("sub", struct measure_draft, measure.sub, false),
	CONF_TEXT("clause", struct measure_draft, measure.clause, true),
	CONF_TEXT("zh", struct measure_draft, measure.zh, true),
	CONF_TEXT("en", struct measure_draft, measure.en, true),
	{"num", YAML_TYPE_MAP, .offset = offsetof(struct measure_draft, measure.numbers),
	 .sub = number_keys},
	{"who", YAML_TYPE_EACH, .offset = offsetof(struct measure_draft, measure.who), .min = 1,
	 .max = PLAN_WORDS_MAX, .each = read_word},
	{"where", YAML_TYPE_EACH, .offset = offsetof(struct measure_draft, measure.where), .min = 1,
	 .max = PLAN_WORDS_MAX, .each = read_word},
	{"except", YAML_TYPE_EACH, .min = 1, .max = PLAN_EXEMPTIONS_MAX, .each = read_except},
	{"sources", YAML_TYPE_EACH, .offset = offsetof(struct measure_draft, measure.sources),
	 .min = 1, .max = SOURCE_KIND_COUNT, .each = read_kind_of_source},
	{"only_if", YAML_TYPE_EACH, .offset = offsetof(struct measure_draft, measure.only_if),
	 .min = 1, .max = PLAN_NEED_COUNT, .each = read_need},
	{"may", YAML_TYPE_BOOL, .offset = offsetof(struct measure_draft, measure.may)},
	{"carried_silently", YAML_TYPE_BOOL,
	 .offset = offsetof(struct measure_draft, measure.carried_silently)},
	{"units", YAML_TYPE_EACH, .required = true, .max = PLAN_UNITS_MAX,
	 .each = read_unit_of_measure},
	CONF_ID("unit_source", struct measure_draft, measure.unit_source, true),
	CONF_ID("replaces", struct measure_draft, replaces, false),
	{0},
};

/* Of a level that the plan lacks, all that it has are told. */
static int find_level(struct yaml_file *file, yaml_node node, const struct plan *plan,
		      const char *id)
{
	char listed[LISTED_MAX] = "";
	size_t n = 0;
	if (!id)
		return LEVEL_NONE;
	for (int level = LEVEL_NONE; level <= plan->n_levels; level++) {
		if (strcmp(level_word(plan, level), id) == 0)
			return level;
	}
	for (int level = 1; level <= plan->n_levels; level++)
		n += (size_t)snprintf(listed + n, sizeof(listed) - n, "%.*s, ", LEVEL_ID_MAX,
				      level_word(plan, level));
	yaml_node at = yaml_get(file, node, "level");
	yaml_problem(file, at, tr("level: %s is not one of %s%s"), yaml_found(file, at), listed,
		     ANY_LEVEL);
	return LEVEL_NONE;
}

/* Wherever a measure is shown its exemptions are: as printed alone it would forbid repairs. */
static const char *add_exempt(struct yaml_file *file, const struct measure_draft *draft,
			      const char *text, bool zh)
{
	const struct plan *plan = draft->plan;
	const char *words = "";
	if (draft->measure.except == 0 || !text)
		return text;
	for (int i = 0; i < plan->n_exemptions; i++) {
		const struct plan_exemption *exemption = &plan->exemptions[i];
		const char *word = zh ? exemption->zh : exemption->en;
		if ((draft->measure.except & (1u << i)) && word)
			words = arena_format(yaml_arena(file), "%s%s%s", words,
					     words[0] == '\0' ? "" : (zh ? "、" : ", "), word);
	}
	return arena_format(yaml_arena(file), zh ? "%s（%s除外）" : "%s (except %s)", text, words);
}

static void check_addressed(struct yaml_file *file, yaml_node node,
			    const struct plan_measure *measure)
{
	if (measure->only_if != 0 && measure->sources == 0)
		yaml_problem(file, yaml_get(file, node, "only_if"),
			     tr("only_if: the measure names no sources"));
}

static void read_measure(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct plan_draft *draft = object;
	struct plan *plan = &draft->plan;
	struct measure_draft measure = {.plan = plan, .measure.replaces = -1};
	for (int i = 0; i < PLAN_NUMBER_COUNT; i++)
		measure.measure.numbers[i] = NUMBER_UNSAID;
	yaml_read(file, node, measure_keys, &measure);
	if (measure.measure.id)
		check_new(file, node, "measures", find_measure(plan, measure.measure.id));
	measure.measure.level = find_level(file, node, plan, measure.level);
	check_addressed(file, node, &measure.measure);
	measure.measure.zh = add_exempt(file, &measure, measure.measure.zh, true);
	measure.measure.en = add_exempt(file, &measure, measure.measure.en, false);
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
			yaml_problem(file, node, tr("replaces: %s is no measure of this plan"),
				     yaml_found(file, node));
		else if (plan->measures[replaced].level >= measure->level)
			yaml_problem(file, node, tr("replaces: %s is of level %s, not below %s"),
				     yaml_found(file, node),
				     level_word(plan, plan->measures[replaced].level),
				     level_word(plan, measure->level));
		measure->replaces = replaced;
	}
}

/* ---- the release slip ---- */

struct unit_name {
	const struct plan *plan;
	int32_t unit;
};

static void read_unit_name(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct unit_name *name = object;
	const char *id = yaml_scalar(file, node);
	(void)index;
	name->unit = id ? find_unit(name->plan, id) : -1;
	if (name->unit < 0)
		yaml_problem(file, node, tr("unit: %s is no unit of this plan"),
			     yaml_found(file, node));
}

struct channel_draft {
	struct plan_channel channel;
	const struct plan *plan;
};

static void read_unit_of_channel(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct channel_draft *draft = object;
	(void)index;
	add_unit(file, node, draft->plan, &draft->channel.units);
}

static void read_channel(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		CONF_TEXT("to_zh", struct channel_draft, channel.to_zh, true),
		CONF_TEXT("to_en", struct channel_draft, channel.to_en, true),
		CONF_TEXT("by_zh", struct channel_draft, channel.by_zh, true),
		CONF_TEXT("by_en", struct channel_draft, channel.by_en, true),
		{"units", YAML_TYPE_EACH, .min = 1, .max = PLAN_UNITS_MAX,
		 .each = read_unit_of_channel},
		{0},
	};
	struct plan *plan = object;
	struct channel_draft draft = {.plan = plan};
	yaml_read(file, node, keys, &draft);
	plan->channels[index] = draft.channel;
	plan->n_channels = index + 1;
}

struct release_draft {
	struct plan *plan;
	struct unit_name unit;
	const char *lift_approver_zh, *lift_approver_en;
};

static void read_channels(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"channels", YAML_TYPE_EACH, .min = 1,
					    .max = PLAN_CHANNELS_MAX, .each = read_channel};
	struct release_draft *draft = object;
	(void)index;
	yaml_read_value(file, node, &key, draft->plan);
}

static void read_release(struct yaml_file *file, struct plan *plan)
{
	static const struct yaml_key keys[] = {
		{"unit", YAML_TYPE_CALL, .required = true,
		 .offset = offsetof(struct release_draft, unit), .each = read_unit_name},
		CONF_TEXT("lift_approver_zh", struct release_draft, lift_approver_zh, false),
		CONF_TEXT("lift_approver_en", struct release_draft, lift_approver_en, false),
		{"channels", YAML_TYPE_CALL, .each = read_channels},
		{0},
	};
	struct release_draft draft = {.plan = plan, .unit = {plan, -1}};
	yaml_node node = yaml_get(file, yaml_root(file), "release");
	if (!node)
		return;
	yaml_read(file, node, keys, &draft);
	conf_check_both(file, node, "lift_approver_zh", "lift_approver_en");
	plan->release_unit = draft.unit.unit;
	plan->levels[LEVEL_NONE].approver_zh = draft.lift_approver_zh;
	plan->levels[LEVEL_NONE].approver_en = draft.lift_approver_en;
}

void conf_measures_read(struct yaml_file *file, struct plan_draft *draft)
{
	static const struct yaml_key key = {"measures", YAML_TYPE_EACH, .max = PLAN_MEASURES_MAX,
					    .each = read_measure};
	yaml_read_value(file, yaml_get(file, yaml_root(file), "measures"), &key, draft);
	resolve_replaces(file, draft);
	read_release(file, &draft->plan);
}
