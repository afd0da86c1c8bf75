/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <string.h>

#define MBAP 6 /* transaction, protocol, length; the unit id begins what RTU has as well */
#define EXCEPTION_BIT 0x80
#define EXCEPTION_LENGTH 3
#define CRC_LENGTH 2
#define ECHO_BYTES 5
#define GAP_MIN_MS 5

static void put_word(uint8_t *at, int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static int get_word(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

void frame_put_rtu(const struct frame *frame, uint8_t ret[FRAME_RTU_REQUEST])
{
	ret[0] = frame->unit_id;
	ret[1] = frame->request->function;
	put_word(&ret[2], frame->request->address);
	put_word(&ret[4], frame->request->count);
}

void frame_put_tcp(const struct frame *frame, uint8_t ret[FRAME_TCP_REQUEST])
{
	put_word(&ret[0], frame->transaction);
	put_word(&ret[2], 0);
	put_word(&ret[4], FRAME_RTU_REQUEST);
	frame_put_rtu(frame, &ret[MBAP]);
}

/* Unit id, function, byte count and registers, without header and CRC. */
static enum why check_body(const struct frame *frame, const uint8_t *body, int length,
			   uint16_t *ret, int *ret_code)
{
	const struct request *request = frame->request;

	if (length < EXCEPTION_LENGTH || body[0] != frame->unit_id)
		return WHY_BAD_FRAME;
	if (body[1] == (request->function | EXCEPTION_BIT) && length == EXCEPTION_LENGTH) {
		*ret_code = body[2];
		return WHY_EXCEPTION;
	}
	if (body[1] != request->function || body[2] != 2 * request->count ||
	    length != 3 + 2 * request->count)
		return WHY_BAD_FRAME;
	for (int i = 0; i < request->count; i++)
		ret[i] = (uint16_t)get_word(&body[3 + 2 * i]);
	return WHY_NONE;
}

enum why frame_check_tcp(const struct frame *frame, const uint8_t *adu, int length, uint16_t *ret,
			 int *ret_code)
{
	if (length < MBAP || length > FRAME_ADU_MAX || get_word(&adu[0]) != frame->transaction ||
	    get_word(&adu[2]) != 0 || get_word(&adu[4]) != length - MBAP)
		return WHY_BAD_FRAME;
	return check_body(frame, &adu[MBAP], length - MBAP, ret, ret_code);
}

enum why frame_check_rtu(const struct frame *frame, const uint8_t *adu, int length, uint16_t *ret,
			 int *ret_code)
{
	int body = length - CRC_LENGTH;

	if (body < EXCEPTION_LENGTH || length > FRAME_ADU_MAX ||
	    frame_crc(adu, body) != (adu[body] | adu[body + 1] << 8))
		return WHY_BAD_FRAME;
	return check_body(frame, adu, body, ret, ret_code);
}

bool frame_is_echo(const struct frame *frame, const uint8_t *adu)
{
	uint8_t request[FRAME_RTU_REQUEST];

	frame_put_rtu(frame, request);
	return memcmp(adu, request, ECHO_BYTES) == 0 &&
	       adu[2] != (uint8_t)(2 * frame->request->count);
}

int frame_expected_rtu(const struct frame *frame, const uint8_t *adu)
{
	int body = adu[1] == frame->request->function ? 3 + 2 * frame->request->count
						      : EXCEPTION_LENGTH;

	return body + CRC_LENGTH;
}

int frame_gap_ms(int baud, int bits_per_character)
{
	int gap_ms = bits_per_character * 3500 / baud + 1;

	return gap_ms > GAP_MIN_MS ? gap_ms : GAP_MIN_MS;
}

uint16_t frame_crc(const uint8_t *bytes, int n)
{
	unsigned crc = 0xFFFF;

	for (int i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
	}
	return (uint16_t)crc;
}
