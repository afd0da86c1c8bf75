/* SPDX-License-Identifier: MIT */
/*
 * What the city says: directives, slips and the passing of time make one judgement and one
 * transaction. Copies are judged; the engine's own state follows only when it is on disk, or in
 * memory where the disk refuses.
 */
#include <errno.h>
#include <stdlib.h>

#include "engine_batch.h"
#include "log.h"
#include "signers.h"
#include "timetables.h"

#define AGAIN_MS 1000 /* after a failure */

/* ---- what is told ---- */

static int log_force(struct engine *engine, const struct batch *batch)
{
	struct force_row row;
	int r = 0;
	for (int i = 0; i < batch->outcome.n_told && r == 0; i++) {
		const struct told *told = &batch->outcome.told[i];
		if (force_row_of(told, &row))
			r = force_log_append(engine->store, &row, told->time_ms);
	}
	return r;
}

static int reply_item(struct engine *engine, const struct batch *batch, struct batch_item *item)
{
	const struct judged judged = {.outcome = &batch->outcome,
				      .answer = &item->word.answer,
				      .before = &batch->before,
				      .after = &engine->city.timetable,
				      .words = batch->words,
				      .n_words = batch->n_words};
	const struct command *command = item->command;
	int r = 0;
	if (item->known)
		r = engine_find_answer(engine, command, &item->answer);
	else if (command->kind == COMMAND_DIRECTIVE)
		item->answer.judged = &judged;
	if (r == 0 && command->key && command->counter != 0)
		r = signers_raise(engine->store, command->key, command->counter);
	if (r == 0)
		r = announce_reply(engine->conf, engine->store, &batch->when, command,
				   &item->answer);
	item->answer.judged = NULL;
	return r;
}

static int reply_items(struct engine *engine, struct batch *batch)
{
	int r = 0;
	for (int i = 0; i < batch->n && r == 0; i++)
		r = reply_item(engine, batch, &batch->items[i]);
	return r;
}

/* ---- the transaction ---- */

static int write_batch(struct engine *engine, struct batch *batch)
{
	struct engine_city *city = &engine->city;
	int r = batch_take_in(engine, batch);
	if (r == 0 && batch->unread)
		r = batch_take_unread(engine, batch);
	if (r != 0)
		return r;
	batch_judge(engine, batch);
	r = batch_settle(engine, batch);
	binding_follow(&city->binding, &city->timetable);
	if (r == 0) /* from it follows which summaries are due */
		r = log_force(engine, batch);
	if (r == 0)
		r = engine_publish(engine, &batch->when);
	if (r == 0)
		r = timetables_save(engine->store, &city->timetable, &city->binding);
	return r == 0 ? reply_items(engine, batch) : r;
}

/* In one transaction, or as if nothing had been. */
static int commit_batch(struct engine *engine, struct batch *batch)
{
	int64_t last_event = engine->state.advice.last_event;
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = engine_end(engine, write_batch(engine, batch));
	if (r != 0)
		engine->state.advice.last_event = last_event;
	return r;
}

static void log_batch(const struct engine *engine, const struct batch *batch)
{
	for (int i = 0; i < batch->n; i++)
		engine_log_answer(batch->items[i].command, &batch->items[i].answer,
				  batch->items[i].word.answer.passed_over_by);
	announce_log(engine->conf, &batch->when);
}

static int run_batch(struct engine *engine, struct batch *batch)
{
	int r = commit_batch(engine, batch);
	if (r != 0) /* the second goes to memory, if the disk is to blame */
		r = commit_batch(engine, batch);
	engine_store_result(engine, r);
	engine->city_again_ms = r == 0 ? 0 : batch->when.now_ms + AGAIN_MS;
	if (r != 0)
		return r;
	engine->mended = false;
	batch->when.advice = engine_report(engine, batch->when.now_ms);
	log_batch(engine, batch);
	if (batch->when.repeat_advice || batch->when.n_events > 0) { /* orders follow at once */
		engine->orders_due_ms = 0;
		engine->orders_busy = true;
	}
	engine->env.look(engine->env.ctx);
	return 0;
}

