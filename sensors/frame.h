/* SPDX-License-Identifier: MIT */
/*
 * One Modbus read request as bytes, and the check of what came back. Pure.
 *
 * Everything in a reply that can be compared with its request is compared: libmodbus accepts a TCP
 * reply of another unit, protocol or length. A reply that fails any comparison gives no value.
 */
#ifndef SENSORS_FRAME_H
#define SENSORS_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "readplan.h"
#include "sample.h"

#define FRAME_ADU_MAX 260      /* the longest of either kind */
#define FRAME_STREAM_MAX 520   /* bytes of a connection that are looked at in one go */
#define FRAME_TCP_REQUEST 12   /* MBAP header, function, address, quantity */
#define FRAME_RTU_REQUEST 6    /* unit, function, address, quantity; the CRC is appended later */
#define FRAME_GAP_MIN_MS 5     /* for USB adapters */
#define FRAME_UNIT_MAX_RTU 247 /* the highest unit id that libmodbus 3.1.6 accepts */

#define FRAME_BEHIND_ZERO 1 /* code of a bad frame: see frame_is_behind_zero */

struct frame {
	uint8_t unit_id;
	uint16_t transaction; /* TCP only */
	const struct request *request;
};

void frame_put_tcp(const struct frame *frame, uint8_t ret[FRAME_TCP_REQUEST]);
void frame_put_rtu(const struct frame *frame, uint8_t ret[FRAME_RTU_REQUEST]);

/*
 * Takes `length` bytes for the reply to `frame`: WHY_NONE with request->count words in `ret`,
 * WHY_EXCEPTION (*ret_code = the exception), or WHY_BAD_FRAME. adu has FRAME_ADU_MAX bytes.
 */
enum why frame_check_tcp(const struct frame *frame, const uint8_t *adu, int length, uint16_t *ret,
			 int *ret_code);
enum why frame_check_rtu(const struct frame *frame, const uint8_t *adu, int length, uint16_t *ret,
			 int *ret_code);

/* Where the answer to a frame begins in what a TCP connection brought. */
struct frame_place {
	int at;     /* so many bytes before it are none of it */
	int length; /* of the whole answer; 0: it has not come, or not to its end */
	int noise;  /* of the bytes before it: what is no answer at all */
};

/*
 * Looks for the answer to `frame` in the first n bytes, at most FRAME_STREAM_MAX: behind answers to
 * earlier requests, which come late or twice, and behind bytes of a peer that speaks unasked (a
 * registration packet, a heartbeat). What bears its transaction id counts as the answer, right or
 * wrong: frame_check_tcp says which.
 */
struct frame_place frame_find_tcp(const struct frame *frame, const uint8_t *bytes, int n);

/*
 * True if a byte 00 stands before the answer of a serial line: a driver that is switched on, or a
 * line without bias, is heard as one.
 */
bool frame_is_behind_zero(const struct frame *frame, const uint8_t *adu);

/*
 * True if the bytes received on a serial line begin with the request itself: a two-wire adapter
 * with local echo. Five bytes are enough, as no reply to a read has them.
 */
bool frame_is_echo(const struct frame *frame, const uint8_t *adu);

/*
 * The length that a reply which begins like `adu` must have. libmodbus drops a frame that is not of
 * the unit it was told, without its length, and cannot be told of the devices at 248 to 255.
 */
int frame_expected_rtu(const struct frame *frame, const uint8_t *adu);

/* Milliseconds of silence between two frames: 3.5 characters, and 5 ms for USB adapters. */
int frame_gap_ms(int baud, int bits_per_character);

/* CRC-16/MODBUS; the low byte goes first on the wire. */
uint16_t frame_crc(const uint8_t *bytes, int n);

#endif
