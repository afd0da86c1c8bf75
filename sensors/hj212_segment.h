/* SPDX-License-Identifier: MIT */
/*
 * HJ 212 (6.3 of 2017 and 2025): a segment <-> its fields. Pure.
 *
 *   QN=...;ST=22;CN=2061;PW=...;MN=...;Flag=5;[PNUM=2;PNO=1;][RF=1;]CP=&&DataTime=...;a34004-Avg=35,a34004-Flag=N&&
 *
 * Everything in a segment is kept, in its order, so that what was read can be written again byte
 * for byte; what is odd is marked and not mended. Says nothing of what a field means
 * (hj212_factor.h).
 */
#ifndef SENSORS_HJ212_SEGMENT_H
#define SENSORS_HJ212_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hj212_form.h"

#define HJ212_BODY_MAX 950 /* bytes between CP=&& and && */
#define HJ212_HEAD_ITEMS 24
#define HJ212_ITEMS_MAX 1000

/* Bytes of the segment; n 0: nothing. */
struct hj212_text {
	uint16_t at, n;
};

/* A field "key=value" and the mark behind it: ',' (the same factor goes on), ';' or 0 (the end). */
struct hj212_item {
	struct hj212_text key, value;
	bool equals; /* it has a '='; without one all of it is the key */
	char mark;
};

/* What is odd about a segment whose frame is right. */
enum hj212_oddity {
	HJ212_NO_BODY = 1, /* no CP=&&...&&, or one that is not closed */
	HJ212_NO_MN = 2,
	HJ212_NO_EQUALS = 4,     /* a field without '=' */
	HJ212_MARK_LAST = 8,     /* a ';' or ',' behind the last field */
	HJ212_HEAD_INSIDE = 16,  /* QN or Flag inside of CP */
	HJ212_TOO_MANY = 32,     /* more fields than are read: the rest is left out */
	HJ212_BODY_LONG = 64,    /* more than 950 bytes in CP */
	HJ212_PART_UNSAID = 128, /* PNUM and PNO without the bit of Flag, or the other way round */
	HJ212_NO_CN = 256,
};
#define HJ212_ODDITIES 9

struct hj212_segment {
	const char *bytes;   /* not its own */
	unsigned oddities;   /* enum hj212_oddity */
	bool opened, closed; /* CP=&&, and the && at the end */
	int n_head, n_items;
	struct hj212_item head[HJ212_HEAD_ITEMS]; /* of before CP */
	struct hj212_item items[HJ212_ITEMS_MAX]; /* of inside it */
	struct hj212_text body;
};

/* Reads n bytes, at most HJ212_LENGTH_MAX. They must stay while the fields are used. */
void hj212_segment_read(const uint8_t *bytes, size_t n, struct hj212_segment *ret);

/* The same of what stands inside of CP alone, as hj212_join makes it whole. */
void hj212_body_read(const char *body, size_t n, struct hj212_segment *ret);

/* Writes what was read again; returns the bytes, 0 if it is more than `size`. */
size_t hj212_segment_write(const struct hj212_segment *segment, uint8_t *ret, size_t size);

/* A field of the head by its key, in letters of either case; NULL if it is not there. */
const struct hj212_item *hj212_head(const struct hj212_segment *segment, const char *key);

/* True if the text is this word, in letters of either case. */
bool hj212_is(const struct hj212_segment *segment, struct hj212_text text, const char *word);

/* A text of digits alone as a number of 0 to `most`, -1 if it is none; of a field's value. NULL, a
 * field that is not there, is none. */
int32_t hj212_number(const struct hj212_segment *segment, const struct hj212_item *item,
		     int32_t most);

/* The byte Flag: version << 2 | parts << 1 | answer. */
enum hj212_edition { HJ212_2005, HJ212_2017, HJ212_2025 };
struct hj212_flag {
	int version; /* enum hj212_edition, or one that is not known yet */
	bool parts;  /* PNUM and PNO are there */
	bool answer; /* is wanted */
};
struct hj212_flag hj212_flag_read(int byte);
int hj212_flag_write(struct hj212_flag flag);

#endif
