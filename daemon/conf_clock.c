/* SPDX-License-Identifier: MIT */
#include "conf_station.h"

#include <string.h>
#include <time.h>

#define SOURCE_WRONG (-1)

static const struct yaml_name sources[] = {
	{"ntp", CLOCK_NTP},
	{"rtc", CLOCK_RTC},
	{"simulated", CLOCK_SIMULATED},
	{NULL, 0},
};

/* Digits of fixed width at the text's beginning; the text moves on. */
static bool take_digits(const char **text, int n, int *ret)
{
	int value = 0;
	for (int i = 0; i < n; i++) {
		if ((*text)[i] < '0' || (*text)[i] > '9')
			return false;
		value = value * 10 + ((*text)[i] - '0');
	}
	*text += n;
	*ret = value;
	return true;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_date(const char **text, struct tm *ret)
{
	if (!take_digits(text, 4, &ret->tm_year) || !take_char(text, '-') ||
	    !take_digits(text, 2, &ret->tm_mon) || !take_char(text, '-') ||
	    !take_digits(text, 2, &ret->tm_mday) || !take_char(text, 'T'))
		return false;
	ret->tm_year -= 1900;
	ret->tm_mon -= 1;
	return ret->tm_year >= 70;
}

static bool take_time(const char **text, struct tm *ret, int *ret_ms)
{
	if (!take_digits(text, 2, &ret->tm_hour) || !take_char(text, ':') ||
	    !take_digits(text, 2, &ret->tm_min) || !take_char(text, ':') ||
	    !take_digits(text, 2, &ret->tm_sec))
		return false;
	*ret_ms = 0;
	if (take_char(text, '.')) {
		size_t digits = strspn(*text, "0123456789");
		if (digits < 1 || digits > 9)
			return false;
		for (size_t i = 0, weight = 100; i < digits; i++, weight /= 10)
			*ret_ms += ((*text)[i] - '0') * (int)weight;
		*text += digits;
	}
	return ret->tm_hour < 24 && ret->tm_min < 60 && ret->tm_sec < 60;
}

static bool take_offset(const char **text, int *ret_min)
{
	int hours, minutes, sign = **text == '-' ? -1 : 1;
	if (**text != '+' && **text != '-')
		return false;
	(*text)++;
	if (!take_digits(text, 2, &hours) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_min = sign * (hours * 60 + minutes);
	return **text == '\0';
}

bool conf_parse_time(const char *text, int64_t *ret_ms)
{
	struct tm tm = {0};
	int ms, offset_min;
	if (!take_date(&text, &tm) || !take_time(&text, &tm, &ms) ||
	    !take_offset(&text, &offset_min))
		return false;
	struct tm given = tm;
	time_t seconds = timegm(&tm);
	/* timegm makes 2 March of 30 February */
	if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday)
		return false;
	*ret_ms = ((int64_t)seconds - (int64_t)offset_min * 60) * 1000 + ms;
	return true;
}

void station_read_time(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	const char *text = yaml_scalar(file, node);
	if (!text || !conf_parse_time(text, object))
		yaml_problem(file, node,
			     "%s is not a time with its offset like 2013-10-31T10:00:00+08:00",
			     yaml_found(file, node));
}

void station_read_clock(struct yaml_file *file, yaml_node node, int index, void *object)
{
	(void)index;
	static const struct yaml_key keys[] = {
		{"source", YAML_TYPE_NAME, .names = sources,
		 .offset = offsetof(struct clock_conf, source)},
		{"holdover_h", YAML_TYPE_INT, .min = 1, .max = 8760,
		 .offset = offsetof(struct clock_conf, holdover_h)},
		{"patience_min", YAML_TYPE_INT, .min = 1, .max = 1440,
		 .offset = offsetof(struct clock_conf, patience_min)},
		{"start", YAML_TYPE_CALL, .each = station_read_time,
		 .offset = offsetof(struct clock_conf, start_ms)},
		{"anchor", YAML_TYPE_CALL, .each = station_read_time,
		 .offset = offsetof(struct clock_conf, anchor_ms)},
		{"speed", YAML_TYPE_DECIMAL, .min = 1, .max = 100000,
		 .offset = offsetof(struct clock_conf, speed)},
		{0},
	};
	struct station_draft *draft = object;
	struct clock_conf *clock = &draft->conf.clock;
	draft->clock_at = node;
	if (yaml_get(file, node, "source"))
		clock->source = SOURCE_WRONG;
	yaml_read(file, node, keys, clock);
}

void station_check_clock(struct yaml_file *file, const struct station_draft *draft)
{
	static const char *const only_simulated[] = {"start", "anchor", "speed"};
	int source = draft->conf.clock.source;
	if (source == SOURCE_WRONG)
		return;
	for (int i = 0; i < 3; i++) {
		const char *key = only_simulated[i];
		yaml_node at = yaml_get(file, draft->clock_at, key);
		if (source == CLOCK_SIMULATED && !at)
			yaml_problem(file, draft->clock_at,
				     "required key %s is missing: a simulated clock needs start, "
				     "anchor and speed",
				     key);
		else if (source != CLOCK_SIMULATED && at)
			yaml_problem(file, at, "%s is allowed with clock source simulated only",
				     key);
	}
	if (source == CLOCK_SIMULATED && !draft->conf.exercise)
		yaml_problem(file, yaml_get(file, draft->clock_at, "source"),
			     "a compressed clock runs only in an exercise (exercise: true)");
}
