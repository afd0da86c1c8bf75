/* SPDX-License-Identifier: MIT */
#include "hours_words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "log.h"
#include "words.h"
#include "yaml.h"

/* ---- plain texts ---- */

/* Characters that stand for others. */
static const struct {
	const char *from, *to;
} plain_forms[] = {
	{"₂", "2"}, {"₃", "3"}, {"₁", "1"},   {"₀", "0"}, {"₅", "5"},       {"³", "3"},
	{"μ", "u"}, {"µ", "u"}, {"㎎", "mg"}, {"　", ""}, {"\xc2\xa0", ""}, {"．", "."},
};

static size_t plain_character(const char *at, char ret[4])
{
	const unsigned char *b = (const unsigned char *)at;
	for (size_t i = 0; i < sizeof(plain_forms) / sizeof(plain_forms[0]); i++) {
		size_t n = strlen(plain_forms[i].from);
		if (strncmp(at, plain_forms[i].from, n) == 0) {
			memcpy(ret, plain_forms[i].to, strlen(plain_forms[i].to) + 1);
			return n;
		}
	}
	ret[0] = at[0];
	ret[1] = '\0';
	/* U+FF01..U+FF5E are the wide forms of ! to ~ */
	if (b[0] != 0xef || (b[1] != 0xbc && b[1] != 0xbd) || b[2] < 0x80)
		return 1;
	ret[0] = (char)((b[1] == 0xbd ? 0x40u : 0) + (b[2] & 0x3fu) + 0x20);
	return 3;
}

const char *hours_plain(const char *text, char ret[HOURS_PLAIN_SIZE])
{
	size_t n = 0;
	while (*text != '\0') {
		char plain[4];
		text += plain_character(text, plain);
		for (const char *b = plain; *b != '\0' && n + 1 < HOURS_PLAIN_SIZE; b++) {
			if (strchr(" \t\n_()[]", *b))
				continue;
			ret[n] = *b;
			if (*b >= 'A' && *b <= 'Z')
				ret[n] = (char)(*b | 0x20);
			n++;
		}
	}
	ret[n] = '\0';
	return ret;
}

bool hours_names_have(const struct hours_names *names, const char *plain)
{
	for (int i = 0; i < names->n; i++) {
		if (strcmp(names->names[i], plain) == 0)
			return true;
	}
	return false;
}

size_t hours_names_match(const struct hours_names *names, const char *plain)
{
	size_t longest = 0;
	for (int i = 0; i < names->n; i++) {
		size_t n = strlen(names->names[i]);
		if (n > longest && strncmp(plain, names->names[i], n) == 0)
			longest = n;
	}
	return longest;
}

/* ---- units of the auxiliary quantities ---- */

enum { IN_NONE, IN_UG, IN_MG, IN_C, IN_PCT, IN_HPA, IN_KPA, IN_PA, IN_MS, IN_DEG, IN_DB, IN_MM };

/* The quantities' unit that it is turned into, and how many of its decimals make a thousandth. */
static const struct {
	const char *own;
	int digits;
} auxiliary_units[HOURS_AUXILIARY_UNITS] = {
	[IN_NONE] = {"", 0},  [IN_UG] = {"ug/m3", 3}, [IN_MG] = {"ug/m3", 6}, [IN_C] = {"C", 3},
	[IN_PCT] = {"%", 3},  [IN_HPA] = {"hPa", 3},  [IN_KPA] = {"hPa", 4},  [IN_PA] = {"hPa", 1},
	[IN_MS] = {"m/s", 3}, [IN_DEG] = {"deg", 3},  [IN_DB] = {"dB", 3},    [IN_MM] = {"mm", 3},
};

static enum auxiliary match_quantity(const struct hours_words *words, const char *plain,
				     size_t *ret_n)
{
	enum auxiliary found = AUXILIARY_NONE;
	*ret_n = 0;
	for (int i = AUXILIARY_NONE + 1; i < AUXILIARY_COUNT; i++) {
		size_t n = hours_names_match(&words->auxiliaries[i], plain);
		if (n > *ret_n) {
			*ret_n = n;
			found = (enum auxiliary)i;
		}
	}
	return found;
}

