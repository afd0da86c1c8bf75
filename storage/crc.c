/* SPDX-License-Identifier: MIT */
#include "crc.h"

static uint32_t go_on(uint32_t crc, const char *text)
{
	for (; *text; text++) {
		crc ^= (uint8_t)*text;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return crc;
}

uint32_t crc32_of_text(const char *text)
{
	return ~go_on(UINT32_MAX, text);
}

uint32_t crc32_of_texts(const char *first, const char *second)
{
	return ~go_on(go_on(UINT32_MAX, first), second);
}
