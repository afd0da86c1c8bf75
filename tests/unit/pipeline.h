/* SPDX-License-Identifier: MIT */
/* The pipeline with a real database and a given time, for tests: days in milliseconds. */
#ifndef TESTS_PIPELINE_H
#define TESTS_PIPELINE_H

#include <jansson.h>

#include "engine.h"
#include "hour.h"
#include "outbox.h"

#define H INT64_C(384430)
#define POLL_MS (5 * MINUTE_MS)
#define MAX_ROWS 4000

extern struct conf *conf;
extern struct store *store;
extern struct engine *engine;
extern int readings, looks; /* messages of QoS 0 called "reading", calls of look */
extern char reading[4096];  /* the newest of these */

/* What the outbox took, in order: topic and payload. */
extern struct outbox_row rows[MAX_ROWS];
extern int n_rows;

/* The PM2.5 of an hour in thousandths, constant within it; a test may set its own. */
extern int32_t (*pm25_of)(int64_t hour);
int32_t smog_from_hour_30(int64_t hour); /* on, for four days: the default */

/* A station with the 2012 edition and Hetang's plan on a fresh directory, and its end. */
void setup(void);
void teardown(void);
/* What a kill leaves behind is what was committed. */
void killed(void);
void start(void);

void collect_outbox(void);
/* "1 issue yellow 2013-...", a line an event that went out, in order. */
void event_list(char *list, size_t size);
/* The newest message of the outbox on a topic, to be released; NULL: there is none. */
json_t *outbox_newest(const char *topic);
/* What went out, in order, without this member, ids and the hash that has one; to be released. */
char *outbox_dump(const char *without);
/* The integer that a query on state.db gives, -1 without a row. */
int64_t ask(const char *sql);
void poll_at(int64_t at_ms);
/* Lets the engine do at that time what it does piece by piece. */
void settle(int64_t now_ms);
/* Polls every five minutes over (from, to] hours, telling the time after each. */
void run_hours(int64_t from, int64_t to);

#endif
