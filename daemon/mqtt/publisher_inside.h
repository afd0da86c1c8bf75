/* SPDX-License-Identifier: MIT */
/*
 * The inside of publisher.h. Each file calls those below it only: publisher.c (its life),
 * publisher_events.c (what the session reports, what is due), publisher_link.c (the connection),
 * publisher_send.c.
 */
#ifndef DAEMON_MQTT_PUBLISHER_INSIDE_H
#define DAEMON_MQTT_PUBLISHER_INSIDE_H

#include "gate.h"
#include "outbox.h"
#include "publisher.h"
#include "session.h"

#define PUBLISHER_ANSWERS_MAX 128 /* settled in one transaction */

struct flight {
	int64_t seq; /* 0: free */
	int64_t sent_ms;
	bool lean; /* a warning or an event without its measures */
	char topic[OUTBOX_TOPIC_MAX];
};

/* The connection, and what may have made the broker hang up. Times are monotonic. */
struct link {
	int64_t since_ms; /* connected */
	int host;         /* to that one of the configuration's */
	int shorts;       /* connections in a row that did not hold a minute */
	int64_t hold_ms;  /* what it must hold before it is welcome */
	bool welcome;     /* told of, and the retained topics are repeated */
	bool told_lost, told_same_id;
	int told_code; /* the reason that was told last, 0: none */
	int64_t lost_ms[2];
	int alone;       /* so many rows go one by one, and nothing beside them */
	int64_t suspect; /* of that row, */
	char suspect_topic[OUTBOX_TOPIC_MAX];
	int strikes;
	int64_t extra_ms, quiet_until_ms;
	int extra_strikes;
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
	char stations[MQTT_TOPIC_MAX]; /* the prefix of all stations */
	bool connected, told_refused, told_deaf, told_unheard, told_large, told_choked,
		store_failed;
	bool lean; /* it has found a warning or an event too large: none goes whole by it */
	struct broker_report broker;
	struct link link;
	int64_t paced_ms; /* monotonic: since then `paced` rows were taken */
	int paced;
	int window; /* rows that may be on their way now */
	int quick;  /* answers in a row that came at once */
	int n_answers;
	struct outbox_answer answers[PUBLISHER_ANSWERS_MAX];
	int64_t repeated_ms, unblocked_ms; /* monotonic */
	int unblocked;                     /* how often */
	uint64_t told_dropped;             /* commands, */
	uint64_t told_hours;               /* hours dropped */
	int64_t dropped_ms;                /* monotonic: not told again before */
	int64_t now_ms,
		online_ms; /* since 1970 UTC: the time, and when the connection came about */
	int64_t lost_ms;   /* since 1970 UTC */
	char why_lost[192];
	enum time_quality time_quality;
	struct flight flights[PUBLISHER_WINDOW];
};

/* Tells a failure of the store once. */
void publisher_check_store(struct publisher *publisher, int r);

/* Of the row that was on its way when the broker hung up, or of the newer warning that has taken
 * its place since. */
bool publisher_is_suspect(const struct publisher *publisher, int64_t seq, const char *topic);

/* A message's topic with the station's prefix. */
void publisher_topic(const struct publisher *publisher, const char *topic,
		     struct mqtt_message *message);

/* Keeps an answer for the next transaction. When too many wait (the database fails) it is dropped:
 * the row is then sent again after a restart. */
void publisher_note(struct publisher *publisher, const struct outbox_answer *answer);

/* seq 0: a free one; NULL if there is none. */
struct flight *publisher_flight(struct publisher *publisher, int64_t seq);
int publisher_flights(const struct publisher *publisher); /* how many are under way */

/* A flight was answered: makes the window wider or narrower, and the flight free. */
void publisher_land(struct publisher *publisher, struct flight *flight);

/* Settles every answer, however few. */
void publisher_settle(struct publisher *publisher);

/* A new `state`; what is retained is said once more. */
void publisher_append_online(struct publisher *publisher);
void publisher_repeat_retained(struct publisher *publisher);

void publisher_on_connected(struct publisher *publisher, const struct mqtt_event *event);
void publisher_on_lost(struct publisher *publisher, const struct mqtt_event *event);
void publisher_watch_link(struct publisher *publisher); /* every second */

/* What the platform has confirmed since the last time. */
void publisher_apply_acks(struct publisher *publisher);
/* What the gate refused since it was told last, if anything. */
void publisher_tell_refused(struct publisher *publisher);

#endif
