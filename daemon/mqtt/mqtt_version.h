/* SPDX-License-Identifier: MIT */
/*
 * Which version of MQTT to speak with mqtt.version: auto. Pure: times are the caller's, monotonic.
 *
 * A broker that refuses MQTT 5 with a code of its own is believed until the program ends. One that
 * only hangs up on the CONNECT (RabbitMQ before 3.13, and others of that age) is spoken to in 3.1.1
 * at once, and asked again in MQTT 5 at a reconnect after VERSION_AGAIN_MS: it may have had another
 * reason.
 */
#ifndef DAEMON_MQTT_MQTT_VERSION_H
#define DAEMON_MQTT_MQTT_VERSION_H

#include <stdbool.h>
#include <stdint.h>

#define VERSION_AGAIN_MS (10 * 60 * 1000)

struct mqtt_version_choice {
	bool automatic; /* else MQTT 5 and nothing else */
	bool old;       /* speaks 3.1.1 */
	bool believed;  /* because the broker said so */
	int64_t since_ms;
};

/* Before an attempt to connect. */
void mqtt_version_begin(struct mqtt_version_choice *choice, int64_t now_ms);

/* The attempt was refused with that code, 0: the broker hung up on the CONNECT. True: the other
 * version is worth an attempt at once. */
bool mqtt_version_refused(struct mqtt_version_choice *choice, int code, int64_t now_ms);

#endif