/* -1: it is none. */
static int find_unit(const struct hours_words *words, const char *plain)
{
	if (*plain == '\0')
		return 0;
	for (int unit = 1; unit < HOURS_AUXILIARY_UNITS; unit++) {
		if (hours_names_have(&words->auxiliary_units[unit], plain))
			return unit;
	}
	return -1;
}

bool hours_quantity_parse(const struct hours_words *words, const struct hours_layout *layout,
			  const char *plain, struct hours_quantity *ret)
{
	size_t n = 0;
	enum auxiliary auxiliary = match_quantity(words, plain, &n);
	const char *rest = plain + n;
	for (size_t filler; n > 0 && (filler = hours_names_match(&words->fillers, rest)) > 0;)
		rest += filler;
	int unit = n > 0 ? find_unit(words, rest) : -1;
	if (unit == 0 && layout)
		unit = layout->auxiliaries[auxiliary];
	if (unit <= 0 || strcmp(auxiliary_units[unit].own, auxiliary_info(auxiliary)->unit) != 0)
		return false;
	*ret = (struct hours_quantity){auxiliary, auxiliary_units[unit].digits};
	return true;
}

enum hours_unit hours_unit_parse(const char *text)
{
	if (strcmp(text, "ug") == 0)
		return UNIT_MICROGRAMS;
	return strcmp(text, "mg") == 0 ? UNIT_MILLIGRAMS : UNIT_UNSAID;
}

const char *hours_unit_name(enum hours_unit unit)
{
	return unit == UNIT_MILLIGRAMS ? "mg/m3" : "ug/m3";
}

/* ---- the file ---- */

static void read_name(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key as_text = {.type = YAML_TYPE_TEXT, .min = 1, .max = 60};
	struct hours_names *names = object;
	const char *text = NULL;
	char plain[HOURS_PLAIN_SIZE];
	(void)index;
	yaml_read_value(file, node, &as_text, &text);
	if (text && names->n == HOURS_NAMES_MAX)
		yaml_problem(file, node, tr("more than %d words"), HOURS_NAMES_MAX);
	else if (text)
		names->names[names->n++] = arena_text(yaml_arena(file), hours_plain(text, plain));
}

#define NAMES(object, member)                                                                      \
	{                                                                                          \
#member, YAML_TYPE_EACH, .offset = offsetof(struct object, member),                \
					 .each = read_name                                         \
	}
#define NAMES_OF(name, index)                                                                      \
	{                                                                                          \
		name, YAML_TYPE_EACH, .required = true, .min = 1,                                  \
				      .offset = (index) * sizeof(struct hours_names),              \
				      .each = read_name                                            \
	}

static const struct yaml_key column_keys[] = {
	NAMES_OF("time", COLUMN_TIME),
	NAMES_OF("date", COLUMN_DATE),
	NAMES_OF("year", COLUMN_YEAR),
	NAMES_OF("month", COLUMN_MONTH),
	NAMES_OF("day", COLUMN_DAY),
	NAMES_OF("hour", COLUMN_HOUR),
	NAMES_OF("type", COLUMN_TYPE),
	NAMES_OF("station", COLUMN_STATION),
	{0},
};
static const struct yaml_key pollutant_keys[] = {
	NAMES_OF("pm25", POLLUTANT_PM25),
	NAMES_OF("pm10", POLLUTANT_PM10),
	NAMES_OF("so2", POLLUTANT_SO2),
	NAMES_OF("no2", POLLUTANT_NO2),
	NAMES_OF("co", POLLUTANT_CO),
	NAMES_OF("o3", POLLUTANT_O3),
	{0},
};
#define NAMES_OF_SOME(name, index)                                                                 \
	{                                                                                          \
		name, YAML_TYPE_EACH, .offset = (index) * sizeof(struct hours_names),              \
				      .each = read_name                                            \
	}
