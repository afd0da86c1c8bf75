/* SPDX-License-Identifier: MIT */
/*
 * The registers of a device joined into the fewest requests. Pure.
 *
 * Rules: one function per request; at most 125 registers (libmodbus refuses 126); holes of at most
 * profile.max_hole registers are read across, and no other register is asked for that nobody
 * wants. A request that the device refuses is split. RTU has no transaction id, so a late reply is
 * known by its length only: where it costs nothing, requests of one function have unlike
 * quantities; owed.h keeps apart those that have not.
 */
#ifndef SENSORS_READPLAN_H
#define SENSORS_READPLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"

/* the rows, and what is read beside them; identity and `alive` are one each */
#define READPLAN_REQUESTS_MAX (PROFILE_ROWS_MAX + PROFILE_STATUSES_MAX + PROFILE_EXPECTS_MAX + 2)
#define READPLAN_REGISTERS_MAX 125

struct request {
	uint8_t function;
	uint16_t address;
	uint16_t count; /* 1..125 */
};

/* The registers of a row, of any other place, and of an identity. */
struct request request_row(const struct profile_row *row);
struct request request_place(const struct profile_place *place);
struct request request_identity(const struct profile_identity *identity);

/* Bytes of values in the answer: eight bits of functions 1 and 2 are one. */
int request_answer_bytes(const struct request *request);

struct readplan {
	int n;
	int most; /* registers that a request may read, but for one value */
	struct request requests[READPLAN_REQUESTS_MAX];
	/* what each is for: wanted pieces of the profile, counted in order of function and address
	 */
	uint8_t first_piece[READPLAN_REQUESTS_MAX], n_pieces[READPLAN_REQUESTS_MAX];
};

/* Joins the rows of a profile and all that is read beside them. */
void readplan_make(const struct profile *profile, struct readplan *ret);

/* The same for a device that gives at most so many registers at once; a value is never cut. */
void readplan_make_short(const struct profile *profile, int most, struct readplan *ret);

/*
 * Splits a request that the device refused (exception 2 or 3, or silence) at its largest hole,
 * without one where the quantities of its parts are unlike all others, or takes off the registers
 * that it only repeats; a new request comes last. False if it reads nothing but one piece.
 */
bool readplan_split(struct readplan *plan, const struct profile *profile, int request);

/*
 * A request whose answer is like none that the plan asks for: some of the registers that one of its
 * requests reads, whole pieces of the profile if there are any. It brings nothing; once it is
 * answered nothing is under way any more that was asked before. False if there is none.
 */
bool readplan_fence(const struct readplan *plan, const struct profile *profile,
		    struct request *ret);

/* True if a request reads only what never changes: the identity and what is expected. */
bool readplan_only_proves(const struct readplan *plan, const struct profile *profile, int request);

/* The words that `wanted` asks for inside the replies (one array of 125 words per request of the
 * plan), or NULL if no request covers them. */
const uint16_t *readplan_words(const struct readplan *plan,
			       const uint16_t (*replies)[READPLAN_REGISTERS_MAX],
			       const struct request *wanted, int *ret_request);

/* Milliseconds the requests and their answers take on a serial line (8N1 = 10 bits a character),
 * 3.5 characters of silence included; 0 for a baud rate of 0 (TCP). */
double readplan_line_ms(const struct readplan *plan, int baud, int bits_per_character);

#endif
