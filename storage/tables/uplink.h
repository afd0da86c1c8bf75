/* SPDX-License-Identifier: MIT */
/*
 * HJ 212: how far each platform has the hours, days and minutes that are in the tables, and which
 * messages it has not acknowledged. The values themselves stay where they are: a stretch of time is
 * kept here, not a row for each of its periods.
 *
 * Times are END labels in minutes since 1970 UTC. A platform is known by its name. Writers run
 * inside the caller's transaction (store_begin).
 */
#ifndef STORAGE_TABLES_UPLINK_H
#define STORAGE_TABLES_UPLINK_H

#include "hour.h"
#include "pollutant.h"
#include "store.h"

#define UPLINK_SENT_MAX 16       /* messages of one platform without an acknowledgement */
#define UPLINK_STRETCHES_MAX 256 /* of one platform and kind; the oldest beyond are given up */
#define UPLINK_BODY_MAX 8192

/* The kinds of message by HJ 212's command numbers. Of the others there are stretches alone:
 * minutes that a data logger told so late that the platform may have passed them, and that nobody
 * looked at yet. */
enum uplink_kind {
	UPLINK_HOURS,
	UPLINK_DAYS,
	UPLINK_MINUTES,
	UPLINK_KINDS,
	UPLINK_LATE = UPLINK_KINDS, /* of which there was nothing before */
	UPLINK_OTHERWISE,           /* of which there was something */
};
int uplink_cn(enum uplink_kind kind);

/* What data loggers say of a minute is waited for so long after its end. */
#define UPLINK_LOGGED_MS 60000

struct uplink {
	int64_t qn, acked_ms, given_up;
	int32_t realtime_s, minutes; /* what the platform set, 0: nothing */
};

/* STORE_E_NONE: this platform was never heard of. */
int uplink_get(struct store *store, const char *platform, struct uplink *ret);
int uplink_put(struct store *store, const char *platform, const struct uplink *uplink);
/* Forgets those that are none of the n platforms; without any, what was corrected, too. */
int uplink_keep(struct store *store, const char *const platforms[], int n);

/* Up to where the closed periods of a kind were taken; STORE_E_NONE. */
int uplink_newest(struct store *store, const char *platform, enum uplink_kind kind,
		  int64_t *ret_upto);
int uplink_put_newest(struct store *store, const char *platform, enum uplink_kind kind,
		      int64_t upto);

/* A stretch of time, (after, upto]. */
struct uplink_stretch {
	int64_t after, upto;
};

/* All of it is to be sent, too; it may touch and overlap what is there. *given_up rises by the
 * stretches' minutes that found no room. */
int uplink_wait(struct store *store, const char *platform, enum uplink_kind kind,
		struct uplink_stretch stretch, int64_t *given_up);
/* What of it waits does no longer. */
int uplink_drop(struct store *store, const char *platform, enum uplink_kind kind,
		struct uplink_stretch stretch);
/* The newest stretch that waits; STORE_E_NONE. */
int uplink_top(struct store *store, const char *platform, enum uplink_kind kind,
	       struct uplink_stretch *ret);
/* Whether a moment lies in a stretch that waits. */
int uplink_is_waiting(struct store *store, const char *platform, enum uplink_kind kind, int64_t at,
		      bool *ret);
/* How many minutes of time wait. */
int uplink_count(struct store *store, const char *platform, enum uplink_kind kind,
		 int64_t *ret_minutes);

struct uplink_message {
	int64_t qn, period;
	enum uplink_kind kind;
	bool again;
	int32_t tries;
	char body[UPLINK_BODY_MAX];
};
int uplink_send(struct store *store, const char *platform, const struct uplink_message *message);
int uplink_tried(struct store *store, const char *platform, int64_t qn, int32_t tries);
/* It was acknowledged, or is given up. */
int uplink_end(struct store *store, const char *platform, int64_t qn);
/* The same of all whose period ends in a stretch. */
int uplink_end_within(struct store *store, const char *platform, enum uplink_kind kind,
		      struct uplink_stretch stretch);
/* The messages without an acknowledgement, the newest periods first, without their bodies; how
 * many. */
int uplink_sent(struct store *store, const char *platform,
		struct uplink_message ret[UPLINK_SENT_MAX], int *ret_n);
/* One of them with its body; STORE_E_NONE. */
int uplink_message(struct store *store, const char *platform, int64_t qn,
		   struct uplink_message *ret);

/* The oldest hour that was corrected and not looked at; STORE_E_NONE. Then it is forgotten. */
int uplink_revised(struct store *store, int64_t *ret_hour);
/* An auxiliary quantity of it was corrected; those of pollutants are noted by themselves. */
int uplink_note_revised(struct store *store, int64_t hour);
int uplink_forget_revised(struct store *store, int64_t hour);

/* Rows of all these tables that are not what was written are not seen; this moves them to
 * quarantine/rows.txt, inside a transaction. A message that goes that way and whose period can be
 * read is handed over. */
int uplink_set_aside(struct store *store, void *ctx,
		     int (*lost)(void *ctx, const char *platform, enum uplink_kind kind,
				 int64_t period));

/* The newest, or the oldest, stored hour or minute whose END lies in a stretch; STORE_E_NONE. Days
 * are made of hours. */
int uplink_newest_row(struct store *store, enum uplink_kind kind, struct uplink_stretch stretch,
		      int64_t *ret_end);
int uplink_oldest_row(struct store *store, enum uplink_kind kind, struct uplink_stretch stretch,
		      int64_t *ret_end);

#endif
