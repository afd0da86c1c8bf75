/* SPDX-License-Identifier: MIT */
/*
 * Hours -> features -> sum of leaves -> chance.
 *
 * A feature is asked once an hour, each tree walks down by comparisons: with 72 hours and 200 trees
 * some 5,000 steps. Means are rounded half to even, so that a script with the same integers has the
 * same features, and the logistic function is a series of whole numbers:
 *
 *   exp(-x) = 2^-k * exp(-r), k = x / ln 2, r the rest: 12 terms of the series in 10^-12
 *
 * which errs by less than a thousandth of a permille (tests/unit/check_chance.c).
 */
#include "outlook.h"

#include <assert.h>
#include <string.h>

#include "hour.h"
#include "iaqi.h"

#define LN2_MICRO 693147
#define MICRO 1000000
#define ONE 1000000000000 /* of the series */
#define TERMS 12
#define LOGIT_TOP_MICRO 20000000 /* beyond it the chance is 0 or 1000 */
#define PERMILLE 1000
#define RULE_HOURS 6
#define DAY_HOURS 24
#define MIDWINTER 14 /* 15 January, days from the first */

/* ---- the hours ---- */

static int find_slot(int64_t hour)
{
	int64_t rest = hour % OUTLOOK_HOURS;
	return (int)(rest < 0 ? rest + OUTLOOK_HOURS : rest);
}

void outlook_put(struct outlook_air *air, int64_t hour, const struct hour_values *values)
{
	if (air->newest == 0 || hour - air->newest >= OUTLOOK_HOURS) {
		memset(air, 0, sizeof(*air));
		air->newest = hour;
	}
	while (air->newest < hour) {
		air->newest++;
		air->hours[find_slot(air->newest)].valid = 0;
	}
	if (hour > air->newest - OUTLOOK_HOURS)
		air->hours[find_slot(hour)] = *values;
}

/* Sums over the hours from the oldest on: those of `hours` that end `ago` before the newest are a
 * difference of two. */
struct sums {
	int64_t milli[OUTLOOK_HOURS + 1];
	int32_t n[OUTLOOK_HOURS + 1];
};

static const struct hour_values *hour_of(const struct outlook_air *air, int ago)
{
	return &air->hours[find_slot(air->newest - ago)];
}

static void add_up(const struct outlook_air *air, int pollutant, struct sums *ret)
{
	int slot = find_slot(air->newest + 1); /* of the oldest */
	ret->milli[0] = ret->n[0] = 0;
	for (int i = 0; i < OUTLOOK_HOURS; i++) {
		const struct hour_values *values = &air->hours[slot];
		slot = slot + 1 < OUTLOOK_HOURS ? slot + 1 : 0;
		bool valid = values->valid & (1u << pollutant);
		ret->milli[i + 1] = ret->milli[i] + (valid ? values->milli[pollutant] : 0);
		ret->n[i + 1] = ret->n[i] + valid;
	}
}

static struct mean sum_of(const struct sums *sums, int hours, int ago)
{
	int end = OUTLOOK_HOURS - ago;
	return (struct mean){sums->milli[end] - sums->milli[end - hours],
			     sums->n[end] - sums->n[end - hours]};
}

/* False with less than half of the hours. */
static bool mean_of(const struct sums *sums, int hours, int ago, int64_t *ret)
{
	struct mean mean = sum_of(sums, hours, ago);
	if (mean.n == 0 || 2 * mean.n < hours)
		return false;
	*ret = round_half_even(mean.sum_milli, mean.n);
	return true;
}

/* ---- features ---- */

static bool change_of(const struct sums *sums, const struct outlook_feature *feature, int64_t *ret)
{
	int64_t before = 0;
	if (!mean_of(sums, feature->hours, 0, ret) ||
	    !mean_of(sums, feature->hours, feature->ago, &before))
		return false;
	*ret -= before;
	return true;
}

