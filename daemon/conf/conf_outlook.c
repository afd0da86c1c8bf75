/* SPDX-License-Identifier: MIT */
#include "conf_outlook.h"

#include "conf_open.h"
#include "conf_rules.h"
#include "words.h"

#include <string.h>

#define TEXT_TOP 400
#define INDEX_TOP 500
#define CONC_TOP 1000000   /* in the pollutant's unit */
#define AT_TOP 2000000000  /* thousandths of it */
#define LOGIT_TOP 20000000 /* millionths: no chance is nearer to 0 or 1 */
#define SPLIT_ITEMS 5
#define UNREAD (-1)

struct outlook_draft {
	struct outlook_model model;
	const char *kind, *source, *script; /* for the reader of the file */
};

/* One threshold and the room for its trees. */
struct threshold_draft {
	struct outlook_threshold of;
	struct outlook_tree *trees;
};

#define TEXT(name, type, member)                                                                   \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = true, .offset = offsetof(type, member),          \
				      .min = 1, .max = TEXT_TOP                                    \
	}
#define WHOLE(name, type, member, least, most)                                                     \
	{                                                                                          \
		name, YAML_TYPE_INT, .required = true, .offset = offsetof(type, member),           \
				     .min = least, .max = most                                     \
	}
#define POLLUTANT(type, needed)                                                                    \
	{                                                                                          \
		"pollutant", YAML_TYPE_CALL, .required = needed,                                   \
					     .offset = offsetof(type, pollutant),                  \
					     .each = conf_pollutant_read                           \
	}

/* ---- what is needed, and what is asked ---- */

static void read_need(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		POLLUTANT(struct outlook_need, true),
		WHOLE("hours", struct outlook_need, hours, 1, OUTLOOK_HOURS),
		WHOLE("valid", struct outlook_need, valid, 1, OUTLOOK_HOURS),
		{0},
	};
	struct outlook_model *model = object;
	struct outlook_need *need = &model->needs[index];
	int before = yaml_problems(file);

	yaml_read(file, node, keys, need);
	if (yaml_problems(file) == before && need->valid > need->hours)
		yaml_problem(file, yaml_get(file, node, "valid"),
			     tr("valid: %d is more than the %d hours"), need->valid, need->hours);
	model->n_needs = index + 1;
}

static bool is_calendar(int of)
{
	return of == OUTLOOK_CLOCK || of == OUTLOOK_SEASON;
}

/* The whole of what is looked at lies within the hours that are kept. */
static void check_span(struct yaml_file *file, yaml_node node,
		       const struct outlook_feature *feature)
{
	if (feature->hours + feature->ago > OUTLOOK_HOURS)
		yaml_problem(file, yaml_get(file, node, "ago"),
			     tr("ago: %d and %d hours are more than the %d that are looked at"),
			     feature->ago, feature->hours, OUTLOOK_HOURS);
	if (feature->of == OUTLOOK_CHANGE && feature->ago == 0)
		yaml_problem(file, node, tr("ago: a change needs one"));
	if (feature->of == OUTLOOK_HELD && feature->ago != 0)
		yaml_problem(file, yaml_get(file, node, "ago"), tr("ago: held has none"));
}

static void check_feature(struct yaml_file *file, yaml_node node,
			  const struct outlook_feature *feature)
{
	static const char *const own[] = {"pollutant", "hours", "ago"};
	for (int i = 0; i < 3; i++) {
		yaml_node value = yaml_get(file, node, own[i]);
		if (is_calendar(feature->of) && value)
			yaml_problem(file, value, tr("%s: clock and season have none"), own[i]);
		else if (!is_calendar(feature->of) && !value && i < 2)
			yaml_problem(file, node, tr("required key %s is missing"), own[i]);
	}
	if (!is_calendar(feature->of))
		check_span(file, node, feature);
}

static void read_feature(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_name of_names[] = {
		{"mean", OUTLOOK_MEAN},     {"max", OUTLOOK_MAX},
		{"min", OUTLOOK_MIN},       {"change", OUTLOOK_CHANGE},
		{"held", OUTLOOK_HELD},     {"clock", OUTLOOK_CLOCK},
		{"season", OUTLOOK_SEASON}, {0},
	};
	static const struct yaml_key keys[] = {
		{"of", YAML_TYPE_NAME, .required = true, .names = of_names,
		 .offset = offsetof(struct outlook_feature, of)},
		POLLUTANT(struct outlook_feature, false),
		{"hours", YAML_TYPE_INT, .offset = offsetof(struct outlook_feature, hours),
		 .min = 1, .max = OUTLOOK_HOURS},
		{"ago", YAML_TYPE_INT, .offset = offsetof(struct outlook_feature, ago),
		 .max = OUTLOOK_HOURS},
		{0},
	};
	struct outlook_model *model = object;
	struct outlook_feature *feature = &model->features[index];
	int before = yaml_problems(file);

	yaml_read(file, node, keys, feature);
	if (yaml_problems(file) == before)
		check_feature(file, node, feature);
	model->n_features = index + 1;
}

