/* SPDX-License-Identifier: MIT */
/* Rows of the outbox on their way to the session, and what is said beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "log_words.h"
#include "mqtt_reason.h"
#include "post.h"
#include "publisher_inside.h"

#define EXPIRY_S (7 * 24 * 3600)
#define PACE_PER_S 2000 /* rows of a backlog: the line and the broker have others to serve */
#define WINDOW_MIN 8
#define QUICK_MS 250 /* answers within this make the window wider */
#define SLOW_MS 1000 /* one that takes longer makes it the narrowest */

void publisher_check_store(struct publisher *publisher, int r)
{
	if (r != 0 && !publisher->store_failed)
		log_error(LOG_STORE_REFUSES, "outbox: %s: %s", store_words(r),
			  store_message(publisher->store));
	publisher->store_failed = r != 0;
}

void publisher_topic(const struct publisher *publisher, const char *topic,
		     struct mqtt_message *message)
{
	snprintf(message->topic, sizeof(message->topic), "%s%s", publisher->prefix, topic);
}

struct flight *publisher_flight(struct publisher *publisher, int64_t seq)
{
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		if (publisher->flights[i].seq == seq)
			return &publisher->flights[i];
	}
	return NULL;
}

int publisher_flights(const struct publisher *publisher)
{
	int n = 0;
	for (int i = 0; i < PUBLISHER_WINDOW; i++)
		n += publisher->flights[i].seq != 0;
	return n;
}

bool publisher_is_suspect(const struct publisher *publisher, int64_t seq, const char *topic)
{
	const struct link *link = &publisher->link;
	bool newer = strcmp(topic, "warning") == 0 && strcmp(topic, link->suspect_topic) == 0;
	return link->suspect != 0 && (seq == link->suspect || newer);
}

void publisher_land(struct publisher *publisher, struct flight *flight)
{
	int64_t took_ms = clock_monotonic_ms() - flight->sent_ms;
	if (publisher_is_suspect(publisher, flight->seq, flight->topic)) {
		publisher->lean |= flight->lean; /* what comes next is as large */
		publisher->link.suspect = publisher->link.strikes = 0;
	}
	if (publisher->link.alone > 0)
		publisher->link.alone--;
	flight->seq = 0;
	publisher->quick = took_ms <= QUICK_MS ? publisher->quick + 1 : 0;
	if (took_ms > SLOW_MS)
		publisher->window = WINDOW_MIN;
	else if (publisher->quick >= publisher->window && publisher->window < PUBLISHER_WINDOW) {
		publisher->window *= 2;
		publisher->quick = 0;
	}
}

void publisher_note(struct publisher *publisher, const struct outbox_answer *answer)
{
	if (publisher->n_answers < PUBLISHER_ANSWERS_MAX)
		publisher->answers[publisher->n_answers++] = *answer;
}

/* ---- what fits ---- */

/* Whether the broker takes a packet as large. A warning or an event that it does not take, or on
 * which it has hung up, is made lean: it is never kept back for the sake of its measures. */
enum fit { FIT_NOT, FIT_WHOLE, FIT_LEAN };

static enum fit fit_message(const struct publisher *publisher, const char *topic, bool struck,
			    struct mqtt_message *message)
{
	size_t most = (size_t)publisher->broker.packet_max, size = mqtt_packet_size(message);
	enum fit fit = most == 0 || size <= most ? FIT_WHOLE : FIT_NOT;
	bool whole = fit == FIT_WHOLE && !struck && !publisher->lean;
	if (whole || !payload_can_be_lean(topic))
		return fit;
	size_t around = size - strlen(message->payload);
	size_t room = most == 0 ? 0 : most > around ? most - around : 1;
	char *lean = payload_lean(message->payload, room);
	if (!lean)
		return fit;
	free(message->payload);
	message->payload = lean;
	return FIT_LEAN;
}

static void set_aside(struct publisher *publisher, int64_t seq, const char *topic, size_t size)
{
	struct outbox_answer answer = {
		.seq = seq, .outcome = OUTBOX_REFUSED, .reason = MQTT_TOO_LARGE};
	if (!publisher->told_large)
		log_error(LOG_BROKER_REFUSES,
			  "mqtt: message %lld under %s makes a packet of %zu bytes, and the broker "
			  "takes %lld at most: it is kept, the others go on",
			  (long long)seq, topic, size, (long long)publisher->broker.packet_max);
	publisher->told_large = true;
	publisher_note(publisher, &answer);
}

/* ---- rows ---- */

/* How long a broker may keep it, 0: for ever: no longer than it is true, and what is retained until
 * there is a newer one. */
static int32_t expiry_of(const struct publisher *publisher, const struct outbox_row *row)
{
	int64_t left_s = (row->expires_ms - publisher->now_ms + 999) / 1000;
	if (row->expires_ms == 0)
		return row->retain ? 0 : EXPIRY_S;
	return left_s > EXPIRY_S ? EXPIRY_S : (int32_t)left_s;
}

