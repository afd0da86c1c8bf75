/* SPDX-License-Identifier: MIT */
/*
 * What is old goes, an hour's slice at a time, so that no transaction is large. Never a message of
 * the outbox, the advice, nor a directive, a release or a review on which something rests. Knows no
 * clock: the caller says what hour it is, if that is certain.
 */
#ifndef STORAGE_TABLES_RETENTION_H
#define STORAGE_TABLES_RETENTION_H

#include "store.h"

struct retention {
	int32_t minutes_days, hours_days, events_days;
	int32_t state_quota_mb, samples_quota_mb;
};

/* Sets the quotas of both files, from now on and whenever they are opened again. */
int retention_set_quotas(struct store *store, const struct retention *retention);

/* Whether state.db takes as much more as that of another store has, without anything having to go
 * for it. */
int retention_has_room(struct store *store, struct store *other, bool *ret);

/*
 * Deletes the oldest hour of minutes, and of hours with their AQIs, and the oldest commands and
 * forecasts, if they are too old at `now` (END label; 0: not certain, nothing is too old). Events,
 * the log of what was in force and that of orders with what units answered stay at least as long as
 * hours; an anchor keeps their chains. After them go, with their commands, the directives that are
 * neither in force nor pending nor of an episode in that log, the slips of directives that are
 * gone, and reviews of hours that are. A file filled to 90 % of its quota loses, whatever its age,
 * first, in samples.db, what is measured beside the pollutants, but two hours of its minutes and 60
 * days of its hours (by age these go with the minutes and hours of pollutants), and what others
 * sent: the texts of commands whose content has a row of its own, receipts but the latest of each
 * unit to each order, forecasts but those of ten days, commands that nothing rests on but those of
 * an hour; only then its oldest hour, but not the last two hours of minutes, 62 days of what
 * stations told or 60 days of hours; and last of all the logs of before these days, with what they
 * rest on. *ret_more: there is more to delete at once.
 */
int retention_prune(struct store *store, const struct retention *retention, int64_t now,
		    bool *ret_more);

/* One of the files is filled to 90 % of its quota. */
int retention_is_full(struct store *store, bool *ret);

#endif
