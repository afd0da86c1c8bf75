/* SPDX-License-Identifier: MIT */
/*
 * When the next attempt to connect is due. Pure: whoever asks says what time it is (monotonic) and
 * throws the dice.
 *
 * The waits double from 1 s to 120 s, give or take half, and begin anew after a connection that
 * held, or when somebody listens again where nobody did. Whoever has a warning to send is not made
 * to wait for that: where nobody listens at the broker's port it is tried again after a second,
 * which costs nobody anything; in every other case the attempts begin at most 10 s apart.
 */
#ifndef DAEMON_BASE_BACKOFF_H
#define DAEMON_BASE_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 120000
#define BACKOFF_HURRIED_MS 10000 /* from one attempt to the next */

struct backoff {
	bool refused;     /* the last time */
	int64_t wait_ms;  /* the next one; 0 is BACKOFF_MIN_MS */
	int64_t due_ms;   /* monotonic */
	int64_t hurry_ms; /* the same for whoever is in a hurry */
};

/* An attempt that began at began_ms has failed, or the connection that came of it was lost.
 * `refused`: nobody listens there. `dice` is any number. */
void backoff_fail(struct backoff *backoff, int64_t now_ms, int64_t began_ms, bool refused,
		  unsigned dice);

/* The next attempt is due at once: there is another address to be tried. */
void backoff_none(struct backoff *backoff, int64_t now_ms);

/* The next wait is the longest. */
void backoff_most(struct backoff *backoff);

/* The connection held: the next wait is the shortest. */
void backoff_held(struct backoff *backoff);

int64_t backoff_due(const struct backoff *backoff, bool hurry);

#endif
