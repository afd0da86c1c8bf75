/* SPDX-License-Identifier: MIT */
/*
 * Closed hours and their AQIs.
 *
 * Hours are END labels, hours since 1970 UTC. Writers run inside the caller's transaction
 * (store_begin).
 */
#ifndef STORAGE_TABLES_HOURS_H
#define STORAGE_TABLES_HOURS_H

#include "aqi.h"
#include "dust.h"
#include "hour.h"
#include "store.h"
#include "window.h"

#define HOURS_LAST INT64_C(70389528) /* the end of the year 9999: nothing is later */

/* Stores one pollutant's hourly mean; an hour that is there already is replaced. */
int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality);

/* The check sum of a valid hour's row. A row whose sum is wrong is as if it were not there. */
uint32_t hours_crc(int64_t hour, const char *pollutant, int32_t mean_milli);
/* Of an hour in which nothing was measured. */
uint32_t hours_crc_of_none(int64_t hour, const char *pollutant);

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

/* The daily AQIs of n hours from `first` on, -1 where it is not known; ret has room for them. */
int hours_daily(struct store *store, int64_t first, int n, int32_t *ret);

/* The newest hour stored, 0 if there is none. */
int hours_newest(struct store *store, int64_t *ret_hour);

/* Keeps the hour that runs when a new station begins (a later one replaces it), and gives it back;
 * STORE_E_NONE. The first has its own transaction. */
int hours_keep_first(struct store *store, int64_t hour);
int hours_first(struct store *store, int64_t *ret_hour);

/* Moves to quarantine/rows.txt what stands above the newest sound row up to the hour `last`: rows
 * that are not what was written, and hours of a time that is not yet. Own transactions. */
int hours_set_aside(struct store *store, int64_t last);

/* The newest hour stored at `from` or later whose clock was confirmed, `from` - 1 if there is none.
 */
int hours_confirmed(struct store *store, int64_t from, int64_t *ret_hour);

/* Deletes hours from `first` on, which have not been: a clock was ahead when they were closed. */
int hours_withdraw(struct store *store, int64_t first);

/* The oldest hour stored at `from` or later; STORE_E_NONE if there is none. */
int hours_oldest(struct store *store, int64_t from, int64_t *ret_hour);

/* The valid means of n hours from `first` on; ret has room for them. */
int hours_load(struct store *store, int64_t first, int n, struct hour_values *ret);

/* The same with those that a review or an instrument's fault took away. */
int hours_load_measured(struct store *store, int64_t first, int n, struct hour_values *ret);

/* The pollutants whose hour may have been closed again out of what is believed of it still, so that
 * its row has not the mean that was measured: of n hours from `first` on. */
int hours_closed_again(struct store *store, int64_t first, int n, pollutant_set *ret);

/* One hourly mean as it stands after any review (valid, quality and why say so; counts are left
 * out) and its revision; STORE_E_NONE if it was never stored. */
int hours_get(struct store *store, int64_t hour, enum pollutant pollutant, struct hour_mean *ret,
	      int32_t *ret_rev);

/* A person's review makes hours from first to last invalid, or takes that back, and what was found
 * of their instrument with it. What was measured stays; the revision of each hour that changes
 * rises (domain.md 1). */
int hours_invalidate(struct store *store, int64_t first, int64_t last, enum pollutant pollutant,
		     bool invalid);

/* A valid hour of an instrument that was at fault does not count, for this reason; what was
 * measured stays and the revision rises. */
int hours_doubt(struct store *store, int64_t hour, enum pollutant pollutant, enum why why);

/* A valid hour has a new mean, which is valid too: of what is believed of it still. The revision
 * rises. */
int hours_close_again(struct store *store, int64_t hour, enum pollutant pollutant,
		      const struct hour_mean *mean);

/* Whether a person's review was about the hour. */
int hours_is_reviewed(struct store *store, int64_t hour, bool *ret);

/* Who flagged an hour; "" if it is not. */
#define HOURS_SOURCE_SIZE 128
int hours_dust_source(struct store *store, int64_t hour, char ret[HOURS_SOURCE_SIZE]);
/* Flags an hour as dust, or takes the flag back (`source` is then not asked for). */
int hours_flag_dust(struct store *store, int64_t hour, bool dust, const char *source);

/* The flagged hours from `from` on, the newest DUST_HOURS_MAX of them. */
int hours_load_dust(struct store *store, int64_t from, struct dust_hours *ret);

#endif
