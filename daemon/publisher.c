/* SPDX-License-Identifier: MIT */
#include "publisher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "clock.h"
#include "log.h"
#include "outbox.h"
#include "session.h"

#define REPORTS_MAX 512
#define REPEAT_MS (15 * 60 * 1000)
#define UNBLOCK_MS (5 * 60 * 1000)
#define ANSWER_MS 60000 /* a message in flight is answered by then, or the connection is dead */
#define EXPIRY_S (7 * 24 * 3600)

struct flight {
	int64_t seq; /* 0: free */
	int64_t sent_ms;
};

struct publisher {
	const struct conf *conf;
	struct store *store;
	const char *boot;
	char prefix[PAYLOAD_PREFIX_MAX];
	struct queue *reports;
	struct session *session; /* NULL: no broker configured */
	struct mqtt_message will, goodbye;
	bool connected, told_lost, store_failed;
	int64_t repeated_ms, unblocked_ms; /* monotonic */
	int64_t now_ms,
		online_ms; /* since 1970 UTC: the time, and when the connection came about */
	enum time_quality time_quality;
	struct flight flights[PUBLISHER_WINDOW];
};

static void check_store(struct publisher *publisher, int r)
{
	if (r != 0 && !publisher->store_failed)
		log_error("outbox: %s: %s", store_strerror(r), store_message(publisher->store));
	publisher->store_failed = r != 0;
}

static void topic_of(const struct publisher *publisher, const char *topic,
		     struct mqtt_message *message)
{
	snprintf(message->topic, sizeof(message->topic), "%s%s", publisher->prefix, topic);
}

/* ---- state, will and goodbye ---- */

static char *state_payload(struct publisher *publisher, const char *id, bool online,
			   const char *why)
{
	struct payload_head head = {.conf = publisher->conf,
				    .time_ms = publisher->now_ms,
				    .time_quality = publisher->time_quality};
	snprintf(head.id, sizeof(head.id), "%s-%s", publisher->boot, id);
	return payload_state(&head, online, why, publisher->boot, publisher->now_ms);
}

static void prepare(struct publisher *publisher, struct mqtt_message *message, const char *id,
		    const char *why)
{
	*message = (struct mqtt_message){.qos = 1, .retain = true};
	topic_of(publisher, "state", message);
	message->payload = state_payload(publisher, id, false, why);
}

static void append_online(struct publisher *publisher)
{
	const struct payload_head time = {.time_ms = publisher->now_ms,
					  .time_quality = publisher->time_quality};
	check_store(publisher, announce_online(publisher->conf, publisher->store, &time,
					       publisher->boot, publisher->online_ms));
}

/* ---- sending ---- */

static struct flight *find_flight(struct publisher *publisher, int64_t seq)
{
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		if (publisher->flights[i].seq == seq)
			return &publisher->flights[i];
	}
	return NULL;
}

static int free_flights(const struct publisher *publisher)
{
	int n = 0;
	for (int i = 0; i < PUBLISHER_WINDOW; i++)
		n += publisher->flights[i].seq == 0;
	return n;
}

/* Takes the row's payload. */
static void send_row(struct publisher *publisher, struct outbox_row *row)
{
	struct mqtt_message message = {.qos = 1,
				       .retain = row->retain,
				       .tag = row->seq,
				       .expiry_s = EXPIRY_S,
				       .payload = row->payload};
	row->payload = NULL;
	topic_of(publisher, row->topic, &message);
	struct flight *flight = find_flight(publisher, 0);
	*flight = (struct flight){row->seq, clock_monotonic_ms()};
	if (session_send(publisher->session, &message))
		return;
	flight->seq = 0;
	check_store(publisher, outbox_retry(publisher->store, row->seq));
}

void publisher_look(struct publisher *publisher)
{
	struct outbox_row rows[PUBLISHER_WINDOW];
	int n = 0, room = publisher->connected ? free_flights(publisher) : 0;
	if (room == 0)
		return;
	int r = outbox_take(publisher->store, room, rows, &n);
	check_store(publisher, r);
	for (int i = 0; r == 0 && i < n; i++) {
		send_row(publisher, &rows[i]);
		outbox_row_done(&rows[i]);
	}
}

void publisher_say(struct publisher *publisher, const char *topic, bool retain, char *payload)
{
	struct mqtt_message message = {.retain = retain, .payload = payload};
	if (!publisher->connected || !payload) {
		free(payload);
		return;
	}
	topic_of(publisher, topic, &message);
	session_send(publisher->session, &message);
}

/* One retained topic's newest message once more; nobody waits for its answer. */
static void repeat(void *ctx, const char *topic, int64_t seq, const char *payload)
{
	struct publisher *publisher = ctx;
	struct mqtt_message message = {.qos = 1, .retain = true, .payload = strdup(payload)};
	(void)seq;
	/* a new state is on its way, and orders are too many */
	if (!message.payload || strcmp(topic, "state") == 0 || strncmp(topic, "order/", 6) == 0) {
		free(message.payload);
		return;
	}
	topic_of(publisher, topic, &message);
	session_send(publisher->session, &message);
}

static void repeat_retained(struct publisher *publisher)
{
	publisher->repeated_ms = clock_monotonic_ms();
	append_online(publisher);
	check_store(publisher, outbox_each_latest(publisher->store, repeat, publisher));
}

