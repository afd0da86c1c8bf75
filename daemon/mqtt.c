/* SPDX-License-Identifier: MIT */
#include "mqtt.h"

#include <MQTTAsync.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "queue.h"

#define CONNECT_TIMEOUT_S 10
#define SESSION_EXPIRY_S (7 * 24 * 3600)
#define PACKET_MAX_BYTES (66 * 1024)
#define DISCONNECT_MS 200
/* Every message in flight may answer at once, the connection too. */
#define EVENTS_MAX (2 * MQTT_IN_FLIGHT_MAX)

/* What paho's threads tell ours. */
struct call {
	enum mqtt_event_kind kind;
	unsigned epoch; /* of the client that spoke */
	int slot, code;
	char text[96];
};

/* A call into paho that will be answered: slot 0 is the connection, the others are messages of
 * QoS 1. Lives as long as the client: paho may call back inside destroy. */
struct slot {
	struct mqtt *mqtt;
	unsigned epoch;
	bool used;
	int64_t tag;
};

struct mqtt {
	const struct mqtt_conf *conf;
	const struct mqtt_message *will;
	void (*wake)(void *ctx);
	void *ctx;
	struct queue *calls; /* struct call */
	MQTTAsync client;
	unsigned epoch;
	bool connected;
	char password[256];
	struct slot slots[MQTT_IN_FLIGHT_MAX + 1];
};

/* ---- callbacks, on paho's threads: enqueue and nothing else ---- */

static void tell(const struct slot *slot, enum mqtt_event_kind kind, int code, const char *text)
{
	struct mqtt *mqtt = slot->mqtt;
	struct call call = {.kind = kind, .epoch = slot->epoch, .code = code};
	call.slot = (int)(slot - mqtt->slots);
	snprintf(call.text, sizeof(call.text), "%s", text ? text : "");
	queue_put(mqtt->calls, &call);
	mqtt->wake(mqtt->ctx);
}

static void on_connected(void *context, MQTTAsync_successData5 *data)
{
	(void)data;
	tell(context, MQTT_EVENT_CONNECTED, 0, NULL);
}

static void on_connect_failed(void *context, MQTTAsync_failureData5 *data)
{
	const char *text = data->message;
	if (!text && data->reasonCode > 0)
		text = MQTTReasonCode_toString(data->reasonCode);
	tell(context, MQTT_EVENT_LOST, data->code, text ? text : MQTTAsync_strerror(data->code));
}

static void on_lost(void *context, char *cause)
{
	tell(context, MQTT_EVENT_LOST, 0, cause ? cause : "connection lost");
}

