/* SPDX-License-Identifier: MIT */
/*
 * Values that a register can hold and air cannot have: the same words for hours, and a leap that
 * the next readings do not bear out. Pure.
 *
 * Air near an instrument's floor may stand still for days, so a value at or below the row's floor
 * is never frozen. Particles have no such floor, zero is none, and the more there are, the less do
 * they stand still: the time that is too long shrinks with the concentration, and after a fall to a
 * tenth from one poll to the next it is a few new values. A leap is believed once GUARD_CONFIRM
 * readings in a row agree on it. At the end of its range an instrument says "at least that": so
 * many readings in a row there, or one of an hourly instrument, are over range and nothing else.
 */
#ifndef SENSORS_GUARD_H
#define SENSORS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"
#include "sample.h"

#define GUARD_CONFIRM 3
/* Particles: up to here the row's own time counts, up to there a third of it, and above that new
 * values of the instrument. */
#define GUARD_LOW_MILLI 10000
#define GUARD_HIGH_MILLI 150000
#define GUARD_HIGH_VALUES 60
#define GUARD_HIGH_VALUES_HOURLY 4
/* A fall to a tenth, from so much on and within so long, and no move for so many new values. */
#define GUARD_FALL_MILLI 20000
#define GUARD_FALL_WITHIN_MS (10 * 60000)
#define GUARD_FALL_VALUES 10
#define GUARD_GAP_MS (120 * 60000) /* after so long without a reading nothing is compared */

/* What is remembered of one row of one device; all zero: nothing yet. */
struct guard {
	bool seen;
	uint64_t bits;
	int64_t same_since_ms; /* station time since when they are the same */
	int64_t seen_ms;
	bool fell; /* these words came with a fall to a tenth */
	int n_end; /* readings in a row at the end of the range, up to GUARD_CONFIRM */
	int64_t end_since_ms, end_ms; /* the first and the last of them */
	bool good;
	int32_t good_milli; /* the value that was believed last */
	int64_t good_ms;
	int n_leaps; /* readings in a row that agree on another value */
	int32_t leap_milli;
};

/*
 * Takes a decoded sample and the register_count(row->type) words it came from. A sample of quality
 * N becomes D, frozen, fall or jump, if it is not to be believed. At the end of the range it
 * becomes T, over_range, with the end as its value; so does one beyond it. All others stay as they
 * are.
 */
void guard_take(struct guard *guard, const struct profile_row *row, const uint16_t *words,
		struct sample *sample);

#endif
