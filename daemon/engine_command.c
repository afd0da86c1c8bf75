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

#define DAY_MS (24 * HOUR_MS)
#define FAR_MS (INT64_C(30) * DAY_MS) /* a start or an issue further from now is a mistake */
#define CLOCKS_APART_MS HOUR_MS       /* so far a sender's clock may be ahead of ours */
#define DUST_AT_ONCE_H 240
#define REVIEW_AT_ONCE_H 744 /* a month, so that its messages fit the outbox many times */

/* What a command changes, before it is on disk. */
struct change {
	const struct command *command;
	const struct announcement *when;
	struct directives directives;
	bool warning; /* warning and cuts are to be published */
	bool judge;   /* the present hour is to be judged again */
	int n_events;
	struct event events[ANNOUNCE_EVENTS_MAX];
};

/* ---- checks: NULL, or what is wrong ---- */

static const char *check_directive(const struct directive *directive, int64_t now_ms)
{
	if (directive->start_ms > now_ms + FAR_MS || directive->start_ms < now_ms - FAR_MS)
		return "start: more than 30 days from now";
	if (directive->planned_end_ms != 0 && directive->level == LEVEL_NONE)
		return "planned_end: a lift has none";
	if (directive->planned_end_ms != 0 && directive->planned_end_ms <= directive->start_ms)
		return "planned_end: not after start";
	return NULL;
}

static const char *check_forecast(const struct forecast *forecast, int64_t now_ms)
{
	if (forecast->issued_ms > now_ms + CLOCKS_APART_MS)
		return "issued: lies ahead of now";
	if (forecast->issued_ms < now_ms - FAR_MS)
		return "issued: more than 30 days ago";
	return forecast_fault(forecast);
}

static const char *check_dust(const struct engine *engine, const struct dust *dust, int64_t now_ms)
{
	int64_t now = hour_of_ms(now_ms);
	if (dust->from > dust->to || dust->to - dust->from >= DUST_AT_ONCE_H)
		return "from, to: not 1 to 240 hours";
	if (dust->from <= now - TIMELINE_PAST_HOURS || dust->to > now + TIMELINE_AHEAD_HOURS)
		return "from, to: more than 60 days ago or 10 days ahead";
	if (!dust->clear && engine->state.dust.n + dust->to - dust->from + 1 > DUST_HOURS_MAX)
		return "more than 1024 hours of dust";
	return NULL;
}

static const char *check_review(const struct engine *engine, const struct review *review)
{
	if (review->from > review->to || review->to - review->from >= REVIEW_AT_ONCE_H)
		return "from, to: not 1 to 744 hours";
	if (review->to > engine_newest_hour(engine))
		return "to: that hour is not closed yet";
	if (review->pollutants == 0 ||
	    (review->pollutants & ~engine->conf->station.scope.monitored) != 0)
		return "pollutants: not what this station measures";
	return NULL;
}

static const char *check(const struct engine *engine, const struct command *command, int64_t now_ms)
{
	bool needs_hours = command->kind == COMMAND_DUST || command->kind == COMMAND_REVIEW;
	if (command->time_ms > now_ms + CLOCKS_APART_MS)
		return "time: lies ahead of now";
	if (needs_hours && store_is_volatile(engine->store))
		return "the database is failing: hours cannot be revised until it works again";
	switch (command->kind) {
	case COMMAND_DIRECTIVE:
		return check_directive(&command->directive, now_ms);
	case COMMAND_FORECAST:
		return check_forecast(command->forecast, now_ms);
	case COMMAND_DUST:
		return check_dust(engine, &command->dust, now_ms);
	case COMMAND_REVIEW:
		return check_review(engine, &command->review);
	case COMMAND_RELEASE:
	case COMMAND_RECEIPT:
		return NULL;
	}
	return "unknown kind";
}

/* ---- each kind, inside the transaction ---- */

static int take_directive(struct engine *engine, struct change *change, struct command_answer *ret)
{
	struct directive directive = change->command->directive;
	const struct directive *before =
		directive_in_force(&engine->directives, directive.start_ms);
	enum event_kind kind;
	directive.number = engine->newest_directive + 1;
	if (!directives_take(&change->directives, &directive, change->when->now_ms)) {
		ret->outcome = COMMAND_REFUSED;
		snprintf(ret->why, sizeof(ret->why), "%d directives wait for their start already",
			 DIRECTIVES_MAX - 1);
		return 0;
	}
	change->warning = true;
	if (directive_event(before ? before->level : LEVEL_NONE, directive.level, &kind)) {
		struct event *event = &change->events[change->n_events++];
		*event = (struct event){.kind = kind,
					.about = ABOUT_DIRECTIVE,
					.level = directive.level,
					.previous = before ? before->level : LEVEL_NONE,
					.hour = hour_of_ms(change->when->now_ms),
					.onset = hour_of_ms(directive.start_ms)};
		advice_number(&engine->state.advice, event);
	} else {
		snprintf(ret->why, sizeof(ret->why), "nothing was in force or about to be");
	}
	return directives_put(engine->store, change->command->id, &directive, change->when->now_ms);
}

