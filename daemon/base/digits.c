/* SPDX-License-Identifier: MIT */
#include "digits.h"

#include <string.h>

#define DIGITS "0123456789"

size_t digits_begin(const char *text, int32_t most, int32_t *ret)
{
	size_t n = strspn(text, DIGITS);
	int64_t value = 0;
	for (size_t i = 0; i < n && value <= most; i++)
		value = value * 10 + (text[i] - '0');
	if (n == 0 || value > most)
		return 0;
	*ret = (int32_t)value;
	return n;
}

bool digits_whole(const char *text, int32_t least, int32_t most, int32_t *ret)
{
	int32_t value = 0;
	size_t n = digits_begin(text, most, &value);
	if (n == 0 || text[n] != '\0' || value < least)
		return false;
	*ret = value;
	return true;
}

bool digits_split(const char *text, struct digits *ret)
{
	size_t whole = strspn(text, DIGITS);
	bool point = text[whole] == '.';
	const char *fraction = text + whole + point;
	size_t n = strspn(fraction, DIGITS);
	if (whole == 0 || (point && n == 0) || fraction[n] != '\0')
		return false;
	*ret = (struct digits){text, fraction, whole, n};
	return true;
}

/* How the digits after the last one that is kept round it; a text of zeros is exactly none. */
static bool rounds_up(const char *dropped, size_t n, int64_t kept)
{
	if (n == 0 || dropped[0] < '5')
		return false;
	if (dropped[0] > '5' || strspn(dropped + 1, "0") < n - 1)
		return true;
	return kept % 2 != 0;
}

bool digits_decimal(const char *text, int places, int32_t most, int32_t *ret)
{
	struct digits digits;
	int64_t value = 0;
	if (!digits_split(text, &digits))
		return false;
	size_t kept = digits.n_fraction < (size_t)places ? digits.n_fraction : (size_t)places;
	for (size_t i = 0; i < digits.n_whole + (size_t)places && value <= most; i++) {
		size_t at = i - digits.n_whole; /* behind the point */
		const char *digit = i < digits.n_whole ? &text[i]
				    : at < kept        ? &digits.fraction[at]
						       : "0";
		value = value * 10 + (*digit - '0');
	}
	if (value <= most)
		value += rounds_up(digits.fraction + kept, digits.n_fraction - kept, value);
	if (value > most)
		return false;
	*ret = (int32_t)value;
	return true;
}
