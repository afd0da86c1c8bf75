/* SPDX-License-Identifier: MIT */
/*
 * The pipeline, the one place where the stages meet:
 *
 *   samples -> hourly means -> rolling AQI -> plan -> advice -> outbox
 *
 * Time is told to it, by samples and by engine_advance, so that it runs live, under a compressed
 * clock and in tests alike. Closing an hour is one transaction. What a restart needs is in the
 * store.
 */
#ifndef DAEMON_ENGINE_H
#define DAEMON_ENGINE_H

#include "command.h"
#include "conf.h"
#include "payload.h"
#include "report.h"
#include "store.h"

/* What an hour is held against. */
struct engine_rules {
	const struct edition *edition;
	const struct plan *plan;
	struct scope scope;
};

/* What one hour hands to the next. All zero: a station that begins. */
struct engine_state {
	struct window window;      /* the hours as they were measured */
	struct window plan_window; /* as the plan counts them: without what dust excludes */
	struct dust_hours dust;
	struct timeline timeline;
	struct forecast forecast; /* issued_ms 0: none */
	struct advice advice;
};

/* What an hour brought. */
struct engine_step {
	struct aqi realtime, daily;
	struct verdict verdict;
	int n_events;
	struct event events[WARNING_EVENTS_MAX];
};

/* Hourly means -> AQI. Moves windows and timeline on to `hour`. */
void engine_index(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		  const struct hour_values *values, struct engine_step *ret);

/* AQI -> plan -> advice, at the timeline's present hour. After engine_index; between the two a
 * forecast may be joined to the timeline. */
void engine_judge(const struct engine_rules *rules, struct engine_state *state,
		  struct engine_step *ret);

struct engine;

/* What the engine tells its surroundings. */
struct engine_env {
	void *ctx;
	/* A message of QoS 0; takes the payload (heap), drops it when there is no connection. */
	void (*say)(void *ctx, const char *topic, bool retain, char *payload);
	/* The outbox has new rows. */
	void (*look)(void *ctx);
};

/*
 * Reads window, timeline, advice and the newest hour back from the store. `boot` names this run in
 * the ids of QoS 0 messages. All arguments must live on. Negative errno or a positive store error.
 */
int engine_new(const struct conf *conf, struct store *store, const char *boot,
	       const struct engine_env *env, struct engine **ret);
struct engine *engine_free(struct engine *engine);

/*
 * Takes a sample dated since 1970 UTC. One of an hour that is closed already is dropped and
 * counted; one far enough ahead closes the hours before it first.
 */
void engine_sample(struct engine *engine, const struct sample *sample,
		   enum time_quality time_quality);

/* It is now_ms: stores the minutes that are over and closes the hours that are due. */
void engine_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/*
 * A trusted clock says that it is now_ms. Hours from `first` on (INT64_MAX: none, but those that
 * are not over) that were closed on a clock nobody had confirmed go: they close again, as
 * revisions, from the samples that follow, dated anew. Advice that was given stays given.
 */
void engine_redate(struct engine *engine, int64_t first, int64_t now_ms);

/*
 * Checks a command against the station, keeps it and the counter of its signature, applies it once,
 * and puts the `reply` and what changes into the outbox, all in one transaction. *ret says what
 * became of it. A store error, after which nothing has changed and the sender has no answer.
 */
int engine_command(struct engine *engine, const struct command *command, int64_t now_ms,
		   enum time_quality time_quality, struct command_answer *ret);

/* Stores what the running minute has so far, before a clean stop. */
void engine_stop(struct engine *engine, int64_t now_ms);

/* END of the newest closed hour, 0: none yet. */
int64_t engine_newest_hour(const struct engine *engine);
/* When engine_advance has next something to do, since 1970 UTC. */
int64_t engine_due_ms(const struct engine *engine);
/* Samples that came for a closed hour. */
uint64_t engine_late_samples(const struct engine *engine);
/* False while the disk refuses; hours and messages go on in memory (keeper.h). */
bool engine_store_ok(const struct engine *engine);
/* The advice as it stands. */
const struct advice *engine_advice(const struct engine *engine);

#endif