static bool extreme_of(const struct outlook_air *air, const struct outlook_feature *feature,
		       int64_t *ret)
{
	int32_t n = 0;
	for (int ago = feature->ago; ago < feature->ago + feature->hours; ago++) {
		const struct hour_values *values = hour_of(air, ago);
		if (!(values->valid & (1u << feature->pollutant)))
			continue;
		int64_t value = values->milli[feature->pollutant];
		if (n == 0 || (feature->of == OUTLOOK_MAX ? value > *ret : value < *ret))
			*ret = value;
		n++;
	}
	return n > 0 && 2 * n >= feature->hours;
}

/* The 24 h mean in k hours is that of the newest 24 - k hours and of k like the last ones. */
static bool held_of(const struct sums *sums, const struct outlook_feature *feature, int64_t *ret)
{
	int64_t last = 0, rest = 0, most = 0;
	if (!mean_of(sums, feature->hours, 0, &last))
		return false;
	for (int k = 1; k <= OUTLOOK_AHEAD; k++) {
		int left = DAY_HOURS - k;
		if (left > 0 && !mean_of(sums, left, 0, &rest))
			rest = last;
		int64_t sum = k * last + (left > 0 ? left * rest : 0);
		if (k == 1 || sum > most)
			most = sum;
	}
	*ret = round_half_even(most, DAY_HOURS);
	return true;
}

/* Days since 1970-01-01 -> year, and the days of the year that are over. */
static int32_t day_of_year(int64_t day, bool *ret_leap)
{
	int64_t year = 1970;
	int32_t length;
	for (;; year++) {
		*ret_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		length = *ret_leap ? 366 : 365;
		if (day < length)
			return (int32_t)day;
		day -= length;
	}
}

static int64_t local_hour(int64_t hour)
{
	hour += BEIJING_H;
	return hour > 0 ? hour : 0;
}

static int32_t season_of(int64_t hour)
{
	bool leap;
	int32_t day = day_of_year(local_hour(hour) / DAY_HOURS, &leap);
	int32_t after = (day - MIDWINTER + 365) % 365;
	return after < 365 - after ? after : 365 - after;
}

static int month_of(int64_t hour)
{
	static const int16_t ends[OUTLOOK_MONTHS] = {31,  59,  90,  120, 151, 181,
						     212, 243, 273, 304, 334, 365};
	bool leap;
	int32_t day = day_of_year(local_hour(hour) / DAY_HOURS, &leap);
	int month = 0;
	while (day >= ends[month] + (leap && month > 0))
		month++;
	return month;
}

static bool value_of(const struct outlook_air *air, const struct sums *sums,
		     const struct outlook_feature *feature, int64_t *ret)
{
	switch ((enum outlook_of)feature->of) {
	case OUTLOOK_MEAN:
		return mean_of(sums, feature->hours, feature->ago, ret);
	case OUTLOOK_MAX:
	case OUTLOOK_MIN:
		return extreme_of(air, feature, ret);
	case OUTLOOK_CHANGE:
		return change_of(sums, feature, ret);
	case OUTLOOK_HELD:
		return held_of(sums, feature, ret);
	case OUTLOOK_CLOCK:
		*ret = local_hour(air->newest) % DAY_HOURS;
		return true;
	case OUTLOOK_SEASON:
		*ret = season_of(air->newest);
		return true;
	}
	return false;
}

static int find_lack(const struct outlook_model *model, const struct sums *sums)
{
	for (int i = 0; i < model->n_needs; i++) {
		const struct outlook_need *need = &model->needs[i];
		if (sum_of(&sums[need->pollutant], need->hours, 0).n < need->valid)
			return i;
	}
	return -1;
}

