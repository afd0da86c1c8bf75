/* SPDX-License-Identifier: MIT */
/*
 * The answers that a device still owes: what it was asked and has not answered. Pure.
 *
 * On a serial line an answer bears its unit, its function and its length, and not what it answers:
 * two requests of one function and as many values are alike, and a late answer to the one would be
 * taken for that to the other. So none is made while an answer to its like is owed. A device
 * answers in the order in which it was asked, or not at all: an answer settles all that was asked
 * before. What nothing settles is given up after OWED_MS and the device's time-out.
 */
#ifndef SENSORS_OWED_H
#define SENSORS_OWED_H

#include <stdbool.h>
#include <stdint.h>

#include "readplan.h"

#define OWED_MS                                                                                    \
	10000 /* an answer that is later than that, and its time-out, is not reckoned with */
#define OWED_MAX (2 * READPLAN_REQUESTS_MAX)

struct owed_answer {
	struct request request;
	int unanswered;       /* times that it was asked */
	uint64_t first, last; /* among all requests of the device, when it was */
	int64_t asked_ms;     /* monotonic: the last time */
};

/* All zero: nothing is owed. */
struct owed {
	int n;
	int timeout_ms; /* of the device: its answers may take that long and OWED_MS */
	uint64_t asked;
	struct owed_answer answers[OWED_MAX];
};

/* Gives up what has been owed for too long. */
void owed_expire(struct owed *owed, int64_t now_ms);

/* True if an answer to this request can be told from all that are owed. */
bool owed_may_ask(const struct owed *owed, const struct request *request);

/* True if an answer to this very request is owed. */
bool owed_has(const struct owed *owed, const struct request *request);

/* Two requests whose answers look alike. */
bool owed_alike(const struct request *a, const struct request *b);

/* Notes a request that was made; owed_may_ask has allowed it. */
void owed_ask(struct owed *owed, const struct request *request, int64_t now_ms);

/* Takes an answer with values, to that request. */
void owed_take_answer(struct owed *owed, const struct request *request);

/* Takes an exception: it names the function alone. True if it can only be that request's. */
bool owed_take_exception(struct owed *owed, const struct request *request);

#endif
