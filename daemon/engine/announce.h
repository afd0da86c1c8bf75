/* SPDX-License-Identifier: MIT */
/*
 * What a closed hour or an event says to the outside: outbox rows, rows of the events' table and
 * log lines.
 */
#ifndef DAEMON_ENGINE_ANNOUNCE_H
#define DAEMON_ENGINE_ANNOUNCE_H

#include "conf.h"
#include "judge.h"
#include "payload.h"
#include "store.h"

/* of one hour: of the advice, rules_changed, a resume of each pollutant; of hours that changed: the
 * correction, levels that ended with them, of the advice; of one judgement */
#define ANNOUNCE_HOUR_EVENTS_MAX (WARNING_EVENTS_MAX + 1 + POLLUTANT_COUNT)
#define ANNOUNCE_EVENTS_MAX                                                                        \
	(JUDGE_TOLD_MAX > ANNOUNCE_HOUR_EVENTS_MAX ? JUDGE_TOLD_MAX : ANNOUNCE_HOUR_EVENTS_MAX)

struct announcement {
	const struct hour_report *hour; /* NULL: something else happened than the end of an hour */
	struct advice_report advice;
	int n_events;
	struct event *events;
	bool resent;        /* hours that were told before are told once more, as they are */
	bool repeat_advice; /* warning and cuts go out though nothing changed */
	uint32_t rules;     /* the sum of those by which it was decided */
	int64_t now_ms;
	enum time_quality time_quality;
};

/* Each appends to the outbox, inside the caller's transaction. Store errors, -ENOMEM. */

/* The head of the next message. */
int announce_head(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, struct payload_head *ret);

/* The AQIs of an hour. */
int announce_hour(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, const struct hour_report *hour);

/* The stored auxiliary means of an hour, if it has any; `old`: a newer one was told before. */
int announce_auxiliary(const struct conf *conf, struct store *store,
		       const struct announcement *announcement, int64_t hour, bool old);

/* The events: each is stored as it is sent. */
int announce_events(const struct conf *conf, struct store *store,
		    const struct announcement *announcement);

/* Warning, and cuts, as they now stand. */
int announce_warning(const struct conf *conf, struct store *store,
		     const struct announcement *announcement);
int announce_cuts(const struct conf *conf, struct store *store,
		  const struct announcement *announcement);

/* The answer to a command. */
int announce_reply(const struct conf *conf, struct store *store,
		   const struct announcement *announcement, const struct command *command,
		   const struct command_answer *answer);

/* One line for the hour, one in each language for an event. */
void announce_log(const struct conf *conf, const struct announcement *announcement);

#endif
