/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <stdlib.h>

#include "decode.h"

/* What was said since `since_ms` is not believed either. */
static void doubt_sample(struct sample *sample, enum why why, int64_t since_ms)
{
	int64_t ms = sample->at_ms - since_ms;

	sample->quality = why_quality(why);
	sample->why = why;
	sample->value_milli = 0;
	sample->doubt_ms = ms < INT32_MAX ? (int32_t)ms : INT32_MAX;
}

/* Takes down a reading at the end of the range. True if these are enough to say "at least that". */
static bool note_end(struct guard *guard, const struct profile_row *row, int64_t at_ms)
{
	int enough = row->delivers == DELIVERS_HOURLY ? 1 : GUARD_CONFIRM;

	if (guard->n_end == 0 || at_ms - guard->end_ms > GUARD_GAP_MS) {
		guard->n_end = 0;
		guard->end_since_ms = at_ms;
	}
	guard->end_ms = at_ms;
	if (guard->n_end < enough)
		guard->n_end++;
	return guard->n_end == enough;
}

/* True if the air has at least *ret_milli and the instrument cannot say how much. Air that is full
 * of water, or a wind from 360 degrees, is nothing of that kind. */
static bool is_over_range(struct guard *guard, const struct profile_row *row, const uint16_t *words,
			  const struct sample *sample, int32_t *ret_milli)
{
	bool read = sample->quality == QUALITY_NORMAL || sample->why == WHY_OUT_OF_RANGE;

	if (read && row->auxiliary == AUXILIARY_NONE && decode_is_at_end(row, words, ret_milli))
		return note_end(guard, row, sample->at_ms);
	guard->n_end = 0;
	return false;
}

static bool is_near(int32_t a, int32_t b, int32_t most)
{
	return llabs((long long)a - b) <= most;
}

static bool is_particles(const struct profile_row *row)
{
	return row->auxiliary == AUXILIARY_NONE &&
	       (row->pollutant == POLLUTANT_PM25 || row->pollutant == POLLUTANT_PM10);
}

/* From one poll to the next to a tenth: air does that hardly ever, a counter that dies does. */
static bool is_fall(const struct guard *guard, const struct profile_row *row,
		    const struct sample *sample)
{
	return row->delivers == DELIVERS_SPOT && is_particles(row) && guard->good &&
	       sample->quality == QUALITY_NORMAL && guard->good_milli >= GUARD_FALL_MILLI &&
	       sample->value_milli <= guard->good_milli / 10 &&
	       sample->at_ms - guard->good_ms <= GUARD_FALL_WITHIN_MS;
}

/* How long the words have been the same, in ms. */
static int64_t note_words(struct guard *guard, const struct profile_row *row, const uint16_t *words,
			  const struct sample *sample)
{
	uint64_t bits = decode_row_bits(row, words);
	int64_t at_ms = sample->at_ms;

	if (!guard->seen || guard->bits != bits || at_ms - guard->seen_ms > GUARD_GAP_MS) {
		guard->same_since_ms = at_ms;
		guard->fell = is_fall(guard, row, sample);
	}
	guard->bits = bits;
	guard->seen = true;
	guard->seen_ms = at_ms;
	return at_ms - guard->same_since_ms;
}

static int64_t update_ms(const struct profile_row *row)
{
	return row->delivers == DELIVERS_HOURLY ? 3600000LL : row->update_s * 1000LL;
}

static int64_t pick_shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long a value may be the same; an hourly one begins with an hour of its own. */
static int64_t patience_ms(const struct guard *guard, const struct profile_row *row,
			   int32_t value_milli)
{
	bool hourly = row->delivers == DELIVERS_HOURLY;
	int64_t most_ms = row->frozen_min * 60000LL, update = update_ms(row);

	if (is_particles(row) && value_milli > GUARD_LOW_MILLI)
		most_ms /= 3;
	if (is_particles(row) && value_milli > GUARD_HIGH_MILLI)
		most_ms = pick_shorter(
			most_ms, update * (hourly ? GUARD_HIGH_VALUES_HOURLY : GUARD_HIGH_VALUES));
	if (guard->fell)
		most_ms = pick_shorter(most_ms, update * GUARD_FALL_VALUES);
	return hourly ? most_ms - update : most_ms;
}

static bool is_frozen(const struct guard *guard, const struct profile_row *row, int64_t same_ms,
		      int32_t value_milli)
{
	return row->frozen_min > 0 && value_milli > row->floor_milli &&
	       same_ms >= patience_ms(guard, row, value_milli);
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

static void note_good(struct guard *guard, const struct sample *sample)
{
	guard->good = true;
	guard->good_milli = sample->value_milli;
	guard->good_ms = sample->at_ms;
	guard->n_leaps = 0;
}

void guard_take(struct guard *guard, const struct profile_row *row, const uint16_t *words,
		struct sample *sample)
{
	int64_t same_ms = note_words(guard, row, words, sample);
	int32_t end_milli;

	if (is_over_range(guard, row, words, sample, &end_milli)) {
		doubt_sample(sample, WHY_OVER_RANGE, guard->end_since_ms);
		sample->value_milli = end_milli;
		note_good(guard, sample);
		return;
	}
	if (sample->quality != QUALITY_NORMAL)
		return;
	if (is_leap(guard, row, sample)) {
		doubt_sample(sample, WHY_JUMP, sample->at_ms);
		return;
	}
	note_good(guard, sample);
	if (is_frozen(guard, row, same_ms, sample->value_milli))
		doubt_sample(sample, guard->fell ? WHY_FALL : WHY_FROZEN, guard->same_since_ms);
}
