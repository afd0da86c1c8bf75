/* SPDX-License-Identifier: MIT */
/*
 * The thread that holds the MQTT session: connects, reconnects, sends, and reports what came of it.
 *
 * Any paho call can block for seconds on DNS and its waits follow the wall clock (reliability.md
 * 2), so nobody else calls it. Reconnects are ours, on CLOCK_MONOTONIC (backoff.h), and from the
 * shortest wait again after a connection that held for a minute; one that another client of our id
 * took over, as a broker may tell, is taken back after 1 to 3 minutes, so that the two do not chase
 * each other, but whoever is in a hurry does not wait for that. Messages that find no connection
 * are not kept: the outbox is on disk.
 */
#ifndef DAEMON_MQTT_SESSION_H
#define DAEMON_MQTT_SESSION_H

#include "mqtt.h"
#include "queue.h"

#define SESSION_JOBS_MAX 256 /* messages that wait for the thread; more are refused */

struct session;

/*
 * Starts the thread. All of `setup` is borrowed until the stop; its will is published by the broker
 * when we are gone. Events of the session go to `reports`, whose items are struct mqtt_event; one
 * that finds no room there is dropped. Negative errno.
 */
int session_start(const struct mqtt_setup *setup, struct queue *reports, struct session **ret);

/* Hands a message over, and its payload with it; false if too many wait. Never blocks. A message of
 * QoS 1 with a tag is answered by a report. */
bool session_send(struct session *session, const struct mqtt_message *message);

/* Whether something waits for which the waits between two attempts are cut short. */
void session_hurry(struct session *session, bool hurry);

/* Gives the connection up and makes a new one: something in flight was never answered. */
void session_restart(struct session *session);

/*
 * Sends `goodbye` (borrowed) if connected and ends the thread; waits at most wait_ms. True: it
 * ended and everything is freed. False: it hangs in paho, and the caller must leave with _exit.
 */
bool session_stop(struct session *session, const struct mqtt_message *goodbye, int wait_ms);

#endif
