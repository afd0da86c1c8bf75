/* SPDX-License-Identifier: MIT */
/*
 * Closed hours, their AQIs, and the minutes of the running hour.
 *
 * Hours are END labels, hours since 1970 UTC. Writers run inside the caller's transaction
 * (store_begin; store_samples_begin for minutes).
 */
#ifndef STORAGE_HOURS_H
#define STORAGE_HOURS_H

#include "aqi.h"
#include "dust.h"
#include "hour.h"
#include "store.h"
#include "window.h"

enum time_quality { TIME_SYNCHRONISED, TIME_UNSYNCHRONISED, TIME_SIMULATED };

/* "synchronised", ...: as tables and messages carry it. */
const char *time_quality_name(enum time_quality quality);

/* Stores one pollutant's hourly mean; an hour that is there already is replaced. */
int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality);

/* The check sum of a valid hour's row. A row whose sum is wrong is as if it were not there. */
uint32_t hours_crc(int64_t hour, const char *pollutant, int32_t mean_milli);

/* Stores the two AQIs of an hour; the revision of an hour that has them already rises. `daily` or
 * `realtime` not known is stored as NULL. */
int hours_put_aqi(struct store *store, int64_t hour, const char *edition, const struct aqi *daily,
		  const struct aqi *realtime);

/* The revision of an hour's AQIs, 0 if they are as they were when it closed; STORE_E_NONE. */
int hours_aqi_rev(struct store *store, int64_t hour, int32_t *ret_rev);

/* The newest daily AQI that is known and the keys of its primary pollutants, joined by commas;
 * STORE_E_NONE. */
int hours_newest_daily(struct store *store, int64_t *ret_hour, int32_t *ret_aqi,
		       char ret_primary[64]);

/* The newest hour stored, 0 if there is none. */
int hours_newest(struct store *store, int64_t *ret_hour);

/* The newest hour stored at `from` or later whose clock was confirmed, `from` - 1 if there is none.
 */
int hours_confirmed(struct store *store, int64_t from, int64_t *ret_hour);

/* Deletes hours from `first` on, which have not been: a clock was ahead when they were closed. */
int hours_withdraw(struct store *store, int64_t first);

/* The oldest hour stored at `from` or later; STORE_E_NONE if there is none. */
int hours_oldest(struct store *store, int64_t from, int64_t *ret_hour);

/* The valid means of n hours from `first` on; ret has room for them. */
int hours_load(struct store *store, int64_t first, int n, struct hour_values *ret);

/* One hourly mean as it stands after any review (valid, quality and why say so; counts are left
 * out) and its revision; STORE_E_NONE if it was never stored. */
int hours_get(struct store *store, int64_t hour, enum pollutant pollutant, struct hour_mean *ret,
	      int32_t *ret_rev);

/* A person's review makes hours from first to last invalid, or takes that back. What was measured
 * stays; the revision of each hour that changes rises (domain.md 1). */
int hours_invalidate(struct store *store, int64_t first, int64_t last, enum pollutant pollutant,
		     bool invalid);

/* Flags an hour as dust, or takes the flag back (`source` is then not asked for). */
int hours_flag_dust(struct store *store, int64_t hour, bool dust, const char *source);

/* The flagged hours from `from` on, the newest DUST_HOURS_MAX of them. */
int hours_load_dust(struct store *store, int64_t from, struct dust_hours *ret);

/* minute: minutes since 1970 UTC of the minute's START. A row that is there is replaced. */
int minutes_put(struct store *store, int64_t minute, const char *channel,
		const struct minute *sums);

/* Gives each stored minute of an hour (END label) and channel back to `hour` (hour_restore). */
int minutes_load(struct store *store, const char *channel, struct hour *hour);

/* Deletes the minutes from `first` on, inside a transaction on samples.db. */
int minutes_withdraw(struct store *store, int64_t first);

/* The newest stored minute of any channel, 0 if there is none. */
int minutes_newest(struct store *store, int64_t *ret_minute);

/* The oldest stored minute of any channel; STORE_E_NONE if there is none. */
int minutes_oldest(struct store *store, int64_t *ret_minute);

#endif
