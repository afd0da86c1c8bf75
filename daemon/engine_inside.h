/* SPDX-License-Identifier: MIT */
/*
 * The inside of engine.h, shared by the files that make it up: the stages and the closing of hours
 * (engine.c), minutes, commands, directives, orders, corrected hours (engine_revise.c), hours under
 * wrong names (engine_redate.c), an advice that is lost (engine_renew.c), by which rules
 * (engine_rules.c), start and stop. Nobody else includes it.
 */
#ifndef DAEMON_ENGINE_INSIDE_H
#define DAEMON_ENGINE_INSIDE_H

#include "announce.h"
#include "engine.h"
#include "running.h"
#include "warnings.h"

/* A minute is stored this long after its end, so that a reading on its way is in it. */
#define ENGINE_MINUTE_DELAY_MS 2000

/* After a long stop, hours further back are not closed one by one. */
#define ENGINE_CATCH_UP_HOURS 1000

struct engine {
	const struct conf *conf;
	struct store *store;
	const char *boot;
	struct engine_env env;
	struct engine_rules rules;
	struct engine_state state;
	struct verdict verdict; /* of the newest hour; hour 0: none yet */
	enum level possible;    /* what a forecast's maximum would call for */
	struct rules_used used; /* by which the stored advice was made */
	struct directives directives;
	int64_t newest_directive; /* its number */
	bool has_release;
	struct release release; /* the newest */
	int64_t told_directive; /* the number of the one last published as in force, 0: none */
	bool told_overdue;
	int64_t next_hour;   /* the hour to be closed next; 0: time is not known yet */
	int64_t minute_done; /* the newest minute stored (START, minutes since 1970) */
	int64_t minute_sure; /* the newest one that no doubted clock named */
	uint64_t messages;   /* QoS 0 messages so far */
	uint64_t late;
	struct cuts_list list; /* in force, as it was last read */
	bool list_failed;      /* it could not be read */
	int64_t orders_due_ms; /* when the next step of the orders makes sense */
	bool orders_busy;      /* there is something to do then */
	bool announced;        /* advice and cuts were published in this run */
	bool store_failed;
	struct running running;
};

/* Tells a failure of the store when it begins and when it ends. */
void engine_store_result(struct engine *engine, int r);

/* Other rules (plan, edition, what is measured and leads) than those by which a running episode was
 * advised: an event says so. How many events: 0 or 1. */
int engine_note_rules(struct engine *engine, int64_t hour, struct event *ret);

/* Joins the forecast's hours, if there is a forecast, to the timeline. */
void engine_ahead(const struct engine_rules *rules, struct engine_state *state);

/* Evaluates the present hour without a step of the advice, after something else changed. */
void engine_look_again(struct engine *engine);

/* The advice, directive and release as they stand, for messages. */
struct advice_report engine_report(const struct engine *engine, int64_t now_ms);

/* Publishes warning and cuts when a directive begins, ends or becomes overdue. */
void engine_follow_directive(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
/* The warning that was just put into the outbox says what is in force now. */
void engine_told_directive(struct engine *engine, int64_t now_ms);

/* Reads the reduction list in force, if it is another than before; cuts follow with the hour. */
void engine_follow_list(struct engine *engine);

/* Brings the orders of the sources a step further, if it is time for one. */
void engine_follow_orders(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

/* Stores and reports the minutes that are over; those up to `last` are open. */
void engine_minutes_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality);
int64_t engine_open_minute(struct engine *engine, int64_t minute);

/* The advice over the timeline as it is, hour by hour from nothing; its level after each hour goes
 * to ret_levels[TIMELINE_PAST_HOURS], which may be NULL. */
struct advice engine_replay_hours(const struct engine *engine, enum level *ret_levels);

/* Computes the advice from the hours after warnings_load said why it cannot be read. */
int engine_renew(struct engine *engine, int why);

/* Window, timeline and dust once more from the stored hours. A store error. */
int engine_rebuild(struct engine *engine);

/*
 * Stored hours from first to last were changed, in the transaction that runs: their AQIs and those
 * of the hours after them that they reach are computed anew, stored and put into the outbox, and
 * the engine's own window and timeline follow. *ret is the correction that says what would differ.
 */
int engine_revise(struct engine *engine, int64_t first, int64_t last,
		  const struct announcement *when, struct event *ret);

/* The same for hours that were imported while the daemon was stopped, in a transaction of its own.
 */
void engine_take_imports(struct engine *engine, int64_t now_ms, enum time_quality time_quality);

#endif
