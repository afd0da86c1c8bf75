/* SPDX-License-Identifier: MIT */
/* The inside of publisher.h: publisher.c sends, publisher_events.c hears what came of it. */
#ifndef DAEMON_PUBLISHER_INSIDE_H
#define DAEMON_PUBLISHER_INSIDE_H

#include "gate.h"
#include "outbox.h"
#include "publisher.h"
#include "session.h"

#define PUBLISHER_ANSWERS_MAX 128 /* settled in one transaction */

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
	struct gate *gate;
	struct mqtt_setup setup;
	struct mqtt_message will, goodbye;
	char commands[MQTT_TOPIC_MAX];
	void (*on_command)(void *ctx, const struct mqtt_event *event);
	void *command_ctx;
	bool connected, unverified, told_lost, told_refused, told_deaf, store_failed;
	int64_t paced_ms; /* monotonic: since then `paced` rows were taken */
	int paced;
	int n_answers;
	struct outbox_answer answers[PUBLISHER_ANSWERS_MAX];
	int64_t repeated_ms, unblocked_ms; /* monotonic */
	int64_t now_ms,
		online_ms; /* since 1970 UTC: the time, and when the connection came about */
	enum time_quality time_quality;
	struct flight flights[PUBLISHER_WINDOW];
};

/* Tells a failure of the store once. */
void publisher_check_store(struct publisher *publisher, int r);

/* Keeps an answer for the next transaction. When too many wait (the database fails) it is dropped:
 * the row is then sent again after a restart. */
void publisher_note(struct publisher *publisher, const struct outbox_answer *answer);

/* seq 0: a free one; NULL if there is none. */
struct flight *publisher_flight(struct publisher *publisher, int64_t seq);
int publisher_free_flights(const struct publisher *publisher);

/* Whether a retained topic is said again at every connect. */
bool publisher_is_repeated(const char *topic);
void publisher_repeat_retained(struct publisher *publisher);

/* What the platform has confirmed since the last time. */
void publisher_apply_acks(struct publisher *publisher);

#endif
