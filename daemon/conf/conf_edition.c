/* SPDX-License-Identifier: MIT */
#include "conf_rules.h"
#include "words.h"

#include <string.h>

#define INDEX_TOP 500
#define CONC_TOP 1000000 /* in the pollutant's unit */
#define TEXT_TOP 400
#define UNREAD (-1) /* a problem has been told: no value to hold others against */

#define TEXT(name, type, member)                                                                   \
	{                                                                                          \
		name, YAML_TYPE_TEXT, .required = true, .offset = offsetof(type, member),          \
				      .min = 1, .max = TEXT_TOP                                    \
	}
#define COUNT(name, member, most)                                                                  \
	{                                                                                          \
		name, YAML_TYPE_INT, .required = true, .offset = offsetof(struct edition, member), \
				     .min = 1, .max = most                                         \
	}

struct edition_draft {
	struct edition edition;
	const char *kind, *source; /* for the reader of the file */
};

static int32_t read_whole_number(struct yaml_file *file, yaml_node node, const char *name,
				 double max)
{
	int32_t value = UNREAD;
	const struct yaml_key key = {name, YAML_TYPE_INT, .max = max};
	yaml_read_value(file, node, &key, &value);
	return value;
}

/* IAQI_NONE for the word none. */
static void read_index_or_none(struct yaml_file *file, yaml_node node, const char *name,
			       int32_t *ret)
{
	const char *text = yaml_scalar(file, node);
	*ret = IAQI_NONE;
	if (text && strcmp(text, "none") == 0)
		return;
	if (text && text[0] >= '0' && text[0] <= '9')
		*ret = read_whole_number(file, node, name, INDEX_TOP);
	else
		yaml_problem(file, node, tr("%s: %s is not none or a whole number of 0 to %d"),
			     name, yaml_found(file, node), INDEX_TOP);
}

static void read_above(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	read_index_or_none(file, node, "above", &((struct breakpoints *)object)->above);
}

static void read_incomplete_above(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	read_index_or_none(file, node, "incomplete_above",
			   &((struct edition *)object)->incomplete_above);
}

static void read_index(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct edition *edition = object;
	edition->index[index] = read_whole_number(file, node, "index", INDEX_TOP);
	edition->n_index = index + 1;
}

static void read_breakpoint(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key key = {"breakpoints", YAML_TYPE_MILLI, .max = CONC_TOP};
	struct breakpoints *column = object;
	column->conc_milli[index] = UNREAD;
	yaml_read_value(file, node, &key, &column->conc_milli[index]);
	column->n = index + 1;
}

static void read_columns(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key column_keys[] = {
		{"breakpoints", YAML_TYPE_EACH, .required = true, .min = 2, .max = BREAKPOINTS_MAX,
		 .each = read_breakpoint},
		{"above", YAML_TYPE_CALL, .required = true, .each = read_above},
		TEXT("clause", struct breakpoints, clause),
		{0},
	};
	struct yaml_key keys[COLUMN_COUNT + 1] = {0};
	for (int c = 0; c < COLUMN_COUNT; c++) {
		keys[c] = (struct yaml_key){
			column_info((enum column)c)->key, YAML_TYPE_MAP, .required = true,
			.offset = (size_t)c * sizeof(struct breakpoints), .sub = column_keys};
	}
	(void)index;
	yaml_read(file, node, keys, ((struct edition *)object)->columns);
}

static void read_bounds(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct yaml_key keys[POLLUTANT_COUNT + 1] = {0};
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		keys[p] = (struct yaml_key){pollutant_info((enum pollutant)p)->key, YAML_TYPE_MILLI,
					    .required = true, .offset = (size_t)p * sizeof(int32_t),
					    .max = CONC_TOP};
	(void)index;
	yaml_read(file, node, keys, ((struct edition *)object)->bound_milli);
}

/* False after a problem: not a column, or one that is in the set already. */
static bool read_column(struct yaml_file *file, yaml_node node, const char *list, uint32_t set,
			enum column *ret)
{
	struct yaml_name names[COLUMN_COUNT + 1] = {0};
	for (int c = 0; c < COLUMN_COUNT; c++)
		names[c] = (struct yaml_name){column_info((enum column)c)->key, c};
	const struct yaml_key key = {list, YAML_TYPE_NAME, .names = names};
	int column = UNREAD;
	yaml_read_value(file, node, &key, &column);
	if (column == UNREAD)
		return false;
	if (set & (1u << column)) {
		yaml_problem(file, node, tr("%s: %s is there twice"), list, yaml_found(file, node));
		return false;
	}
	*ret = (enum column)column;
	return true;
}

static void read_daily(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct edition *edition = object;
	enum column column;
	(void)index;
	if (!read_column(file, node, "daily", edition->daily, &column))
		return;
	const struct column_info *info = column_info(column);
	if (info->period == PERIOD_1H && info->pollutant != POLLUTANT_O3)
		yaml_problem(
			file, node,
			tr("daily: %s is for 1 h means; the only daily indicator of these is %s"),
			info->key, column_info(COLUMN_O3_1H)->key);
	edition->daily |= 1u << column;
}

