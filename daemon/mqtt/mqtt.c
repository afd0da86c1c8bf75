/* SPDX-License-Identifier: MIT */
#include "mqtt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "mqtt_inside.h"
#include "mqtt_reason.h"

#define DISCONNECT_MS 200
/* Every message in flight may answer at once, and the connection has something to say. */
#define EVENTS_MAX (2 * MQTT_IN_FLIGHT_MAX + 64)

struct mqtt *mqtt_new(const struct mqtt_setup *setup, void (*wake)(void *ctx), void *ctx)
{
	/* OpenSSL makes itself ready where it is used, which without TLS is nowhere */
	MQTTAsync_init_options no_openssl = MQTTAsync_init_options_initializer;
	struct mqtt *mqtt = calloc(1, sizeof(*mqtt));
	if (!mqtt)
		return NULL;
	MQTTAsync_global_init(&no_openssl);
	mqtt->setup = setup;
	mqtt->wake = wake;
	mqtt->ctx = ctx;
	mqtt->version.automatic = setup->conf->version == MQTT_VERSION_AUTO;
	mqtt->will_retain = true;
	mqtt->will_qos = 1;
	mqtt->keepalive_s = setup->conf->keepalive_s;
	mqtt_watch_memory();
	mqtt->calls = queue_new(EVENTS_MAX, sizeof(struct mqtt_call));
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

void mqtt_make_deaf(struct mqtt *mqtt, bool deaf)
{
	mqtt->deaf = deaf;
}

/* How a filter is subscribed to. */
struct asked {
	int qos;
	bool as_published; /* what is published retained shows it even when it comes at once */
	bool commands;     /* a refusal leaves the station deaf; else it is told alone */
	int stored;        /* 0: what the broker keeps comes each time, 1: with a new subscription,
			      2: never */
};

static void subscribe_to(struct mqtt *mqtt, const char *filter, struct asked asked)
{
	MQTTAsync_responseOptions call = MQTTAsync_responseOptions_initializer;
	call.context = &mqtt->slots[0];
	call.subscribeOptions.retainAsPublished = asked.as_published;
	call.subscribeOptions.retainHandling = (unsigned char)asked.stored;
	if (mqtt->version.old)
		call.onFailure = asked.commands ? mqtt_on_deaf : mqtt_on_unheard;
	else
		call.onFailure5 = asked.commands ? mqtt_on_deaf5 : mqtt_on_unheard5;
	MQTTAsync_subscribe(mqtt->client, filter, asked.qos, &call);
}

static void subscribe_below(struct mqtt *mqtt, const char *station, const char *topic,
			    struct asked asked)
{
	char filter[MQTT_TOPIC_MAX];
	snprintf(filter, sizeof(filter), "%s%s/%s", mqtt->setup->stations, station, topic);
	subscribe_to(mqtt, filter, asked);
}

void mqtt_subscribe(struct mqtt *mqtt)
{
	static const struct asked command = {1, true, true, 1}, other = {1, true, false, 1},
				  state = {1, false, false, 0}, life = {0, false, false, 2};
	const struct mqtt_setup *setup = mqtt->setup;
	char filter[MQTT_TOPIC_MAX];
	snprintf(filter, sizeof(filter), "%s#", setup->commands);
	subscribe_to(mqtt, filter, command);
	if (setup->hears_hours)
		subscribe_below(mqtt, "+", MQTT_HOURS, other);
	if (setup->hears_words) {
		subscribe_below(mqtt, "+", MQTT_STATE, state);
		subscribe_below(mqtt, "+", MQTT_REPLY, other);
	}
	if (setup->district) { /* what waited meanwhile is no sign of life */
		subscribe_below(mqtt, setup->district, MQTT_STATE, life);
		subscribe_below(mqtt, setup->district, MQTT_MINUTE, life);
	}
}

static struct mqtt_slot *find_free_slot(struct mqtt *mqtt)
{
	for (int i = 1; i <= MQTT_IN_FLIGHT_MAX; i++) {
		if (!mqtt->slots[i].used)
			return &mqtt->slots[i];
	}
	return NULL;
}

static const char *find_content_type(const struct mqtt_message *message)
{
	return message->payload[0] == '<' ? "application/cap+xml" : "application/json";
}

/* Bytes of a variable byte integer. */
static size_t measure_length(size_t n)
{
	return n < 128 ? 1 : n < 16384 ? 2 : n < 2097152 ? 3 : 4;
}

size_t mqtt_packet_size(const struct mqtt_message *message)
{
	size_t properties = 3 + strlen(find_content_type(message));
	properties += message->expiry_s > 0 ? 5 : 0;
	size_t rest = 2 + strlen(message->topic) + (message->qos > 0 ? 2 : 0) +
		      measure_length(properties) + properties + strlen(message->payload);
	return 1 + measure_length(rest) + rest;
}

static int send_message(struct mqtt *mqtt, const struct mqtt_message *message,
			struct mqtt_slot *slot)
{
	MQTTAsync_message out = MQTTAsync_message_initializer;
	MQTTAsync_responseOptions call = MQTTAsync_responseOptions_initializer;
	MQTTProperty type = {.identifier = MQTTPROPERTY_CODE_CONTENT_TYPE};
	char content[MQTT_CONTENT_MAX];
	snprintf(content, sizeof(content), "%s", find_content_type(message));
	type.value.data = (MQTTLenString){(int)strlen(content), content};
	if (!mqtt->version.old)
		MQTTProperties_add(&out.properties, &type);
	MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
			       .value.integer4 = (unsigned)message->expiry_s};
	if (!mqtt->version.old && message->expiry_s > 0)
		MQTTProperties_add(&out.properties, &expiry);
	out.payload = message->payload;
	out.payloadlen = (int)strlen(message->payload);
	out.qos = message->qos < mqtt->limits.qos ? message->qos : mqtt->limits.qos;
	out.retained = message->retain && mqtt->limits.retain;
	if (slot && mqtt->version.old) {
		call.onSuccess = mqtt_on_delivered;
		call.onFailure = mqtt_on_failed;
	} else if (slot) {
		call.onSuccess5 = mqtt_on_delivered5;
		call.onFailure5 = mqtt_on_failed5;
	}
	call.context = slot;
	int rc = MQTTAsync_sendMessage(mqtt->client, message->topic, &out, &call);
	MQTTProperties_free(&out.properties);
	return rc;
}

