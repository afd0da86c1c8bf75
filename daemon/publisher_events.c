/* SPDX-License-Identifier: MIT */
/* What the session reports, and what is due every second. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "publisher_inside.h"

#define REPEAT_MS (15 * 60 * 1000)
#define UNBLOCK_MS (5 * 60 * 1000)
#define ANSWER_MS 60000 /* a message in flight is answered by then, or the connection is dead */
#define EVENTS_AT_ONCE 256
#define NOT_AUTHORISED 0x87

static void on_connected(struct publisher *publisher, const struct mqtt_event *event)
{
	struct outbox_counts counts = {0};
	if (!publisher->session) /* it came about while the session was ended */
		return;
	publisher_check_store(publisher, outbox_retry_all(publisher->store));
	publisher_check_store(publisher, outbox_counts(publisher->store, &counts));
	publisher->connected = true;
	publisher->unverified = event->old;
	publisher->online_ms = publisher->now_ms;
	publisher->told_lost = publisher->told_deaf = false;
	log_notice("mqtt: connected to %s port %d%s%s; %lld messages wait",
		   publisher->conf->mqtt.host, publisher->conf->mqtt.port,
		   publisher->conf->mqtt.tls ? " by TLS" : "",
		   event->old ? " with MQTT 3.1.1: a broker of that version acknowledges what it "
				"refuses, delivery is unverified"
			      : "",
		   (long long)counts.pending);
	publisher_repeat_retained(publisher);
	if (!event->session)
		publisher_check_store(publisher,
				      outbox_again(publisher->store, publisher_is_repeated));
}

static void on_lost(struct publisher *publisher, const char *why)
{
	publisher->connected = false;
	memset(publisher->flights, 0, sizeof(publisher->flights));
	if (!publisher->told_lost) {
		log_warning(
			"mqtt: no connection to %s port %d: %s; messages are kept, trying again",
			publisher->conf->mqtt.host, publisher->conf->mqtt.port, why);
		publisher_look(publisher); /* what was answered before */
		publisher_check_store(publisher, outbox_retry_all(publisher->store));
	}
	publisher->told_lost = true;
}

static void on_refused(struct publisher *publisher, const struct mqtt_event *event)
{
	if (!publisher->told_refused)
		log_error("mqtt: the broker refuses messages, first %lld with reason %d%s; they "
			  "are kept and tried again every %d min",
			  (long long)event->tag, event->code,
			  event->code == NOT_AUTHORISED ? " (not authorised: look at its ACL)" : "",
			  UNBLOCK_MS / 60000);
	publisher->told_refused = true;
}

static void on_answer(struct publisher *publisher, const struct mqtt_event *event)
{
	struct flight *flight = publisher_flight(publisher, event->tag);
	bool platform = publisher->conf->mqtt.confirm == MQTT_CONFIRM_PLATFORM;
	struct outbox_answer answer = {.seq = event->tag, .reason = event->code};
	if (!flight)
		return;
	flight->seq = 0;
	answer.now_ms = clock_monotonic_ms();
	if (event->kind == MQTT_EVENT_DELIVERED)
		answer.outcome = platform ? OUTBOX_ACKED : OUTBOX_DELIVERED;
	else if (event->kind == MQTT_EVENT_REFUSED)
		answer.outcome = OUTBOX_REFUSED;
	else
		answer.outcome = OUTBOX_FAILED;
	if (event->kind == MQTT_EVENT_REFUSED)
		on_refused(publisher, event);
	publisher_note(publisher, &answer);
}

static void on_deaf(struct publisher *publisher, int reason)
{
	if (!publisher->told_deaf)
		log_error("mqtt: the broker refuses the subscription to %s# with reason %d: no "
			  "command arrives",
			  publisher->commands, reason);
	publisher->told_deaf = true;
}

static void on_event(struct publisher *publisher, const struct mqtt_event *event)
{
	switch (event->kind) {
	case MQTT_EVENT_CONNECTED:
		on_connected(publisher, event);
		break;
	case MQTT_EVENT_LOST:
		on_lost(publisher, event->text);
		break;
	case MQTT_EVENT_DELIVERED:
	case MQTT_EVENT_REFUSED:
	case MQTT_EVENT_FAILED:
		on_answer(publisher, event);
		break;
	case MQTT_EVENT_DEAF:
		on_deaf(publisher, event->code);
		break;
	case MQTT_EVENT_COMMAND:
		if (publisher->on_command)
			publisher->on_command(publisher->command_ctx, event);
		else
			free(event->payload);
		break;
	}
}

void publisher_listen(struct publisher *publisher)
{
	struct mqtt_event event;
	for (int i = 0; i < EVENTS_AT_ONCE && queue_take(publisher->reports, &event); i++)
		on_event(publisher, &event);
	publisher_look(publisher);
}

/* What the platform has confirmed since the last time, in as few transactions as it needs. */
void publisher_apply_acks(struct publisher *publisher)
{
	struct outbox_answer answer = {.outcome = OUTBOX_CONFIRMED};
	while (gate_next_ack(publisher->gate, &answer.seq)) {
		struct flight *flight = publisher_flight(publisher, answer.seq);
		if (flight && answer.seq != 0)
			flight->seq = 0;
		if (publisher->n_answers == PUBLISHER_ANSWERS_MAX)
			publisher_look(publisher);
		publisher_note(publisher, &answer);
	}
}

/* Told when it ends, as it was when it began. */
static void look_at_refused(struct publisher *publisher)
{
	struct outbox_counts counts = {.blocked = 1};
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - publisher->unblocked_ms > UNBLOCK_MS) {
		publisher->unblocked_ms = now_ms;
		publisher_check_store(publisher, outbox_unblock(publisher->store));
	} else if (publisher->told_refused &&
		   publisher_free_flights(publisher) == PUBLISHER_WINDOW) {
		publisher_check_store(publisher, outbox_counts(publisher->store, &counts));
		if (counts.blocked == 0 && counts.pending == 0) {
			log_notice("mqtt: the broker takes every message again");
			publisher->told_refused = false;
		}
	}
}

static bool is_overdue(const struct publisher *publisher)
{
	int64_t now_ms = clock_monotonic_ms();
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		const struct flight *flight = &publisher->flights[i];
		if (flight->seq != 0 && now_ms - flight->sent_ms > ANSWER_MS)
			return true;
	}
	return false;
}

void publisher_tick(struct publisher *publisher, const struct outbox_counts *waiting)
{
	int64_t now_ms = clock_monotonic_ms();
	publisher_apply_acks(publisher);
	if (!publisher->connected) {
		publisher_look(publisher);
		return;
	}
	if (is_overdue(publisher)) {
		session_restart(publisher->session);
		return;
	}
	look_at_refused(publisher);
	if (waiting->acked > 0)
		publisher_check_store(publisher, outbox_resend(publisher->store, now_ms));
	bool repeat = now_ms - publisher->repeated_ms > REPEAT_MS;
	if (repeat)
		publisher_repeat_retained(publisher);
	if (repeat || waiting->pending > 0 || waiting->acked > 0 || publisher->n_answers > 0)
		publisher_look(publisher);
}
