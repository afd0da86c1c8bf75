/* SPDX-License-Identifier: MIT */
/*
 * One MQTT client through paho: create, connect, subscribe, publish, destroy. Used by the session's
 * thread alone.
 *
 * MQTT 5 (with mqtt.version: auto 3.1.1 for a broker that refuses 5), clean start 0, session expiry
 * 7 days, no persistence: the outbox is on disk. paho's callbacks hold its mutex; they only put an
 * event into a queue and wake the thread. A client that was lost is destroyed and made anew, which
 * is the one thing that cures every state paho gets into.
 */
#ifndef DAEMON_MQTT_H
#define DAEMON_MQTT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

#define MQTT_IN_FLIGHT_MAX 32 /* messages of QoS 1 that wait for their PUBACK */
/* A little after paho's own time-out of 10 s, which a step of the wall clock makes it forget. */
#define MQTT_CONNECT_DEADLINE_MS 15000
#define MQTT_TOPIC_MAX 192
#define MQTT_COMMAND_MAX (64 * 1024) /* bytes of one that is taken in; larger ones are dropped */

struct mqtt_message {
	char topic[MQTT_TOPIC_MAX];
	int qos; /* 0 or 1 */
	bool retain;
	int64_t tag; /* comes back with the answer to a QoS 1 message; 0: nobody waits for it */
	int32_t expiry_s; /* message expiry, 0: none */
	char *payload;    /* heap; one that begins with '<' is XML, else it is JSON */
};

#define MQTT_TAKEN_OVER 0x8e /* code of MQTT_EVENT_LOST: another client came with our id */

enum mqtt_event_kind {
	MQTT_EVENT_CONNECTED,
	MQTT_EVENT_LOST,      /* or not connected at all: `text` says why, `code` the broker's */
	MQTT_EVENT_DELIVERED, /* PUBACK for `tag` */
	MQTT_EVENT_REFUSED,   /* the PUBACK of `tag` said no: code >= 128 */
	MQTT_EVENT_FAILED,    /* `tag` was not sent */
	MQTT_EVENT_DEAF,      /* the broker refuses the subscription: no command will come */
	MQTT_EVENT_COMMAND,   /* a message under cmd/: `text` is the rest of its topic */
};

struct mqtt_event {
	enum mqtt_event_kind kind;
	int code;
	bool session; /* CONNECTED: the broker still has ours */
	bool old;     /* CONNECTED: by 3.1.1, whose PUBACK proves nothing */
	bool retained;
	int64_t tag;
	int length;    /* COMMAND: of the payload */
	char *payload; /* heap, the receiver's; a NUL follows it */
	char text[192];
};

/*
 * Whether a command may be queued, asked on paho's threads: it may look and count, not wait. `kind`
 * is the rest of its topic, the payload is borrowed.
 */
typedef bool mqtt_gate(void *ctx, const char *kind, const char *payload, int length);

struct mqtt_setup {
	const struct mqtt_conf *conf;
	const struct mqtt_message *will;
	const char *commands; /* topic prefix with its '/': everything below it is subscribed to */
	mqtt_gate *gate;
	void *gate_ctx;
};

struct mqtt;

/* All of `setup` is borrowed for good; wake is called on paho's threads. NULL without memory. */
struct mqtt *mqtt_new(const struct mqtt_setup *setup, void (*wake)(void *ctx), void *ctx);
struct mqtt *mqtt_free(struct mqtt *mqtt); /* may wait for paho */

/* Starts to connect; an event follows. NULL, or why it could not even start. */
const char *mqtt_connect(struct mqtt *mqtt);

/* Why a connection failed that `why` tells in paho's words: more exactly, where TLS is in play. May
 * take seconds. Valid until the next call. */
const char *mqtt_explain(struct mqtt *mqtt, const char *why);

/* Destroys the client; nothing it still says is heard. May wait for paho. */
void mqtt_drop(struct mqtt *mqtt);

/* Asks for the commands; silence or MQTT_EVENT_DEAF follows. */
void mqtt_subscribe(struct mqtt *mqtt);

/* Sends; false if it cannot: no connection, too many in flight. Copies the payload. */
bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message);

/* Messages of QoS 1 in flight. */
int mqtt_in_flight(const struct mqtt *mqtt);

/* The next event, false if there is none. */
bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret);

/* Ends the connection in good order. */
void mqtt_disconnect(struct mqtt *mqtt);

#endif
