/* SPDX-License-Identifier: MIT */
#include "mqtt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt_inside.h"

#define DISCONNECT_MS 200
/* Every message in flight may answer at once, the connection too, and commands come. */
#define EVENTS_MAX (2 * MQTT_IN_FLIGHT_MAX + 1024)
#define REFUSED_PROTOCOL 0x84
#define REFUSED_PROTOCOL_OLD 1 /* so a broker says it that knows no MQTT 5 */

/* What paho's threads tell ours. */
struct call {
	struct mqtt_event event;
	unsigned epoch; /* of the client that spoke */
	int slot;
};

/* ---- callbacks, on paho's threads: enqueue and nothing else ---- */

void mqtt_tell(struct mqtt_slot *slot, const struct mqtt_event *event)
{
	struct mqtt *mqtt = slot->mqtt;
	struct call call = {.event = *event, .epoch = slot->epoch};
	call.slot = (int)(slot - mqtt->slots);
	if (!queue_put(mqtt->calls, &call))
		free(event->payload);
	mqtt->wake(mqtt->ctx);
}

static void tell(void *context, enum mqtt_event_kind kind, int code, const char *text)
{
	struct mqtt_event event = {.kind = kind, .code = code};
	snprintf(event.text, sizeof(event.text), "%s", text ? text : "");
	mqtt_tell(context, &event);
}

void mqtt_on_connected(void *context, MQTTAsync_successData *data)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_CONNECTED,
				   .old = true,
				   .session = data && data->alt.connect.sessionPresent};
	mqtt_tell(context, &event);
}

void mqtt_on_connected5(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_CONNECTED,
				   .session = data && data->alt.connect.sessionPresent};
	mqtt_tell(context, &event);
}

void mqtt_on_refused(void *context, MQTTAsync_failureData *data)
{
	const char *text = data ? data->message : NULL;
	int code = data ? data->code : 0;
	tell(context, MQTT_EVENT_LOST, code, text ? text : MQTTAsync_strerror(code));
}

void mqtt_on_refused5(void *context, MQTTAsync_failureData5 *data)
{
	const char *text = data->message;
	int code = data->reasonCode > 0 ? (int)data->reasonCode : data->code;
	if (!text && data->reasonCode > 0)
		text = MQTTReasonCode_toString(data->reasonCode);
	tell(context, MQTT_EVENT_LOST, code, text ? text : MQTTAsync_strerror(data->code));
}

void mqtt_on_lost(void *context, char *cause)
{
	tell(context, MQTT_EVENT_LOST, 0, cause ? cause : "connection lost");
}

/* The broker says why it hangs up (MQTT 5); that the connection is lost follows, and is old news.
 */
void mqtt_on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
	(void)properties;
	const char *text = MQTTReasonCode_toString(reason);
	if (reason == MQTT_TAKEN_OVER)
		text = "another client connected with the same client id";
	tell(context, MQTT_EVENT_LOST, (int)reason, text ? text : "the broker hung up");
}

/* The rest of a command's topic; NULL if it is none. */
static const char *command_kind(const struct mqtt *mqtt, const char *topic)
{
	size_t n = strlen(mqtt->setup->commands);
	return strncmp(topic, mqtt->setup->commands, n) == 0 ? topic + n : NULL;
}

static void take_command(struct mqtt_slot *slot, const char *kind, const MQTTAsync_message *message)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_COMMAND,
				   .retained = message->retained != 0,
				   .length = message->payloadlen};
	const struct mqtt_setup *setup = slot->mqtt->setup;
	if (!setup->gate(setup->gate_ctx, kind, message->payload, message->payloadlen))
		return;
	event.payload = malloc((size_t)message->payloadlen + 1);
	if (!event.payload)
		return;
	memcpy(event.payload, message->payload, (size_t)message->payloadlen);
	event.payload[message->payloadlen] = '\0';
	snprintf(event.text, sizeof(event.text), "%s", kind);
	mqtt_tell(slot, &event);
}

