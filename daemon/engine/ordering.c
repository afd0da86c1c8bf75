/* SPDX-License-Identifier: MIT */
#include "ordering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "outbox.h"
#include "payload_order.h"
#include "post.h"

struct ordering_wanted ordering_wanted(const struct advice_report *report,
				       const struct binding_report *binding, int64_t list,
				       bool by_advice)
{
	struct order_run run = {.list = list};
	if (binding->level != LEVEL_NONE) {
		run.level = binding->level;
		run.binding = true;
		run.directive = binding->directive;
		run.since_ms = run.from_ms = binding->from_ms;
		run.until_ms = binding->until_ms;
		run.released = binding->released;
		run.outlives_lift = binding->outlives_lift;
	} else if (by_advice && advice_level(report->advice) != LEVEL_NONE) {
		run.level = advice_level(report->advice);
		run.since_ms = report->advice->since * HOUR_MS;
		run.from_ms = report->advice->evidence.onset * HOUR_MS;
	}
	return (struct ordering_wanted){run, *binding};
}

/* The same decision, whatever has become of its run. Without orders the list does not matter. */
static bool is_same_run(const struct order_run *a, const struct order_run *b)
{
	if (a->level == LEVEL_NONE || b->level == LEVEL_NONE)
		return a->level == b->level;
	return a->level == b->level && a->binding == b->binding && a->directive == b->directive &&
	       a->since_ms == b->since_ms && a->until_ms == b->until_ms &&
	       a->released == b->released && a->outlives_lift == b->outlives_lift &&
	       a->list == b->list;
}

static void start_run(const struct order_run *wanted, struct order_run *run)
{
	int64_t number = run->number + 1;
	*run = *wanted;
	run->number = number;
	run->after[0] = '\0';
	run->phase =
		run->level != LEVEL_NONE && run->list != 0 ? ORDERS_GIVING : ORDERS_WITHDRAWING;
}

struct step {
	struct store *store;
	struct payload_head head;
	struct order_run *run;
	const struct binding_report *binding;
	struct order_level level; /* while giving */
	bool due;                 /* whether the source looked at last gets one */
	bool wrote;               /* a row, for the source looked at last */
	char topic[OUTBOX_TOPIC_MAX];
	char id[SOURCE_ID_MAX];
	char *payload;
};

/* Takes the payload. */
static int append_order(struct step *step, char *payload)
{
	step->wrote = true;
	snprintf(step->topic, sizeof(step->topic), "order/%s", step->id);
	return post_append(step->store, &step->head, step->topic, payload);
}

/* ---- the phases; each function handles one source, STORE_E_NONE: the phase is over ---- */

static void take_source(void *ctx, const struct source *source)
{
	struct step *step = ctx;
	const struct order_source ordered = sources_as_ordered(source, step->level.plan);
	snprintf(step->id, sizeof(step->id), "%s", source->id);
	step->due = order_why_none(&step->level, &ordered) == 0;
	if (step->due)
		step->payload = payload_order(&step->head, step->run, step->binding, source);
}

static int give_order(struct step *step)
{
	step->payload = NULL;
	step->due = false;
	int r = sources_next(step->store, step->run->list, step->run->after, take_source, step);
	if (r == 0 && step->due)
		r = append_order(step, step->payload);
	if (r == 0 && step->due)
		r = orders_give(step->store, step->id, step->run, step->head.seq,
				step->head.time_ms);
	if (r == 0)
		memcpy(step->run->after, step->id, sizeof(step->run->after));
	return r;
}

static int withdraw_order(struct step *step)
{
	int r = orders_next_stale(step->store, step->run->number, step->id);
	if (r == 0)
		r = append_order(step, payload_order_withdrawn(&step->head, step->run, step->id));
	if (r == 0)
		r = orders_withdraw(step->store, step->id, step->run, step->head.seq,
				    step->head.time_ms);
	return r;
}

/* An empty retained message takes the topic away from the broker. */
static int clear_order(struct step *step)
{
	int r = orders_next_delivered(step->store, step->id);
	if (r == 0)
		r = append_order(step, strdup(""));
	return r == 0 ? orders_clear(step->store, step->id, step->topic, step->head.time_ms) : r;
}

static int post_next_order(struct step *step)
{
	step->wrote = false;
	int r = post_head(step->store, &step->head);
	if (r != 0)
		return r;
	switch (step->run->phase) {
	case ORDERS_GIVING:
		return give_order(step);
	case ORDERS_WITHDRAWING:
		return withdraw_order(step);
	case ORDERS_CLEARING:
		return clear_order(step);
	case ORDERS_DONE:
		break;
	}
	return STORE_E_NONE;
}

/* The end of a phase: the next one, or a wait for deliveries. */
static int next_phase(struct step *step)
{
	struct order_counts counts;
	int r = 0;
	if (step->run->phase == ORDERS_GIVING)
		step->run->phase = ORDERS_WITHDRAWING;
	else if (step->run->phase == ORDERS_WITHDRAWING)
		step->run->phase = ORDERS_CLEARING;
	else if ((r = orders_counts(step->store, &counts)) == 0 && counts.withdrawn == 0)
		step->run->phase = ORDERS_DONE;
	return r;
}

/* Rows until the step is full or its phase is over. */
static int fill_step(struct step *step, int room, int *rows)
{
	int r = 0;
	if (step->run->phase == ORDERS_GIVING)
		step->level = order_level_of(&step->head.conf->plan, step->run->level);
	for (int looked = 0; r == 0 && *rows < room && looked < ORDERING_LOOKED; looked++) {
		r = post_next_order(step);
		*rows += r == 0 && step->wrote;
	}
	if (r == STORE_E_NONE)
		r = next_phase(step);
	return r == 0 ? orders_save(step->store, step->run) : r;
}

static int commit_step(struct step *step, int room, int *rows)
{
	int r = store_begin(step->store);
	if (r != 0)
		return r;
	/* a database in memory has neither the list nor the orders */
	r = store_is_volatile(step->store) ? STORE_E_IO : fill_step(step, room, rows);
	if (r == 0)
		return store_commit(step->store);
	store_rollback(step->store);
	return r;
}

static int64_t pause_ms(const struct order_run *run, int room, int rows)
{
	if (run->phase == ORDERS_DONE)
		return 0;
	bool waits = room == 0 || (run->phase == ORDERS_CLEARING && rows < room);
	return waits ? ORDERING_LOOK_MS : ORDERING_PAUSE_MS;
}

static int room_in(struct store *store, int *ret)
{
	struct outbox_counts counts;
	int r = outbox_counts(store, &counts);
	if (r == 0)
		*ret = counts.pending < ORDERING_BACKLOG_MAX ? ORDERING_STEP : 0;
	return r;
}

int ordering_step(struct store *store, const struct payload_head *time,
		  const struct ordering_wanted *wanted, struct order_run *run,
		  struct ordering_result *ret)
{
	struct order_run next = *run;
	struct step step = {
		.store = store, .head = *time, .run = &next, .binding = &wanted->binding};
	int room = 0, rows = 0;
	if (!is_same_run(&wanted->run, run)) {
		start_run(&wanted->run, &next);
	} else if (run->phase == ORDERS_DONE) {
		*ret = (struct ordering_result){0};
		return 0;
	}
	int r = room_in(store, &room);
	if (r == 0 && room > 0)
		r = commit_step(&step, room, &rows);
	if (r != 0)
		return r;
	*ret = (struct ordering_result){pause_ms(&next, room, rows), rows};
	if (room > 0)
		*run = next;
	return 0;
}
