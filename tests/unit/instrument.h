/* SPDX-License-Identifier: MIT */
/* One instrument from its registers to what is advised, through decoder, guard and engine. */
#ifndef TESTS_INSTRUMENT_H
#define TESTS_INSTRUMENT_H

#include <jansson.h>

#include "pipeline.h"

/* What the registers hold at a moment. */
extern int (*register_of)(enum pollutant pollutant, int64_t at_ms);

/* A station of one instrument of a profile, polled every five minutes; for a fixture: whole ug/m3
 * of PM2.5 and PM10 up to 1000. teardown of pipeline.h ends it. */
void instrument_begin(const char *profile, const char *more);
void setup_compact(void);

/* A kill and a start; a bus begins anew with its process. */
void restart(void);

void poll_registers(int64_t at_ms);
/* Polls over (from, to] hours. */
void poll_hours(int64_t from, int64_t to);

/* Air that moves from poll to poll. */
int waver(int base, int64_t at_ms);
/* PM10 has more than PM2.5. */
int of_dust(int pm25, enum pollutant pollutant);

/* The i-th message of a topic, and the i-th event of a kind and reason, that went out; NULL: there
 * are fewer. Borrowed until the next call. */
json_t *find_message(const char *topic, int i);
json_t *find_event(const char *kind, const char *reason, int i);
const char *text_in(const json_t *json, const char *key);

#endif
