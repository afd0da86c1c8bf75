/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "conf_rules.h"

#define YEAR_MIN 2000
#define YEAR_MAX 2199
#define SPAN_MAX 31 /* days of one holiday */

struct calendar_draft {
	struct calendar calendar;
	const char *kind, *id, *source;
};

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int32_t day_of(int year, int month, int day)
{
	int y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_of_month(int year, int month)
{
	return day_of(year + month / 12, month % 12 + 1, 1) - day_of(year, month, 1);
}

/* n digits as a number, -1 if one of them is none. */
static int digits(const char *text, int n)
{
	int number = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = 10 * number + text[i] - '0';
	}
	return number;
}

static bool parse_date(const char *text, int32_t *ret)
{
	if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
	    day > days_of_month(year, month))
		return false;
	*ret = day_of(year, month, day);
	return true;
}

static void read_date(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	if (!parse_date(yaml_scalar(file, node), object))
		yaml_problem(file, node, "%s is not a date like 2026-10-01",
			     yaml_found(file, node));
}

static void add(struct yaml_file *file, yaml_node node, struct calendar_days *days, int32_t day)
{
	for (int i = 0; i < days->n; i++) {
		if (days->days[i] == day) {
			yaml_problem(file, node, "a day of it is there twice");
			return;
		}
	}
	if (days->n == CALENDAR_DAYS_MAX)
		yaml_problem(file, node, "more than %d days, the most allowed", CALENDAR_DAYS_MAX);
	else
		days->days[days->n++] = day;
}

struct span {
	int32_t from, to;
};

static void read_off(struct yaml_file *file, yaml_node node, int index, void *object)
{
	static const struct yaml_key keys[] = {
		{"from", YAML_TYPE_CALL, .required = true, .offset = offsetof(struct span, from),
		 .each = read_date},
		{"to", YAML_TYPE_CALL, .required = true, .offset = offsetof(struct span, to),
		 .each = read_date},
		{0},
	};
	struct calendar_draft *draft = object;
	struct span span = {0, -1};
	int before = yaml_problems(file);
	(void)index;
	yaml_read(file, node, keys, &span);
	if (yaml_problems(file) > before)
		return;
	if (span.to < span.from || span.to - span.from >= SPAN_MAX) {
		yaml_problem(file, yaml_get(file, node, "to"),
			     "to: %s is not 0 to %d days after from",
			     yaml_found(file, yaml_get(file, node, "to")), SPAN_MAX - 1);
		return;
	}
	for (int32_t day = span.from; day <= span.to; day++)
		add(file, node, &draft->calendar.off, day);
}

static void read_works(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct calendar_draft *draft = object;
	int32_t day = -1;
	int before = yaml_problems(file);
	read_date(file, node, index, &day);
	if (yaml_problems(file) == before)
		add(file, node, &draft->calendar.works, day);
}

static const struct yaml_key calendar_keys[] = {
	{"kind", YAML_TYPE_TEXT, .required = true, .offset = offsetof(struct calendar_draft, kind)},
	{"id", YAML_TYPE_ID, .required = true, .offset = offsetof(struct calendar_draft, id)},
	{"source", YAML_TYPE_TEXT, .required = true, .min = 1, .max = 400,
	 .offset = offsetof(struct calendar_draft, source)},
	{"first", YAML_TYPE_CALL, .required = true,
	 .offset = offsetof(struct calendar_draft, calendar.first), .each = read_date},
	{"last", YAML_TYPE_CALL, .required = true,
	 .offset = offsetof(struct calendar_draft, calendar.last), .each = read_date},
	{"off", YAML_TYPE_EACH, .required = true, .min = 1, .each = read_off},
	{"works", YAML_TYPE_EACH, .required = true, .each = read_works},
	{0},
};

bool conf_read_calendar(struct yaml_file *file, struct calendar *ret)
{
	struct calendar_draft draft = {.kind = NULL};
	yaml_read(file, yaml_root(file), calendar_keys, &draft);
	if (yaml_problems(file) == 0 && draft.calendar.last < draft.calendar.first)
		yaml_problem(file, yaml_get(file, yaml_root(file), "last"),
			     "last: %s is before first",
			     yaml_found(file, yaml_get(file, yaml_root(file), "last")));
	if (yaml_problems(file) > 0)
		return false;
	*ret = draft.calendar;
	return true;
}
