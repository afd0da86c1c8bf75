/* SPDX-License-Identifier: MIT */
/*
 * The hours of the auxiliary quantities that are not closed yet, and their minutes in samples.db:
 * as open_hours.h has those of pollutants. A wind direction is kept as the two parts of the wind.
 *
 * Where a station has none there is no struct: every function accepts NULL and does nothing.
 */
#ifndef DAEMON_ENGINE_AUXILIARY_HOURS_H
#define DAEMON_ENGINE_AUXILIARY_HOURS_H

#include "auxiliaries.h"
#include "conf.h"
#include "report.h"

struct auxiliary_hours;

/* *ret is NULL if the station has no auxiliary channel; about 0.1 MB a channel else. -ENOMEM. */
int auxiliary_hours_new(const struct conf *conf, struct store *store, struct auxiliary_hours **ret);
struct auxiliary_hours *auxiliary_hours_free(struct auxiliary_hours *hours);

/* As if it were new. */
void auxiliary_hours_forget(struct auxiliary_hours *hours);

/* Takes a dated sample of an auxiliary channel into its hour and carries it into the next one. The
 * result of the store. */
int auxiliary_hours_take(struct auxiliary_hours *hours, const struct sample *sample);

/* Stores a minute of every channel as far as until_ms, inside a transaction on samples.db, and
 * reports it. */
int auxiliary_hours_store(struct auxiliary_hours *hours, int64_t minute, int64_t until_ms,
			  struct minute_report *report);

/* Reports the minute report->minute of an open hour, which is over, once more. */
void auxiliary_hours_report(struct auxiliary_hours *hours, struct minute_report *report);

/* Stores an hour that is over, inside a transaction on samples.db; nothing if nobody heard of it.
 */
int auxiliary_hours_close(struct auxiliary_hours *hours, int64_t hour,
			  enum time_quality time_quality);

/* What a channel said in [from_ms, to_ms) does not count in the hours that are open. */
void auxiliary_hours_doubt(struct auxiliary_hours *hours, int channel, int64_t from_ms,
			   int64_t to_ms, enum why why);

/* A closed hour of a channel once more, out of what is believed of its minutes still, or for this
 * reason nothing if they are gone; inside a transaction on samples.db. */
int auxiliary_hours_close_again(struct auxiliary_hours *hours, int channel, int64_t hour,
				enum why why);

#endif
