/* SPDX-License-Identifier: MIT */
/*
 * The registers of a device joined into the fewest requests. Pure.
 *
 * Rules: one function per request; at most 125 registers (libmodbus refuses 126); holes of at most
 * profile.max_hole registers are read across; no two requests of one function have the same
 * quantity, because RTU has no transaction id and a late reply must fail the length check: a later
 * request reads some registers more, or fewer rows.
 */
#ifndef SENSORS_READPLAN_H
#define SENSORS_READPLAN_H

#include <stdint.h>

#include "profile.h"

#define READPLAN_REQUESTS_MAX (PROFILE_ROWS_MAX + 1)
#define READPLAN_REGISTERS_MAX 125

struct request {
	uint8_t function;
	uint16_t address;
	uint16_t count; /* 1..125 */
};

struct readplan {
	int n;
	struct request requests[READPLAN_REQUESTS_MAX];
};

/* Joins the rows and the status register of a profile. */
void readplan_make(const struct profile *profile, struct readplan *ret);

/* The words that `wanted` asks for inside the replies (one array of 125 words per request of the
 * plan), or NULL if no request covers them. */
const uint16_t *readplan_words(const struct readplan *plan,
			       const uint16_t (*replies)[READPLAN_REGISTERS_MAX],
			       const struct request *wanted, int *ret_request);

/* Milliseconds the requests and their answers take on a serial line (8N1 = 10 bits a character),
 * 3.5 characters of silence included; 0 for a baud rate of 0 (TCP). */
double readplan_line_ms(const struct readplan *plan, int baud, int bits_per_character);

#endif
