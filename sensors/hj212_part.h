/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: a message -> the segments it goes in (PNUM, PNO), and segments -> the message. A factor
 * is never cut, and DataTime stands in each part. Pure.
 */
#ifndef SENSORS_HJ212_PART_H
#define SENSORS_HJ212_PART_H

#include "hj212_segment.h"

/* What is to be sent. NULL or 0: the field is left out. */
struct hj212_message {
	const char *qn; /* YYYYMMDDhhmmsszzz */
	int st, cn;
	const char *pw, *mn;
	int version; /* enum hj212_edition; HJ212_2005: no Flag */
	bool answer; /* is wanted */
	bool again;  /* RF=1: what could not be sent in its time (2025 8.2.2); no other edition */
	const char *body; /* inside of CP: factors with ';' between them */
	size_t n_body;
};

/* Into how many segments it goes; 0: it cannot be sent, as a factor alone is too long, or the
 * edition has not so many numbers (2017: 9999, 2025: 9). */
int hj212_parts(const struct hj212_message *message);

/* The segment of part 1 to hj212_parts(); returns its bytes. */
size_t hj212_part_write(const struct hj212_message *message, int part,
			uint8_t ret[HJ212_SEGMENT_MAX]);

#define HJ212_JOINED_MAX 9999
#define HJ212_ID_MAX 96

/* The parts of a message, of one connection. Zeros: none yet. */
struct hj212_joined {
	int pnum, next; /* the part that is waited for; 0: no message has begun */
	size_t n_id, n;
	char id[HJ212_ID_MAX]; /* QN, MN and CN */
	char body[HJ212_JOINED_MAX];
};

enum hj212_join {
	HJ212_JOIN_ONE,     /* a message of one part: `joined` is as it was */
	HJ212_JOIN_WHOLE,   /* with this part the body is whole */
	HJ212_JOIN_WAIT,    /* parts are missing */
	HJ212_JOIN_AGAIN,   /* a part that was there already: nothing is added */
	HJ212_JOIN_REFUSED, /* not the part that is waited for, or too much: all of it is dropped */
};

/* Takes a segment. The first part of another message drops the one that was not whole. */
enum hj212_join hj212_join(struct hj212_joined *joined, const struct hj212_segment *segment);

#endif