bool outlook_look(const struct outlook_model *model, const struct outlook_air *air,
		  struct outlook_values *ret, int *ret_need)
{
	struct sums sums[POLLUTANT_COUNT];
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		add_up(air, p, &sums[p]);
	*ret_need = find_lack(model, sums);
	if (*ret_need >= 0)
		return false;
	for (int f = 0; f < model->n_features; f++) {
		const struct outlook_feature *feature = &model->features[f];
		int64_t value = 0;
		ret->known[f] = value_of(air, &sums[feature->pollutant], feature, &value);
		ret->of[f] = (int32_t)value;
	}
	return true;
}

/* ---- the trees ---- */

static int32_t leaf_of(const struct outlook_tree *tree, const struct outlook_values *values)
{
	int at = tree->n_leaves > 1 ? 0 : -1;
	while (at >= 0) {
		const struct outlook_node *node = &tree->nodes[at];
		bool low = values->known[node->feature] ? values->of[node->feature] <= node->at
							: node->missing_low;
		at = low ? node->low : node->high;
	}
	return tree->leaves[~at];
}

/* exp(-x) in 10^-12, of 0 <= x <= LOGIT_TOP_MICRO millionths. */
static int64_t exp_minus(int64_t micro)
{
	int64_t halvings = micro / LN2_MICRO, rest = micro % LN2_MICRO;
	int64_t term = ONE, sum = ONE;
	for (int i = 1; i <= TERMS; i++) {
		term = -(term * rest / MICRO / i);
		sum += term;
	}
	return sum >> halvings;
}

int32_t outlook_permille(int64_t logit_micro)
{
	int64_t size = logit_micro < 0 ? -logit_micro : logit_micro;
	if (size > LOGIT_TOP_MICRO)
		return logit_micro < 0 ? 0 : PERMILLE;
	int64_t other = exp_minus(size); /* odds of the less likely */
	int64_t likely = (PERMILLE * ONE + (ONE + other) / 2) / (ONE + other);
	return (int32_t)(logit_micro < 0 ? PERMILLE - likely : likely);
}

static bool is_above(const struct outlook_air *air, int pollutant, int32_t milli)
{
	struct mean mean = {0};
	for (int ago = 0; ago < RULE_HOURS; ago++) {
		const struct hour_values *values = hour_of(air, ago);
		if (!(values->valid & (1u << pollutant)))
			continue;
		mean.sum_milli += values->milli[pollutant];
		mean.n++;
	}
	return 2 * mean.n >= RULE_HOURS && round_half_even(mean.sum_milli, mean.n) > milli;
}

void outlook_say(const struct outlook_model *model, const struct outlook_air *air,
		 const struct outlook_values *values, int threshold, struct outlook_chance *ret)
{
	const struct outlook_threshold *of = &model->thresholds[threshold];
	int64_t logit = of->start_micro;
	for (int t = 0; t < of->n_trees; t++)
		logit += leaf_of(&of->trees[t], values);
	ret->permille = outlook_permille(logit);
	ret->possible = ret->permille >= of->possible_permille;
	ret->rule = is_above(air, POLLUTANT_PM25, of->pm25_milli) ||
		    is_above(air, POLLUTANT_PM10, of->pm10_milli);
	ret->climate_permille = of->climate_permille[month_of(air->newest)];
}

/* ---- whose it is ---- */

int outlook_find(const struct outlook_model *model, int32_t aqi)
{
	for (int i = 0; i < model->n_thresholds; i++) {
		if (model->thresholds[i].aqi == aqi)
			return i;
	}
	return -1;
}

static bool has_index(const struct edition *edition, enum column column, int32_t milli, int32_t aqi)
{
	return iaqi_of(edition, column, (struct mean){milli, 1}) == aqi;
}

bool outlook_fits(const struct outlook_threshold *threshold, const struct edition *edition)
{
	return has_index(edition, COLUMN_PM25_24H, threshold->pm25_milli, threshold->aqi) &&
	       has_index(edition, COLUMN_PM10_24H, threshold->pm10_milli, threshold->aqi);
}
