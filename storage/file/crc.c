/* SPDX-License-Identifier: MIT */
#include "crc.h"

static uint32_t take_byte(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	return crc;
}

static uint32_t continue_crc(uint32_t crc, const char *text)
{
	for (; *text; text++)
		crc = take_byte(crc, (uint8_t)*text);
	return crc;
}

uint32_t crc32_of_text(const char *text)
{
	return ~continue_crc(UINT32_MAX, text);
}

uint32_t crc32_of_texts(const char *first, const char *second)
{
	return ~continue_crc(continue_crc(UINT32_MAX, first), second);
}

uint32_t crc32_of_bytes(uint32_t before, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	uint32_t crc = ~before;
	for (size_t i = 0; i < n; i++)
		crc = take_byte(crc, at[i]);
	return ~crc;
}