/* ---- trees ---- */

static int32_t read_number(struct yaml_file *file, yaml_node node, const char *name, double least,
			   double most)
{
	const struct yaml_key key = {name, YAML_TYPE_INT, .min = least, .max = most};
	int32_t value = 0;
	yaml_read_value(file, node, &key, &value);
	return value;
}

static int read_leaf(struct yaml_file *file, yaml_node node, struct outlook_tree *tree)
{
	tree->leaves[tree->n_leaves] = read_number(file, node, "leaf", -LOGIT_TOP, LOGIT_TOP);
	return ~tree->n_leaves++;
}

static bool has_room(struct yaml_file *file, yaml_node node, int n, int most)
{
	if (n < most)
		return true;
	yaml_problem(file, node, tr("a tree has at most %d leaves"), OUTLOOK_LEAVES_MAX);
	return false;
}

static int read_branch(struct yaml_file *file, yaml_node node, struct outlook_tree *tree,
		       int *n_nodes);

/* [feature, at, where what is missing goes, low, high]. */
static int read_split(struct yaml_file *file, yaml_node node, struct outlook_tree *tree,
		      int *n_nodes)
{
	static const struct yaml_name ways[] = {{"l", true}, {"h", false}, {0}};
	static const struct yaml_key missing = {"missing", YAML_TYPE_NAME, .names = ways};
	int n_features = yaml_length(file, yaml_get(file, yaml_root(file), "features"));
	int at = (*n_nodes)++, way = false;
	struct outlook_node *of = &tree->nodes[at];

	of->feature = (int16_t)read_number(file, yaml_item(file, node, 0), "feature", 0,
					   n_features > 0 ? n_features - 1 : 0);
	of->at = read_number(file, yaml_item(file, node, 1), "at", -AT_TOP, AT_TOP);
	yaml_read_value(file, yaml_item(file, node, 2), &missing, &way);
	of->missing_low = way;
	of->low = (int16_t)read_branch(file, yaml_item(file, node, 3), tree, n_nodes);
	of->high = (int16_t)read_branch(file, yaml_item(file, node, 4), tree, n_nodes);
	return at;
}

/* A problem leads nowhere in particular: the tree is not used then. */
static int read_branch(struct yaml_file *file, yaml_node node, struct outlook_tree *tree,
		       int *n_nodes)
{
	if (!yaml_is_list(file, node))
		return has_room(file, node, tree->n_leaves, OUTLOOK_LEAVES_MAX)
			       ? read_leaf(file, node, tree)
			       : UNREAD;
	if (yaml_length(file, node) != SPLIT_ITEMS) {
		yaml_problem(
			file, node,
			tr("a split has %d items: feature, at, l or h, low, high; this has %d"),
			SPLIT_ITEMS, yaml_length(file, node));
		return UNREAD;
	}
	return has_room(file, node, *n_nodes, OUTLOOK_LEAVES_MAX - 1)
		       ? read_split(file, node, tree, n_nodes)
		       : UNREAD;
}

static void read_tree(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct threshold_draft *draft = object;
	int n_nodes = 0;

	read_branch(file, node, &draft->trees[index], &n_nodes);
	draft->of.n_trees = index + 1;
}

/* ---- thresholds ---- */

static void read_climate(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct threshold_draft *draft = object;
	draft->of.climate_permille[index] = read_number(file, node, "climate", 0, 1000);
}

static const struct yaml_key trained_keys[] = {
	WHOLE("hours", struct outlook_trained, hours, 1, 1000000000),
	WHOLE("brier", struct outlook_trained, brier_micro, 0, 1000000),
	WHOLE("persistence", struct outlook_trained, persistence_micro, 0, 1000000),
	WHOLE("climate", struct outlook_trained, climate_micro, 0, 1000000),
	WHOLE("onset_csi", struct outlook_trained, onset_csi_permille, 0, 1000),
	WHOLE("onset_false_alarms", struct outlook_trained, onset_false_permille, 0, 1000),
	{0},
};

