/* SPDX-License-Identifier: MIT */
/*
 * When somebody who does not answer is asked again, and which hours a district asks a station for:
 * those of its window that the station has not told, as one stretch, without those that it said it
 * has not.
 *
 * Times are of one monotonic clock, in ms. Asks nobody and keeps no hour.
 */
#ifndef RULES_ASK_H
#define RULES_ASK_H

#include <stdbool.h>
#include <stdint.h>

/* The daily value of the oldest of the 72 hours that are shown needs the 23 before it. */
#define ASK_HOURS 95

/* Pauses that grow: the first, and twice as long each time up to the longest. All zero: at once. */
struct patience {
	int64_t pause_ms, due_ms;
};

bool patience_is_due(const struct patience *patience, int64_t now_ms);
/* Asked at now_ms. */
void patience_wait(struct patience *patience, int64_t now_ms, int64_t first_ms, int64_t longest_ms);

/* Hours that a station said it has not; hour h at h % ASK_HOURS, others 0. */
struct absent {
	int64_t hours[ASK_HOURS];
};

/* It has none of the hours first to last. */
void absent_note(struct absent *absent, int64_t first, int64_t last);

/* Of the ASK_HOURS hours up to `newest`, told[i] of newest - ASK_HOURS + 1 + i, from the first to
 * the last that is neither told nor absent; false: there is none. */
bool ask_stretch(const struct absent *absent, int64_t newest, const bool told[ASK_HOURS],
		 int64_t *ret_first, int64_t *ret_last);

#endif
