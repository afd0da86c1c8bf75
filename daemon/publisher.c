/* SPDX-License-Identifier: MIT */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "clock.h"
#include "log.h"
#include "publisher_inside.h"

#define REPORTS_MAX 2048 /* answers, and commands: what the gate lets in at once, twice */
#define EXPIRY_S (7 * 24 * 3600)
#define PACE_PER_S 500 /* rows of a backlog: the line and the broker have others to serve */

void publisher_check_store(struct publisher *publisher, int r)
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
	publisher_check_store(publisher, announce_online(publisher->conf, publisher->store, &time,
							 publisher->boot, publisher->online_ms));
}

/* ---- sending ---- */

struct flight *publisher_flight(struct publisher *publisher, int64_t seq)
{
	for (int i = 0; i < PUBLISHER_WINDOW; i++) {
		if (publisher->flights[i].seq == seq)
			return &publisher->flights[i];
	}
	return NULL;
}

int publisher_free_flights(const struct publisher *publisher)
{
	int n = 0;
	for (int i = 0; i < PUBLISHER_WINDOW; i++)
		n += publisher->flights[i].seq == 0;
	return n;
}

void publisher_note(struct publisher *publisher, const struct outbox_answer *answer)
{
	if (publisher->n_answers < PUBLISHER_ANSWERS_MAX)
		publisher->answers[publisher->n_answers++] = *answer;
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
	struct flight *flight = publisher_flight(publisher, 0);
	*flight = (struct flight){row->seq, clock_monotonic_ms()};
	if (session_send(publisher->session, &message))
		return;
	flight->seq = 0;
	publisher_note(publisher,
		       &(struct outbox_answer){.seq = row->seq, .outcome = OUTBOX_FAILED});
}

/* How many rows may go now: the window, and the pace of this second. */
static int room(struct publisher *publisher)
{
	int64_t now_ms = clock_monotonic_ms();
	if (now_ms - publisher->paced_ms >= 1000) {
		publisher->paced_ms = now_ms;
		publisher->paced = 0;
	}
	int left = PACE_PER_S - publisher->paced;
	int window = publisher->connected ? publisher_free_flights(publisher) : 0;
	return window < left ? window : left;
}

/* Settles what was answered and takes what comes next, in one transaction. */
void publisher_look(struct publisher *publisher)
{
	struct outbox_row rows[PUBLISHER_WINDOW];
	int n = room(publisher), answers = publisher->n_answers;
	if (n == 0 && answers == 0)
		return;
	int r = outbox_exchange(publisher->store, publisher->answers, answers, rows, &n);
	publisher_check_store(publisher, r);
	if (r != 0)
		return; /* the answers are kept, and no row has left */
	publisher->n_answers = 0;
	publisher->paced += n;
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

/* What is said again at every connect; the other retained topics only to a broker that forgot us.
 */
bool publisher_is_repeated(const char *topic)
{
	static const char *const topics[] = {"state", "aqi", "warning", "cuts", "health"};
	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
		if (strcmp(topic, topics[i]) == 0)
			return true;
	}
	return false;
}

/* One retained topic's newest message once more; nobody waits for its answer. */
static void repeat(void *ctx, const char *topic, int64_t seq, const char *payload)
{
	struct publisher *publisher = ctx;
	struct mqtt_message message = {.qos = 1, .retain = true, .payload = strdup(payload)};
	(void)seq;
	bool state = strcmp(topic, "state") == 0; /* a new one is on its way */
	if (!message.payload || state || !publisher_is_repeated(topic)) {
		free(message.payload);
		return;
	}
	topic_of(publisher, topic, &message);
	session_send(publisher->session, &message);
}

void publisher_repeat_retained(struct publisher *publisher)
{
	publisher->repeated_ms = clock_monotonic_ms();
	append_online(publisher);
	publisher_check_store(publisher, outbox_each_latest(publisher->store, repeat, publisher));
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

void publisher_on_command(struct publisher *publisher,
			  void (*fn)(void *ctx, const struct mqtt_event *event), void *ctx)
{
	publisher->on_command = fn;
	publisher->command_ctx = ctx;
}

bool publisher_unverified(const struct publisher *publisher)
{
	return publisher->unverified;
}

uint64_t publisher_dropped_commands(const struct publisher *publisher)
{
	return gate_dropped(publisher->gate);
}

static void release(struct publisher *publisher)
{
	struct mqtt_event event;
	while (publisher->reports && queue_take(publisher->reports, &event))
		free(event.payload);
	queue_free(publisher->reports);
	gate_free(publisher->gate);
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
	snprintf(publisher->commands, sizeof(publisher->commands), "%scmd/", publisher->prefix);
	publisher->reports = queue_new(REPORTS_MAX, sizeof(struct mqtt_event));
	publisher->gate = gate_new(store_uuid(store));
	prepare(publisher, &publisher->will, "will", "lost");
	prepare(publisher, &publisher->goodbye, "bye", "stopped");
	publisher->setup = (struct mqtt_setup){&conf->mqtt, &publisher->will, publisher->commands,
					       gate_admit, publisher->gate};
	bool made = publisher->reports && publisher->gate && publisher->will.payload;
	int r = made ? 0 : -ENOMEM;
	if (r == 0 && conf->mqtt.host)
		r = session_start(&publisher->setup, publisher->reports, &publisher->session);
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
	publisher->session = NULL;
	publisher->connected = false;
	publisher->told_lost = true; /* that is no news any more */
	publisher_listen(publisher); /* the last answers */
	publisher_apply_acks(publisher);
	publisher_look(publisher);
	release(publisher);
	return true;
}
