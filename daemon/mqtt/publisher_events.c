/* SPDX-License-Identifier: MIT */
/* What the session reports, and what is due every second. */
#include <stdlib.h>
#include <string.h>

#include "choke.h"
#include "clock.h"
#include "log.h"
#include "mqtt_reason.h"
#include "post.h"
#include "publisher_inside.h"

#define REPEAT_MS (15 * 60 * 1000)
#define UNBLOCK_MS (5 * 60 * 1000)
#define UNBLOCK_ALL 3   /* every third time those too on which the broker hangs up */
#define ANSWER_MS 60000 /* a message in flight is answered by then, or the connection is dead */
#define EVENTS_AT_ONCE 256
#define DROPPED_APART_MS 60000

static void on_refused(struct publisher *publisher, const struct flight *flight, int code)
{
	char reason[MQTT_REASON_MAX];
	if (!publisher->told_refused)
		log_error(LOG_BROKER_REFUSES,
			  "mqtt: the broker refuses messages, first %lld under %s: %s; they are "
			  "kept and tried again every %d min",
			  (long long)flight->seq, flight->topic, mqtt_reason_text(code, reason),
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
	bool lean = !publisher->lean && event->code == MQTT_TOO_LARGE &&
		    payload_can_be_lean(flight->topic);
	publisher->lean |= lean;
	if (event->kind == MQTT_EVENT_REFUSED && !lean)
		on_refused(publisher, flight, event->code);
	publisher_land(publisher, flight);
	answer.now_ms = clock_monotonic_ms();
	if (event->kind == MQTT_EVENT_DELIVERED)
		answer.outcome = platform ? OUTBOX_ACKED : OUTBOX_DELIVERED;
	else if (event->kind == MQTT_EVENT_REFUSED && !lean)
		answer.outcome = OUTBOX_REFUSED;
	else
		answer.outcome = OUTBOX_FAILED;
	publisher_note(publisher, &answer);
}

static void on_deaf(struct publisher *publisher, int code)
{
	char reason[MQTT_REASON_MAX];
	publisher->broker.deaf = true;
	if (code == MQTT_CHOKED && !publisher->told_choked)
		log_error(LOG_COMMANDS_DEAF,
			  "mqtt: a message under %s# is larger than the memory allowed, and %d "
			  "connections were lost by it: publishing goes on without commands, what "
			  "waits at the broker is given up, and commands are asked for again in an "
			  "hour",
			  publisher->commands, CHOKE_LOSSES);
	publisher->told_choked |= code == MQTT_CHOKED;
	if (code != MQTT_CHOKED && !publisher->told_deaf)
		log_error(
			LOG_COMMANDS_DEAF,
			"mqtt: the broker refuses the subscription to %s#: %s; no command arrives",
			publisher->commands, mqtt_reason_text(code, reason));
	publisher->told_deaf = true;
}

static void on_unheard(struct publisher *publisher, int code)
{
	char reason[MQTT_REASON_MAX];
	if (!publisher->told_unheard)
		log_error(LOG_COMMANDS_DEAF,
			  "mqtt: the broker refuses a subscription to what others of the district "
			  "say: %s",
			  mqtt_reason_text(code, reason));
	publisher->told_unheard = true;
}

static void on_event(struct publisher *publisher, const struct mqtt_event *event)
{
	switch (event->kind) {
	case MQTT_EVENT_CONNECTED:
		publisher_on_connected(publisher, event);
		break;
	case MQTT_EVENT_LOST:
		publisher_on_lost(publisher, event);
		break;
	case MQTT_EVENT_DELIVERED:
	case MQTT_EVENT_REFUSED:
	case MQTT_EVENT_FAILED:
		on_answer(publisher, event);
		break;
	case MQTT_EVENT_DEAF:
		on_deaf(publisher, event->code);
		break;
	case MQTT_EVENT_UNHEARD:
		on_unheard(publisher, event->code);
		break;
	case MQTT_EVENT_HEARING:
		log_notice(LOG_COMMANDS_HEARD, "mqtt: commands are asked for again");
		publisher->broker.deaf = publisher->told_choked = false;
		break;
	}
}

bool publisher_listen(struct publisher *publisher)
{
	struct mqtt_event event;
	bool connects = false;
	for (int i = 0; i < EVENTS_AT_ONCE && queue_take(publisher->reports, &event); i++) {
		on_event(publisher, &event);
		connects = connects || event.kind == MQTT_EVENT_CONNECTED;
	}
	publisher_look(publisher);
	return connects;
}

/* What the platform has confirmed since the last time, in as few transactions as it needs. */
void publisher_apply_acks(struct publisher *publisher)
{
	struct outbox_answer answer = {.outcome = OUTBOX_CONFIRMED};
	struct command_ack ack;
	while (gate_next_ack(publisher->gate, &ack)) {
		answer.seq = ack.seq;
		memcpy(answer.db, ack.db, sizeof(answer.db));
		if (publisher->n_answers == PUBLISHER_ANSWERS_MAX)
			publisher_settle(publisher);
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
		bool all = ++publisher->unblocked % UNBLOCK_ALL == 0;
		publisher_check_store(publisher, outbox_unblock(publisher->store, all));
	} else if (publisher->told_refused && publisher_flights(publisher) == 0) {
		publisher_check_store(publisher, outbox_counts(publisher->store, &counts));
		if (counts.blocked == 0 && counts.pending == 0) {
			log_notice(LOG_BROKER_TAKES, "mqtt: the broker takes every message again");
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

/* True if there are more than were told of before; from now on they are told. */
static bool take_news(struct publisher *publisher, uint64_t dropped, uint64_t *told, uint64_t *ret)
{
	if (dropped == *told)
		return false;
	*ret = dropped - *told;
	*told = dropped;
	publisher->dropped_ms = clock_monotonic_ms() + DROPPED_APART_MS;
	return true;
}

/* No acknowledged command: nobody was promised anything. */
void publisher_tell_refused(struct publisher *publisher)
{
	uint64_t hours = gate_dropped_hours(publisher->gate),
		 commands = gate_dropped(publisher->gate), n = 0;
	if (take_news(publisher, hours, &publisher->told_hours, &n))
		log_warning(LOG_COMMANDS_DROPPED,
			    "mqtt: %llu hours of stations were not taken in: too fast, too many at "
			    "once or too large; their stations tell them again when they get a "
			    "resend",
			    (unsigned long long)n);
	if (take_news(publisher, commands, &publisher->told_dropped, &n))
		log_warning(LOG_COMMANDS_DROPPED,
			    "mqtt: %llu commands were not taken in: too fast, too large or of no "
			    "known kind",
			    (unsigned long long)n);
}

void publisher_tick(struct publisher *publisher, const struct outbox_counts *waiting)
{
	int64_t now_ms = clock_monotonic_ms();
	publisher_apply_acks(publisher);
	if (now_ms >= publisher->dropped_ms)
		publisher_tell_refused(publisher);
	if (publisher->session)
		session_hurry(publisher->session, waiting->urgent);
	if (!publisher->connected) {
		publisher_settle(publisher);
		return;
	}
	if (is_overdue(publisher)) {
		session_restart(publisher->session);
		return;
	}
	publisher_watch_link(publisher);
	look_at_refused(publisher);
	if (waiting->acked > 0)
		publisher_check_store(publisher, outbox_resend(publisher->store, now_ms));
	bool repeat = publisher->link.welcome && now_ms - publisher->repeated_ms > REPEAT_MS;
	if (repeat) {
		publisher_append_online(publisher);
		publisher_repeat_retained(publisher);
	}
	if (repeat || waiting->pending > 0 || waiting->acked > 0 || publisher->n_answers > 0)
		publisher_settle(publisher);
}
