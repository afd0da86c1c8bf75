/* SPDX-License-Identifier: MIT */
/*
 * One MQTT client through paho: create, connect, subscribe, publish, destroy. Used by the session's
 * thread alone.
 *
 * MQTT 5 (with mqtt.version: auto 3.1.1 for a broker without it), clean start 0, session expiry
 * 7 days, no persistence: the outbox is on disk. paho's callbacks hold its mutex; they only put an
 * event into a queue and wake the thread, and hand a command to the gate. A client that was lost is
 * destroyed and made anew, which is the one thing that cures every state paho gets into.
 */
#ifndef DAEMON_MQTT_MQTT_H
#define DAEMON_MQTT_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf_mqtt.h"

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

enum mqtt_event_kind {
	MQTT_EVENT_CONNECTED,
	MQTT_EVENT_LOST,      /* or not connected at all: `text` says why, `code` is the broker's */
	MQTT_EVENT_DELIVERED, /* PUBACK for `tag` */
	MQTT_EVENT_REFUSED,   /* the PUBACK of `tag` said no: code >= 128 */
	MQTT_EVENT_FAILED,    /* `tag` was not sent */
	MQTT_EVENT_DEAF,      /* no command will come: the broker refuses, or MQTT_CHOKED */
	MQTT_EVENT_UNHEARD,   /* the broker refuses what stations or the district say */
	MQTT_EVENT_HEARING,   /* commands are asked for again */
};

enum mqtt_loss {
	MQTT_LOSS_OWN,     /* we gave it up, or could not even begin */
	MQTT_LOSS_NO_LINK, /* no connection by TCP or TLS */
	MQTT_LOSS_SILENT,  /* the broker hung up on the CONNECT */
	MQTT_LOSS_REFUSED, /* it answered with `code` */
	MQTT_LOSS_HUNG_UP, /* it was connected; `code` is 0 where the broker does not say why */
};

/* What the broker's CONNACK allows. */
struct mqtt_limits {
	int64_t packet_max; /* bytes of a packet, 0: it does not say */
	int in_flight;      /* of QoS 1, 1 to MQTT_IN_FLIGHT_MAX */
	int qos;            /* 0 or 1: above it nothing is sent */
	bool retain;        /* else every message goes without the flag */
	int keepalive_s;    /* 0: as we asked */
};

struct mqtt_event {
	enum mqtt_event_kind kind;
	enum mqtt_loss loss; /* LOST */
	int code;
	int host;     /* CONNECTED, LOST: which of the configuration's */
	bool session; /* CONNECTED: the broker still has ours */
	bool old;     /* CONNECTED: by 3.1.1, whose PUBACK proves nothing */
	/* LOST: another attempt at once may do better. CONNECTED: it is to be made once more, as
	 * the broker wants it */
	bool again;
	struct mqtt_limits limits; /* CONNECTED */
	int64_t tag;
	char text[192];
};

/*
 * Takes a message under cmd/ in, on paho's threads: paho acknowledges it when this comes back. It
 * may wait for the disk, for nobody else. `kind` is the rest of the topic, the payload is borrowed.
 */
typedef void mqtt_gate(void *ctx, const char *kind, bool retained, const char *payload, int length);

/* The same of what another station, or the district, publishes: whose, and the rest of the topic.
 */
struct mqtt_told {
	const char *station, *topic;
	bool retained; /* it is of before the subscription */
	const char *payload;
	int length;
};
typedef void mqtt_ear(void *ctx, const struct mqtt_told *told);

struct mqtt_setup {
	const struct mqtt_conf *conf;
	const struct mqtt_message *will;
	const char *commands; /* topic prefix with its '/': everything below it is subscribed to */
	const char *stations; /* the prefix of all stations, with its '/' */
	bool hears_hours;     /* a district: hears the stations' hours, */
	bool hears_words;     /* and their states and replies */
	const char *district; /* of a station: whose signs of life it hears; NULL: of none */
	mqtt_gate *gate;
	mqtt_ear *ear;
	void *gate_ctx;
};

struct mqtt;

/* All of `setup` is borrowed for good; wake is called on paho's threads. NULL without memory. */
struct mqtt *mqtt_new(const struct mqtt_setup *setup, void (*wake)(void *ctx), void *ctx);
struct mqtt *mqtt_free(struct mqtt *mqtt); /* may wait for paho */

/* Starts to connect; an event follows. NULL, or why it could not even start. */
const char *mqtt_connect(struct mqtt *mqtt);

/* Says in lost->text more exactly why no connection came about. *ret_refused: nobody listens there.
 * May take seconds. */
void mqtt_explain(struct mqtt *mqtt, struct mqtt_event *lost, bool *ret_refused);

/* The next attempt goes to the next of the configuration's hosts. True: not all of them have been
 * tried since the last connection or pause. */
bool mqtt_next_host(struct mqtt *mqtt);
int mqtt_host(const struct mqtt *mqtt);

/* Destroys the client; nothing it still says is heard. May wait for paho. */
void mqtt_drop(struct mqtt *mqtt);

/* Whether the connections that begin from now on give up the session, and what waits in it. */
void mqtt_make_deaf(struct mqtt *mqtt, bool deaf);

/* Asks for the commands; silence or MQTT_EVENT_DEAF follows. */
void mqtt_subscribe(struct mqtt *mqtt);

/* Bytes of the packet that a message makes in MQTT 5. */
size_t mqtt_packet_size(const struct mqtt_message *message);

/* Sends, with the QoS and the retain flag that the broker allows; false if it cannot: no
 * connection, too many in flight. Copies the payload. */
bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message);

/* Whether mqtt_publish has room for another message of QoS 1, or no connection at all. */
bool mqtt_has_room(const struct mqtt *mqtt);

/* Messages of QoS 1 in flight. */
int mqtt_in_flight(const struct mqtt *mqtt);

/* The next event, false if there is none. */
bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret);

/* Ends the connection in good order. */
void mqtt_disconnect(struct mqtt *mqtt);

#endif
