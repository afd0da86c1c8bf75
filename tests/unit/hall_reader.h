/* SPDX-License-Identifier: MIT */
/* Who reads all that a station publishes, and what they make of it. */
#ifndef TESTS_HALL_READER_H
#define TESTS_HALL_READER_H

#include "hall.h"

#define READER_TOPICS_MAX 24
#define READER_ALERTS_MAX 128
#define READER_ID_MAX 80

/* A CAP message, as its text says. */
struct reader_alert {
	char topic[40], identifier[READER_ID_MAX], type[16], level[16], scope[16], directive[72];
	int64_t onset_ms, expires_ms;
};

struct reader_topic {
	char name[80];
	char *payload; /* the newest retained one; "": emptied */
};

/* The advice by its events alone. */
struct reader_advice {
	char level[16], episode[40]; /* the second: the newest; "": none yet */
};

struct reader {
	struct hall_run *run; /* where what is wrong is said */
	const struct plan *plan;
	int64_t now_ms;
	/* by the events alone */
	int64_t last_event, last_event_ms, number;
	char level[16];
	struct reader_advice advice;
	int n_announced;
	int64_t announced[64];
	int n_replies;
	int (*level_of)(const char *id); /* that a word had; -1: it only withdraws */
	/* of one who was connected all along */
	int n_beliefs;
	struct reader_alert beliefs[READER_ALERTS_MAX];
	/* of one who connects now */
	int n_topics;
	struct reader_topic topics[READER_TOPICS_MAX];
};

void reader_done(struct reader *reader);

/* Notes the first thing that is wrong. */
void reader_fail(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A message arrives. */
void reader_take(struct reader *reader, const char *topic, bool retain, const char *payload);

/* What the station should have said: its directive in force (0: none), its level and the numbers
 * pending, in the order of their starts. */
struct reader_truth {
	int64_t number;
	const char *id, *level;
	const char *advice; /* its level */
	bool overdue, released;
	bool changes;        /* a pending one brings another level */
	const char *binding; /* the level that binds, */
	int64_t binding_number;
	int n_pending;
	int64_t pending[TIMETABLE_PENDING_MAX];
	const char *next_id; /* the next one that raises or lowers, a lift aside; NULL: none */
};

/* The newest payload of a retained topic, to be released; NULL: none. */
struct json_t;
struct json_t *reader_retained(struct reader *reader, const char *name);
/* The alert on a topic for one who connects now; false: none that has not expired. */
bool reader_find_fresh(struct reader *reader, const char *name, struct reader_alert *ret);

/* hall_advice.c */
void reader_read_advice(struct reader *reader, const struct json_t *event, const char *kind);
void reader_compare_advice(struct reader *reader, const struct reader_truth *truth);

/* hall_texts.c */
void reader_read_texts(struct reader *reader, const struct json_t *event);
void reader_read_headlines(struct reader *reader, const char *xml, const char *level);
void reader_compare_texts(struct reader *reader, const struct reader_truth *truth);
/* What stands on the retained topics, but for what is a message's own. */
void reader_tell_retained(struct reader *reader);

/* At rest, everything delivered. */
void reader_compare(struct reader *reader, const struct reader_truth *truth);
/* While words are gathered: what was in force stays, its alert renewed. */
void reader_compare_waiting(struct reader *reader, const struct reader_truth *truth);

#endif