static int take_release(struct engine *engine, struct change *change)
{
	const struct release *release = &change->command->release;
	const struct release_row row = {release->number,    release->reviewer, release->signer,
					release->post,      release->level,    release->reviewed_ms,
					release->signed_ms, release->start_ms};
	change->warning = true;
	return releases_put(engine->store, change->command->id, &row);
}

static int take_forecast(struct engine *engine, struct change *change, struct command_answer *ret)
{
	const struct forecast *forecast = change->command->forecast;
	if (forecast->issued_ms < engine->state.forecast.issued_ms) {
		snprintf(ret->why, sizeof(ret->why), "kept; one that was issued later is in use");
	} else {
		engine->state.forecast = *forecast;
		change->judge = change->warning = true;
	}
	return forecasts_put(engine->store, change->command->id, forecast, change->when->now_ms);
}

static int take_dust(struct engine *engine, struct change *change)
{
	const struct dust *dust = &change->command->dust;
	int r = 0;
	for (int64_t hour = dust->from; hour <= dust->to && r == 0; hour++)
		r = hours_flag_dust(engine->store, hour, !dust->clear, dust->source);
	change->judge = change->warning = true;
	return r == 0 ? engine_rebuild(engine) : r;
}

static int take_review(struct engine *engine, struct change *change)
{
	const struct review *review = &change->command->review;
	const struct review_row row = {
		review->from,   review->to,       review->pollutants,      review->restore,
		review->reason, review->reviewer, change->command->time_ms};
	int r = reviews_put(engine->store, change->command->id, &row);
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++) {
		if (review->pollutants & (1u << p))
			r = hours_invalidate(engine->store, review->from, review->to,
					     (enum pollutant)p, !review->restore);
	}
	if (r == 0)
		r = engine_revise(engine, review->from, review->to, change->when,
				  &change->events[change->n_events++]);
	change->judge = change->warning = true;
	return r;
}

static int take_receipt(struct engine *engine, const struct command *command)
{
	const struct receipt *receipt = &command->receipt;
	const struct receipt_row row = {receipt->ref, receipt->unit, receipt->person,
					receipt_outcome_name(receipt->outcome), command->time_ms};
	return receipts_put(engine->store, command->id, &row);
}

static int take(struct engine *engine, struct change *change, struct command_answer *ret)
{
	switch (change->command->kind) {
	case COMMAND_DIRECTIVE:
		return take_directive(engine, change, ret);
	case COMMAND_RELEASE:
		return take_release(engine, change);
	case COMMAND_FORECAST:
		return take_forecast(engine, change, ret);
	case COMMAND_DUST:
		return take_dust(engine, change);
	case COMMAND_REVIEW:
		return take_review(engine, change);
	case COMMAND_RECEIPT:
		return take_receipt(engine, change->command);
	}
	return -EINVAL;
}

/* ---- the transaction ---- */

static int keep_command(struct engine *engine, const struct command *command, int64_t now_ms,
			const struct command_answer *answer)
{
	const struct command_row row = {.id = command->id,
					.kind = command_kind_name(command->kind),
					.issuer = command->issuer,
					.json = command->json,
					.time_ms = command->time_ms,
					.received_ms = now_ms,
					.accepted = answer->outcome == COMMAND_ACCEPTED,
					.why = answer->why};
	return commands_put(engine->store, &row);
}

/* The answer it got when it came before; STORE_E_NONE if it never did. */
static int find_answer(struct engine *engine, const struct command *command,
		       struct command_answer *ret)
{
	const struct command_row row = {
		.id = command->id, .kind = command_kind_name(command->kind), .json = command->json};
	bool same, accepted;
	int r = commands_find(engine->store, &row, &same, &accepted, ret->why);
	if (r != 0)
		return r;
	ret->outcome = accepted && same ? COMMAND_REPEATED : COMMAND_REFUSED;
	if (!same)
		snprintf(ret->why, sizeof(ret->why), "id: another command had it");
	return 0;
}

/* Judges the present hour again and adds what that brings to the change. */
static void judge_again(struct engine *engine, struct change *change)
{
	struct event events[WARNING_EVENTS_MAX];
	engine_look_again(engine);
	int n = advice_step_again(&engine->state.advice, &engine->verdict, events);
	for (int i = 0; i < n; i++)
		change->events[change->n_events++] = events[i];
}

