/* SPDX-License-Identifier: MIT */
#include "conf_rules.h"
#include "time_text.h"
#include "words.h"

#define YEAR_MIN 2000
#define YEAR_MAX 2199
#define SPAN_MAX 31 /* days of one holiday */
#define DAY_MS 86400000LL

struct calendar_draft {
	struct calendar calendar;
	const char *kind, *id, *source;
};

static bool parse_date(const char *text, int32_t *ret)
{
	int64_t ms;
	if (!text || !time_parse_date(text, &ms))
		return false;
	int year = time_beijing(ms).tm_year + 1900;
	if (year < YEAR_MIN || year > YEAR_MAX)
		return false;
	*ret = calendar_day(ms);
	return true;
}

static void read_date(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	if (!parse_date(yaml_scalar(file, node), object))
		yaml_problem(file, node, tr("%s is not a date like 2026-10-01"),
			     yaml_found(file, node));
}

static void add_calendar_day(struct yaml_file *file, yaml_node node, struct calendar_days *days,
			     int32_t day)
{
	for (int i = 0; i < days->n; i++) {
		if (days->days[i] == day) {
			yaml_problem(file, node, tr("a day of it is there twice"));
			return;
		}
	}
	if (days->n == CALENDAR_DAYS_MAX)
		yaml_problem(file, node, tr("more than %d days, the most allowed"),
			     CALENDAR_DAYS_MAX);
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
			     tr("to: %s is not 0 to %d days after from"),
			     yaml_found(file, yaml_get(file, node, "to")), SPAN_MAX - 1);
		return;
	}
	for (int32_t day = span.from; day <= span.to; day++)
		add_calendar_day(file, node, &draft->calendar.off, day);
}

static void read_works(struct yaml_file *file, yaml_node node, int index, void *object)
{
	struct calendar_draft *draft = object;
	int32_t day = -1;
	int before = yaml_problems(file);
	read_date(file, node, index, &day);
	if (yaml_problems(file) == before)
		add_calendar_day(file, node, &draft->calendar.works, day);
}

static const char *const weekday_names[] = {
	TR_LATER("Sunday"),   TR_LATER("Monday"), TR_LATER("Tuesday"), TR_LATER("Wednesday"),
	TR_LATER("Thursday"), TR_LATER("Friday"), TR_LATER("Saturday")};

static int weekday_of(int32_t day)
{
	return time_beijing(day * DAY_MS).tm_wday;
}

static bool is_outside(const struct calendar *calendar, int32_t day)
{
	return day < calendar->first || day > calendar->last;
}

/* Days that are read and have no problem of their own. */
static void check_worked(struct yaml_file *file, const struct calendar *calendar)
{
	yaml_node list = yaml_get(file, yaml_root(file), "works");
	for (int i = 0; i < calendar->works.n; i++) {
		yaml_node node = yaml_item(file, list, i);
		int32_t day = calendar->works.days[i];
		int weekday = weekday_of(day);
		if (is_outside(calendar, day))
			yaml_problem(file, node, tr("works: %s is not within first to last"),
				     yaml_found(file, node));
		else if (weekday != 0 && weekday != 6)
			yaml_problem(file, node,
				     tr("works: %s is a %s; only a Saturday or a Sunday that is "
					"worked stands here"),
				     yaml_found(file, node), tr(weekday_names[weekday]));
	}
}

static void check_off(struct yaml_file *file, const struct calendar *calendar)
{
	yaml_node list = yaml_get(file, yaml_root(file), "off");
	for (int i = 0; i < yaml_length(file, list); i++) {
		yaml_node span = yaml_item(file, list, i);
		for (int end = 0; end < 2; end++) {
			yaml_node node = yaml_get(file, span, end ? "to" : "from");
			int32_t day = -1;
			if (parse_date(yaml_scalar(file, node), &day) && is_outside(calendar, day))
				yaml_problem(file, node, tr("off: %s is not within first to last"),
					     yaml_found(file, node));
		}
	}
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
			     tr("last: %s is before first"),
			     yaml_found(file, yaml_get(file, yaml_root(file), "last")));
	if (yaml_problems(file) == 0) {
		check_worked(file, &draft.calendar);
		check_off(file, &draft.calendar);
	}
	if (yaml_problems(file) > 0)
		return false;
	*ret = draft.calendar;
	return true;
}