static const struct yaml_key auxiliary_keys[] = {
	NAMES_OF_SOME("tsp", AUXILIARY_TSP),
	NAMES_OF_SOME("no", AUXILIARY_NO),
	NAMES_OF_SOME("nox", AUXILIARY_NOX),
	NAMES_OF_SOME("temperature", AUXILIARY_TEMPERATURE),
	NAMES_OF_SOME("humidity", AUXILIARY_HUMIDITY),
	NAMES_OF_SOME("pressure", AUXILIARY_PRESSURE),
	NAMES_OF_SOME("wind_speed", AUXILIARY_WIND_SPEED),
	NAMES_OF_SOME("wind_direction", AUXILIARY_WIND_DIRECTION),
	NAMES_OF_SOME("noise", AUXILIARY_NOISE),
	NAMES_OF_SOME("rain", AUXILIARY_RAIN),
	{0},
};

static const struct yaml_key auxiliary_unit_keys[] = {
	NAMES_OF_SOME("ug/m3", IN_UG), NAMES_OF_SOME("mg/m3", IN_MG), NAMES_OF_SOME("C", IN_C),
	NAMES_OF_SOME("%", IN_PCT),    NAMES_OF_SOME("hPa", IN_HPA),  NAMES_OF_SOME("kPa", IN_KPA),
	NAMES_OF_SOME("Pa", IN_PA),    NAMES_OF_SOME("m/s", IN_MS),   NAMES_OF_SOME("deg", IN_DEG),
	NAMES_OF_SOME("dB", IN_DB),    NAMES_OF_SOME("mm", IN_MM),    {0},
};

static void read_direction(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key names = {"directions", YAML_TYPE_EACH, .min = 1,
					      .each = read_name};
	struct hours_words *words = object;
	yaml_read_value(file, node, &names, &words->directions[index]);
	words->n_directions = index + 1;
}

static const struct yaml_key unit_keys[] = {
	NAMES_OF("ug", UNIT_MICROGRAMS),
	NAMES_OF("mg", UNIT_MILLIGRAMS),
	NAMES_OF("other", UNIT_OTHER),
	{0},
};

static const struct yaml_name unit_names[] = {
	{"ug", UNIT_MICROGRAMS}, {"mg", UNIT_MILLIGRAMS}, {0}};
static const struct yaml_name label_names[] = {{"start", LABEL_START}, {"end", LABEL_END}, {0}};
#define UNIT_OF(name, pollutant)                                                                   \
	{                                                                                          \
		name, YAML_TYPE_NAME, .offset = (pollutant) * sizeof(enum hours_unit),             \
				      .names = unit_names                                          \
	}
static const struct yaml_key layout_units[] = {
	UNIT_OF("pm25", POLLUTANT_PM25),
	UNIT_OF("pm10", POLLUTANT_PM10),
	UNIT_OF("so2", POLLUTANT_SO2),
	UNIT_OF("no2", POLLUTANT_NO2),
	UNIT_OF("co", POLLUTANT_CO),
	UNIT_OF("o3", POLLUTANT_O3),
	{0},
};
static const struct yaml_name auxiliary_unit_names[] = {
	{"ug/m3", IN_UG}, {"mg/m3", IN_MG}, {"C", IN_C},   {"%", IN_PCT},
	{"hPa", IN_HPA},  {"kPa", IN_KPA},  {"Pa", IN_PA}, {"m/s", IN_MS},
	{"deg", IN_DEG},  {"dB", IN_DB},    {"mm", IN_MM}, {0}};
#define AUXILIARY_OF(name, auxiliary)                                                              \
	{                                                                                          \
		name, YAML_TYPE_NAME, .offset = (auxiliary) * sizeof(int),                         \
				      .names = auxiliary_unit_names                                \
	}