static struct batch *batch_free(struct batch *batch)
{
	if (batch) {
		free(batch->items);
		free(batch->words);
	}
	free(batch);
	return NULL;
}

static struct batch *batch_new(int n, int64_t now_ms, enum time_quality time_quality)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	if (!batch)
		return NULL;
	batch->when = (struct announcement){.now_ms = now_ms, .time_quality = time_quality};
	batch->n = n;
	batch->items = calloc((size_t)n + 1, sizeof(*batch->items));
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers they are */
	batch->words = calloc((size_t)n + 1, sizeof(*batch->words));
	return batch->items && batch->words ? batch : batch_free(batch);
}

int engine_directives(struct engine *engine, const struct engine_together *together, int64_t now_ms,
		      enum time_quality time_quality)
{
	struct batch *batch = batch_new(together->n, now_ms, time_quality);
	if (!batch)
		return -ENOMEM;
	batch->judges = true;
	if (engine->holding) /* the alerts that stood meanwhile are looked at once more */
		engine->city.back = true;
	engine->holding = false;
	for (int i = 0; i < together->n; i++)
		batch->items[i].command = together->commands[i];
	int r = run_batch(engine, batch);
	for (int i = 0; i < together->n && r == 0; i++) {
		together->answers[i] = batch->items[i].answer;
		together->answers[i].release = NULL;
	}
	batch_free(batch);
	return r;
}

int engine_unread(struct engine *engine, const struct command *command, const char *why,
		  int64_t now_ms, enum time_quality time_quality)
{
	struct batch *batch = batch_new(0, now_ms, time_quality);
	if (!batch)
		return -ENOMEM;
	batch->unread = command;
	batch->unread_why = why;
	int r = run_batch(engine, batch);
	batch_free(batch);
	return r;
}

void engine_link(struct engine *engine, const struct district_link *link, int64_t now_ms,
		 enum time_quality time_quality)
{
	struct batch *batch = batch_new(0, now_ms, time_quality);
	bool changed = link->cut_off != engine->link.cut_off;
	engine->link = *link;
	if (!batch)
		return;
	batch->repeats = true;
	if (changed)
		run_batch(engine, batch);
	batch_free(batch);
}

/* ---- time ---- */

/* Nobody ever said anything, nothing is advised, and no alert stands: nothing to look at again. */
static bool is_idle(const struct engine *engine)
{
	const struct engine_city *city = &engine->city;
	bool stands = advice_level(&engine->state.advice) != LEVEL_NONE;
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++)
		stands = stands || city->alerts.chains[t].standing != ALERT_NOTHING;
	return !stands && city->timetable.last_number == 0 && city->timetable.n_refused == 0;
}

int64_t engine_city_due_ms(const struct engine *engine)
{
	const struct engine_city *city = &engine->city;
	int64_t due_ms = alerts_next_ms(&city->alerts);
	int64_t next_ms = engine->holding ? INT64_MAX : timetable_next_ms(&city->timetable);
	if (next_ms < due_ms)
		due_ms = next_ms;
	if ((city->stepped || city->back) && !is_idle(engine))
		due_ms = 0;
	return due_ms > engine->city_again_ms ? due_ms : engine->city_again_ms;
}

void engine_follow_city(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	const struct engine_city *city = &engine->city;
	if (engine->city_again_ms > now_ms + AGAIN_MS) /* the clock was set back */
		engine->city_again_ms = 0;
	if (engine_city_due_ms(engine) > now_ms)
		return;
	struct batch *batch = batch_new(0, now_ms, time_quality);
	if (!batch)
		return;
	batch->judges = !engine->holding &&
			(city->stepped || timetable_next_ms(&city->timetable) <= now_ms);
	run_batch(engine, batch);
	batch_free(batch);
	if (engine->city_again_ms == 0 && engine_city_due_ms(engine) <= now_ms)
		engine->city_again_ms = now_ms + AGAIN_MS;
}

void engine_hold(struct engine *engine)
{
	engine->holding = true;
	engine->city.back = true;
}

void engine_stepped(struct engine *engine)
{
	engine->city.stepped = true;
}
