/* SPDX-License-Identifier: MIT */
/*
 * A reading follows the one before if it is higher by no more than can rain; one that is lower
 * follows if the counter turned at its end (65535 tips, 3000 mm).
 *
 *   12.3 mm, a minute later 12.8 mm: 0.5 mm
 *   6553.4 mm, a minute later 0.1 mm, turns at 6553.6 mm: 0.3 mm
 *
 * One that does not follow is a counter that began anew (a power cut, a person's 0), or a slip of
 * the line; the next reading tells. What a counter that began anew has is rain; a slip is none.
 *
 *   12.3 mm, 0.2 mm, 0.4 mm: nothing, and 0.4 mm
 *   12.3 mm, 900.0 mm, 12.4 mm: nothing, and 0.1 mm
 *
 * It can rain 38 mm in a minute (Guadeloupe, 1970) and 401 mm in an hour (Inner Mongolia, 1975).
 */
#include "rain.h"

#include "hour.h"

#define MOST_A_MINUTE 40000
#define NOT (-1)

static int64_t find_most(int64_t gap_ms)
{
	int64_t most = (gap_ms / MINUTE_MS + 1) * MOST_A_MINUTE;
	return most < RAIN_MOST_AN_HOUR_MILLI ? most : RAIN_MOST_AN_HOUR_MILLI;
}

/* NOT: it does not follow. */
static int64_t follow_reading(int32_t from, int32_t to, int32_t turns_milli, int64_t most)
{
	int64_t fallen = (int64_t)to - from;
	if (fallen < 0)
		fallen += turns_milli;
	return fallen >= 0 && fallen <= most ? fallen : NOT;
}

int32_t rain_take(struct rain_counter *counter, int64_t at_ms, int32_t total_milli,
		  int32_t turns_milli)
{
	const struct rain_counter before = *counter;
	int64_t gap_ms = at_ms - before.at_ms, most = find_most(gap_ms), fallen = NOT;
	*counter = (struct rain_counter){.known = true, .at_ms = at_ms, .newest = total_milli};
	if (!before.known || gap_ms < 0 || gap_ms > HOUR_MS)
		return 0;
	if (before.odd)
		fallen = follow_reading(before.followed, total_milli, turns_milli, most);
	if (fallen == NOT) {
		fallen = follow_reading(before.newest, total_milli, turns_milli, most);
		fallen += fallen == NOT ? 0 : before.anew;
	}
	if (fallen != NOT)
		return (int32_t)(fallen < RAIN_MOST_AN_HOUR_MILLI ? fallen
								  : RAIN_MOST_AN_HOUR_MILLI);
	counter->odd = true;
	counter->followed = before.odd ? before.followed : before.newest;
	counter->anew = total_milli <= before.newest / 2 && total_milli <= most ? total_milli : 0;
	return before.anew; /* two in a row that do not follow are no slip */
}
