/* SPDX-License-Identifier: MIT */
/*
 * 3.2 of Hetang: at its three levels the emission of SO2, NOx, PM and VOCs falls by at least 10, 20
 * and 30 % of what the whole district emits:
 *
 *   required = ceil(percentage x whole / 100), shortfall = max(required - planned, 0)
 *
 * A district that emits 1,234,567 g of NOx a day needs 123,457 g at yellow. A list that plans
 * 123,456 g reaches 9.99 %, not 10: the ratio is rounded down, and 1 g is missing.
 */
#include "cuts.h"

#include <assert.h>

#define PER_CENT 100
#define CENTI_OF_A_WHOLE 10000

struct cuts_source cuts_source_unsaid(void)
{
	struct cuts_source source;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		source.base_gpd[e] = CUT_UNSAID;
		for (int level = 0; level < LEVEL_SLOTS; level++)
			source.cut_gpd[level][e] = CUT_UNSAID;
	}
	return source;
}

struct cuts_whole cuts_whole_unsaid(void)
{
	struct cuts_whole whole;
	for (int e = 0; e < EMISSION_COUNT; e++)
		whole.gpd[e] = CUT_UNSAID;
	return whole;
}

static int64_t zero_unsaid(int64_t gpd)
{
	assert(gpd == CUT_UNSAID || (gpd >= 0 && gpd <= CUTS_GRAMS_MAX));
	return gpd == CUT_UNSAID ? 0 : gpd;
}

void cuts_add(struct cuts_sums *sums, const struct cuts_source *source)
{
	assert(sums->n_sources < CUTS_SOURCES_MAX);
	sums->n_sources++;
	for (int e = 0; e < EMISSION_COUNT; e++) {
		sums->base_gpd[e] += zero_unsaid(source->base_gpd[e]);
		for (int level = 1; level < LEVEL_SLOTS; level++)
			sums->cut_gpd[level][e] += zero_unsaid(source->cut_gpd[level][e]);
	}
}

int64_t cuts_required_gpd(int64_t gpd, int32_t min_cut_pct)
{
	assert(gpd >= 0 && min_cut_pct >= 0 && min_cut_pct <= PER_CENT);
	return (gpd * min_cut_pct + PER_CENT - 1) / PER_CENT;
}

/* part / whole in hundredths of a per cent, rounded down, digit by digit: a product could overflow.
 */
static int32_t ratio_centi(int64_t part, int64_t whole)
{
	if (whole <= 0)
		return CUT_UNSAID;
	int64_t ratio = part / whole, rest = part % whole;
	for (int64_t of = 1; of < CENTI_OF_A_WHOLE; of *= 10) {
		if (ratio > INT32_MAX)
			return INT32_MAX;
		ratio = ratio * 10 + rest * 10 / whole;
		rest = rest * 10 % whole;
	}
	return ratio < INT32_MAX ? (int32_t)ratio : INT32_MAX;
}

struct cuts_target cuts_target(const struct cuts_sums *sums, const struct cuts_whole *whole,
			       const struct plan *plan, int level, enum emission emission)
{
	assert(level > LEVEL_NONE && level <= plan->n_levels);
	struct cuts_target target = {
		.min_cut_pct = plan->levels[level].min_cut_pct[emission],
		.base_gpd = sums->base_gpd[emission],
		.whole_gpd = whole->gpd[emission],
		.planned_gpd = sums->cut_gpd[level][emission],
		.required_gpd = CUT_UNSAID,
		.shortfall_gpd = CUT_UNSAID,
	};
	target.ratio_centi = ratio_centi(target.planned_gpd, target.whole_gpd);
	target.list_ratio_centi = ratio_centi(target.planned_gpd, target.base_gpd);
	if (target.min_cut_pct == CUT_UNSAID || target.whole_gpd == CUT_UNSAID)
		return target;
	target.required_gpd = cuts_required_gpd(target.whole_gpd, target.min_cut_pct);
	target.met = target.planned_gpd >= target.required_gpd;
	target.shortfall_gpd = target.met ? 0 : target.required_gpd - target.planned_gpd;
	return target;
}

bool cuts_above_base(const struct cuts_source *source, int level, enum emission emission)
{
	return zero_unsaid(source->cut_gpd[level][emission]) >
	       zero_unsaid(source->base_gpd[emission]);
}

int64_t cuts_at_gpd(const struct cuts_source *source, int level, enum emission emission)
{
	int64_t gpd = CUT_UNSAID;
	for (int at = LEVEL_NONE + 1; at <= level; at++) {
		if (source->cut_gpd[at][emission] != CUT_UNSAID)
			gpd = source->cut_gpd[at][emission];
	}
	return gpd;
}

bool cuts_fall(const struct cuts_source *source, int level, enum emission emission)
{
	int64_t cut = zero_unsaid(source->cut_gpd[level][emission]);
	for (int below = 1; below < level; below++) {
		if (zero_unsaid(source->cut_gpd[below][emission]) > cut)
			return true;
	}
	return false;
}

int64_t cuts_left_gpd(const struct cuts_source *source, int level, enum emission emission)
{
	int64_t left = zero_unsaid(source->base_gpd[emission]) -
		       zero_unsaid(source->cut_gpd[level][emission]);
	return left > 0 ? left : 0;
}
