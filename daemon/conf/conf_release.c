/* SPDX-License-Identifier: MIT */
/* What a plan says of when: what ends a level, of which days a condition or the plan is. */
#include <string.h>

#include "plan_draft.h"
#include "words.h"

struct limit_draft {
	int index;
	int32_t at_most, below;
};

static const struct yaml_key limit_keys[] = {
	{"index", YAML_TYPE_CALL, .required = true, .offset = offsetof(struct limit_draft, index),
	 .each = conf_index_read},
	{"at_most", YAML_TYPE_INT, .offset = offsetof(struct limit_draft, at_most),
	 .max = PLAN_CONCENTRATION_MAX},
	{"below", YAML_TYPE_INT, .offset = offsetof(struct limit_draft, below),
	 .max = PLAN_CONCENTRATION_MAX},
	{0},
};

static void read_limit(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct limit_draft draft = {.index = -1};
	struct plan_release *release = object;
	yaml_read(file, node, limit_keys, &draft);
	bool at_most = yaml_get(file, node, "at_most"), below = yaml_get(file, node, "below");
	if (yaml_is_map(file, node) && at_most == below)
		yaml_problem(file, node,
			     at_most ? tr("a limit takes either at_most or below, here are both")
				     : tr("a limit takes either at_most or below, here is "
					  "neither"));
	conf_index_check_top(file, node, draft.index, below ? "below" : "at_most",
			     below ? draft.below : draft.at_most);
	for (int i = 0; i < index; i++) {
		if (draft.index >= 0 && release->limits[i].index == draft.index)
			yaml_problem(file, yaml_get(file, node, "index"),
				     tr("index: %s has a limit already"),
				     yaml_found(file, yaml_get(file, node, "index")));
	}
	release->own = true;
	release->n = index + 1;
	release->limits[index] = (struct plan_limit){
		.index = draft.index < 0 ? PLAN_INDEX_DAILY_AQI : draft.index,
		.below = below,
		.threshold = below ? draft.below : draft.at_most,
	};
}

const struct yaml_key conf_release_keys[] = {
	{"all", YAML_TYPE_EACH, .min = 1, .max = PLAN_LIMITS_MAX, .each = read_limit},
	{"for_h", YAML_TYPE_INT, .offset = offsetof(struct plan_release, for_h), .min = 1,
	 .max = PLAN_RELEASE_H_MAX},
	{"by_itself", YAML_TYPE_BOOL, .offset = offsetof(struct plan_release, by_itself)},
	{0},
};

/* ---- days ---- */

/* -1: not n digits. */
static int read_digits(const char *text, int n)
{
	int number = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* Month * 100 + day of "10-15"; 0: it is no day of a year. */
static int32_t parse_day(const char *text)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (!text || strlen(text) != 5 || text[2] != '-')
		return 0;
	int month = read_digits(text, 2), day = read_digits(text + 3, 2);
	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] ? month * 100 + day
									       : 0;
}

static void read_day(struct yaml_file *file, yaml_node node, int index, void *object)
{
	int32_t *ret = object;
	(void)index;
	*ret = parse_day(yaml_scalar(file, node));
	if (*ret == 0)
		yaml_problem(file, node, tr("%s is not a day of the year like 10-15"),
			     yaml_found(file, node));
}

void conf_season_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		{"from", YAML_TYPE_CALL, .required = true,
		 .offset = offsetof(struct plan_season, from), .each = read_day},
		{"until", YAML_TYPE_CALL, .required = true,
		 .offset = offsetof(struct plan_season, until), .each = read_day},
		{0},
	};
	(void)index;
	yaml_read(file, node, keys, object);
}

void conf_date_read(struct yaml_file *file, yaml_node node, int index, void *object)
{
	const char *text = yaml_scalar(file, node);
	int32_t *ret = object, day = 0;
	int year = 0;
	(void)index;
	if (text && strlen(text) == 10 && text[4] == '-') {
		year = read_digits(text, 4);
		day = parse_day(text + 5);
	}
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day == 0 || year < 1970 || (day == 229 && !leap))
		yaml_problem(file, node, tr("%s is not a date like 2026-10-01"),
			     yaml_found(file, node));
	else
		*ret = year * 10000 + day;
}
