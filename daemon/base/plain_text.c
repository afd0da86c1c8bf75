/* SPDX-License-Identifier: MIT */
#include "plain_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool continues_character(const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (((unsigned char)bytes[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

size_t plain_text_character(const char *bytes, size_t n)
{
	unsigned char first = (unsigned char)bytes[0], second = n > 1 ? (unsigned char)bytes[1] : 0;
	size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || size > n)
		return 0;
	if (!continues_character(bytes + 1, size - 1))
		return 0;
	bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
	bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
	return overlong || beyond ? 0 : size;
}

/* Of one byte, or of two: U+0080 to U+009F. */
static bool is_control(const char *character, size_t n)
{
	unsigned char first = (unsigned char)character[0];
	return n == 1 ? first < 0x20 || first == 0x7f
		      : first == 0xc2 && (unsigned char)character[1] < 0xa0;
}

static size_t write_escape(char *ret, const char *bytes, size_t n)
{
	size_t written = 0;
	for (size_t i = 0; i < n; i++)
		written += (size_t)sprintf(ret + written, "\\x%02x", (unsigned char)bytes[i]);
	return written;
}

size_t plain_text_write(char *ret, size_t size, const char *text)
{
	size_t left = strlen(text), n = 0;
	while (left > 0) {
		size_t bytes = plain_text_character(text, left);
		bool good = bytes > 0 && !is_control(text, bytes);
		size_t take = bytes > 0 ? bytes : 1;
		if (n + (good ? take : 4 * take) >= size)
			break;
		if (good)
			memcpy(ret + n, text, take);
		n += good ? take : write_escape(ret + n, text, take);
		text += take;
		left -= take;
	}
	ret[n] = '\0';
	return n;
}
