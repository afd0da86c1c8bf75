/* SPDX-License-Identifier: MIT */
#include "hj212_form.h"

#include <string.h>

#include "frame.h"

#define BLOCK 16
#define CP "CP=&&"
#define CLOSE "&&"

/* The register takes each byte into its high half, not into its low one as MODBUS does. */
uint16_t hj212_crc(const uint8_t *bytes, size_t n)
{
	unsigned crc = 0xFFFF;

	for (size_t i = 0; i < n; i++) {
		crc = crc >> 8 ^ bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xA001 & -(crc & 1));
	}
	return (uint16_t)crc;
}

static uint16_t swap_bytes(uint16_t value)
{
	return (uint16_t)(value << 8 | value >> 8);
}

uint16_t hj212_crc_of(enum hj212_crc kind, const uint8_t *bytes, size_t n)
{
	switch (kind) {
	case HJ212_CRC_MODBUS:
		return frame_crc(bytes, (int)n);
	case HJ212_CRC_MODBUS_SWAPPED:
		return swap_bytes(frame_crc(bytes, (int)n));
	case HJ212_CRC_SWAPPED:
		return swap_bytes(hj212_crc(bytes, n));
	case HJ212_CRC_STANDARD:
	case HJ212_CRC_NONE:
		break;
	}
	return hj212_crc(bytes, n);
}

enum hj212_crc hj212_crc_find(uint16_t crc, const uint8_t *bytes, size_t n)
{
	int kind = HJ212_CRC_STANDARD;

	while (kind < HJ212_CRC_NONE && hj212_crc_of((enum hj212_crc)kind, bytes, n) != crc)
		kind++;
	return (enum hj212_crc)kind;
}

bool hj212_encipher(const struct hj212_cipher *cipher, bool encipher, uint8_t *segment, size_t n)
{
	const uint8_t *cp = n > 0 ? memmem(segment, n, CP, strlen(CP)) : NULL;
	size_t before = cp ? (size_t)(cp - segment) + strlen(CP) : n, after = strlen(CLOSE);

	if (n < before + after || memcmp(segment + n - after, CLOSE, after) != 0)
		return false;
	size_t blocks = (n - after - before) / BLOCK * BLOCK;
	return blocks > 0 && cipher->blocks(cipher->ctx, encipher, segment + before, blocks);
}

static void write_length(size_t length, uint8_t ret[6])
{
	ret[0] = ret[1] = '#';
	for (int i = 5; i > 1; i--, length /= 10)
		ret[i] = (uint8_t)('0' + length % 10);
}

static void write_crc(uint16_t crc, bool lower, uint8_t ret[6])
{
	const char *digits = lower ? "0123456789abcdef" : "0123456789ABCDEF";

	for (int i = 0; i < 4; i++)
		ret[i] = (uint8_t)digits[crc >> (12 - 4 * i) & 15];
	ret[4] = '\r';
	ret[5] = '\n';
}

size_t hj212_frame_write(const uint8_t *segment, size_t n, const struct hj212_form *form,
			 uint8_t ret[HJ212_FRAME_MAX])
{
	if (n > HJ212_SEGMENT_MAX)
		return 0;
	write_length(form->length == HJ212_LENGTH_PLUS_6 ? n + 6 : n, ret);
	if (n > 0)
		memcpy(ret + 6, segment, n);
	write_crc(hj212_crc_of(form->crc, segment, n), form->lower, ret + 6 + n);
	if (form->cipher && !hj212_encipher(form->cipher, true, ret + 6, n))
		return 0;
	return n + 12;
}
