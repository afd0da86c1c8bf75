/* SPDX-License-Identifier: MIT */
/*
 * An index of one pollutant or of some is the largest IAQI of these (HJ 633 formula (2), asked of
 * fewer). A concentration is rounded as it is published (HJ 663 6.3), whatever the edition does
 * with its means.
 *
 *   PM2.5 24 h mean 115.4: daily_pm25 is 115, not above 115; PM2.5 IAQI 230, O3 IAQI 160:
 * daily_aqi_without_pm25 is 160
 */
#include "own_index.h"

#include "iaqi.h"

static bool has_mean(const struct aqi *aqi, pollutant_set of)
{
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if ((of & 1u << p) && aqi->means[p].n > 0)
			return true;
	}
	return false;
}

static int32_t iaqi_milli(pollutant_set of, const struct scope *scope, bool daily,
			  const struct aqi *aqi)
{
	pollutant_set leading = daily ? scope->leading & of : 0;
	int32_t largest = IAQI_NONE;
	if (!has_mean(aqi, leading != 0 ? leading : of))
		return TIMELINE_UNKNOWN;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if ((of & 1u << p) && aqi->iaqi[p] > largest)
			largest = aqi->iaqi[p];
	}
	return largest == IAQI_NONE ? TIMELINE_UNKNOWN : largest * AQI_MILLI;
}

static int32_t concentration_milli(pollutant_set of, const struct aqi *aqi)
{
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		struct mean mean = aqi->means[p];
		if (!(of & 1u << p) || mean.n == 0)
			continue;
		int64_t milli = mean_round((enum pollutant)p, mean).sum_milli;
		return milli < OWN_MILLI_MAX ? (int32_t)milli : OWN_MILLI_MAX;
	}
	return TIMELINE_UNKNOWN;
}

int32_t own_index_milli(const struct own_index *index, const struct scope *scope,
			const struct aqi *realtime, const struct aqi *daily)
{
	const struct aqi *aqi = index->daily ? daily : realtime;
	return index->kind == OWN_CONCENTRATION ? concentration_milli(index->of, aqi)
						: iaqi_milli(index->of, scope, index->daily, aqi);
}

int32_t plan_limit_iaqi(const struct plan *plan, const struct plan_limit *limit,
			const struct edition *edition)
{
	if (!plan_index_is_concentration(plan, limit->index))
		return IAQI_NONE;
	const struct own_index *own = &plan->own[limit->index - PLAN_INDEX_OWN];
	uint32_t columns = own->daily ? edition->daily : edition->realtime;
	int32_t iaqi = IAQI_NONE;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *column = column_info((enum column)c);
		bool hour = own->daily && column->period == PERIOD_1H;
		if (!(columns & 1u << c) || !(own->of & 1u << column->pollutant) || hour)
			continue;
		iaqi = iaqi_of(edition, (enum column)c,
			       (struct mean){(int64_t)limit->threshold * 1000, 1});
	}
	return iaqi;
}

int32_t own_index_mean_of_day(const struct timeline *timeline, int i, int min_hours, bool full)
{
	int64_t sum = 0;
	int n = 0;
	for (int k = i; k > i - WINDOW_HOURS && k >= 0; k--) {
		const struct timeline_hour *hour = &timeline->hours[k];
		if (hour->realtime_milli == TIMELINE_UNKNOWN || (hour->dust && !full))
			continue;
		sum += hour->realtime_milli;
		n++;
	}
	return n < min_hours ? TIMELINE_UNKNOWN : (int32_t)round_half_even(sum, n);
}

void own_index_put(const struct plan *plan, const struct own_input *input,
		   struct timeline *timeline, int i)
{
	struct own_hour *hour = &timeline->own[i];
	timeline->n_own = plan->n_own;
	for (int k = 0; k < plan->n_own; k++) {
		const struct own_index *index = &plan->own[k];
		int32_t milli = TIMELINE_UNKNOWN, full = TIMELINE_UNKNOWN;
		if (index->kind == OWN_MEAN_AQI) {
			int32_t least = input->edition->day_min_hours;
			milli = own_index_mean_of_day(timeline, i, least, false);
			full = own_index_mean_of_day(timeline, i, least, true);
		} else if (input->realtime) {
			milli = own_index_milli(index, input->scope, input->realtime, input->daily);
			full = own_index_milli(index, input->scope, input->realtime, input->full);
		}
		hour->milli[k] = milli;
		hour->full_milli[k] = full;
	}
}
