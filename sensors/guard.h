/* SPDX-License-Identifier: MIT */
/*
 * Values that a register can hold and air cannot have: the same words for hours, and a leap that
 * the next readings do not bear out. Pure.
 *
 * Air near an instrument's floor may stand still for days, so a value at or below the row's floor
 * is never frozen. A leap is believed once GUARD_CONFIRM readings in a row agree on it.
 */
#ifndef SENSORS_GUARD_H
#define SENSORS_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "profile.h"
#include "sample.h"

#define GUARD_CONFIRM 3
#define GUARD_GAP_MS (120 * 60000) /* after so long without a reading nothing is compared */

/* What is remembered of one row of one device; all zero: nothing yet. */
struct guard {
	bool seen;
	uint16_t words[2];
	int64_t same_since_ms; /* station time since when the words are the same */
	int64_t seen_ms;
	bool good;
	int32_t good_milli; /* the value that was believed last */
	int64_t good_ms;
	int n_leaps; /* readings in a row that agree on another value */
	int32_t leap_milli;
};

/*
 * Takes a decoded sample and the register_count(row->type) words it came from. A sample of quality
 * N becomes D, frozen or jump, if it is not to be believed; all others stay as they are.
 */
void guard_take(struct guard *guard, const struct profile_row *row, const uint16_t *words,
		struct sample *sample);

#endif
