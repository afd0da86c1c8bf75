/* SPDX-License-Identifier: MIT */
#include "list_words.h"

#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "list_header.h"
#include "list_plain.h"
#include "log.h"
#include "words.h"
#include "yaml.h"

/* In the order of enum list_column. */
static const char *const column_keys[LIST_TEXT_COUNT] = {
	NULL,          "kind",       "id",           "name",      "credit_code",   "permit",
	"permit_type", "county",     "town",         "park",      "address",       "lng",
	"lat",         "key_sector", "other_sector", "grade",     "control",       "days",
	"lines",       "line_text",  "process",      "key_index", "movements_day", "nrmm_ii",
	"exempt_as",   "person",     "phone",        "meter",     "has_meter",     "has_cems",
	"inspector",
};

const char *list_column_key(enum list_column column)
{
	return column < LIST_TEXT_COUNT ? column_keys[column] : NULL;
}

/* The keys that each section has, in the order of its enum. */
static const char *const piece_keys[] = {
	"so2",      "nox",   "pm",      "vocs",       "other_pollutant",
	"emission", "cut",   "share",   "measures",   "lines",
	"year",     "day",   "g",       "kg",         "t",
	"10kt",     "per",   "percent", "other_unit", "filler",
	"text",     "never", NULL};
static const char *const rank_keys[] = {"I", "II", "III", "IV", NULL};
static const char *const kind_keys[] = {"industry",      "building", "spoil", "land",
					"traffic-works", "mobile",   NULL};
static const char *const grade_keys[] = {"A",       "B",           "B-",       "C", "D",
					 "leading", "not-leading", "ungraded", NULL};
static const char *const control_keys[] = {"normal", "voluntary", "protected", "livelihood",
					   "small",  "idle",      NULL};
static const char *const cell_keys[] = {"nothing", "trim", "counted", "percent",
					"total",   "foot", NULL};

static const struct section {
	const char *name;
	const char *const *keys; /* NULL: those of the columns */
} sections[] = {
	[SECTION_COLUMNS] = {"columns", NULL},     [SECTION_HEADER] = {"header", piece_keys},
	[SECTION_RANKS] = {"ranks", rank_keys},    [SECTION_KINDS] = {"kinds", kind_keys},
	[SECTION_GRADES] = {"grades", grade_keys}, [SECTION_CONTROLS] = {"controls", control_keys},
	[SECTION_CELLS] = {"cells", cell_keys},
};

/* The key of a section by its value; NULL after the last. */
static const char *key_of(enum list_section section, int value)
{
	if (sections[section].keys)
		return sections[section].keys[value];
	return list_column_key((enum list_column)(value + 1));
}

static int find_key(enum list_section section, const char *key)
{
	for (int value = 0; key_of(section, value); value++) {
		if (strcmp(key_of(section, value), key) == 0)
			return value;
	}
	return -1;
}

/* A word in the form in which its section is compared; NULL: too long. */
static const char *compose_plain(const struct list_words *words, enum list_section section,
				 const char *text)
{
	char plain[LIST_NAME_MAX], notes[LIST_NAME_MAX];
	bool fits;
	if (section == SECTION_COLUMNS)
		fits = list_plain_name(text, plain, notes);
	else if (section == SECTION_HEADER || section == SECTION_RANKS)
		fits = list_plain_header(text, plain);
	else
		fits = list_plain_cell(text, plain);
	if (section > SECTION_RANKS)
		list_words_trim(words, plain);
	return fits && plain[0] != '\0' ? arena_text(words->arena, plain) : NULL;
}

struct words_draft {
	struct list_words *words;
	enum list_section section;
	int value;
};

static void add_word(struct yaml_file *file, yaml_node node, const struct words_draft *draft,
		     const char *text)
{
	struct list_words *words = draft->words;
	const char *plain = compose_plain(words, draft->section, text);
	if (!plain || words->n == LIST_WORDS_MAX) {
		yaml_problem(file, node, tr("the word is too long, or there are more than %d"),
			     LIST_WORDS_MAX);
		return;
	}
	words->words[words->n++] = (struct list_word){
		.section = draft->section,
		.value = draft->value,
		.key = key_of(draft->section, draft->value),
		.written = arena_text(words->arena, text),
		.text = plain,
		.n = strlen(plain),
	};
}

static void read_word(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key as_text = {.type = YAML_TYPE_TEXT, .min = 1, .max = 100};
	const char *text = NULL;
	(void)index;
	yaml_read_value(file, node, &as_text, &text);
	if (text)
		add_word(file, node, object, text);
}