static int on_arrived(void *context, char *topic, int length, MQTTAsync_message *message)
{
	(void)context, (void)length;
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static void on_delivered(void *context, MQTTAsync_successData5 *data)
{
	(void)data;
	tell(context, MQTT_EVENT_DELIVERED, 0, NULL);
}

static void on_failed(void *context, MQTTAsync_failureData5 *data)
{
	bool refused = data->reasonCode >= 0x80;
	tell(context, refused ? MQTT_EVENT_REFUSED : MQTT_EVENT_FAILED,
	     refused ? (int)data->reasonCode : data->code, NULL);
}

/* ---- our thread ---- */

struct mqtt *mqtt_new(const struct mqtt_conf *conf, const struct mqtt_message *will,
		      void (*wake)(void *ctx), void *ctx)
{
	struct mqtt *mqtt = calloc(1, sizeof(*mqtt));
	if (!mqtt)
		return NULL;
	mqtt->conf = conf;
	mqtt->will = will;
	mqtt->wake = wake;
	mqtt->ctx = ctx;
	mqtt->calls = queue_new(EVENTS_MAX, sizeof(struct call));
	if (!mqtt->calls)
		return mqtt_free(mqtt);
	for (int i = 0; i <= MQTT_IN_FLIGHT_MAX; i++)
		mqtt->slots[i].mqtt = mqtt;
	return mqtt;
}

struct mqtt *mqtt_free(struct mqtt *mqtt)
{
	if (!mqtt)
		return NULL;
	mqtt_drop(mqtt);
	queue_free(mqtt->calls);
	free(mqtt);
	return NULL;
}

void mqtt_drop(struct mqtt *mqtt)
{
	mqtt->epoch++; /* what the old client still says is not heard */
	mqtt->connected = false;
	if (mqtt->client)
		MQTTAsync_destroy(&mqtt->client);
	mqtt->client = NULL;
	for (int i = 0; i <= MQTT_IN_FLIGHT_MAX; i++)
		mqtt->slots[i].used = false;
}

/* Read at each connect, so that a new password needs no restart. */
static const char *read_password(struct mqtt *mqtt)
{
	if (!mqtt->conf->password_file)
		return NULL;
	FILE *file = fopen(mqtt->conf->password_file, "re");
	if (!file) {
		log_error("mqtt: password file %s: %s", mqtt->conf->password_file, strerror(errno));
		return NULL;
	}
	if (!fgets(mqtt->password, sizeof(mqtt->password), file))
		mqtt->password[0] = '\0';
	fclose(file);
	mqtt->password[strcspn(mqtt->password, "\r\n")] = '\0';
	return mqtt->password;
}

static int create_client(struct mqtt *mqtt)
{
	MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
	char uri[300];
	bool ipv6 = strchr(mqtt->conf->host, ':') != NULL;
	snprintf(uri, sizeof(uri), ipv6 ? "tcp://[%s]:%d" : "tcp://%s:%d", mqtt->conf->host,
		 mqtt->conf->port);
	int rc = MQTTAsync_createWithOptions(&mqtt->client, uri, mqtt->conf->client_id,
					     MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
	if (rc != MQTTASYNC_SUCCESS)
		return rc;
	return MQTTAsync_setCallbacks(mqtt->client, &mqtt->slots[0], on_lost, on_arrived, NULL);
}

static int call_connect(struct mqtt *mqtt)
{
	MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
	MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
	MQTTProperties properties = MQTTProperties_initializer;
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL,
			       .value.integer4 = SESSION_EXPIRY_S};
	MQTTProperty largest = {.identifier = MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
				.value.integer4 = PACKET_MAX_BYTES};
	MQTTProperties_add(&properties, &expiry);
	MQTTProperties_add(&properties, &largest);
	will.topicName = mqtt->will->topic;
	will.message = mqtt->will->payload;
	will.qos = 1;
	will.retained = 1;
	options.will = &will;
	options.keepAliveInterval = mqtt->conf->keepalive_s;
	options.connectTimeout = CONNECT_TIMEOUT_S;
	options.cleanstart = 0;
	options.maxInflight = MQTT_IN_FLIGHT_MAX;
	options.username = mqtt->conf->username;
	options.password = read_password(mqtt);
	options.connectProperties = &properties;
	options.onSuccess5 = on_connected;
	options.onFailure5 = on_connect_failed;
	options.context = &mqtt->slots[0];
	int rc = MQTTAsync_connect(mqtt->client, &options);
	MQTTProperties_free(&properties);
	return rc;
}

const char *mqtt_connect(struct mqtt *mqtt)
{
	mqtt_drop(mqtt);
	mqtt->slots[0].epoch = mqtt->epoch;
	mqtt->slots[0].used = true;
	int rc = create_client(mqtt);
	if (rc == MQTTASYNC_SUCCESS)
		rc = call_connect(mqtt);
	return rc == MQTTASYNC_SUCCESS ? NULL : MQTTAsync_strerror(rc);
}

static struct slot *free_slot(struct mqtt *mqtt)
{
	for (int i = 1; i <= MQTT_IN_FLIGHT_MAX; i++) {
		if (!mqtt->slots[i].used)
			return &mqtt->slots[i];
	}
	return NULL;
}

static int send(struct mqtt *mqtt, const struct mqtt_message *message, struct slot *slot)
{
	MQTTAsync_message out = MQTTAsync_message_initializer;
	MQTTAsync_responseOptions call = MQTTAsync_responseOptions_initializer;
	MQTTProperty type = {.identifier = MQTTPROPERTY_CODE_CONTENT_TYPE};
	char json[] = "application/json";
	type.value.data = (MQTTLenString){(int)strlen(json), json};
	MQTTProperties_add(&out.properties, &type);
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
			       .value.integer4 = (unsigned)message->expiry_s};
	if (message->expiry_s > 0)
		MQTTProperties_add(&out.properties, &expiry);
	out.payload = message->payload;
	out.payloadlen = (int)strlen(message->payload);
	out.qos = message->qos;
	out.retained = message->retain;
	if (slot) {
		call.onSuccess5 = on_delivered;
		call.onFailure5 = on_failed;
		call.context = slot;
	}
	int rc = MQTTAsync_sendMessage(mqtt->client, message->topic, &out, &call);
	MQTTProperties_free(&out.properties);
	return rc;
}

bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message)
{
	struct slot *slot = message->qos > 0 ? free_slot(mqtt) : NULL;
	if (!mqtt->connected || (message->qos > 0 && !slot))
		return false;
	if (slot)
		*slot = (struct slot){mqtt, mqtt->epoch, true, message->tag};
	if (send(mqtt, message, slot) == MQTTASYNC_SUCCESS)
		return true;
	if (slot)
		slot->used = false;
	return false;
}

int mqtt_in_flight(const struct mqtt *mqtt)
{
	int n = 0;
	for (int i = 1; i <= MQTT_IN_FLIGHT_MAX; i++)
		n += mqtt->slots[i].used;
	return n;
}

bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret)
{
	struct call call;
	while (queue_take(mqtt->calls, &call)) {
		struct slot *slot = &mqtt->slots[call.slot];
		if (call.epoch != mqtt->epoch || !slot->used)
			continue;
		if (call.slot > 0)
			slot->used = false;
		if (call.kind == MQTT_EVENT_CONNECTED)
			mqtt->connected = true;
		*ret = (struct mqtt_event){.kind = call.kind, .code = call.code, .tag = slot->tag};
		snprintf(ret->text, sizeof(ret->text), "%s", call.text);
		return true;
	}
	return false;
}

void mqtt_disconnect(struct mqtt *mqtt)
{
	MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
	options.timeout = DISCONNECT_MS;
	if (mqtt->connected)
		MQTTAsync_disconnect(mqtt->client, &options);
}
