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
#include "hour.h"
#include "store.h"
#include "timeline.h"
#include "window.h"

enum time_quality { TIME_SYNCHRONISED, TIME_UNSYNCHRONISED, TIME_SIMULATED };

/* "synchronised", ...: as tables and messages carry it. */
const char *time_quality_name(enum time_quality quality);

/* Stores one pollutant's hourly mean; an hour that is there already is replaced. */
int hours_put(struct store *store, int64_t hour, enum pollutant pollutant,
	      const struct hour_mean *mean, enum time_quality time_quality);

/* Stores the two AQIs of an hour. `daily` or `realtime` not known is stored as NULL. */
int hours_put_aqi(struct store *store, int64_t hour, const char *edition, const struct aqi *daily,
		  const struct aqi *realtime);

/* The newest hour stored, 0 if there is none. */
int hours_newest(struct store *store, int64_t *ret_hour);

/* Puts the hours (newest - 23 .. newest) into the window, oldest first. */
int hours_load_window(struct store *store, int64_t newest, struct window *window);

/* Puts up to TIMELINE_PAST_HOURS hours up to and including `newest` into the timeline. */
int hours_load_timeline(struct store *store, int64_t newest, struct timeline *timeline);

/* minute: minutes since 1970 UTC of the minute's START. A row that is there is replaced. */
int minutes_put(struct store *store, int64_t minute, const char *channel,
		const struct minute *sums);

/* Gives each stored minute of an hour (END label) and channel back to `hour` (hour_restore). */
int minutes_load(struct store *store, const char *channel, struct hour *hour);

/* The oldest stored minute of any channel; STORE_E_NONE if there is none. */
int minutes_oldest(struct store *store, int64_t *ret_minute);

#endif