/* ---- what the session reports ---- */

static void on_connected(struct publisher *publisher)
{
	struct outbox_counts counts = {0};
	check_store(publisher, outbox_retry(publisher->store, 0));
	check_store(publisher, outbox_counts(publisher->store, &counts));
	publisher->connected = true;
	publisher->online_ms = publisher->now_ms;
	publisher->told_lost = false;
	log_notice("mqtt: connected to %s port %d; %lld messages wait", publisher->conf->mqtt.host,
		   publisher->conf->mqtt.port, (long long)counts.pending);
	repeat_retained(publisher);
	publisher_look(publisher);
}

static void on_lost(struct publisher *publisher, const char *why)
{
	publisher->connected = false;
	memset(publisher->flights, 0, sizeof(publisher->flights));
	if (!publisher->told_lost) {
		log_warning(
			"mqtt: no connection to %s port %d: %s; messages are kept, trying again",
			publisher->conf->mqtt.host, publisher->conf->mqtt.port, why);
		check_store(publisher, outbox_retry(publisher->store, 0));
	}
	publisher->told_lost = true;
}

static void on_answer(struct publisher *publisher, const struct mqtt_event *event)
{
	struct flight *flight = find_flight(publisher, event->tag);
	if (!flight)
		return;
	flight->seq = 0;
	int r = 0;
	if (event->kind == MQTT_EVENT_DELIVERED) {
		r = outbox_confirm(publisher->store, event->tag);
	} else if (event->kind == MQTT_EVENT_REFUSED) {
		log_error("mqtt: the broker refused message %lld with reason %d; it is kept and "
			  "tried again",
			  (long long)event->tag, event->code);
		r = outbox_block(publisher->store, event->tag, event->code);
	} else {
		r = outbox_retry(publisher->store, event->tag);
	}
	check_store(publisher, r);
}

void publisher_listen(struct publisher *publisher)
{
	struct mqtt_event event;
	while (queue_take(publisher->reports, &event)) {
		switch (event.kind) {
		case MQTT_EVENT_CONNECTED:
			on_connected(publisher);
			break;
		case MQTT_EVENT_LOST:
			on_lost(publisher, event.text);
			break;
		case MQTT_EVENT_DELIVERED:
		case MQTT_EVENT_REFUSED:
		case MQTT_EVENT_FAILED:
			on_answer(publisher, &event);
			break;
		}
	}
	publisher_look(publisher);
}

void publisher_tick(struct publisher *publisher)
{
	int64_t now_ms = clock_monotonic_ms();
	if (!publisher->connected)
		return;
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		const struct flight *flight = &publisher->flights[i];
		if (flight->seq != 0 && now_ms - flight->sent_ms > ANSWER_MS) {
			session_restart(publisher->session);
			return;
		}
	}
	if (now_ms - publisher->unblocked_ms > UNBLOCK_MS) {
		publisher->unblocked_ms = now_ms;
		check_store(publisher, outbox_unblock(publisher->store));
	}
	if (now_ms - publisher->repeated_ms > REPEAT_MS)
		repeat_retained(publisher);
	publisher_look(publisher);
}

/* ---- life ---- */

void publisher_set_time(struct publisher *publisher, int64_t now_ms, enum time_quality time_quality)
{
	publisher->now_ms = now_ms;
	publisher->time_quality = time_quality;
}

int publisher_fd(const struct publisher *publisher)
{
	return publisher->session ? queue_fd(publisher->reports) : -1;
}

static void release(struct publisher *publisher)
{
	queue_free(publisher->reports);
	free(publisher->will.payload);
	free(publisher->goodbye.payload);
	free(publisher);
}

int publisher_new(const struct conf *conf, struct store *store, const char *boot,
		  const struct payload_head *time, struct publisher **ret)
{
	struct publisher *publisher = calloc(1, sizeof(*publisher));
	if (!publisher)
		return -ENOMEM;
	publisher->conf = conf;
	publisher->store = store;
	publisher->boot = boot;
	publisher_set_time(publisher, time->time_ms, time->time_quality);
	publisher->unblocked_ms = clock_monotonic_ms();
	payload_prefix(conf, publisher->prefix);
	publisher->reports = queue_new(REPORTS_MAX, sizeof(struct mqtt_event));
	prepare(publisher, &publisher->will, "will", "lost");
	prepare(publisher, &publisher->goodbye, "bye", "stopped");
	int r = publisher->reports && publisher->will.payload ? 0 : -ENOMEM;
	if (r == 0 && conf->mqtt.host)
		r = session_start(&conf->mqtt, &publisher->will, publisher->reports,
				  &publisher->session);
	if (r != 0) {
		release(publisher);
		return r;
	}
	*ret = publisher;
	return 0;
}

bool publisher_stop(struct publisher *publisher, int wait_ms)
{
	free(publisher->goodbye.payload);
	prepare(publisher, &publisher->goodbye, "bye", "stopped");
	bool ended = !publisher->session ||
		     session_stop(publisher->session, &publisher->goodbye, wait_ms);
	if (!ended)
		return false;
	publisher->connected = false;
	publisher->told_lost = true; /* that is no news any more */
	publisher_listen(publisher); /* the last answers */
	release(publisher);
	return true;
}
