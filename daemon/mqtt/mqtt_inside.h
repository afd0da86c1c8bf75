/* SPDX-License-Identifier: MIT */
/* The inside of mqtt.h: mqtt.c publishes and listens, mqtt_connect.c connects, mqtt_answers.c has
 * what paho's threads call. */
#ifndef DAEMON_MQTT_MQTT_INSIDE_H
#define DAEMON_MQTT_MQTT_INSIDE_H

#include <MQTTAsync.h>
#include <limits.h>

#include "mqtt.h"
#include "mqtt_version.h"
#include "queue.h"

#define MQTT_CONTENT_MAX 32
#define MQTT_HOURS "aqi"      /* a station's topic of its closed hours, */
#define MQTT_MINUTE "aqi/now" /* of each minute, */
#define MQTT_STATE "state"    /* of whether it is there, */
#define MQTT_REPLY "reply"    /* of its answers */

/* A call into paho that will be answered: slot 0 is the connection, the others are messages of
 * QoS 1. Lives as long as the client: paho may call back inside destroy. */
struct mqtt_slot {
	struct mqtt *mqtt;
	unsigned epoch;
	bool used;
	int64_t tag;
};

/* What paho's threads tell ours. */
struct mqtt_call {
	struct mqtt_event event;
	unsigned epoch; /* of the client that spoke */
	int slot;
};

struct mqtt {
	const struct mqtt_setup *setup;
	void (*wake)(void *ctx);
	void *ctx;
	struct queue *calls; /* struct mqtt_call */
	MQTTAsync client;
	unsigned epoch;
	bool connected;
	struct mqtt_version_choice version;
	struct mqtt_limits limits; /* of the connection */
	bool will_retain;          /* whether the broker takes a last will like that */
	int will_qos;
	int host, tried; /* which of the configuration's; how many in this round */
	bool deaf;       /* asks for no commands, and for no session with some in it */
	int keepalive_s; /* as configured, or less because the broker says so */
	char password[CONF_PASSWORD_MAX + 1];
	char ca[PATH_MAX], cert[PATH_MAX], key[PATH_MAX];
	char why[PATH_MAX + 256];
	struct mqtt_slot slots[MQTT_IN_FLIGHT_MAX + 1];
};

/* From now on paho says when it gets no memory. */
void mqtt_watch_memory(void);

/* On paho's threads. */
void mqtt_on_connected(void *context, MQTTAsync_successData *data);
void mqtt_on_connected5(void *context, MQTTAsync_successData5 *data);
void mqtt_on_refused(void *context, MQTTAsync_failureData *data);
void mqtt_on_refused5(void *context, MQTTAsync_failureData5 *data);
void mqtt_on_lost(void *context, char *cause);
void mqtt_on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason);
int mqtt_on_arrived(void *context, char *topic, int length, MQTTAsync_message *message);
void mqtt_on_delivered(void *context, MQTTAsync_successData *data);
void mqtt_on_delivered5(void *context, MQTTAsync_successData5 *data);
void mqtt_on_failed(void *context, MQTTAsync_failureData *data);
void mqtt_on_failed5(void *context, MQTTAsync_failureData5 *data);
void mqtt_on_deaf(void *context, MQTTAsync_failureData *data);
void mqtt_on_deaf5(void *context, MQTTAsync_failureData5 *data);
void mqtt_on_unheard(void *context, MQTTAsync_failureData *data);
void mqtt_on_unheard5(void *context, MQTTAsync_failureData5 *data);

#endif
