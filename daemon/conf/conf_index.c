/* SPDX-License-Identifier: MIT */
/*
 * The name of an index -> what it is made of. A part is read before the plan that keeps its index
 * is at hand, so an index of the plan's own is a code until all levels are read.
 */
#include <stdio.h>
#include <string.h>

#include "plan_draft.h"
#include "words.h"

#define AQI_TOP 500
#define CODE 0x10000 /* and: kind, whether it is daily, of which pollutants */
#define CODE_DAILY 0x100
#define CODE_KIND 0x1000
#define CODE_SET 0xff

static int code_of(enum own_kind kind, bool daily, pollutant_set of)
{
	return CODE | (int)kind * CODE_KIND | (daily ? CODE_DAILY : 0) | (int)of;
}

static enum own_kind kind_of(int code)
{
	return (enum own_kind)((code & ~CODE) / CODE_KIND);
}

bool conf_index_is_daily(int index)
{
	return index == PLAN_INDEX_DAILY_AQI || (index >= CODE && (index & CODE_DAILY));
}

/* "pm25_o3" -> a set; 0: it is none. */
static pollutant_set parse_set(const char *text)
{
	pollutant_set set = 0;
	char word[8];
	while (*text) {
		enum pollutant pollutant;
		size_t n = strcspn(text, "_");
		if (n >= sizeof(word))
			return 0;
		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		if (!pollutant_parse(word, &pollutant) || (set & 1u << pollutant))
			return 0;
		set |= 1u << pollutant;
		text += n + (text[n] == '_');
	}
	return set;
}

static bool begins_with(const char **text, const char *head)
{
	size_t n = strlen(head);
	if (strncmp(*text, head, n) != 0)
		return false;
	*text += n;
	return true;
}

/* What follows "daily_" or "hourly_"; -1: nothing that is known. */
static int parse_rest(const char *text, bool daily)
{
	enum pollutant one;
	if (strcmp(text, "aqi") == 0)
		return daily ? PLAN_INDEX_DAILY_AQI : PLAN_INDEX_HOURLY_AQI;
	if (begins_with(&text, "aqi_without_")) {
		pollutant_set without = parse_set(text);
		bool some = without != 0 && without != POLLUTANT_ALL;
		return some ? code_of(OWN_IAQI, daily, POLLUTANT_ALL & ~without) : -1;
	}
	if (begins_with(&text, "iaqi_"))
		return pollutant_parse(text, &one) ? code_of(OWN_IAQI, daily, 1u << one) : -1;
	if (!pollutant_parse(text, &one) || (daily && one == POLLUTANT_O3))
		return -1;
	return code_of(OWN_CONCENTRATION, daily, 1u << one);
}

static int parse_index(const char *text)
{
	if (strcmp(text, "mean_aqi") == 0)
		return code_of(OWN_MEAN_AQI, true, POLLUTANT_ALL);
	if (strcmp(text, "o3_8h") == 0)
		return code_of(OWN_CONCENTRATION, true, 1u << POLLUTANT_O3);
	if (begins_with(&text, "daily_"))
		return parse_rest(text, true);
	return begins_with(&text, "hourly_") ? parse_rest(text, false) : -1;
}

void conf_index_read(struct yaml_file *file, yaml_node node, int at, void *object)
{
	const char *text = yaml_scalar(file, node);
	int *ret = object;
	(void)at;
	*ret = text ? parse_index(text) : -1;
	if (*ret < 0)
		yaml_problem(file, node,
			     tr("index: %s is not one of daily_aqi, hourly_aqi, mean_aqi, o3_8h, "
				"daily_P, hourly_P, daily_iaqi_P, hourly_iaqi_P, "
				"daily_aqi_without_P, hourly_aqi_without_P with P one of pm25, "
				"pm10, so2, no2, co, o3"),
			     yaml_found(file, node));
}

void conf_index_check_top(struct yaml_file *file, yaml_node map, int index, const char *key,
			  int32_t threshold)
{
	bool concentration = index >= CODE && kind_of(index) == OWN_CONCENTRATION;
	yaml_node at = yaml_get(file, map, key);
	if (index >= 0 && !concentration && threshold > AQI_TOP)
		yaml_problem(file, at, tr("%s: %s is not a whole number of 0 to %d"), key,
			     yaml_found(file, at), AQI_TOP);
}

/* "daily_aqi_without_pm25": the same of all that mean the same. */
static const char *name_of(struct arena *arena, int code)
{
	enum own_kind kind = kind_of(code);
	bool daily = code & CODE_DAILY;
	pollutant_set of = (pollutant_set)code & CODE_SET, named = of;
	char keys[64] = "";
	if (kind == OWN_MEAN_AQI)
		return "mean_aqi";
	if (kind == OWN_CONCENTRATION && daily && of == 1u << POLLUTANT_O3)
		return "o3_8h";
	bool without = kind == OWN_IAQI && (of & (of - 1)) != 0;
	if (without)
		named = POLLUTANT_ALL & ~of;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		size_t n = strlen(keys);
		if (named & 1u << p)
			snprintf(keys + n, sizeof(keys) - n, "_%s",
				 pollutant_info((enum pollutant)p)->key);
	}
	return arena_format(arena, "%s%s%s", daily ? "daily" : "hourly",
			    without            ? "_aqi_without"
			    : kind == OWN_IAQI ? "_iaqi"
					       : "",
			    keys);
}

/* The plan's own in place of a code; false: it has too many. */
static bool keep_index(struct yaml_file *file, struct plan *plan, int *index)
{
	if (*index < CODE)
		return true;
	const struct own_index own = {.name = name_of(yaml_arena(file), *index),
				      .kind = kind_of(*index),
				      .daily = *index & CODE_DAILY,
				      .of = (pollutant_set)*index & CODE_SET};
	int k = 0;
	while (k < plan->n_own && strcmp(plan->own[k].name, own.name) != 0)
		k++;
	if (k == PLAN_OWN_MAX)
		return false;
	plan->own[k] = own;
	plan->n_own += k == plan->n_own;
	*index = PLAN_INDEX_OWN + k;
	return true;
}

static bool keep_level(struct yaml_file *file, struct plan *plan, struct plan_level *level)
{
	bool fits = true;
	for (int i = 0; i < level->n_any; i++) {
		for (int p = 0; p < level->any[i].n_parts; p++)
			fits = keep_index(file, plan, &level->any[i].parts[p].index) && fits;
	}
	for (int i = 0; i < level->release.n; i++)
		fits = keep_index(file, plan, &level->release.limits[i].index) && fits;
	return fits;
}

bool conf_index_keep(struct yaml_file *file, yaml_node levels, struct plan *plan)
{
	bool fits = true;
	for (int l = 1; l <= plan->n_levels; l++)
		fits = keep_level(file, plan, &plan->levels[l]) && fits;
	if (!fits)
		yaml_problem(file, levels,
			     tr("levels: more than %d indices beside daily_aqi and hourly_aqi"),
			     PLAN_OWN_MAX);
	return fits;
}