static const struct yaml_key layout_auxiliaries[] = {
	AUXILIARY_OF("tsp", AUXILIARY_TSP),
	AUXILIARY_OF("no", AUXILIARY_NO),
	AUXILIARY_OF("nox", AUXILIARY_NOX),
	AUXILIARY_OF("temperature", AUXILIARY_TEMPERATURE),
	AUXILIARY_OF("humidity", AUXILIARY_HUMIDITY),
	AUXILIARY_OF("pressure", AUXILIARY_PRESSURE),
	AUXILIARY_OF("wind_speed", AUXILIARY_WIND_SPEED),
	AUXILIARY_OF("wind_direction", AUXILIARY_WIND_DIRECTION),
	AUXILIARY_OF("noise", AUXILIARY_NOISE),
	AUXILIARY_OF("rain", AUXILIARY_RAIN),
	{0},
};
static const struct yaml_key layout_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct hours_layout, id)},
	{"source", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 200,
	 .offset = offsetof(struct hours_layout, source)},
	{"label", YAML_TYPE_NAME, .required = true, .offset = offsetof(struct hours_layout, label),
	 .names = label_names},
	{"units", YAML_TYPE_MAP, .offset = offsetof(struct hours_layout, units),
	 .sub = layout_units},
	{"auxiliaries", YAML_TYPE_MAP, .offset = offsetof(struct hours_layout, auxiliaries),
	 .sub = layout_auxiliaries},
	NAMES(hours_layout, has),
	NAMES(hours_layout, lacks),
	NAMES(hours_layout, values),
	NAMES(hours_layout, unsaid),
	NAMES(hours_layout, missing),
	{0},
};

static void read_layout(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct hours_words *words = object;
	(void)index;
	if (words->n == HOURS_LAYOUTS_MAX)
		yaml_problem(file, node, tr("more than %d layouts"), HOURS_LAYOUTS_MAX);
	else
		yaml_read(file, node, layout_keys, &words->layouts[words->n++]);
}

static const struct yaml_key word_keys[] = {
	{"kind", YAML_TYPE_TEXT, .required = true, .offset = offsetof(struct hours_words, kind)},
	NAMES(hours_words, missing),
	NAMES(hours_words, fillers),
	{"columns", YAML_TYPE_MAP, .required = true,
	 .offset = offsetof(struct hours_words, columns), .sub = column_keys},
	{"pollutants", YAML_TYPE_MAP, .required = true,
	 .offset = offsetof(struct hours_words, pollutants), .sub = pollutant_keys},
	{"units", YAML_TYPE_MAP, .required = true, .offset = offsetof(struct hours_words, units),
	 .sub = unit_keys},
	{"auxiliaries", YAML_TYPE_MAP, .offset = offsetof(struct hours_words, auxiliaries),
	 .sub = auxiliary_keys},
	{"auxiliary_units", YAML_TYPE_MAP, .offset = offsetof(struct hours_words, auxiliary_units),
	 .sub = auxiliary_unit_keys},
	{"directions", YAML_TYPE_EACH, .min = HOURS_DIRECTIONS, .max = HOURS_DIRECTIONS,
	 .each = read_direction},
	NAMES(hours_words, calm),
	{"layouts", YAML_TYPE_EACH, .required = true, .min = 1, .offset = 0, .each = read_layout},
	{0},
};

/* NULL after a problem. */
static struct hours_words *read_file(const char *path, struct hours_words *words,
				     struct problems *problems)
{
	int before = problems->n;
	struct yaml_file *file = path ? yaml_open(path, words->arena, problems) : NULL;
	if (file) {
		yaml_read(file, yaml_root(file), word_keys, words);
		if (words->kind && strcmp(words->kind, "record-layouts") != 0)
			yaml_problem(file, yaml_root(file), tr("kind: record-layouts is missing"));
		yaml_close(file);
	}
	return file && problems->n == before ? words : hours_words_free(words);
}

static struct hours_words *new_words(void)
{
	struct hours_words *words = calloc(1, sizeof(*words));
	if (!words)
		log_out_of_memory();
	words->arena = arena_new();
	return words;
}

bool hours_words_check(const char *path, struct problems *problems)
{
	struct hours_words *words = read_file(path, new_words(), problems);
	bool good = words != NULL;
	hours_words_free(words);
	return good;
}

struct hours_words *hours_words_load(const char *config_dir, struct problems *problems)
{
	struct hours_words *words = new_words();
	const char *path =
		conf_find_named(config_dir, words->arena, problems, "layouts", "records");
	return read_file(path, words, problems);
}

struct hours_words *hours_words_free(struct hours_words *words)
{
	if (words)
		arena_free(words->arena);
	free(words);
	return NULL;
}
