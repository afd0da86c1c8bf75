/* SPDX-License-Identifier: MIT */
#include "rain_totals.h"

#include "auxiliaries.h"

static void keep_total(struct rain_totals *totals, int64_t minute, int32_t milli)
{
	int at = (int)(minute % (OPEN_HOURS_HOURS * HOUR_MINUTES));
	totals->after[at].minute = minute;
	totals->after[at].milli = milli;
}

/* What the process before stored: what fell since then counts for an hour. */
static int load_counter(struct rain_totals *totals, struct store *store, int64_t at_ms)
{
	int64_t minute = 0, last = at_ms / MINUTE_MS;
	int32_t milli = 0;
	if (totals->looked || totals->counter.known)
		return 0;
	/* a clock that was set back has newer ones */
	int r = auxiliaries_rain_total(store, last - HOUR_MINUTES, last + HOUR_MINUTES, &minute,
				       &milli);
	if (r != 0 && r != STORE_E_NONE)
		return r;
	totals->looked = true;
	if (r == STORE_E_NONE)
		return 0;
	int64_t end_ms = (minute + 1) * MINUTE_MS;
	totals->counter = (struct rain_counter){
		.known = true, .at_ms = end_ms < at_ms ? end_ms : at_ms, .newest = milli};
	keep_total(totals, minute, milli);
	return 0;
}

int rain_totals_take(struct rain_totals *totals, struct store *store, int32_t turns_milli,
		     struct hour *hour, struct sample *sample)
{
	int64_t minute = sample->at_ms / MINUTE_MS;
	int r = load_counter(totals, store, sample->at_ms);
	hour->restored[minute % HOUR_MINUTES].weighted +=
		rain_take(&totals->counter, sample->at_ms, sample->value_milli, turns_milli);
	keep_total(totals, minute, sample->value_milli);
	sample->value_milli = 0;
	return r;
}

int rain_totals_after(struct rain_totals *totals, struct store *store, int64_t minute,
		      int64_t *ret_milli)
{
	int at = (int)(minute % (OPEN_HOURS_HOURS * HOUR_MINUTES));
	int r = load_counter(totals, store, minute * MINUTE_MS);
	*ret_milli =
		totals->after[at].minute == minute ? totals->after[at].milli : RAIN_TOTAL_UNKNOWN;
	return r;
}