int mqtt_on_arrived(void *context, char *topic, int length, MQTTAsync_message *message)
{
	struct mqtt_slot *slot = context;
	(void)length; /* 0 if the topic has no NUL in it, which a '#' of ours never matches */
	const char *kind = command_kind(slot->mqtt, topic);
	if (kind)
		take_command(slot, kind, message);
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

static void on_delivered(void *context, MQTTAsync_successData *data)
{
	(void)data;
	tell(context, MQTT_EVENT_DELIVERED, 0, NULL);
}

static void on_delivered5(void *context, MQTTAsync_successData5 *data)
{
	(void)data;
	tell(context, MQTT_EVENT_DELIVERED, 0, NULL);
}

static void on_failed(void *context, MQTTAsync_failureData *data)
{
	tell(context, MQTT_EVENT_FAILED, data ? data->code : 0, NULL);
}

/* Without data->packet_type, which paho 1.3.12 reads from a packet that it has freed. */
static void on_failed5(void *context, MQTTAsync_failureData5 *data)
{
	bool refused = data->reasonCode >= 0x80;
	tell(context, refused ? MQTT_EVENT_REFUSED : MQTT_EVENT_FAILED,
	     refused ? (int)data->reasonCode : data->code, NULL);
}

static void on_deaf(void *context, MQTTAsync_failureData *data)
{
	tell(context, MQTT_EVENT_DEAF, data ? data->code : 0, NULL);
}

static void on_deaf5(void *context, MQTTAsync_failureData5 *data)
{
	tell(context, MQTT_EVENT_DEAF, (int)data->reasonCode, NULL);
}

/* ---- our thread ---- */

struct mqtt *mqtt_new(const struct mqtt_setup *setup, void (*wake)(void *ctx), void *ctx)
{
	struct mqtt *mqtt = calloc(1, sizeof(*mqtt));
	if (!mqtt)
		return NULL;
	mqtt->setup = setup;
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
	struct call call;
	if (!mqtt)
		return NULL;
	mqtt_drop(mqtt);
	while (mqtt->calls && queue_take(mqtt->calls, &call))
		free(call.event.payload);
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

/* Nothing that is retained comes again with a subscription that stands; a retained command shows
 * its flag even when it comes at once. */
void mqtt_subscribe(struct mqtt *mqtt)
{
	MQTTAsync_responseOptions call = MQTTAsync_responseOptions_initializer;
	char filter[MQTT_TOPIC_MAX];
	snprintf(filter, sizeof(filter), "%s#", mqtt->setup->commands);
	call.context = &mqtt->slots[0];
	call.subscribeOptions.retainAsPublished = 1;
	call.subscribeOptions.retainHandling = 1;
	if (mqtt->old)
		call.onFailure = on_deaf;
	else
		call.onFailure5 = on_deaf5;
	MQTTAsync_subscribe(mqtt->client, filter, 1, &call);
}

static struct mqtt_slot *free_slot(struct mqtt *mqtt)
{
	for (int i = 1; i <= MQTT_IN_FLIGHT_MAX; i++) {
		if (!mqtt->slots[i].used)
			return &mqtt->slots[i];
	}
	return NULL;
}

static int send(struct mqtt *mqtt, const struct mqtt_message *message, struct mqtt_slot *slot)
{
	MQTTAsync_message out = MQTTAsync_message_initializer;
	MQTTAsync_responseOptions call = MQTTAsync_responseOptions_initializer;
	MQTTProperty type = {.identifier = MQTTPROPERTY_CODE_CONTENT_TYPE};
	char json[] = "application/json", xml[] = "application/cap+xml";
	char *content = message->payload[0] == '<' ? xml : json;
	type.value.data = (MQTTLenString){(int)strlen(content), content};
	if (!mqtt->old)
		MQTTProperties_add(&out.properties, &type);
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
			       .value.integer4 = (unsigned)message->expiry_s};
	if (!mqtt->old && message->expiry_s > 0)
		MQTTProperties_add(&out.properties, &expiry);
	out.payload = message->payload;
	out.payloadlen = (int)strlen(message->payload);
	out.qos = message->qos;
	out.retained = message->retain;
	if (slot && mqtt->old) {
		call.onSuccess = on_delivered;
		call.onFailure = on_failed;
	} else if (slot) {
		call.onSuccess5 = on_delivered5;
		call.onFailure5 = on_failed5;
	}
	call.context = slot;
	int rc = MQTTAsync_sendMessage(mqtt->client, message->topic, &out, &call);
	MQTTProperties_free(&out.properties);
	return rc;
}

bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message)
{
	struct mqtt_slot *slot = message->qos > 0 ? free_slot(mqtt) : NULL;
	if (!mqtt->connected || (message->qos > 0 && !slot))
		return false;
	if (slot)
		*slot = (struct mqtt_slot){mqtt, mqtt->epoch, true, message->tag};
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

/* A broker without MQTT 5 is asked again in its own words, one that was lost in ours. */
static void choose_version(struct mqtt *mqtt, const struct mqtt_event *lost)
{
	bool refused = !mqtt->connected &&
		       (lost->code == REFUSED_PROTOCOL || lost->code == REFUSED_PROTOCOL_OLD);
	mqtt->old = !mqtt->old && refused && mqtt->setup->conf->version == MQTT_VERSION_AUTO;
}

bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret)
{
	struct call call;
	while (queue_take(mqtt->calls, &call)) {
		struct mqtt_slot *slot = &mqtt->slots[call.slot];
		bool command = call.event.kind == MQTT_EVENT_COMMAND; /* acknowledged: never lost */
		if (!command && (call.epoch != mqtt->epoch || !slot->used)) {
			free(call.event.payload);
			continue;
		}
		if (call.slot > 0)
			slot->used = false;
		if (call.event.kind == MQTT_EVENT_CONNECTED)
			mqtt->connected = true;
		else if (call.event.kind == MQTT_EVENT_LOST)
			choose_version(mqtt, &call.event);
		*ret = call.event;
		ret->tag = slot->tag;
		return true;
	}
	return false;
}

void mqtt_disconnect(struct mqtt *mqtt)
{
	MQTTAsync_disconnectOptions options5 = MQTTAsync_disconnectOptions_initializer5;
	MQTTAsync_disconnectOptions options3 = MQTTAsync_disconnectOptions_initializer;
	MQTTAsync_disconnectOptions options = mqtt->old ? options3 : options5;
	options.timeout = DISCONNECT_MS;
	if (mqtt->connected)
		MQTTAsync_disconnect(mqtt->client, &options);
}
