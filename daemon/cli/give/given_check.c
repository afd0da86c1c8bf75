/* SPDX-License-Identifier: MIT */
#include "given_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_json.h"
#include "hour.h"
#include "payload_given.h"
#include "pollutant.h"
#include "usage.h"
#include "words.h"

#define WORD_MAX 128

/* ---- what is missing ---- */

/* A level has a start, and what says something about one has a level. */
static bool says_level(const struct given *given)
{
	static const char *const keys[] = {"level", "start", "planned_end", "area", "reason"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (given_value(given, keys[i]))
			return true;
	}
	return !given_value(given, "withdraws");
}

static bool check_need(const struct given *given, const struct given_field *field)
{
	char option[GIVEN_OPTION_MAX];
	given_option(field->key, option);
	if (field->need == GIVEN_OF_RELEASE && given_value(given, "directive"))
		usage_refuse(
			tr("%s: is needed with --directive: without it nothing becomes public"),
			option);
	else if (field->need == GIVEN_OF_LEVEL && says_level(given))
		usage_refuse(tr("%s: is needed, unless --withdraws stands alone"), option);
	else if (field->need == GIVEN_NEEDED)
		usage_refuse("%s: %s", option, tr("is needed"));
	else
		return true;
	return false;
}

/* ---- words ---- */

static bool is_word(const char *found, const char *const *words)
{
	while (*words && strcmp(found, *words) != 0)
		words++;
	return *words != NULL;
}

static bool check_word(const char *key, const char *found, const char *const *words)
{
	char option[GIVEN_OPTION_MAX];
	if (is_word(found, words))
		return true;
	usage_refuse_word(given_option(key, option), found, words);
	return false;
}

static bool check_pollutants(const struct given_field *field, const char *list)
{
	const char *keys[POLLUTANT_COUNT + 1] = {NULL};
	bool good = true;
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		keys[p] = pollutant_info((enum pollutant)p)->key;
	for (const char *at = list, *end = at; end; at = end + 1) {
		char word[WORD_MAX];
		end = strchr(at, ',');
		snprintf(word, sizeof(word), "%.*s", (int)(end ? end - at : (long)strlen(at)), at);
		good &= check_word(field->key, word, keys);
	}
	return good;
}

bool given_check_words(const struct given *given)
{
	bool good = true;
	for (int i = 0; given->kind->fields[i].key; i++) {
		const struct given_field *field = &given->kind->fields[i];
		const char *const *words = command_words(given->kind->kind, field->key);
		const char *value = given->values[i];
		if (!value)
			good &= check_need(given, field);
		else if (field->type == GIVEN_POLLUTANTS)
			good &= check_pollutants(field, value);
		else if (words)
			good &= check_word(field->key, value, words);
	}
	if (given_issuer(given) || given->kind->issuer)
		return good;
	usage_refuse("%s: %s", "--issuer", tr("is needed: whose word it is"));
	return false;
}

static bool check_level(const struct given *given, const struct plan *plan)
{
	const char *found = given_value(given, "level"), *names[LEVEL_SLOTS + 1] = {NULL};
	for (int level = LEVEL_NONE; level <= plan->n_levels; level++)
		names[level] = level_name(plan, level);
	return !found || check_word("level", found, names);
}

/* ---- spans ---- */

static bool read_times(const struct given *given, const char *from, const char *to, int64_t now_ms,
		       int64_t ret_ms[2])
{
	const char *begin = given_value(given, from), *end = given_value(given, to);
	return begin && end && given_time(begin, now_ms, &ret_ms[0]) &&
	       given_time(end, now_ms, &ret_ms[1]);
}

static int hours_allowed(const struct given *given)
{
	if (given->kind->kind == COMMAND_REVIEW)
		return REVIEW_HOURS_MAX;
	return given_value(given, "clear") ? DUST_BACK_HOURS_MAX : DUST_WINDOW_HOURS_MAX;
}

static bool check_hours(const struct given *given, int64_t now_ms)
{
	int64_t ms[2];
	int most = hours_allowed(given);
	if (!read_times(given, "from", "to", now_ms, ms))
		return true;
	int64_t n = (ms[1] - ms[0]) / HOUR_MS + 1;
	if (ms[1] < ms[0])
		usage_refuse(tr("--to: %s is before --from"), given_value(given, "to"));
	else if (n > most)
		usage_refuse(tr("--to: %s is hour %lld of at most %d from --from on"),
			     given_value(given, "to"), (long long)n, most);
	else
		return true;
	return false;
}

static bool check_spans(const struct given *given, int64_t now_ms)
{
	int64_t ms[2];
	const char *level = given_value(given, "level"), *end = given_value(given, "planned_end");
	if (end && level && strcmp(level, "none") == 0)
		usage_refuse(tr("--planned-end: a lift has none"));
	else if (read_times(given, "start", "planned_end", now_ms, ms) && ms[1] <= ms[0])
		usage_refuse(tr("--planned-end: %s is not after --start"), end);
	else
		return check_hours(given, now_ms);
	return false;
}

/* ---- all values ---- */

bool given_check_values(const struct given *given, const struct conf *conf, int64_t now_ms)
{
	struct problems problems = {0};
	const struct given_head head = {.target = conf->station.id, .now_ms = now_ms};
	free(payload_given(given, &head, &problems));
	for (int i = 0; i < problems.n && i < PROBLEMS_MAX; i++)
		usage_refuse("%s", problems.text[i]);
	bool good = problems.n == 0;
	problems_done(&problems);
	good &= check_level(given, &conf->plan);
	return check_spans(given, now_ms) && good;
}
