/* SPDX-License-Identifier: MIT */
/*
 * A command is one transaction: its row, the counter it was signed with, what it leaves behind, the
 * events and messages it brings, and the reply. The engine's own state follows only when that
 * transaction is on disk.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "engine_inside.h"
#include "forecasts.h"
#include "log.h"
#include "signers.h"

#define CLOCKS_APART_MS HOUR_MS /* so far a sender's clock may be ahead of ours */

/* What a command changes, before it is on disk. */
struct change {
	const struct command *command;
	const struct announcement *when;
	char name[COMMANDS_NAME_MAX]; /* by which the database knows the command */
	bool warning;                 /* warning and cuts are to be published */
	bool judge;                   /* the present hour is to be judged again */
	int n_events;
	struct event events[ANNOUNCE_EVENTS_MAX];
};

/* ---- checks: NULL, or what is wrong; *ret_error: nobody can tell ---- */

static const char *check_review(const struct engine *engine, const struct review *review,
				int *ret_error)
{
	int64_t oldest = 0;
	if (engine->points)
		return "a district has no hours of its own: review those of the station";
	if (review->from > review->to || review->to - review->from >= REVIEW_HOURS_MAX)
		return "from, to: not 1 to 744 hours";
	if (review->to > engine_newest_hour(engine))
		return "to: that hour is not closed yet";
	int r = hours_oldest(engine->store, 0, &oldest);
	*ret_error = r == STORE_E_NONE ? 0 : r;
	if (r == STORE_E_NONE || (r == 0 && review->from < oldest))
		return "from: the station has no hour as old as that";
	if (review->pollutants == 0 ||
	    (review->pollutants & ~engine->conf->station.scope.monitored) != 0)
		return "pollutants: not what this station measures";
	return NULL;
}

static const char *find_fault(const struct engine *engine, const struct command *command,
			      int64_t now_ms, int *ret_error)
{
	bool needs_hours = command->kind == COMMAND_DUST || command->kind == COMMAND_REVIEW;
	if (command->time_ms > now_ms + CLOCKS_APART_MS)
		return "time: lies ahead of now";
	if (needs_hours && store_is_volatile(engine->store))
		return "the database is failing: hours cannot be revised until it works again";
	switch (command->kind) {
	case COMMAND_RESEND:
		return engine_check_resend(engine, &command->resend, ret_error);
	case COMMAND_FORECAST:
		return engine_check_forecast(command->forecast, now_ms);
	case COMMAND_DUST:
		return engine_check_dust(engine, &command->dust, now_ms);
	case COMMAND_REVIEW:
		return check_review(engine, &command->review, ret_error);
	case COMMAND_DIRECTIVE: /* not here: engine_directives */
	case COMMAND_RELEASE:
	case COMMAND_RECEIPT:
		return NULL;
	}
	return "unknown kind";
}

/* ---- each kind, inside the transaction ---- */

static int take_forecast(struct engine *engine, struct change *change, struct command_answer *ret)
{
	bool used = false;
	int64_t now_ms = change->when->now_ms;
	int r = engine_take_forecast(engine, change->command, now_ms, &used, ret);
	change->judge = change->warning = used;
	if (r != 0 || ret->outcome != COMMAND_ACCEPTED)
		return r;
	return forecasts_put(engine->store, change->name, change->command->forecast, now_ms);
}

static int take_dust(struct engine *engine, struct change *change)
{
	int r = engine_take_dust(engine, &change->command->dust,
				 &change->events[change->n_events++]);
	change->judge = change->warning = true;
	return r;
}

/* What follows from it is computed afterwards (engine_revision.c). */
static int take_review(struct engine *engine, struct change *change)
{
	const struct review *review = &change->command->review;
	const struct review_row row = {
		review->from,   review->to,       review->pollutants,      review->restore,
		review->reason, review->reviewer, change->command->time_ms};
	int r = reviews_put(engine->store, change->name, &row);
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++) {
		if (review->pollutants & (1u << p))
			r = hours_invalidate(engine->store, review->from, review->to,
					     (enum pollutant)p, !review->restore);
	}
	if (r == 0)
		r = changed_widen(engine->store, review->from, review->to, CHANGED_BY_REVIEW);
	change->warning = !engine->computing;
	engine->computing = true;
	return r;
}

static int carry_out_command(struct engine *engine, struct change *change,
			     struct command_answer *ret)
{
	switch (change->command->kind) {
	case COMMAND_DIRECTIVE:
	case COMMAND_RELEASE:
		break;
	case COMMAND_FORECAST:
		return take_forecast(engine, change, ret);
	case COMMAND_DUST:
		return take_dust(engine, change);
	case COMMAND_REVIEW:
		return take_review(engine, change);
	case COMMAND_RECEIPT:
		return engine_take_receipt(engine, change->command, change->name, change->when);
	case COMMAND_RESEND:
		return engine_take_resend(engine, &change->command->resend, ret);
	}
	return -EINVAL;
}

/* ---- the transaction ---- */

