/* SPDX-License-Identifier: MIT */
/* The inside of mqtt.h: mqtt.c publishes and listens, mqtt_connect.c connects. */
#ifndef DAEMON_MQTT_INSIDE_H
#define DAEMON_MQTT_INSIDE_H

#include <MQTTAsync.h>
#include <limits.h>

#include "mqtt.h"
#include "queue.h"

/* A call into paho that will be answered: slot 0 is the connection, the others are messages of
 * QoS 1. Lives as long as the client: paho may call back inside destroy. */
struct mqtt_slot {
	struct mqtt *mqtt;
	unsigned epoch;
	bool used;
	int64_t tag;
};

struct mqtt {
	const struct mqtt_setup *setup;
	void (*wake)(void *ctx);
	void *ctx;
	struct queue *calls; /* struct mqtt_call */
	MQTTAsync client;
	unsigned epoch;
	bool connected;
	bool old; /* speaks 3.1.1, because the broker refuses 5 */
	char password[256];
	char ca[PATH_MAX], cert[PATH_MAX], key[PATH_MAX];
	char why[PATH_MAX + 64];
	struct mqtt_slot slots[MQTT_IN_FLIGHT_MAX + 1];
};

/* On paho's threads: puts an event of the slot's client into the queue. */
void mqtt_tell(struct mqtt_slot *slot, const struct mqtt_event *event);
void mqtt_on_connected(void *context, MQTTAsync_successData *data);
void mqtt_on_connected5(void *context, MQTTAsync_successData5 *data);
void mqtt_on_refused(void *context, MQTTAsync_failureData *data);
void mqtt_on_refused5(void *context, MQTTAsync_failureData5 *data);
void mqtt_on_lost(void *context, char *cause);
void mqtt_on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason);
int mqtt_on_arrived(void *context, char *topic, int length, MQTTAsync_message *message);

#endif