/* Takes the row's payload. */
static void send_row(struct publisher *publisher, struct outbox_row *row)
{
	struct mqtt_message message = {.qos = 1,
				       .retain = row->retain,
				       .tag = row->seq,
				       .expiry_s = expiry_of(publisher, row),
				       .payload = row->payload};
	row->payload = NULL;
	publisher_topic(publisher, row->topic, &message);
	bool struck = publisher->link.strikes > 0 &&
		      publisher_is_suspect(publisher, row->seq, row->topic);
	enum fit fit = fit_message(publisher, row->topic, struck, &message);
	if (fit == FIT_NOT) {
		set_aside(publisher, row->seq, row->topic, mqtt_packet_size(&message));
		free(message.payload);
		return;
	}
	struct flight *flight = publisher_flight(publisher, 0);
	*flight = (struct flight){row->seq, clock_monotonic_ms(), fit == FIT_LEAN, ""};
	snprintf(flight->topic, sizeof(flight->topic), "%s", row->topic);
	if (session_send(publisher->session, &message))
		return;
	flight->seq = 0;
	publisher_note(publisher,
		       &(struct outbox_answer){.seq = row->seq, .outcome = OUTBOX_FAILED});
}

/* How many rows may go now: the window, and the pace of this second. */
static int count_room(struct publisher *publisher)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - publisher->paced_ms >= 1000) {
		publisher->paced_ms = now_ms;
		publisher->paced = 0;
	}
	if (publisher->window < WINDOW_MIN)
		publisher->window = WINDOW_MIN;
	int left = PACE_PER_S - publisher->paced;
	int window = publisher->link.alone > 0 ? 1 : publisher->window;
	int room = window - publisher_flights(publisher);
	if (!publisher->connected || room <= 0)
		return 0;
	return room < left ? room : left;
}

/* A transaction waits for the disk: of many rows that are answered one by one, half a window is
 * settled at once. */
static bool is_worth_it(const struct publisher *publisher, int room)
{
	int half = publisher->window / 2;
	return publisher->window == WINDOW_MIN || room >= half || publisher->n_answers >= half ||
	       publisher_flights(publisher) == 0;
}

/* Settles what was answered and takes what comes next, in one transaction. */
static void exchange_rows(struct publisher *publisher, int n)
{
	struct outbox_row rows[PUBLISHER_WINDOW];
	struct outbox_batch batch = {publisher->now_ms, n, rows};
	int answers = publisher->n_answers;
	if (batch.n == 0 && answers == 0)
		return;
	int r = outbox_exchange(publisher->store, publisher->answers, answers, &batch);
	publisher_check_store(publisher, r);
	if (r != 0)
		return; /* the answers are kept, and no row has left */
	publisher->n_answers = 0;
	publisher->paced += batch.n;
	for (int i = 0; i < batch.n; i++) {
		send_row(publisher, &rows[i]);
		outbox_row_done(&rows[i]);
	}
}

void publisher_look(struct publisher *publisher)
{
	int room = count_room(publisher);
	if (is_worth_it(publisher, room))
		exchange_rows(publisher, room);
}

void publisher_settle(struct publisher *publisher)
{
	exchange_rows(publisher, count_room(publisher));
}

/* What nobody waits for stays away from rows that are looked at one by one. */
static bool may_say(const struct publisher *publisher)
{
	return publisher->link.alone == 0 && clock_monotonic_ms() >= publisher->link.quiet_until_ms;
}

/* Takes the message's payload. */
static void say_message(struct publisher *publisher, const char *topic,
			struct mqtt_message *message)
{
	if (!publisher->connected || !message->payload || !may_say(publisher) ||
	    fit_message(publisher, topic, false, message) == FIT_NOT) {
		free(message->payload);
		return;
	}
	publisher->link.extra_ms = clock_monotonic_ms();
	session_send(publisher->session, message);
}

void publisher_say(struct publisher *publisher, const char *topic, bool retain, char *payload)
{
	struct mqtt_message message = {.retain = retain, .payload = payload};
	publisher_topic(publisher, topic, &message);
	say_message(publisher, topic, &message);
}

void publisher_command(struct publisher *publisher, const char *station, const char *kind,
		       char *payload)
{
	struct mqtt_message message = {.payload = payload};
	snprintf(message.topic, sizeof(message.topic), "%.110s%.32s/cmd/%.16s", publisher->stations,
		 station, kind);
	say_message(publisher, kind, &message);
}

/* ---- what is said again ---- */

void publisher_append_online(struct publisher *publisher)
{
	struct payload_head head = {.conf = publisher->conf,
				    .time_ms = publisher->now_ms,
				    .time_quality = publisher->time_quality};
	int r = post_begin(publisher->store, &head);
	if (r == 0)
		r = post_commit(publisher->store, &head, "state",
				payload_state(&head, true, "connected", publisher->boot,
					      publisher->online_ms));
	publisher_check_store(publisher, r);
}

/* One retained topic's newest message once more; nobody waits for its answer. */
static void repeat_topic(void *ctx, const struct outbox_row *row)
{
	struct publisher *publisher = ctx;
	struct mqtt_message message = {.qos = 1, .retain = true, .payload = strdup(row->payload)};
	bool state = strcmp(row->topic, "state") == 0; /* a new one is on its way */
	if (!message.payload || state || !post_is_repeated(row->topic)) {
		free(message.payload);
		return;
	}
	message.expiry_s = expiry_of(publisher, row);
	publisher_topic(publisher, row->topic, &message);
	if (fit_message(publisher, row->topic, false, &message) == FIT_NOT) {
		free(message.payload);
		return;
	}
	session_send(publisher->session, &message);
}

void publisher_repeat_retained(struct publisher *publisher)
{
	publisher->repeated_ms = clock_monotonic_ms();
	if (!may_say(publisher))
		return;
	publisher->link.extra_ms = publisher->repeated_ms;
	publisher_check_store(publisher, outbox_each_latest(publisher->store, publisher->now_ms,
							    repeat_topic, publisher));
}