/* Judges the present hour again and adds what that brings to the change. */
static void judge_again(struct engine *engine, struct change *change)
{
	struct event events[WARNING_EVENTS_MAX];
	const struct advice before = engine->state.advice;
	engine_look_again(engine);
	enum event_reason cause =
		change->command->kind == COMMAND_DUST ? REASON_DUST : REASON_FORECAST;
	int n = advice_step_again(&engine->state.advice, &engine->verdict, cause, events);
	engine_keep_held(engine, &before, &n);
	for (int i = 0; i < n; i++)
		change->events[change->n_events++] = events[i];
}

/* Everything a new command writes; what it changes in memory is taken back by the caller if the
 * transaction fails. */
static int apply_command(struct engine *engine, struct change *change, struct command_answer *ret)
{
	int64_t now_ms = change->when->now_ms;
	int r = 0;
	const char *fault = find_fault(engine, change->command, now_ms, &r);
	if (fault)
		snprintf(ret->why, sizeof(ret->why), "%s", fault);
	else if (change->command->kind == COMMAND_RECEIPT)
		r = engine_check_receipt(engine, &change->command->receipt, ret->why);
	bool refused = ret->why[0] != '\0';
	if (refused)
		ret->outcome = COMMAND_REFUSED;
	if (r == 0)
		r = engine_keep_command(engine, change->command, now_ms, ret, change->name);
	if (r == 0 && !refused)
		r = carry_out_command(engine, change, ret);
	if (r == 0 && ret->why[0] != '\0')
		r = commands_answer(engine->store, change->name, ret->outcome == COMMAND_ACCEPTED,
				    ret->why);
	if (r != 0 || ret->outcome != COMMAND_ACCEPTED)
		return r;
	if (change->judge)
		judge_again(engine, change);
	struct announcement announcement = *change->when;
	announcement.n_events = change->n_events;
	announcement.events = change->events;
	announcement.repeat_advice = change->warning;
	return engine_publish(engine, &announcement);
}

static int write_command(struct engine *engine, struct change *change, struct command_answer *ret)
{
	int r = engine_find_answer(engine, change->command, ret);
	if (r == STORE_E_NONE)
		r = apply_command(engine, change, ret);
	if (r == 0 && change->command->key)
		r = signers_raise(engine->store, change->command->key, change->command->counter);
	if (r == 0)
		r = announce_reply(engine->conf, engine->store, change->when, change->command, ret);
	return r;
}

/* In one transaction, or as if nothing had been. */
static int try_command(struct engine *engine, const struct engine_state *before,
		       struct change *change, struct command_answer *ret)
{
	bool computing = engine->computing;
	*ret = (struct command_answer){.outcome = COMMAND_ACCEPTED};
	int r = engine_begin(engine);
	if (r == 0)
		r = engine_end(engine, write_command(engine, change, ret));
	if (r == 0)
		return 0;
	engine->state = *before;
	engine->computing = computing;
	engine_look_again(engine);
	return r;
}

static struct engine_state *remember_state(const struct engine *engine)
{
	struct engine_state *before = malloc(sizeof(*before));
	if (before)
		*before = engine->state;
	return before;
}

static void log_command(const struct engine *engine, struct change *change,
			const struct command_answer *answer)
{
	struct announcement told = *change->when;
	told.advice = engine_report(engine, told.now_ms);
	told.n_events = change->n_events;
	told.events = change->events;
	engine_log_answer(change->command, answer, 0);
	announce_log(engine->conf, &told);
}

int engine_command(struct engine *engine, const struct command *command, int64_t now_ms,
		   enum time_quality time_quality, struct command_answer *ret)
{
	const struct announcement when = {.now_ms = now_ms, .time_quality = time_quality};
	struct change change = {.command = command, .when = &when};
	struct command_answer answer;
	const struct engine_together alone = {1, &command, ret};
	if (command->kind == COMMAND_DIRECTIVE || command->kind == COMMAND_RELEASE)
		return engine_directives(engine, &alone, now_ms, time_quality);
	engine_refresh(engine); /* by hours that changed nothing is judged as they were */
	struct engine_state *before = remember_state(engine);
	if (!before)
		return -ENOMEM;
	int r = try_command(engine, before, &change, &answer);
	if (r != 0) { /* the second goes to memory, if the disk is to blame */
		change = (struct change){.command = command, .when = &when};
		r = try_command(engine, before, &change, &answer);
	}
	free(before);
	engine_store_result(engine, r);
	if (r != 0)
		return r;
	if (command->kind == COMMAND_REVIEW && answer.outcome == COMMAND_ACCEPTED)
		engine_revision_note(engine, CHANGED_BY_REVIEW, command->review.from,
				     command->review.to);
	if (command->kind == COMMAND_DUST && answer.outcome == COMMAND_ACCEPTED)
		engine_revision_again(engine);
	log_command(engine, &change, &answer);
	*ret = answer;
	ret->absent = NULL;
	engine->env.look(engine->env.ctx);
	return 0;
}
