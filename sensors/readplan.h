/* SPDX-License-Identifier: MIT */
/*
 * The registers of a device joined into the fewest requests. Pure.
 *
 * Rules: one function per request; at most 125 registers (libmodbus refuses 126); holes of at most
 * profile.max_hole registers are read across; no two requests of one function have the same
 * quantity, because RTU has no transaction id and a late reply must fail the length check: a later
 * request reads some registers more, or fewer rows. A request that the device refuses is split, and
 * its parts read exactly what is wanted.
 */
#ifndef SENSORS_READPLAN_H
#define SENSORS_READPLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

#define READPLAN_REQUESTS_MAX (PROFILE_ROWS_MAX + 2) /* status and identity */
#define READPLAN_REGISTERS_MAX 125

struct request {
	uint8_t function;
	uint16_t address;
	uint16_t count; /* 1..125 */
};

struct readplan {
	int n;
	struct request requests[READPLAN_REQUESTS_MAX];
	/* what each is for: wanted pieces of the profile, counted in order of function and address
	 */
	uint8_t first_piece[READPLAN_REQUESTS_MAX], n_pieces[READPLAN_REQUESTS_MAX];
};

/* Joins the rows, the status register and the identity register of a profile. */
void readplan_make(const struct profile *profile, struct readplan *ret);

/*
 * Splits a request that the device refused (exception 2 or 3) at its largest hole, or takes off
 * the registers that only make its quantity unique; a new request comes last. False if it reads
 * nothing but one piece already.
 */
bool readplan_split(struct readplan *plan, const struct profile *profile, int request);

/* The request that reads nothing but the identity register, -1: none does. */
int readplan_identity(const struct readplan *plan, const struct profile *profile);

/* The words that `wanted` asks for inside the replies (one array of 125 words per request of the
 * plan), or NULL if no request covers them. */
const uint16_t *readplan_words(const struct readplan *plan,
			       const uint16_t (*replies)[READPLAN_REGISTERS_MAX],
			       const struct request *wanted, int *ret_request);

/* Milliseconds the requests and their answers take on a serial line (8N1 = 10 bits a character),
 * 3.5 characters of silence included; 0 for a baud rate of 0 (TCP). */
double readplan_line_ms(const struct readplan *plan, int baud, int bits_per_character);

#endif
