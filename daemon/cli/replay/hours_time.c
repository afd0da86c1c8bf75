/* SPDX-License-Identifier: MIT */
#include "hours_time.h"

#include <stdio.h>
#include <string.h>

#include "time_text.h"

#define TIME_SIZE 64
#define DAY_MS 86400000LL

/* What a text has in front of what is still to be read. */
static bool take_word(const char **text, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

/* least to most digits. */
static bool take_number(const char **text, size_t least, size_t most, int *ret)
{
	size_t n = strspn(*text, "0123456789");
	n = n > most ? most : n;
	if (n < least)
		return false;
	*ret = 0;
	for (size_t i = 0; i < n; i++)
		*ret = *ret * 10 + (*text)[i] - '0';
	*text += n;
	return true;
}

struct moment {
	int year, month, day, hour, minute, second;
};

/* "2017-01-01", "2017/1/1", "2017年1月1日", "20170101". */
static bool take_date(const char **text, struct moment *ret)
{
	if (!take_number(text, 4, 4, &ret->year))
		return false;
	if (strspn(*text, "0123456789") >= 4)
		return take_number(text, 2, 2, &ret->month) && take_number(text, 2, 2, &ret->day);
	char separator = **text;
	if (take_word(text, "年"))
		return take_number(text, 1, 2, &ret->month) && take_word(text, "月") &&
		       take_number(text, 1, 2, &ret->day) && take_word(text, "日");
	if (separator == '\0' || !strchr("-/.", separator))
		return false;
	(*text)++;
	if (!take_number(text, 1, 2, &ret->month) || **text != separator)
		return false;
	(*text)++;
	return take_number(text, 1, 2, &ret->day);
}

/* "1", "1:00", "01:00:00", "1时", "0100" behind a date without signs. */
static bool take_clock(const char **text, struct moment *ret)
{
	size_t digits = strspn(*text, "0123456789");
	if (digits == 4 || digits == 6)
		return take_number(text, 2, 2, &ret->hour) &&
		       take_number(text, 2, 2, &ret->minute) &&
		       (digits == 4 || take_number(text, 2, 2, &ret->second));
	if (!take_number(text, 1, 2, &ret->hour))
		return false;
	if (take_word(text, "时") || take_word(text, "点"))
		return **text == '\0' ||
		       (take_number(text, 1, 2, &ret->minute) && take_word(text, "分"));
	if (!take_word(text, ":"))
		return true;
	if (!take_number(text, 2, 2, &ret->minute))
		return false;
	if (!take_word(text, ":"))
		return true;
	if (!take_number(text, 2, 2, &ret->second))
		return false;
	if (**text == '.' && (*text)[1] == '0') /* ".000" says nothing */
		*text += 1 + strspn(*text + 1, "0");
	return true;
}

/* "Z", "+08:00", "+0800", " +8"; none is that of Beijing. */
static bool take_offset(const char **text, char ret[16], bool *ret_said)
{
	int hours = 0, minutes = 0;
	*text += strspn(*text, " ");
	*ret_said = **text != '\0';
	snprintf(ret, 16, "+08:00");
	if (!*ret_said)
		return true;
	char sign = **text;
	if (take_word(text, "Z") || take_word(text, "UTC")) {
		snprintf(ret, 16, "+00:00");
		return **text == '\0';
	}
	if ((sign != '+' && sign != '-') || ((*text)++, !take_number(text, 1, 2, &hours)))
		return false;
	if (**text != '\0' && (take_word(text, ":") || true) && !take_number(text, 2, 2, &minutes))
		return false;
	snprintf(ret, 16, "%c%02d:%02d", sign, hours % 100, minutes % 100);
	return **text == '\0';
}

bool hours_time_parse(const char *text, int64_t *ret_ms, bool *ret_offset)
{
	struct moment at = {0};
	char offset[16], whole[TIME_SIZE];
	int64_t ms;
	bool said;
	if (!take_date(&text, &at))
		return false;
	if (!take_word(&text, "T"))
		text += strspn(text, " ");
	if (!take_clock(&text, &at) || !take_offset(&text, offset, &said))
		return false;
	bool midnight = at.hour == 24 && at.minute == 0 && at.second == 0;
	snprintf(whole, sizeof(whole), "%04d-%02d-%02dT%02d:%02d:%02d%s", at.year, at.month, at.day,
		 midnight ? 0 : at.hour, at.minute, at.second, offset);
	if (!time_parse(whole, &ms))
		return false;
	ms += midnight ? DAY_MS : 0;
	if (ms <= 0)
		return false;
	*ret_ms = ms;
	*ret_offset = said;
	return true;
}
