/* SPDX-License-Identifier: MIT */
/* What paho's threads tell ours: they put an event into the queue and do nothing else. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "mqtt_inside.h"
#include "mqtt_reason.h"
#include "words.h"

/* So paho 1.3.12 calls the end of a connection between CONNECT and CONNACK. */
static const char *const silent_ends[] = {"TCP connect completion failure", "socket error"};

static void tell_event(void *context, const struct mqtt_event *event)
{
	struct mqtt_slot *slot = context;
	struct mqtt *mqtt = slot->mqtt;
	struct mqtt_call call = {.event = *event, .epoch = slot->epoch};
	call.slot = (int)(slot - mqtt->slots);
	queue_put(mqtt->calls, &call);
	mqtt->wake(mqtt->ctx);
}

static void tell_answer(void *context, enum mqtt_event_kind kind, int code)
{
	struct mqtt_event event = {.kind = kind, .code = code};
	tell_event(context, &event);
}

/* ---- the connection ---- */

/* paho tells of its own errors in the words of its trace only. */
static atomic_bool choked;

static void on_trace(enum MQTTASYNC_TRACE_LEVELS level, char *message)
{
	(void)level;
	if (strstr(message, "Memory allocation error"))
		atomic_store(&choked, true);
}

void mqtt_watch_memory(void)
{
	MQTTAsync_setTraceCallback(on_trace);
	MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
}

static struct mqtt_limits no_limits(void)
{
	return (struct mqtt_limits){.in_flight = MQTT_IN_FLIGHT_MAX, .qos = 1, .retain = true};
}

static void read_limit(MQTTProperties *properties, enum MQTTPropertyCodes code, int64_t *ret)
{
	if (MQTTProperties_hasProperty(properties, code))
		*ret = (uint32_t)MQTTProperties_getNumericValue(properties, code);
}

static struct mqtt_limits limits_of(MQTTProperties *properties)
{
	struct mqtt_limits limits = no_limits();
	int64_t in_flight = MQTT_IN_FLIGHT_MAX, qos = 1, retain = 1, keepalive_s = 0, packet = 0;
	read_limit(properties, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, &in_flight);
	read_limit(properties, MQTTPROPERTY_CODE_MAXIMUM_QOS, &qos);
	read_limit(properties, MQTTPROPERTY_CODE_RETAIN_AVAILABLE, &retain);
	read_limit(properties, MQTTPROPERTY_CODE_SERVER_KEEP_ALIVE, &keepalive_s);
	read_limit(properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE, &packet);
	if (in_flight > 0 && in_flight < MQTT_IN_FLIGHT_MAX)
		limits.in_flight = (int)in_flight;
	limits.qos = qos < 1 ? 0 : 1;
	limits.retain = retain != 0;
	limits.keepalive_s = (int)keepalive_s;
	limits.packet_max = packet;
	return limits;
}

void mqtt_on_connected(void *context, MQTTAsync_successData *data)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_CONNECTED,
				   .old = true,
				   .session = data && data->alt.connect.sessionPresent,
				   .limits = no_limits()};
	tell_event(context, &event);
}

void mqtt_on_connected5(void *context, MQTTAsync_successData5 *data)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_CONNECTED,
				   .session = data->alt.connect.sessionPresent,
				   .limits = limits_of(&data->properties)};
	tell_event(context, &event);
}

/* A positive code is the CONNACK's, a negative one paho's own. */
static void tell_refused(void *context, int code, const char *message)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_LOST, .loss = MQTT_LOSS_NO_LINK};
	char reason[MQTT_REASON_MAX];
	for (size_t i = 0; message && i < sizeof(silent_ends) / sizeof(*silent_ends); i++) {
		if (strcmp(message, silent_ends[i]) == 0)
			event.loss = MQTT_LOSS_SILENT;
	}
	if (code > 0) {
		event.loss = MQTT_LOSS_REFUSED;
		event.code = code;
		snprintf(event.text, sizeof(event.text), tr("the broker refuses: %s"),
			 mqtt_reason_text(code, reason));
	} else if (event.loss == MQTT_LOSS_SILENT) {
		snprintf(event.text, sizeof(event.text), "%s",
			 tr("the broker hung up on the CONNECT without an answer"));
	} else {
		snprintf(event.text, sizeof(event.text), "%s",
			 message ? message : MQTTAsync_strerror(code));
	}
	tell_event(context, &event);
}

void mqtt_on_refused(void *context, MQTTAsync_failureData *data)
{
	tell_refused(context, data ? data->code : 0, data ? data->message : NULL);
}

void mqtt_on_refused5(void *context, MQTTAsync_failureData5 *data)
{
	int code = data->reasonCode > 0 ? (int)data->reasonCode : data->code;
	tell_refused(context, code, data->message);
}

