/* SPDX-License-Identifier: MIT */
/*
 * Any file as a reduction list and as its denominator: refused with problems, or its sums hold. And
 * as the small files of a station: a roster, words of lists and of records, a forecast, secrets.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"
#include "conf_roster.h"
#include "forecast_file.h"
#include "fuzz.h"
#include "hetang.h"
#include "hours_words.h"
#include "list_value.h"
#include "models.h"
#include "plain_file.h"
#include "sign.h"
#include "sm4.h"

/* The first byte says which of them the rest is. */
enum reader {
	READ_LIST,
	READ_WHOLE,
	READ_ROSTER,
	READ_LIST_WORDS,
	READ_HOURS_WORDS,
	READ_FORECAST,
	READ_SECRETS,
	READERS
};

static const struct list_words *the_words(void)
{
	static struct list_words *words;
	if (!words) {
		char folder[4096];
		struct problems problems = {0};
		snprintf(folder, sizeof(folder), "%s/config", getenv("HAZEWATCH_SOURCE"));
		words = list_words_load(folder, &problems);
		assert(words);
	}
	return words;
}

static void check_row(const struct list *list, const struct list_row *row)
{
	const struct source *source = &row->source;
	const char *cell = row->cells;
	assert(list_is_id(source->id) && source->name[0] != '\0');
	assert(list_kind(list->terms.words, source->kind) && source->grade[0] != '\0' &&
	       source->control[0] != '\0');
	assert(source->credit_code[0] == '\0' || !list_credit_code_wrong(source->credit_code));
	for (int i = 0; i < list->header.n; i++) {
		size_t at;
		assert(list->header.fields[i].header && sheet_is_utf8(cell, strlen(cell), &at));
		cell += strlen(cell) + 1;
	}
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			assert(!cuts_above_base(&source->amounts, level, (enum emission)e));
			assert(!cuts_fall(&source->amounts, level, (enum emission)e));
		}
	}
}

static void check_audit(const struct list *list)
{
	static struct plan plan;
	plan = models_hetang();
	static struct audit audit;
	struct list_whole whole = {0};
	for (int e = 0; e < EMISSION_COUNT; e++) {
		whole.whole[e].whole_gpd = e * 1000;
		for (int level = 0; level < LEVEL_COUNT; level++)
			plan.levels[level].min_cut_pct[e] = 10 * level;
	}
	audit_list(list, &plan, &whole, &audit);
	assert(audit.sums.n_sources == list->n - list->n_wrong);
	for (int level = LEVEL_YELLOW; level < LEVEL_COUNT; level++) {
		for (int e = 0; e < EMISSION_COUNT; e++) {
			const struct audit_target *t = &audit.targets[level][e];
			assert(t->target.planned_gpd <= t->target.base_gpd);
			assert(t->target.met == (t->target.shortfall_gpd == 0));
			for (int i = 0; i < t->n; i++)
				assert(t->candidates[i].left_gpd > 0 &&
				       !t->candidates[i].row->wrong);
		}
	}
}

static void read_list(const char *path, struct problems *problems)
{
	struct list list;
	const struct list_terms terms = {models_plan(), the_words()};
	int r = list_load(path, &terms, NULL, problems, &list);
	assert(r >= 0 && (r == 0) == (problems->n == 0));
	if (r == 0)
		assert(list.n > 0 && list.n_wrong == 0);
	for (int i = 0; r != LIST_E_UNREADABLE && i < list.n; i++) {
		if (!list.rows[i].wrong)
			check_row(&list, &list.rows[i]);
	}
	if (r != LIST_E_UNREADABLE)
		check_audit(&list);
	list_done(&list);
}

static void read_whole(const char *path, struct problems *problems)
{
	struct list_whole whole;
	int r = list_whole_load(path, the_words(), problems, &whole);
	assert(r >= 0 && (r == 0) == (problems->n == 0));
	for (int e = 0; r == 0 && e < EMISSION_COUNT; e++)
		assert(whole.whole[e].whole_gpd <= CUTS_GRAMS_MAX);
}

