/* SPDX-License-Identifier: MIT */
#include "time_text.h"

#include <stdio.h>
#include <string.h>

#include "hour.h"

struct tm time_beijing(int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000 - (wall_ms % 1000 < 0)) + BEIJING_H * 3600;
	struct tm tm;
	gmtime_r(&seconds, &tm);
	return tm;
}

const char *time_text(int64_t wall_ms, char ret[TIME_TEXT_SIZE])
{
	struct tm tm = time_beijing(wall_ms);
	strftime(ret, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
	return ret;
}

/* ---- and back ---- */

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

bool time_parse(const char *text, int64_t *ret_ms)
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

bool time_parse_date(const char *text, int64_t *ret_ms)
{
	char midnight[TIME_TEXT_SIZE];
	if (strlen(text) != strlen("2026-10-01"))
		return false;
	snprintf(midnight, sizeof(midnight), "%sT00:00:00+08:00", text);
	return time_parse(midnight, ret_ms);
}
