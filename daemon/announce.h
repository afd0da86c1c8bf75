/* SPDX-License-Identifier: MIT */
/*
 * What a closed hour says to the outside: outbox rows and log lines.
 */
#ifndef DAEMON_ANNOUNCE_H
#define DAEMON_ANNOUNCE_H

#include "conf.h"
#include "payload.h"
#include "report.h"
#include "store.h"

#define ANNOUNCE_EVENTS_MAX (WARNING_EVENTS_MAX + 1) /* and rules_changed */

struct announcement {
	const struct hour_report *hour; /* NULL: something else happened than the end of an hour */
	struct advice_report advice;
	int n_events;
	const struct event *events;
	bool repeat_advice; /* warning and cuts go out though nothing changed */
	int64_t now_ms;
	enum time_quality time_quality;
};

/*
 * Appends the messages to the outbox, inside the caller's transaction: aqi, if an hour closed; with
 * events each event, then warning and cuts as they now stand. Store errors, -ENOMEM.
 */
int announce(const struct conf *conf, struct store *store, const struct announcement *announcement);

/* The AQIs of one more hour, a revised one, in the same transaction. */
int announce_hour(const struct conf *conf, struct store *store,
		  const struct announcement *announcement, const struct hour_report *hour);

/* The answer to a command, in the same transaction. */
int announce_reply(const struct conf *conf, struct store *store,
		   const struct announcement *announcement, const struct command *command,
		   const struct command_answer *answer);

/* One line for the hour, one in each language for an event. */
void announce_log(const struct conf *conf, const struct announcement *announcement);

/* Appends `health` in a transaction of its own. head->time_ms and time_quality are the caller's. */
int announce_health(const struct conf *conf, struct store *store, const struct payload_head *time,
		    const struct health_report *report);

/* The same for `state`: online since since_ms. */
int announce_online(const struct conf *conf, struct store *store, const struct payload_head *time,
		    const char *boot, int64_t since_ms);

#endif
