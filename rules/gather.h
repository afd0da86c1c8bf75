/* SPDX-License-Identifier: MIT */
/*
 * How long words that arrive together are gathered before they are judged: after a connect until 2
 * s of silence, at most 10 s; after the station's start with the first connect's backlog, at the
 * latest after 10 s. Meanwhile starts wait, and replies too.
 *
 * Times are of one monotonic clock, in ms; keeps no words.
 */
#ifndef RULES_GATHER_H
#define RULES_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#define GATHER_SILENCE_MS 2000
#define GATHER_MOST_MS 10000

/* All zero: nothing is gathered, each word is judged as it comes. */
struct gather {
	bool after_start;   /* what began while the station was stopped waits */
	bool after_connect; /* a backlog may be coming */
	int64_t started_ms, connected_ms, last_ms;
};

void gather_start(struct gather *gather, int64_t at_ms);
void gather_connect(struct gather *gather, int64_t at_ms);

/* A word came. */
void gather_word(struct gather *gather, int64_t at_ms);

/* True while words and starts wait. */
bool gather_is_open(const struct gather *gather);

/* The moment at which what was gathered is to be judged; INT64_MAX: nothing is gathered. */
int64_t gather_due_ms(const struct gather *gather);

/* True once that has come: judge now. A backlog that is still coming then is gathered on. */
bool gather_close(struct gather *gather, int64_t at_ms);

#endif
