/* SPDX-License-Identifier: MIT */
/*
 * What a rain gauge counted, of the hours that are not closed: its readings -> what fell in each
 * minute, and the reading after each, from which the next process goes on.
 */
#ifndef DAEMON_ENGINE_RAIN_TOTALS_H
#define DAEMON_ENGINE_RAIN_TOTALS_H

#include "hour.h"
#include "open_hours.h"
#include "rain.h"
#include "store.h"

#define RAIN_TOTAL_UNKNOWN (-1)

struct rain_totals {
	struct rain_counter counter;
	bool looked; /* for what the process before stored */
	struct {
		int64_t minute;
		int32_t milli;
	} after[OPEN_HOURS_HOURS * HOUR_MINUTES];
};

/* Takes a reading of quality N into its open hour: what fell goes to the sums of its minute, and
 * the sample stands for the time it covers alone. The result of the store. */
int rain_totals_take(struct rain_totals *totals, struct store *store, int32_t turns_milli,
		     struct hour *hour, struct sample *sample);

/* The newest reading of a minute, RAIN_TOTAL_UNKNOWN; what is stored of it stays. The result of the
 * store. */
int rain_totals_after(struct rain_totals *totals, struct store *store, int64_t minute,
		      int64_t *ret_milli);

#endif
