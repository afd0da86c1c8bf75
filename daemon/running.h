/* SPDX-License-Identifier: MIT */
/*
 * The hours that are not closed yet, of every channel, and their minutes in samples.db.
 *
 * Two hours may be open: the running one, and the one before it until its close delay is over. An
 * hour begins with the minutes that an earlier process stored, so that a restart loses nothing but
 * the seconds it took.
 */
#ifndef DAEMON_RUNNING_H
#define DAEMON_RUNNING_H

#include "conf.h"
#include "report.h"
#include "store.h"

#define RUNNING_HOURS 2

struct running {
	const struct conf *conf;
	struct store *store;
	struct hour hours[CONF_CHANNELS_MAX]
			 [RUNNING_HOURS];     /* hour h at h % 2; label 0: not open */
	int64_t newest_ms[CONF_CHANNELS_MAX]; /* of a sample taken */
};

void running_init(struct running *running, const struct conf *conf, struct store *store);

/*
 * Takes a dated sample into its hour, and carries it into the next one. What a clock that was set
 * back, or a wrong one after a restart, would count a second time is not taken. The value of an
 * hourly instrument goes to the hour that ended, if that is `oldest`, the hour to be closed next,
 * or later. The result of the store.
 */
int running_take(struct running *running, const struct sample *sample, int64_t oldest);

/* The mean of a channel's hour so far; valid after the edition's rule. */
void running_mean(struct running *running, int channel, int64_t hour, int64_t until_ms,
		  struct hour_mean *ret);

/* Stores a minute (START, minutes since 1970 UTC) of every channel as far as until_ms, inside a
 * transaction on samples.db, and reports it. */
int running_store(struct running *running, int64_t minute, int64_t until_ms,
		  struct minute_report *ret);

#endif