static void take_over(struct engine *engine, const struct change *change)
{
	const struct command *command = change->command;
	if (change->directives.n > 0 && command->kind == COMMAND_DIRECTIVE)
		engine->newest_directive = directive_newest(&change->directives)->number;
	engine->directives = change->directives;
	if (command->kind == COMMAND_RELEASE) {
		engine->release = command->release;
		engine->has_release = true;
	}
}

/* Everything a new command writes; what it changes in memory is taken back by the caller if the
 * transaction fails. */
static int apply(struct engine *engine, struct change *change, struct command_answer *ret)
{
	int64_t now_ms = change->when->now_ms;
	const char *fault = check(engine, change->command, now_ms);
	if (fault) {
		ret->outcome = COMMAND_REFUSED;
		snprintf(ret->why, sizeof(ret->why), "%s", fault);
	}
	int r = keep_command(engine, change->command, now_ms, ret);
	if (r == 0 && !fault)
		r = take(engine, change, ret);
	if (r == 0 && ret->why[0] != '\0')
		r = commands_answer(engine->store, change->command->id,
				    ret->outcome == COMMAND_ACCEPTED, ret->why);
	if (r != 0 || ret->outcome != COMMAND_ACCEPTED)
		return r;
	if (change->judge)
		judge_again(engine, change);
	take_over(engine, change);
	struct announcement announcement = *change->when;
	announcement.advice = engine_report(engine, now_ms);
	announcement.n_events = change->n_events;
	announcement.events = change->events;
	announcement.repeat_advice = change->warning;
	for (int i = 0; i < change->n_events && r == 0; i++)
		r = warnings_append(engine->store, &change->events[i]);
	if (r == 0)
		r = warnings_save(engine->store, &engine->state.advice, &engine->used);
	return r == 0 ? announce(engine->conf, engine->store, &announcement) : r;
}

static int commit_command(struct engine *engine, struct change *change, struct command_answer *ret)
{
	int r = store_begin(engine->store);
	if (r != 0)
		return r;
	r = find_answer(engine, change->command, ret);
	if (r == STORE_E_NONE)
		r = apply(engine, change, ret);
	if (r == 0 && change->command->key)
		r = signers_raise(engine->store, change->command->key, change->command->counter);
	if (r == 0)
		r = announce_reply(engine->conf, engine->store, change->when, change->command, ret);
	if (r != 0) {
		store_rollback(engine->store);
		return r;
	}
	return store_commit(engine->store);
}

/* What a failed transaction has to leave as it was. */
struct before {
	struct engine_state state;
	struct directives directives;
	struct release release;
	bool has_release;
	int64_t newest_directive;
};

static struct before *remember(const struct engine *engine)
{
	struct before *before = malloc(sizeof(*before));
	if (before)
		*before = (struct before){engine->state, engine->directives, engine->release,
					  engine->has_release, engine->newest_directive};
	return before;
}

static void take_back(struct engine *engine, const struct before *before)
{
	engine->state = before->state;
	engine->directives = before->directives;
	engine->release = before->release;
	engine->has_release = before->has_release;
	engine->newest_directive = before->newest_directive;
	engine_look_again(engine);
}

/* In one transaction, or as if nothing had been. */
static int try_command(struct engine *engine, const struct before *before, struct change *change,
		       struct command_answer *ret)
{
	change->directives = engine->directives;
	*ret = (struct command_answer){.outcome = COMMAND_ACCEPTED};
	int r = commit_command(engine, change, ret);
	if (r != 0)
		take_back(engine, before);
	return r;
}

int engine_command(struct engine *engine, const struct command *command, int64_t now_ms,
		   enum time_quality time_quality, struct command_answer *ret)
{
	const struct announcement when = {.now_ms = now_ms, .time_quality = time_quality};
	struct change change = {.command = command, .when = &when};
	struct command_answer answer;
	struct before *before = remember(engine);
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
	struct announcement told = when;
	told.advice = engine_report(engine, now_ms);
	told.n_events = change.n_events;
	told.events = change.events;
	log_notice("command %s %s of %s: %s%s%s", command_kind_name(command->kind), command->id,
		   command->issuer, command_outcome_name(answer.outcome), answer.why[0] ? ": " : "",
		   answer.why);
	announce_log(engine->conf, &told);
	if (change.warning && answer.outcome == COMMAND_ACCEPTED)
		engine_told_directive(engine, now_ms);
	*ret = answer;
	engine->env.look(engine->env.ctx);
	return 0;
}