static const struct yaml_key threshold_keys[] = {
	WHOLE("aqi", struct threshold_draft, of.aqi, 1, INDEX_TOP),
	{"pm25", YAML_TYPE_MILLI, .required = true,
	 .offset = offsetof(struct threshold_draft, of.pm25_milli), .max = CONC_TOP},
	{"pm10", YAML_TYPE_MILLI, .required = true,
	 .offset = offsetof(struct threshold_draft, of.pm10_milli), .max = CONC_TOP},
	WHOLE("possible", struct threshold_draft, of.possible_permille, 1, 1000),
	{"climate", YAML_TYPE_EACH, .required = true, .min = OUTLOOK_MONTHS, .max = OUTLOOK_MONTHS,
	 .each = read_climate},
	{"trained", YAML_TYPE_MAP, .required = true,
	 .offset = offsetof(struct threshold_draft, of.trained), .sub = trained_keys},
	WHOLE("start", struct threshold_draft, of.start_micro, -LOGIT_TOP, LOGIT_TOP),
	{"trees", YAML_TYPE_EACH, .required = true, .min = 1, .max = OUTLOOK_TREES_MAX,
	 .each = read_tree},
	{0},
};

static int count_trees(const struct outlook_model *model)
{
	int n = 0;
	for (int i = 0; i < model->n_thresholds; i++)
		n += model->thresholds[i].n_trees;
	return n;
}

/* Of the trees that are read: no more than a file may have. */
static int count_listed(const struct yaml_file *file, yaml_node trees)
{
	int n = yaml_length(file, trees);
	return n < OUTLOOK_TREES_MAX ? n : OUTLOOK_TREES_MAX;
}

static void read_threshold(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct outlook_model *model = object;
	size_t n = (size_t)count_listed(file, yaml_get(file, node, "trees"));
	struct threshold_draft draft = {
		.trees = arena_alloc(yaml_arena(file), n * sizeof(*draft.trees))};

	yaml_read(file, node, threshold_keys, &draft);
	draft.of.trees = draft.trees;
	model->thresholds[index] = draft.of;
	model->n_thresholds = index + 1;
	if (count_trees(model) > OUTLOOK_TREES_MAX)
		yaml_problem(file, yaml_get(file, node, "trees"),
			     tr("trees: with these there are %d; the file may have %d"),
			     count_trees(model), OUTLOOK_TREES_MAX);
	int32_t before = index > 0 ? model->thresholds[index - 1].aqi : 0;
	if (draft.of.aqi != 0 && draft.of.aqi <= before)
		yaml_problem(file, yaml_get(file, node, "aqi"),
			     tr("aqi: %d is not above the %d before it"), draft.of.aqi, before);
}

static const struct yaml_key outlook_keys[] = {
	TEXT("kind", struct outlook_draft, kind),
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct outlook_draft, model.id)},
	TEXT("title_zh", struct outlook_draft, model.title_zh),
	TEXT("title_en", struct outlook_draft, model.title_en),
	TEXT("source", struct outlook_draft, source),
	TEXT("script", struct outlook_draft, script),
	TEXT("trained_on_zh", struct outlook_draft, model.trained_on_zh),
	TEXT("trained_on_en", struct outlook_draft, model.trained_on_en),
	{"needs", YAML_TYPE_EACH, .required = true, .min = 1, .max = OUTLOOK_NEEDS_MAX,
	 .offset = offsetof(struct outlook_draft, model), .each = read_need},
	{"features", YAML_TYPE_EACH, .required = true, .min = 1, .max = OUTLOOK_FEATURES_MAX,
	 .offset = offsetof(struct outlook_draft, model), .each = read_feature},
	{"thresholds", YAML_TYPE_EACH, .required = true, .min = 1, .max = OUTLOOK_THRESHOLDS_MAX,
	 .offset = offsetof(struct outlook_draft, model), .each = read_threshold},
	{0},
};

bool conf_read_outlook(struct yaml_file *file, struct outlook_model *ret)
{
	struct outlook_draft draft = {0};

	yaml_read(file, yaml_root(file), outlook_keys, &draft);
	if (yaml_problems(file) > 0)
		return false;
	*ret = draft.model;
	return true;
}

bool conf_load_outlook(const char *name, const char *config_dir, struct problems *problems,
		       struct arena *arena, struct outlook_model *ret)
{
	const char *path = conf_find_named(config_dir, arena, problems, name, "outlook");
	struct yaml_file *file = conf_open(path, arena, problems, KIND_OUTLOOK);
	bool good = file && conf_read_outlook(file, ret);
	yaml_close(file);
	return good;
}

const struct outlook_model *conf_keep_outlook(const struct outlook_model *model,
					      struct arena *arena)
{
	struct outlook_model *kept = arena_alloc(arena, sizeof(*kept));
	*kept = *model;
	const char **texts[] = {&kept->id, &kept->title_zh, &kept->title_en, &kept->trained_on_zh,
				&kept->trained_on_en};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = arena_text(arena, *texts[i]);
	for (int t = 0; t < kept->n_thresholds; t++) {
		struct outlook_threshold *of = &kept->thresholds[t];
		size_t size = (size_t)of->n_trees * sizeof(*of->trees);
		of->trees = memcpy(arena_alloc(arena, size), of->trees, size);
	}
	return kept;
}
