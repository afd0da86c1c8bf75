/* SPDX-License-Identifier: MIT */
/*
 * The hours that are not closed yet, of every channel, and their minutes in samples.db.
 *
 * Two hours may be open: the running one, and the one before it until its close delay is over. An
 * hour begins with the minutes that an earlier process stored, so that a restart loses nothing but
 * the seconds it took.
 */
#ifndef DAEMON_ENGINE_OPEN_HOURS_H
#define DAEMON_ENGINE_OPEN_HOURS_H

#include "conf.h"
#include "report.h"
#include "store.h"

#define OPEN_HOURS_HOURS 2

struct open_hours {
	const struct conf *conf;
	struct store *store;
	struct hour hours[CONF_CHANNELS_MAX]
			 [OPEN_HOURS_HOURS];  /* hour h at h % 2; label 0: not open */
	int64_t newest_ms[CONF_CHANNELS_MAX]; /* of a sample taken */
};

void open_hours_init(struct open_hours *running, const struct conf *conf, struct store *store);

/*
 * Takes a dated sample into its hour, and carries it into the next one. What a clock that was set
 * back, or a wrong one after a restart, would count a second time is not taken. The value of an
 * hourly instrument goes to the hour that ended, if that is `oldest`, the hour to be closed next,
 * or later. The result of the store.
 */
int open_hours_take(struct open_hours *running, const struct sample *sample, int64_t oldest);

/* What a channel said in [from_ms, to_ms) does not count in the hours that are open. */
void open_hours_doubt(struct open_hours *running, int channel, int64_t from_ms, int64_t to_ms,
		      enum why why);

/* The mean of a channel's hour out of the minutes that are stored, of those believed or, as
 * measured, of all. The result of the store. */
int open_hours_stored(struct open_hours *running, int channel, int64_t hour, bool as_measured,
		      struct hour_mean *ret);

/* The mean of a channel's hour so far; valid after the edition's rule. */
void open_hours_mean(struct open_hours *running, int channel, int64_t hour, int64_t until_ms,
		     struct hour_mean *ret);

/* Stores a minute (START, minutes since 1970 UTC) of every channel as far as until_ms, inside a
 * transaction on samples.db, and reports it. */
int open_hours_store(struct open_hours *running, int64_t minute, int64_t until_ms,
		     struct minute_report *ret);

#endif
