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
	/* of a logger: its own mean of those hours, which stands where its minutes do not suffice;
	 * all zero: it told none */
	struct minute whole[CONF_CHANNELS_MAX][OPEN_HOURS_HOURS];
};

void open_hours_init(struct open_hours *running, const struct conf *conf, struct store *store);

/*
 * Takes a dated sample into its hour, and carries it into the next one. What a clock that was set
 * back, or a wrong one after a restart, would count a second time is not taken. The value of an
 * hourly instrument goes to the hour that ended, if that is `oldest`, the hour to be closed next,
 * or later. The result of the store.
 */
int open_hours_take(struct open_hours *running, const struct sample *sample, int64_t oldest);

/*
 * What a data logger told of a period, as n minutes (START, minutes since 1970 UTC; all in one
 * hour), or, `whole`, of the hour that ends with that minute. It is stored inside the caller's
 * transaction on samples.db; open_hours_know takes it into an hour that is open once that is
 * committed. `raw`: what is not believed as it was told, NULL: there is no number.
 */
struct log_period {
	int channel;
	int64_t minute;
	int32_t n;
	bool whole;
	struct minute sums; /* of each */
	const int32_t *raw;
};
/* What is stored of it before; STORE_E_NONE. */
int open_hours_told(struct open_hours *running, const struct log_period *told, struct minute *ret);
int open_hours_tell(struct open_hours *running, const struct log_period *told);
void open_hours_know(struct open_hours *running, const struct log_period *told);

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

/* A minute (START) of a channel, of an hour that is open. */
void open_hours_minute(struct open_hours *running, int channel, int64_t minute, struct minute *ret);

/* Stores a minute (START, minutes since 1970 UTC) of every channel as far as until_ms, inside a
 * transaction on samples.db, and reports it. */
int open_hours_store(struct open_hours *running, int64_t minute, int64_t until_ms,
		     struct minute_report *ret);

#endif
