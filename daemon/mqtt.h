/* SPDX-License-Identifier: MIT */
/*
 * One MQTT client through paho: create, connect, publish, destroy. Used by the session's thread
 * alone.
 *
 * MQTT 5, clean start 0, session expiry 7 days, no persistence: the outbox is on disk. paho's
 * callbacks hold its mutex; they only put an event into a queue and wake the thread. A client that
 * was lost is destroyed and made anew, which is the one thing that cures every state paho gets
 * into.
 */
#ifndef DAEMON_MQTT_H
#define DAEMON_MQTT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

#define MQTT_IN_FLIGHT_MAX 32          /* messages of QoS 1 that wait for their PUBACK */
#define MQTT_CONNECT_DEADLINE_MS 30000 /* paho may forget its own time-out of 10 s */

struct mqtt_message {
	char topic[192];
	int qos; /* 0 or 1 */
	bool retain;
	int64_t tag; /* comes back with the answer to a QoS 1 message; 0: nobody waits for it */
	int32_t expiry_s; /* message expiry, 0: none */
	char *payload;    /* heap */
};

enum mqtt_event_kind {
	MQTT_EVENT_CONNECTED,
	MQTT_EVENT_LOST,      /* or not connected at all: `text` says why */
	MQTT_EVENT_DELIVERED, /* PUBACK for `tag` */
	MQTT_EVENT_REFUSED,   /* the PUBACK of `tag` said no: code >= 128 */
	MQTT_EVENT_FAILED,    /* `tag` was not sent */
};

struct mqtt_event {
	enum mqtt_event_kind kind;
	int code;
	int64_t tag;
	char text[96];
};

struct mqtt;

/* `will` is borrowed for good; wake is called on paho's threads. NULL without memory. */
struct mqtt *mqtt_new(const struct mqtt_conf *conf, const struct mqtt_message *will,
		      void (*wake)(void *ctx), void *ctx);
struct mqtt *mqtt_free(struct mqtt *mqtt); /* may wait for paho */

/* Starts to connect; an event follows. NULL, or why it could not even start. */
const char *mqtt_connect(struct mqtt *mqtt);

/* Destroys the client; nothing it still says is heard. May wait for paho. */
void mqtt_drop(struct mqtt *mqtt);

/* Sends; false if it cannot: no connection, too many in flight. Copies the payload. */
bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message);

/* Messages of QoS 1 in flight. */
int mqtt_in_flight(const struct mqtt *mqtt);

/* The next event, false if there is none. */
bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret);

/* Ends the connection in good order. */
void mqtt_disconnect(struct mqtt *mqtt);

#endif
