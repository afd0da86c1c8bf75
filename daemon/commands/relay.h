/* SPDX-License-Identifier: MIT */
/*
 * A district's voice to its stations: what the city said once is said to each of them, signed with
 * the district's key, under the city's id and time; and hours that a point did not tell are asked
 * for.
 *
 * What is relayed follows from the database (relays_wanted), so a station that comes back after
 * days gets what counts now and nothing that is over. To a station that is there one command at a
 * time is said, in order, and said again with growing pauses until it answers: nothing waits at the
 * broker for one that is away. Each time it is signed anew, with a counter that only rises (the
 * time, if that is higher), and what the station has already it calls repeated. What a station
 * refuses is told once; if nothing is wrong with what it says it is tried again, and no later
 * directive or slip goes before it. A station that begins anew hears all of it again, save the
 * forecast: it may have lost its disk. Main thread.
 */
#ifndef DAEMON_COMMANDS_RELAY_H
#define DAEMON_COMMANDS_RELAY_H

#include "conf.h"
#include "engine.h"
#include "payload_relay.h"
#include "station_word.h"
#include "store.h"

#define RELAY_AT_ONCE 20   /* commands that are said in a call of relay_tick */
#define RELAY_HEARD_MAX 20 /* words of stations that are best taken in a call of relay_hear */

struct relay;

/* Says a payload under cmd/`kind` of a station, if there is a connection; takes it. */
struct relay_env {
	void *ctx;
	void (*say)(void *ctx, const char *station, const char *kind, char *payload);
};

/* All is borrowed for good. *ret is NULL if the configuration names no key; every call accepts
 * that. -ENOMEM. */
int relay_new(const struct conf *conf, struct store *store, struct engine *engine,
	      const struct relay_env *env, struct relay **ret);
struct relay *relay_free(struct relay *relay);

/* When it is looked at. */
struct relay_moment {
	int64_t now_ms;  /* since 1970 UTC */
	int64_t mono_ms; /* of the monotonic clock */
	bool connected;
	uint64_t commands; /* accepted in this run: another number is news */
};

/* A connection has come about. */
void relay_connected(struct relay *relay, int64_t mono_ms);
/* What stations said: n words, kept together. */
void relay_hear(struct relay *relay, const struct station_word words[], int n,
		const struct relay_moment *moment);
/* Once a second, and after words; true: relay_view has changed. */
bool relay_tick(struct relay *relay, const struct relay_moment *moment);

/* NULL: nothing is relayed. Borrowed, and good for good. */
const struct relay_view *relay_view(const struct relay *relay);

#endif