static void read_roster(const char *path, struct problems *problems)
{
	struct arena *arena = arena_new();
	struct roster roster;
	bool read = conf_read_roster(path, "d-1", arena, problems, &roster);
	assert(read == (problems->n == 0));
	assert(!read || (roster.n >= roster.n_points && roster.n <= ROSTER_MAX));
	for (int i = 0; read && i < roster.n; i++) {
		const struct roster_station *station = &roster.stations[i];
		assert(roster_find(&roster, station->id) == i && strcmp(station->id, "d-1") != 0);
		assert((station->role == ROLE_ASSESSMENT) == (i < roster.n_points));
	}
	arena_free(arena);
}

/* Under the name by which the working directory's files of a kind are found. */
static void put_link(const char *path, const char *folder, const char *name)
{
	mkdir(folder, 0700);
	unlink(name);
	int linked = symlink(path, name);
	assert(linked == 0);
}

static void read_list_words(const char *path, struct problems *problems)
{
	static bool put;
	if (!put)
		put_link(path, "list", "list/words.yaml");
	put = true;
	struct list_words *words = list_words_load(".", problems);
	assert((words == NULL) == (problems->n > 0));
	assert(!words || (words->n > 0 && words->n <= LIST_WORDS_MAX));
	list_words_free(words);
}

static void read_hours_words(const char *path, struct problems *problems)
{
	static bool put;
	if (!put)
		put_link(path, "records", "records/layouts.yaml");
	put = true;
	struct hours_words *words = hours_words_load(".", problems);
	assert((words == NULL) == (problems->n > 0));
	assert(!words || (words->n >= 0 && words->n <= HOURS_LAYOUTS_MAX));
	hours_words_free(words);
}

static void read_forecast(const char *path, const uint8_t *data, size_t size,
			  struct problems *problems)
{
	static struct forecast forecast;
	char line[200];
	forecast = (struct forecast){0};
	int r = forecast_file_load(path, problems, &forecast);
	assert(r == 0 && forecast.n >= 0 && forecast.n <= FORECAST_HOURS_MAX);
	assert(forecast.n > 0 || problems->n > 0);
	size = size < sizeof(line) ? size : sizeof(line) - 1;
	memcpy(line, data, size);
	line[size] = '\0';
	problems_done(problems);
	*problems = (struct problems){0};
	forecast = (struct forecast){0};
	forecast_bulletin_read("line", line, problems, &forecast);
	assert(forecast.n >= 0 && forecast.n <= FORECAST_HOURS_MAX);
	assert(forecast.n > 0 || problems->n > 0);
}

/* Files of which one line, one key or nothing is taken. */
static void read_secrets(const char *path, const uint8_t *data, size_t size)
{
	char why[PLAIN_WHY_MAX] = "", line[12], text[SIGN_PUBLIC_SIZE];
	struct sm4_key key;
	struct sign_key public;
	bool read = plain_read_line(path, line, sizeof(line), why);
	assert(read == (why[0] == '\0') && read == (line[0] != '\0'));
	size_t n = strlen(line);
	assert(n < sizeof(line) && !strchr(line, '\n') && (n == 0 || line[n - 1] != '\r'));
	sm4_key_parse(data, size, &key);
	size = size < sizeof(text) ? size : sizeof(text) - 1;
	memcpy(text, data, size);
	text[size] = '\0';
	sign_parse_public(text, &public);
	if (sign_public(path, text)) {
		bool parsed = sign_parse_public(text, &public);
		assert(parsed);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct problems problems;
	if (size == 0)
		return 0;
	const char *path = bytes_path(data + 1, size - 1);
	switch ((enum reader)(data[0] % READERS)) {
	case READ_LIST:
		read_list(path, &problems);
		break;
	case READ_WHOLE:
		read_whole(path, &problems);
		break;
	case READ_ROSTER:
		read_roster(path, &problems);
		break;
	case READ_LIST_WORDS:
		read_list_words(path, &problems);
		break;
	case READ_HOURS_WORDS:
		read_hours_words(path, &problems);
		break;
	case READ_FORECAST:
		read_forecast(path, data + 1, size - 1, &problems);
		break;
	case READ_SECRETS:
		read_secrets(path, data + 1, size - 1);
		break;
	case READERS:
		break;
	}
	problems_done(&problems);
	return 0;
}
