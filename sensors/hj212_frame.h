/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: the bytes of a connection -> frames (hj212_form.h). Pure: no clock, no memory of its own;
 * the caller says what time it is.
 *
 * The length leads: nothing inside a segment is looked for, as it may be ciphertext. A frame that
 * is not right in every part is refused with its causes; nothing of it may be taken. All counts are
 * of bytes. A frame comes out the same however its bytes were torn and glued.
 */
#ifndef SENSORS_HJ212_FRAME_H
#define SENSORS_HJ212_FRAME_H

#include "hj212_form.h"

#define HJ212_BUFFER 10240      /* of a connection: the longest frame, and what came behind it */
#define HJ212_PATIENCE_MS 30000 /* a frame that is not whole by then is given up */
#define HJ212_END INT64_MAX     /* the time at which no more bytes will come */

/* Why a frame is refused; several may hold. */
enum hj212_fault {
	HJ212_FAULT_DIGITS = 1,    /* the length has not four digits */
	HJ212_FAULT_LENGTH = 2,    /* it is not that of the segment */
	HJ212_FAULT_CRC = 4,       /* the CRC is another */
	HJ212_FAULT_NO_CRC = 8,    /* there is none at the end of the segment */
	HJ212_FAULT_TOO_LONG = 16, /* a segment of more than 1024 bytes */
	HJ212_FAULT_CUT = 32,      /* it has no end */
};

enum hj212_kind {
	HJ212_FRAME,   /* right in every part */
	HJ212_REFUSED, /* `faults` say why; the segment only to tell people what it was to be */
	HJ212_OTHER,   /* at the end: bytes that belong to no frame */
};

struct hj212_event {
	enum hj212_kind kind;
	unsigned faults;
	uint64_t offset;        /* of its first byte since the connection began */
	uint64_t skipped;       /* bytes before it that belong to no frame */
	const uint8_t *segment; /* in clear; good until the reader is used again */
	size_t n;
	int declared, digits;   /* the length as it says, and in how many digits */
	uint16_t crc, right;    /* as it says, and by the form that is expected */
	enum hj212_crc fits;    /* by which kind the CRC of the frame is right */
	bool lower, enciphered; /* it was */
	bool by_before;         /* and hj212_form.before read it */
	bool unended;           /* CR LF is missing or not whole: tolerated */
};

struct hj212_reader {
	struct hj212_form form;
	size_t start, n; /* of the bytes that are not judged yet */
	int64_t since_ms, last_ms;
	uint64_t offset, skipped;
	uint8_t bytes[HJ212_BUFFER];
	uint8_t clear[HJ212_SEGMENT_MAX];
};

/* Begins a connection: what an earlier one left is forgotten. */
void hj212_reader_init(struct hj212_reader *reader, const struct hj212_form *form);

/* Takes up to n bytes that came at at_ms; returns how many. Never 0 of some once hj212_reader_next
 * has said false. */
size_t hj212_reader_put(struct hj212_reader *reader, int64_t at_ms, const uint8_t *bytes, size_t n);

/* The next event of what was taken; false if it needs more bytes. A half frame whose first byte is
 * HJ212_PATIENCE_MS old at now_ms is judged as it is; at HJ212_END everything is. */
bool hj212_reader_next(struct hj212_reader *reader, int64_t now_ms, struct hj212_event *ret);

/* The names of an event's faults, as JSON and counters have them: "crc_modbus_swapped", "too_long";
 * returns how many. */
#define HJ212_CAUSES_MAX 6
int hj212_causes(const struct hj212_event *event, const char *ret[HJ212_CAUSES_MAX]);

#endif
