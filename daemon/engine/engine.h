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
#ifndef DAEMON_ENGINE_ENGINE_H
#define DAEMON_ENGINE_ENGINE_H

#include "command.h"
#include "conf.h"
#include "report.h"
#include "stages.h"
#include "store.h"

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
 * the ids of QoS 0 messages. All arguments must live on. Negative errno or a positive store error;
 * STORE_E_LEVEL: the plan lacks a level that was in force, pending or held.
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

/*
 * What data loggers told of periods, of one channel each. Period by period, in one transaction on
 * samples.db: news, what is there already, or a revision of it. What follows of an hour that is
 * closed is computed soon. 0 only if all of it is on the disk; else its senders may not be told so,
 * and it comes again.
 */
/* LOGGED_WAITS: the rest of its hour is on a disk that refuses; it comes again. */
enum logged_fate { LOGGED_NEW, LOGGED_AGAIN, LOGGED_REVISED, LOGGED_WAITS };
struct logged {
	int channel;
	int64_t start_ms; /* since 1970 UTC, a whole minute */
	int32_t minutes;  /* 1 to 60, all in one hour */
	bool whole;       /* the logger's own mean of the hour */
	bool has_raw;     /* there was a number: raw_milli */
	enum why why;     /* WHY_NONE: value_milli counts */
	int32_t value_milli, raw_milli;
	enum logged_fate fate; /* said by engine_log */
	bool first;            /* so is: there was nothing of these minutes before */
};
int engine_log(struct engine *engine, struct logged *logged, int n, int64_t now_ms,
	       enum time_quality time_quality);

/*
 * Takes what an assessment point of a district told of an hour; of a closed hour, or one from
 * before the district began, what follows is computed soon. What says nothing new is passed over. A
 * store error, after which nothing has changed.
 */
struct point_hour;
int engine_point_hour(struct engine *engine, const struct point_hour *hour, int64_t now_ms,
		      enum time_quality time_quality);

/* The newest hour that each assessment point of a district told; 0: none. */
void engine_points_newest(const struct engine *engine, int64_t ret[DISTRICT_POINTS_MAX]);

/* Whether it told an hour, whose END is given. */
bool engine_point_told(const struct engine *engine, int point, int64_t hour);

/* Whether the station hears of its district is another thing than before: a `warning` says so. */
void engine_link(struct engine *engine, const struct district_link *link, int64_t now_ms,
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

/*
 * The same for directives and releases that came together: the directives are judged as if each had
 * come when it was said, then the slips are taken. What engine_hold held back begins.
 */
#define ENGINE_TOGETHER_MAX 256
struct engine_together {
	int n; /* 0..ENGINE_TOGETHER_MAX */
	const struct command *const *commands;
	struct command_answer *answers; /* n of them, if 0 is returned */
};
int engine_directives(struct engine *engine, const struct engine_together *together, int64_t now_ms,
		      enum time_quality time_quality);

/* A directive that could not be read, for that reason, is kept and named as refused, and the
 * counter of its key counts; the same text once more is neither kept nor named again. 0, a store
 * error, -ENOMEM. */
int engine_unread(struct engine *engine, const struct command *command, const char *why,
		  int64_t now_ms, enum time_quality time_quality);

/* Words are being gathered after a start or a connect: nothing begins before engine_directives. */
void engine_hold(struct engine *engine);

/*
 * Tells ENGINE_RESEND_HOURS hours that a `resend` asked for once more, if nothing that matters more
 * waits: to be called once a second at most.
 */
#define ENGINE_RESEND_HOURS 20
void engine_follow_resend(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/* The clock was set. */
void engine_stepped(struct engine *engine);

/* Stores what the running minute has so far, before a clean stop. */
void engine_stop(struct engine *engine, int64_t now_ms);

/* END of the newest closed hour, 0: none yet. */
int64_t engine_newest_hour(const struct engine *engine);

/* True, and why, if a plan lacks a level that is in force, pending or held: it cannot be followed
 * before that has ended. */
#define ENGINE_WHY_MAX 192
bool engine_plan_lacks(const struct engine *engine, const struct plan *plan,
		       char ret_why[ENGINE_WHY_MAX]);
/* When engine_advance has next something to do, since 1970 UTC. */
int64_t engine_due_ms(const struct engine *engine);
/* Samples that came for a closed hour: the first was told. */
uint64_t engine_late_samples(const struct engine *engine);
/* False while the disk refuses; hours and messages go on in memory (store_keeper.h). */
bool engine_store_ok(const struct engine *engine);
/* The first of the hours whose PM2.5 is above its PM10 and should not be; 0: it is not. */
int64_t engine_particles_since(const struct engine *engine);
/* The directive in force, if a row of it is damaged or lost and another row, or the log of what was
 * in force, stands in for it; 0: it is whole, or none is in force. */
int64_t engine_damaged_directive(const struct engine *engine);
/* The advice as it stands. */
const struct advice *engine_advice(const struct engine *engine);

#endif
