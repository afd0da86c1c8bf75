/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

static void doubt(struct sample *sample, enum why why)
{
	sample->quality = why_quality(why);
	sample->why = why;
	sample->value_milli = 0;
}

static bool is_near(int32_t a, int32_t b, int32_t most)
{
	return llabs((long long)a - b) <= most;
}

/* How long the words have been the same, in ms. */
static int64_t note_words(struct guard *guard, const struct profile_row *row, const uint16_t *words,
			  int64_t at_ms)
{
	size_t size = (size_t)register_count(row->type) * sizeof(*words);

	if (!guard->seen || memcmp(guard->words, words, size) != 0 ||
	    at_ms - guard->seen_ms > GUARD_GAP_MS)
		guard->same_since_ms = at_ms;
	memcpy(guard->words, words, size);
	guard->seen = true;
	guard->seen_ms = at_ms;
	return at_ms - guard->same_since_ms;
}

static bool is_frozen(const struct profile_row *row, int64_t same_ms, int32_t value_milli)
{
	return row->frozen_min > 0 && same_ms >= row->frozen_min * 60000LL &&
	       value_milli > row->floor_milli;
}

/* True as long as the value is a leap that too few readings bear out. */
static bool is_leap(struct guard *guard, const struct profile_row *row, const struct sample *sample)
{
	int32_t value_milli = sample->value_milli;
	bool known = guard->good && sample->at_ms - guard->good_ms <= GUARD_GAP_MS;

	if (row->jump_milli <= 0 || !known ||
	    is_near(value_milli, guard->good_milli, row->jump_milli)) {
		guard->n_leaps = 0;
		return false;
	}
	bool agrees =
		guard->n_leaps > 0 && is_near(value_milli, guard->leap_milli, row->jump_milli);
	guard->n_leaps = agrees ? guard->n_leaps + 1 : 1;
	guard->leap_milli = value_milli;
	if (guard->n_leaps < GUARD_CONFIRM)
		return true;
	guard->n_leaps = 0;
	return false;
}

void guard_take(struct guard *guard, const struct profile_row *row, const uint16_t *words,
		struct sample *sample)
{
	int64_t same_ms = note_words(guard, row, words, sample->at_ms);

	if (sample->quality != QUALITY_NORMAL)
		return;
	if (is_leap(guard, row, sample)) {
		doubt(sample, WHY_JUMP);
		return;
	}
	guard->good = true;
	guard->good_milli = sample->value_milli;
	guard->good_ms = sample->at_ms;
	if (is_frozen(row, same_ms, sample->value_milli))
		doubt(sample, WHY_FROZEN);
}
