/* SPDX-License-Identifier: MIT */
/*
 * From the outbox to the MQTT session: windows, deadlines, what is repeated. Main thread.
 *
 * At most PUBLISHER_WINDOW rows are on their way, fewer where answers take long, so that a warning
 * does not wait behind them on a narrow line; a backlog is paced. A row leaves the outbox when
 * the broker has acknowledged it (confirm: broker) or when the platform has (confirm: platform); a
 * lost connection, a failure or a deadline puts it back; a refusal blocks it and is tried again
 * later. The newest message of the retained topics is repeated at each connect and every 15
 * minutes, so that a lost edge is repaired by the next level. Commands go into the spool, the
 * platform's acks are applied once a second.
 */
#ifndef DAEMON_MQTT_PUBLISHER_H
#define DAEMON_MQTT_PUBLISHER_H

#include "conf.h"
#include "mqtt.h"
#include "payload.h"
#include "queue.h"
#include "spool.h"
#include "station_word.h"
#include "store.h"

#define PUBLISHER_WINDOW 64

struct publisher;

/* `boot` names this run; of `head` the configuration is borrowed for good, its time and quality
 * stand in the last will. Without a configured broker it does nothing. Negative errno. */
int publisher_new(struct store *store, struct spool *spool, const char *boot,
		  const struct payload_head *head, struct publisher **ret);

/* Readable when the session has something to report: call publisher_listen, which tells whether a
 * connection came about. -1 without a broker. */
int publisher_fd(const struct publisher *publisher);
bool publisher_listen(struct publisher *publisher);

/* The time for `state` messages; asked for at each connect. */
void publisher_set_time(struct publisher *publisher, int64_t now_ms,
			enum time_quality time_quality);

/* Sends what the outbox has, as far as the window allows. */
void publisher_look(struct publisher *publisher);

/* A message of QoS 0; takes the payload, drops it without a connection. */
void publisher_say(struct publisher *publisher, const char *topic, bool retain, char *payload);

/* A command to another station, the same way. */
void publisher_command(struct publisher *publisher, const char *station, const char *kind,
		       char *payload);
/* Readable while words of a district's stations wait. */
int publisher_words_fd(const struct publisher *publisher);
/* The next of them, false: none. When a station's district last gave a sign of
 * life (monotonic, ms; 0: never). */
bool publisher_next_word(struct publisher *publisher, struct station_word *ret);
int64_t publisher_heard_ms(const struct publisher *publisher);

/* The connection: since when (since 1970 UTC, 0: never) it is there or not, and why not. */
struct publisher_link {
	bool connected;
	int64_t since_ms;
	const char *why; /* NULL: it is, or nobody knows */
};
struct publisher_link publisher_link(const struct publisher *publisher);

/* What the broker is able to; it stays as it was while the broker is away. */
struct broker_report publisher_broker(const struct publisher *publisher);
/* Commands that came too fast, too large or under no known topic. */
uint64_t publisher_dropped_commands(const struct publisher *publisher);

/* Once a second: acks, deadlines and repetitions. `waiting` is what the outbox has at the time. */
void publisher_tick(struct publisher *publisher, const struct outbox_counts *waiting);

/* Says goodbye and ends the session, at most wait_ms. False: leave with _exit. Frees it if true. */
bool publisher_stop(struct publisher *publisher, int wait_ms);

#endif