/* The column that 1 h means of a pollutant go to: its own, for PM the one of 24 h means. */
static enum column column_of_hours(enum pollutant pollutant)
{
	int found = 0;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *info = column_info((enum column)c);
		if (info->pollutant != pollutant)
			continue;
		found = c;
		if (info->period == PERIOD_1H)
			break;
	}
	return (enum column)found;
}

static void read_realtime(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct edition *edition = object;
	enum column column;
	(void)index;
	if (!read_column(file, node, "realtime", edition->realtime, &column))
		return;
	enum column right = column_of_hours(column_info(column)->pollutant);
	if (column != right)
		yaml_problem(file, node, tr("realtime: %s is not for 1 h means; use %s"),
			     column_info(column)->key, column_info(right)->key);
	edition->realtime |= 1u << column;
}

static void read_category(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		{"upto", YAML_TYPE_INT, .required = true, .offset = offsetof(struct category, upto),
		 .max = INDEX_TOP},
		TEXT("level_zh", struct category, level_zh),
		TEXT("name_zh", struct category, name_zh),
		TEXT("name_en", struct category, name_en),
		TEXT("colour_zh", struct category, colour_zh),
		TEXT("colour_en", struct category, colour_en),
		TEXT("rgb", struct category, rgb),
		TEXT("health_zh", struct category, health_zh),
		TEXT("health_en", struct category, health_en),
		TEXT("advice_zh", struct category, advice_zh),
		TEXT("advice_en", struct category, advice_en),
		{0},
	};
	struct edition *edition = object;
	struct category *category = &edition->categories[index];
	edition->n_categories = index + 1;
	category->upto = UNREAD;
	yaml_read(file, node, keys, category);
	const char *rgb = category->rgb;
	if (rgb && (strlen(rgb) != 6 || strspn(rgb, "0123456789ABCDEF") != 6))
		yaml_problem(file, yaml_get(file, node, "rgb"),
			     tr("rgb: %s is not six digits of 0-9 and A-F"),
			     yaml_found(file, yaml_get(file, node, "rgb")));
}

/* A list of numbers begins with 0 and rises. */
static void check_rising(struct yaml_file *file, yaml_node list, const char *name,
			 const int32_t *values, int n)
{
	if (n > 0 && values[0] > 0)
		yaml_problem(file, yaml_item(file, list, 0),
			     tr("%s: the first value is %s, must be 0"), name,
			     yaml_scalar(file, yaml_item(file, list, 0)));
	for (int i = 1; i < n; i++) {
		yaml_node node = yaml_item(file, list, i);
		if (values[i] != UNREAD && values[i - 1] != UNREAD && values[i] <= values[i - 1])
			yaml_problem(file, node, tr("%s: %s is not above the %s before it"), name,
				     yaml_scalar(file, node),
				     yaml_scalar(file, yaml_item(file, list, i - 1)));
	}
}

static void check_column(struct yaml_file *file, yaml_node node, const struct edition *edition,
			 const struct breakpoints *column)
{
	yaml_node list = yaml_get(file, node, "breakpoints");
	check_rising(file, list, "breakpoints", column->conc_milli, column->n);
	if (column->n == 0 || edition->n_index == 0)
		return;
	if (column->n > edition->n_index) {
		yaml_problem(file, list, tr("breakpoints: %d values, but index has only %d"),
			     column->n, edition->n_index);
		return;
	}
	int32_t last = edition->index[column->n - 1];
	if (column->n < 2 || last <= edition->index[column->n - 2])
		return; /* told already */
	if (column->above != IAQI_NONE && last != UNREAD && column->above != last)
		yaml_problem(file, yaml_get(file, node, "above"),
			     tr("above: %d is neither none nor %d, the index of the column's last "
				"value: %d values end there; is one missing?"),
			     column->above, last, column->n);
}

static void check_categories(struct yaml_file *file, const struct edition *edition)
{
	yaml_node list = yaml_get(file, yaml_root(file), "categories");
	int n = edition->n_categories;
	for (int i = 1; i < n; i++) {
		int32_t upto = edition->categories[i].upto,
			before = edition->categories[i - 1].upto;
		if (upto != UNREAD && upto <= before)
			yaml_problem(file, yaml_get(file, yaml_item(file, list, i), "upto"),
				     tr("upto: %d is not above the %d before it"), upto, before);
	}
	if (n == 0 || edition->n_index == 0 || edition->categories[n - 1].upto == UNREAD)
		return;
	int32_t last = edition->categories[n - 1].upto, top = edition->index[edition->n_index - 1];
	if (last < top)
		yaml_problem(file, yaml_get(file, yaml_item(file, list, n - 1), "upto"),
			     tr("upto: the last category ends at %d, but index goes up to %d"),
			     last, top);
}

