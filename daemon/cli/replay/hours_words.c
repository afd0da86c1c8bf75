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
static const struct yaml_key layout_keys[] = {
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct hours_layout, id)},
	{"source", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 200,
	 .offset = offsetof(struct hours_layout, source)},
	{"label", YAML_TYPE_NAME, .required = true, .offset = offsetof(struct hours_layout, label),
	 .names = label_names},
	{"units", YAML_TYPE_MAP, .offset = offsetof(struct hours_layout, units),
	 .sub = layout_units},
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
