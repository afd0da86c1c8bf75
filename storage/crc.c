/* SPDX-License-Identifier: MIT */
#include "crc.h"

uint32_t crc32_of_text(const char *text)
{
	uint32_t crc = UINT32_MAX;
	for (; *text; text++) {
		crc ^= (uint8_t)*text;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return ~crc;
}