bool mqtt_publish(struct mqtt *mqtt, const struct mqtt_message *message)
{
	struct mqtt_slot *slot = message->qos > 0 ? find_free_slot(mqtt) : NULL;
	if (!mqtt->connected || (message->qos > 0 && !slot))
		return false;
	if (slot)
		*slot = (struct mqtt_slot){mqtt, mqtt->epoch, true, message->tag};
	if (send_message(mqtt, message, slot) == MQTTASYNC_SUCCESS)
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

bool mqtt_has_room(const struct mqtt *mqtt)
{
	return !mqtt->connected || mqtt_in_flight(mqtt) < mqtt->limits.in_flight;
}

bool mqtt_next_host(struct mqtt *mqtt)
{
	const struct mqtt_conf *conf = mqtt->setup->conf;
	mqtt->host = (mqtt->host + 1) % conf->n_hosts;
	mqtt->tried = (mqtt->tried + 1) % conf->n_hosts;
	return mqtt->tried > 0;
}

int mqtt_host(const struct mqtt *mqtt)
{
	return mqtt->host;
}

/* What another attempt may do better at once: another version, or a last will that it takes. */
static bool find_another_way(struct mqtt *mqtt, const struct mqtt_event *lost)
{
	if (lost->loss == MQTT_LOSS_SILENT)
		return mqtt_version_refused(&mqtt->version, 0, clock_monotonic_ms());
	if (lost->loss != MQTT_LOSS_REFUSED)
		return false;
	if (lost->code == MQTT_NO_RETAIN && mqtt->will_retain) {
		mqtt->will_retain = false;
		return true;
	}
	if (lost->code == MQTT_NO_QOS && mqtt->will_qos > 0) {
		mqtt->will_qos = 0;
		return true;
	}
	return mqtt_version_refused(&mqtt->version, lost->code, clock_monotonic_ms());
}

/* The connection is made once more if the broker's keep alive is shorter than what was asked. */
static void take_limits(struct mqtt *mqtt, struct mqtt_event *connected)
{
	mqtt->connected = true;
	mqtt->tried = 0;
	mqtt->limits = connected->limits;
	mqtt->will_retain = connected->limits.retain;
	mqtt->will_qos = connected->limits.qos;
	int keepalive_s = connected->limits.keepalive_s;
	connected->again = keepalive_s > 0 && keepalive_s < mqtt->keepalive_s;
	if (connected->again)
		mqtt->keepalive_s = keepalive_s;
}

bool mqtt_next_event(struct mqtt *mqtt, struct mqtt_event *ret)
{
	struct mqtt_call call;
	while (queue_take(mqtt->calls, &call)) {
		struct mqtt_slot *slot = &mqtt->slots[call.slot];
		if (call.epoch != mqtt->epoch || !slot->used)
			continue;
		if (call.slot > 0)
			slot->used = false;
		*ret = call.event;
		ret->tag = slot->tag;
		ret->host = mqtt->host;
		if (ret->kind == MQTT_EVENT_CONNECTED)
			take_limits(mqtt, ret);
		else if (ret->kind == MQTT_EVENT_LOST)
			ret->again = find_another_way(mqtt, ret);
		return true;
	}
	return false;
}

void mqtt_disconnect(struct mqtt *mqtt)
{
	MQTTAsync_disconnectOptions options5 = MQTTAsync_disconnectOptions_initializer5;
	MQTTAsync_disconnectOptions options3 = MQTTAsync_disconnectOptions_initializer;
	MQTTAsync_disconnectOptions options = mqtt->version.old ? options3 : options5;
	options.timeout = DISCONNECT_MS;
	if (mqtt->connected)
		MQTTAsync_disconnect(mqtt->client, &options);
}
