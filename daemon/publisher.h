/* SPDX-License-Identifier: MIT */
/*
 * From the outbox to the MQTT session: windows, deadlines, what is repeated. Main thread.
 *
 * At most PUBLISHER_WINDOW rows are in flight, and a backlog is paced. A row leaves the outbox when
 * the broker has acknowledged it (confirm: broker) or when the platform has (confirm: platform); a
 * lost connection, a failure or a deadline puts it back; a refusal blocks it and is tried again
 * later. The newest message of the retained topics is repeated at each connect and every 15
 * minutes, so that a lost edge is repaired by the next level. Commands are handed on, the
 * platform's acks applied once a second.
 */
#ifndef DAEMON_PUBLISHER_H
#define DAEMON_PUBLISHER_H

#include "conf.h"
#include "mqtt.h"
#include "payload.h"
#include "queue.h"
#include "store.h"

#define PUBLISHER_WINDOW 10

struct publisher;

/* `boot` names this run; `time` (its time and quality) stands in the last will. Without a
 * configured broker it does nothing. Negative errno. */
int publisher_new(const struct conf *conf, struct store *store, const char *boot,
		  const struct payload_head *time, struct publisher **ret);

/* Readable when the session has something to report: call publisher_listen. -1 without a broker. */
int publisher_fd(const struct publisher *publisher);
void publisher_listen(struct publisher *publisher);

/* The time for `state` messages; asked for at each connect. */
void publisher_set_time(struct publisher *publisher, int64_t now_ms,
			enum time_quality time_quality);

/* Sends what the outbox has, as far as the window allows. */
void publisher_look(struct publisher *publisher);

/* A message of QoS 0; takes the payload, drops it without a connection. */
void publisher_say(struct publisher *publisher, const char *topic, bool retain, char *payload);

/* Who gets the commands: MQTT_EVENT_COMMAND, whose payload is then his. */
void publisher_on_command(struct publisher *publisher,
			  void (*fn)(void *ctx, const struct mqtt_event *event), void *ctx);

/* True if the broker speaks only 3.1.1: its PUBACK proves nothing. */
bool publisher_unverified(const struct publisher *publisher);
/* Commands that came too fast, too large or under no known topic. */
uint64_t publisher_dropped_commands(const struct publisher *publisher);

/* Once a second: acks, deadlines and repetitions. `waiting` is what the outbox has at the time. */
void publisher_tick(struct publisher *publisher, const struct outbox_counts *waiting);

/* Says goodbye and ends the session, at most wait_ms. False: leave with _exit. Frees it if true. */
bool publisher_stop(struct publisher *publisher, int wait_ms);

#endif