/* A bound below a column's last value would take what the standard still tells apart for wrong. */
static void check_bounds(struct yaml_file *file, const struct edition *edition)
{
	yaml_node bounds = yaml_get(file, yaml_root(file), "bounds");
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *info = column_info((enum column)c);
		const struct breakpoints *column = &edition->columns[c];
		const char *key = pollutant_info(info->pollutant)->key;
		int32_t bound = edition->bound_milli[info->pollutant];
		int32_t last = column->n > 0 ? column->conc_milli[column->n - 1] : UNREAD;
		if (bound != UNREAD && last != UNREAD && bound < last)
			yaml_problem(file, yaml_get(file, bounds, key),
				     tr("bounds: %s: %s is below the last breakpoint of %s"), key,
				     yaml_scalar(file, yaml_get(file, bounds, key)), info->key);
	}
}

static void check_edition(struct yaml_file *file, const struct edition *edition)
{
	yaml_node root = yaml_root(file), columns = yaml_get(file, root, "columns");
	check_rising(file, yaml_get(file, root, "index"), "index", edition->index,
		     edition->n_index);
	for (int c = 0; c < COLUMN_COUNT; c++)
		check_column(file, yaml_get(file, columns, column_info((enum column)c)->key),
			     edition, &edition->columns[c]);
	check_bounds(file, edition);
	check_categories(file, edition);
}

static const struct yaml_key validity_keys[] = {
	COUNT("hour_min_minutes", hour_min_minutes, 60),
	COUNT("day_min_hours", day_min_hours, 24),
	COUNT("o3_8h_min_hours", o3_8h_min_hours, 8),
	COUNT("o3_8h_min_means", o3_8h_min_means, 17),
	COUNT("o3_1h_min_hours", o3_1h_min_hours, 24),
	{0},
};

static const struct yaml_key rounding_keys[] = {
	{"hours", YAML_TYPE_BOOL, .required = true,
	 .offset = offsetof(struct edition, round_hours)},
	{"means", YAML_TYPE_BOOL, .required = true,
	 .offset = offsetof(struct edition, round_means)},
	{0},
};

static const struct yaml_key edition_keys[] = {
	TEXT("kind", struct edition_draft, kind),
	{"id", YAML_TYPE_ID, .required = true,
	 .offset = offsetof(struct edition_draft, edition.id)},
	TEXT("title_zh", struct edition_draft, edition.title_zh),
	TEXT("title_en", struct edition_draft, edition.title_en),
	TEXT("source", struct edition_draft, source),
	{"index", YAML_TYPE_EACH, .required = true, .min = 2, .max = BREAKPOINTS_MAX,
	 .each = read_index},
	{"columns", YAML_TYPE_CALL, .required = true, .each = read_columns},
	{"bounds", YAML_TYPE_CALL, .each = read_bounds},
	{"daily", YAML_TYPE_EACH, .required = true, .min = 1, .max = COLUMN_COUNT,
	 .each = read_daily},
	{"realtime", YAML_TYPE_EACH, .required = true, .min = 1, .max = COLUMN_COUNT,
	 .each = read_realtime},
	{"validity", YAML_TYPE_MAP, .required = true, .sub = validity_keys},
	{"rounding", YAML_TYPE_MAP, .required = true, .sub = rounding_keys},
	{"incomplete_above", YAML_TYPE_CALL, .required = true, .each = read_incomplete_above},
	{"lowest", YAML_TYPE_INT, .offset = offsetof(struct edition_draft, edition.lowest),
	 .max = INDEX_TOP},
	{"primary_above", YAML_TYPE_INT, .required = true,
	 .offset = offsetof(struct edition_draft, edition.primary_above), .max = INDEX_TOP},
	{"categories", YAML_TYPE_EACH, .required = true, .min = 1, .max = CATEGORIES_MAX,
	 .each = read_category},
	{0},
};

/* The keys without an offset write to the edition, so it comes first. */
_Static_assert(offsetof(struct edition_draft, edition) == 0, "edition_draft begins with edition");

bool conf_read_edition(struct yaml_file *file, struct edition *ret)
{
	struct edition_draft draft = {0};
	for (int c = 0; c < COLUMN_COUNT; c++)
		draft.edition.columns[c].above = IAQI_NONE;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		draft.edition.bound_milli[p] = UNREAD;
	yaml_read(file, yaml_root(file), edition_keys, &draft);
	check_edition(file, &draft.edition);
	if (!yaml_get(file, yaml_root(file), "bounds")) /* a file of a site from before they were */
		for (int p = 0; p < POLLUTANT_COUNT; p++)
			draft.edition.bound_milli[p] = INT32_MAX;
	if (yaml_problems(file) > 0)
		return false;
	*ret = draft.edition;
	return true;
}
