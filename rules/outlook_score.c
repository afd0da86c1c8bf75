/* SPDX-License-Identifier: MIT */
/*
 * What was said, against what came: sums of whole numbers, from which every score is one division.
 *
 *   1000 permille said and it came: squared error 0; 600: (400 permille)^2 = 0.16
 */
#include "outlook.h"

#define PERMILLE 1000

int outlook_came(const int32_t daily[OUTLOOK_AHEAD], int32_t aqi)
{
	bool all = true;
	for (int i = 0; i < OUTLOOK_AHEAD; i++) {
		if (daily[i] != IAQI_NONE && daily[i] > aqi)
			return 1;
		all &= daily[i] != IAQI_NONE;
	}
	return all ? 0 : -1;
}

static void tally_add(struct outlook_tally *tally, int32_t permille, bool possible, bool came)
{
	int64_t error = permille - (came ? PERMILLE : 0);
	int tenth = permille * OUTLOOK_TENTHS / PERMILLE;
	struct outlook_tenth *of =
		&tally->tenths[tenth < OUTLOOK_TENTHS ? tenth : OUTLOOK_TENTHS - 1];

	tally->n++;
	tally->came += came;
	tally->squares += error * error;
	tally->hits += possible && came;
	tally->false_alarms += possible && !came;
	tally->misses += !possible && came;
	of->n++;
	of->came += came;
	of->permille += permille;
}

void outlook_score(struct outlook_score *score, const struct outlook_chance *chance, bool exceeds,
		   bool came)
{
	const int32_t permille[OUTLOOK_BY_COUNT] = {
		[OUTLOOK_MODEL] = chance->permille,
		[OUTLOOK_PERSISTENCE] = exceeds ? PERMILLE : 0,
		[OUTLOOK_CLIMATE] = chance->climate_permille,
		[OUTLOOK_RULE] = chance->rule ? PERMILLE : 0,
	};
	for (int by = 0; by < OUTLOOK_BY_COUNT; by++) {
		bool possible =
			by == OUTLOOK_MODEL ? chance->possible : permille[by] >= PERMILLE / 2;
		tally_add(&score->all[by], permille[by], possible, came);
		if (!exceeds)
			tally_add(&score->onset[by], permille[by], possible, came);
	}
}

int64_t outlook_brier(const struct outlook_tally *tally)
{
	return tally->n > 0 ? round_half_even(tally->squares, tally->n) : OUTLOOK_NO_SCORE;
}

static int32_t divide_share(int64_t part, int64_t whole)
{
	return whole > 0 ? (int32_t)round_half_even(PERMILLE * part, whole) : OUTLOOK_NO_SCORE;
}

int32_t outlook_hit_rate(const struct outlook_tally *tally)
{
	return divide_share(tally->hits, tally->hits + tally->misses);
}

int32_t outlook_false_alarms(const struct outlook_tally *tally)
{
	return divide_share(tally->false_alarms, tally->hits + tally->false_alarms);
}

int32_t outlook_csi(const struct outlook_tally *tally)
{
	return divide_share(tally->hits, tally->hits + tally->false_alarms + tally->misses);
}

int32_t outlook_unreliable(const struct outlook_tally *tally)
{
	int32_t most = OUTLOOK_NO_SCORE;
	for (int i = 0; i < OUTLOOK_TENTHS; i++) {
		const struct outlook_tenth *tenth = &tally->tenths[i];
		int64_t apart = PERMILLE * tenth->came - tenth->permille;
		if (tenth->n < OUTLOOK_TENTH_MIN)
			continue;
		int32_t size = (int32_t)round_half_even(apart < 0 ? -apart : apart, tenth->n);
		if (size > most)
			most = size;
	}
	return most;
}