static void read_key(struct yaml_file *file, yaml_node at, yaml_node value, const char *key,
		     struct words_draft *draft)
{
	static const struct yaml_key as_list = {
		.type = YAML_TYPE_EACH, .min = 1, .each = read_word};
	draft->value = find_key(draft->section, key);
	if (draft->value < 0) {
		yaml_problem(file, at, tr("unknown key %s"), key);
		return;
	}
	yaml_read_value(file, value, &as_list, draft);
	if (draft->section >= SECTION_KINDS) /* the database's word is one, too */
		add_word(file, at, draft, key);
}

static void read_section(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct words_draft *draft = object;
	yaml_node at, value;
	(void)index;
	for (int i = 0; i < yaml_length(file, node); i++) {
		const char *key =
			yaml_is_map(file, node) ? yaml_pair(file, node, i, &at, &value) : NULL;
		if (key)
			read_key(file, at, value, key, draft);
	}
}

/* They are names of the columns, too. */
static void add_column_keys(struct yaml_file *file, struct words_draft *draft)
{
	for (draft->value = 0; key_of(SECTION_COLUMNS, draft->value); draft->value++)
		add_word(file, 0, draft, key_of(SECTION_COLUMNS, draft->value));
}

static void read_words(struct yaml_file *file, struct list_words *words)
{
	struct words_draft draft = {.words = words};
	const char *kind = yaml_scalar(file, yaml_get(file, yaml_root(file), "kind"));
	if (!kind || strcmp(kind, "list-words") != 0)
		yaml_problem(file, yaml_root(file), tr("kind: list-words is missing"));
	for (int s = 0; s < SECTION_COUNT; s++) {
		draft.section = (enum list_section)s;
		words->first[s] = words->n;
		yaml_node node = yaml_get(file, yaml_root(file), sections[s].name);
		if (yaml_is_map(file, node))
			read_section(file, node, 0, &draft);
		else
			yaml_problem(file, node, tr("required key %s is missing"),
				     sections[s].name);
		if (s == SECTION_COLUMNS)
			add_column_keys(file, &draft);
	}
	words->first[SECTION_COUNT] = words->n;
}

/* NULL after a problem. */
static struct list_words *read_file(const char *path, struct list_words *words,
				    struct problems *problems)
{
	int before = problems->n;
	struct yaml_file *file = path ? yaml_open(path, words->arena, problems) : NULL;
	if (file) {
		read_words(file, words);
		yaml_close(file);
	}
	return file && problems->n == before ? words : list_words_free(words);
}

static struct list_words *new_words(void)
{
	struct list_words *words = calloc(1, sizeof(*words));
	if (!words)
		log_out_of_memory();
	words->arena = arena_new();
	return words;
}

bool list_words_check(const char *path, struct problems *problems)
{
	struct list_words *words = read_file(path, new_words(), problems);
	bool good = words != NULL;
	list_words_free(words);
	return good;
}

struct list_words *list_words_load(const char *config_dir, struct problems *problems)
{
	struct list_words *words = new_words();
	const char *path = conf_find_named(config_dir, words->arena, problems, "words", "list");
	return read_file(path, words, problems);
}

struct list_words *list_words_free(struct list_words *words)
{
	if (words)
		arena_free(words->arena);
	free(words);
	return NULL;
}

const struct list_word *list_words_next(const struct list_words *words, enum list_section section,
					const struct list_word *after)
{
	int i = after ? (int)(after - words->words) + 1 : words->first[section];
	return i < words->first[section + 1] ? &words->words[i] : NULL;
}

const struct list_word *list_words_find(const struct list_words *words, enum list_section section,
					const char *text)
{
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, section, word))) {
		if (strcmp(word->text, text) == 0)
			return word;
	}
	return NULL;
}

/* How many bytes the text ends in that are a word of these cells; 0: none. */
static size_t match_end(const struct list_words *words, enum list_cells cells, const char *text)
{
	size_t n = strlen(text), longest = 0;
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, SECTION_CELLS, word))) {
		if (word->value == (int)cells && word->n < n && word->n > longest &&
		    strcmp(text + n - word->n, word->text) == 0)
			longest = word->n;
	}
	return longest;
}

bool list_words_cut_end(const struct list_words *words, enum list_cells cells, char *text)
{
	size_t cut = match_end(words, cells, text);
	text[strlen(text) - cut] = '\0';
	return cut > 0;
}

const struct list_word *list_words_begin(const struct list_words *words, enum list_cells cells,
					 const char *text)
{
	const struct list_word *word = NULL;
	while ((word = list_words_next(words, SECTION_CELLS, word))) {
		if (word->value == (int)cells && strncmp(text, word->text, word->n) == 0)
			return word;
	}
	return NULL;
}

void list_words_trim(const struct list_words *words, char *text)
{
	const struct list_word *first;
	while (list_words_cut_end(words, CELLS_TRIM, text))
		;
	while ((first = list_words_begin(words, CELLS_TRIM, text)) && text[first->n] != '\0')
		memmove(text, text + first->n, strlen(text + first->n) + 1);
}
