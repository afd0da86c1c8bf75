/* SPDX-License-Identifier: MIT */
/*
 * HJ 212 (6.3 and 6.4 of 2017 and 2025): how a segment becomes a frame, in the standard's form and
 * in those that are met in the field. Pure; the caller lends the cipher.
 *
 *   ## LLLL segment CCCC CR LF     LLLL bytes of the segment, decimal; CCCC its CRC, hex
 */
#ifndef SENSORS_HJ212_FORM_H
#define SENSORS_HJ212_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HJ212_SEGMENT_MAX 1024 /* of a frame that is taken, and that is sent */
#define HJ212_LENGTH_MAX 9999  /* what four digits can say */
#define HJ212_FRAME_MAX (HJ212_SEGMENT_MAX + 12)

/* What a CRC is reckoned by. The first is the standard's, the others are met in the field. */
enum hj212_crc {
	HJ212_CRC_STANDARD,
	HJ212_CRC_MODBUS,
	HJ212_CRC_MODBUS_SWAPPED,
	HJ212_CRC_SWAPPED, /* the standard's, low byte first: named, never taken */
	HJ212_CRC_NONE,    /* of no kind that is known */
};

/* What the four digits count. */
enum hj212_length {
	HJ212_LENGTH_SEGMENT,
	HJ212_LENGTH_PLUS_6, /* CRC and line end, too */
};

/* SM4 in ECB: n bytes, a multiple of 16, in place; false if it cannot. */
struct hj212_cipher {
	bool (*blocks)(void *ctx, bool encipher, uint8_t *bytes, size_t n);
	void *ctx;
};

/* The form of one side's frames. All 0 is the standard's, in clear. */
struct hj212_form {
	enum hj212_crc crc;
	enum hj212_length length;
	const struct hj212_cipher *cipher; /* NULL: none */
	const struct hj212_cipher *before; /* read by it what is not by `cipher`; NULL: none */
	bool lower;                        /* the CRC in small letters; read in either */
};

/* The CRC of the standard (annex A) over n bytes; its high byte goes first. */
uint16_t hj212_crc(const uint8_t *bytes, size_t n);

/* The same by a kind, as the four hex digits show it; of HJ212_CRC_NONE the standard's. */
uint16_t hj212_crc_of(enum hj212_crc kind, const uint8_t *bytes, size_t n);

/* By which kind a CRC is that of the bytes. */
enum hj212_crc hj212_crc_find(uint16_t crc, const uint8_t *bytes, size_t n);

/* Enciphers or deciphers in place what of a segment is (2025 6.4): the whole blocks of 16 bytes
 * between CP=&& and the last &&; what is left of a block stays in clear. False if there is no such
 * block, or the cipher fails. */
bool hj212_encipher(const struct hj212_cipher *cipher, bool encipher, uint8_t *segment, size_t n);

/* A segment in clear as its frame: returns the bytes of it, 0 if it is longer than
 * HJ212_SEGMENT_MAX or the cipher fails. The CRC is that of the clear segment (2025 6.4). */
size_t hj212_frame_write(const uint8_t *segment, size_t n, const struct hj212_form *form,
			 uint8_t ret[HJ212_FRAME_MAX]);

#endif
