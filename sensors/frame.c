/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <string.h>

#define MBAP 6 /* transaction, protocol, length; the unit id begins what RTU has as well */
#define EXCEPTION_BIT 0x80
#define EXCEPTION_LENGTH 3
#define CRC_LENGTH 2
#define ECHO_BYTES 5

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

/* Function 1 and 2: eight to a byte, the lowest bit first; else two bytes each. */
static void take_values(const struct request *request, const uint8_t *values, uint16_t *ret)
{
	for (int i = 0; i < request->count; i++)
		ret[i] = (uint16_t)(request->function <= 2 ? values[i / 8] >> i % 8 & 1
							   : get_word(&values[2 * i]));
}

/* Unit id, function, byte count and values, without header and CRC. */
static enum why check_body(const struct frame *frame, const uint8_t *body, int length,
			   uint16_t *ret, int *ret_code)
{
	const struct request *request = frame->request;
	int bytes = request_answer_bytes(request);

	if (length < EXCEPTION_LENGTH || body[0] != frame->unit_id)
		return WHY_BAD_FRAME;
	if (body[1] == (request->function | EXCEPTION_BIT) && length == EXCEPTION_LENGTH) {
		*ret_code = body[2];
		return WHY_EXCEPTION;
	}
	if (body[1] != request->function || body[2] != bytes || length != 3 + bytes)
		return WHY_BAD_FRAME;
	take_values(request, &body[3], ret);
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

/* ---- in a stream ---- */

#define HEAD 9       /* MBAP header, unit, function, byte count or exception */
#define OLD_MAX 1024 /* a transaction id of so many requests ago is an old one */

static bool is_own_answer(const struct frame *frame, const uint8_t *at, int n)
{
	const uint8_t begin[] = {(uint8_t)(frame->transaction >> 8), (uint8_t)frame->transaction, 0,
				 0};

	return memcmp(at, begin, (size_t)(n < 4 ? n : 4)) == 0;
}

/* How long the answer is: what it says, or all that is there if no answer can be so long. */
static int measure_own(const struct frame *frame, const uint8_t *at, int n)
{
	int length = n < MBAP ? 0 : get_word(&at[4]);
	bool likely =
		length == EXCEPTION_LENGTH || length == 3 + request_answer_bytes(frame->request);

	if (n < MBAP)
		return 0;
	if (!likely)
		return n < FRAME_ADU_MAX ? n : FRAME_ADU_MAX;
	return n < MBAP + length ? 0 : MBAP + length;
}

/* An answer to an earlier request: its length, 0: it is none; -1: too little of it is there. */
static int measure_old(const struct frame *frame, const uint8_t *at, int n)
{
	int age = n < 2 ? 1 : (frame->transaction - get_word(at)) & 0xFFFF;

	if (age == 0 || age > OLD_MAX || (n > 2 && at[2] != 0) || (n > 3 && at[3] != 0) ||
	    (n > 4 && at[4] != 0) || (n > 5 && at[5] < EXCEPTION_LENGTH))
		return 0;
	int function = n > 7 ? at[7] & ~EXCEPTION_BIT : 1;
	if (function < 1 || function > 4)
		return 0;
	if (n >= HEAD && at[5] != (at[7] & EXCEPTION_BIT ? EXCEPTION_LENGTH : 3 + at[8]))
		return 0;
	return n >= HEAD && n >= MBAP + at[5] ? MBAP + at[5] : -1;
}

struct frame_place frame_find_tcp(const struct frame *frame, const uint8_t *bytes, int n)
{
	struct frame_place place = {0};

	while (place.at < n) {
		const uint8_t *at = &bytes[place.at];
		int left = n - place.at;
		if (is_own_answer(frame, at, left)) {
			place.length = measure_own(frame, at, left);
			return place;
		}
		int old = measure_old(frame, at, left);
		if (old < 0)
			return place;
		place.noise += old == 0;
		place.at += old > 0 ? old : 1;
	}
	return place;
}

/* ---- on a serial line ---- */

bool frame_is_behind_zero(const struct frame *frame, const uint8_t *adu)
{
	const struct request *request = frame->request;

	return adu[0] == 0 && adu[1] == frame->unit_id &&
	       ((adu[2] == request->function && adu[3] == request_answer_bytes(request)) ||
		adu[2] == (request->function | EXCEPTION_BIT));
}

bool frame_is_echo(const struct frame *frame, const uint8_t *adu)
{
	uint8_t request[FRAME_RTU_REQUEST];

	frame_put_rtu(frame, request);
	return memcmp(adu, request, ECHO_BYTES) == 0 &&
	       adu[2] != (uint8_t)request_answer_bytes(frame->request);
}

int frame_expected_rtu(const struct frame *frame, const uint8_t *adu)
{
	int body = adu[1] == frame->request->function ? 3 + request_answer_bytes(frame->request)
						      : EXCEPTION_LENGTH;

	return body + CRC_LENGTH;
}

int frame_gap_ms(int baud, int bits_per_character)
{
	int gap_ms = bits_per_character * 3500 / baud + 1;

	return gap_ms > FRAME_GAP_MIN_MS ? gap_ms : FRAME_GAP_MIN_MS;
}

uint16_t frame_crc(const uint8_t *bytes, int n)
{
	unsigned crc = 0xFFFF;

	for (int i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xA001 & -(crc & 1));
	}
	return (uint16_t)crc;
}
