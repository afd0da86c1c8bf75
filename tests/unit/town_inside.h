/* SPDX-License-Identifier: MIT */
/* What town.c (steps) and town_watch.c (what must hold after each) share. */
#ifndef TESTS_TOWN_INSIDE_H
#define TESTS_TOWN_INSIDE_H

#include "town.h"
#include "town_twin.h"

#define MIN_MS INT64_C(60000)
#define TOWN_BEGIN_MS INT64_C(1419638400000)
#define TOWN_QUEUE_MAX 512

/* What became of an accepted word, by the events and replies alone. */
struct fate {
	int64_t number, start_ms, end_ms, said_ms, time_ms, turn;
	int level;
	bool is_entry; /* not `withdraws` alone */
	bool announced, ended, begun, gone, released;
	char id[TIMETABLE_ID_SIZE], issuer[2], document[3];
};

/* An alert that somebody believes. */
struct belief {
	struct alert alert;
	enum alert_topic topic;
};

struct town {
	/* the station */
	struct timetable timetable;
	struct alerts alerts;
	struct binding binding;
	struct event_series series;
	int64_t now_ms, true_ms; /* its clock; everybody else's */
	bool running, linked;
	bool clock_was_set; /* once, so that the log and the samples part */
	bool looks_in_time; /* so that nothing is passed over */
	struct town_twin twin;
	struct alert_advice advice;
	/* the command centre */
	char document[3], issuer[2]; /* of the word said last */
	int64_t time_ms;
	/* the readers */
	int64_t reader_number; /* in force, by the events alone */
	int reader_level;
	int64_t last_event, last_event_ms;
	bool has_retained[ALERT_TOPIC_COUNT];
	struct alert made[ALERT_TOPIC_COUNT]; /* the newest; key 0: none, or ended */
	bool sends_anyway;                    /* the clock was set, or the link is back */
	int64_t last_turn;
	int64_t episode_turn; /* of the directive that began the newest episode */
	FILE *out;
	char why[TOWN_WHY_MAX]; /* "": all is well */
	int n_said, n_waiting, n_queue, n_beliefs, n_fates, n_rows, n_samples;
	/* From here on only so much means anything. */
	struct alert_message queue[TOWN_QUEUE_MAX];    /* not sent yet */
	struct timetable_word waiting[TOWN_STEPS_MAX]; /* at the broker */
	struct belief beliefs[TOWN_QUEUE_MAX];         /* of a reader connected all along */
	struct alert_message retained[ALERT_TOPIC_COUNT];
	struct fate fates[TOWN_STEPS_MAX];
	struct force_row rows[4 * TOWN_STEPS_MAX];
	struct force_row samples[TOWN_STEPS_MAX]; /* what was in force after each step */
};

/* Notes the first thing that is wrong. */
void town_fail(struct town *town, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct fate *town_fate(struct town *town, int64_t number);

/* ---- town_watch.c ---- */

/* A word that came alone, while everything worked, is held against the rules once more, written in
 * another way; `before` is the timetable until then. */
void watch_word(struct town *town, const struct timetable *before,
		const struct timetable_word *word);

/* Takes note of what words became and of the events of one judgement. */
void watch_judged(struct town *town, struct timetable_word *const words[], int n,
		  const struct judge_outcome *outcome);

/* Holds a message that was just made against the timetable. */
void watch_message(struct town *town, const struct alert_message *message);

/* A message reaches the broker, and whoever is connected to it. */
void watch_delivery(struct town *town, const struct alert_message *message);

/* What must hold while words are gathered: what was in force stays, its alert renewed. */
void watch_window(struct town *town);

/* Everything that must hold at rest. */
void watch_rest(struct town *town);

#endif