void mqtt_on_lost(void *context, char *cause)
{
	struct mqtt_event event = {.kind = MQTT_EVENT_LOST, .loss = MQTT_LOSS_HUNG_UP};
	const char *why = cause ? cause : tr("the broker hung up or did not answer");
	if (atomic_exchange(&choked, false)) {
		event.loss = MQTT_LOSS_OWN;
		event.code = MQTT_CHOKED;
		why = tr("a message came that is larger than the memory allowed");
	}
	snprintf(event.text, sizeof(event.text), "%s", why);
	tell_event(context, &event);
}

/* The broker says why it hangs up (MQTT 5); that the connection is lost follows, and is old news.
 */
void mqtt_on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
	struct mqtt_event event = {
		.kind = MQTT_EVENT_LOST, .loss = MQTT_LOSS_HUNG_UP, .code = (int)reason};
	char text[MQTT_REASON_MAX];
	(void)properties;
	snprintf(event.text, sizeof(event.text), tr("the broker hung up: %s"),
		 mqtt_reason_text((int)reason, text));
	tell_event(context, &event);
}

/* ---- commands ---- */

/* The rest of a command's topic; NULL if it is none. */
static const char *command_kind(const struct mqtt *mqtt, const char *topic)
{
	size_t n = strlen(mqtt->setup->commands);
	return strncmp(topic, mqtt->setup->commands, n) == 0 ? topic + n : NULL;
}

/* What stands behind a station's id in a topic below all stations; NULL: it is none. */
static const char *find_station(const struct mqtt *mqtt, const char *topic,
				char ret_id[MQTT_TOPIC_MAX])
{
	size_t n = strlen(mqtt->setup->stations);
	if (n == 0 || strncmp(topic, mqtt->setup->stations, n) != 0)
		return NULL;
	const char *rest = strchr(topic + n, '/');
	if (!rest)
		return NULL;
	snprintf(ret_id, MQTT_TOPIC_MAX, "%.*s", (int)(rest - topic - (ptrdiff_t)n), topic + n);
	return rest + 1;
}

int mqtt_on_arrived(void *context, char *topic, int length, MQTTAsync_message *message)
{
	const struct mqtt_slot *slot = context;
	const struct mqtt_setup *setup = slot->mqtt->setup;
	(void)length; /* 0 if the topic has no NUL in it, which a '#' of ours never matches */
	const char *kind = command_kind(slot->mqtt, topic);
	char station[MQTT_TOPIC_MAX];
	const char *rest = kind ? NULL : find_station(slot->mqtt, topic, station);
	if (rest) {
		const struct mqtt_told told = {station, rest, message->retained != 0,
					       message->payload, message->payloadlen};
		setup->ear(setup->gate_ctx, &told);
	}
	if (kind)
		setup->gate(setup->gate_ctx, kind, message->retained != 0, message->payload,
			    message->payloadlen);
	MQTTAsync_freeMessage(&message);
	MQTTAsync_free(topic);
	return 1;
}

/* ---- messages ---- */

void mqtt_on_delivered(void *context, MQTTAsync_successData *data)
{
	(void)data;
	tell_answer(context, MQTT_EVENT_DELIVERED, 0);
}

void mqtt_on_delivered5(void *context, MQTTAsync_successData5 *data)
{
	(void)data;
	tell_answer(context, MQTT_EVENT_DELIVERED, 0);
}

void mqtt_on_failed(void *context, MQTTAsync_failureData *data)
{
	tell_answer(context, MQTT_EVENT_FAILED, data ? data->code : 0);
}

/* Without data->packet_type, which paho 1.3.12 reads from a packet that it has freed. */
void mqtt_on_failed5(void *context, MQTTAsync_failureData5 *data)
{
	bool refused = data->reasonCode >= 0x80;
	tell_answer(context, refused ? MQTT_EVENT_REFUSED : MQTT_EVENT_FAILED,
		    refused ? (int)data->reasonCode : data->code);
}

void mqtt_on_deaf(void *context, MQTTAsync_failureData *data)
{
	tell_answer(context, MQTT_EVENT_DEAF, data ? data->code : 0);
}

void mqtt_on_deaf5(void *context, MQTTAsync_failureData5 *data)
{
	tell_answer(context, MQTT_EVENT_DEAF, (int)data->reasonCode);
}

void mqtt_on_unheard(void *context, MQTTAsync_failureData *data)
{
	tell_answer(context, MQTT_EVENT_UNHEARD, data ? data->code : 0);
}

void mqtt_on_unheard5(void *context, MQTTAsync_failureData5 *data)
{
	tell_answer(context, MQTT_EVENT_UNHEARD, (int)data->reasonCode);
}
