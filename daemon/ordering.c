/* SPDX-License-Identifier: MIT */
#include "ordering.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "outbox.h"
#include "payload_order.h"

struct order_run ordering_wanted(const struct advice_report *report, int64_t list, bool by_advice)
{
	struct order_run run = {.list = list};
	const struct directive *directive = report->in_force;
	if (directive) {
		run.level = directive->level;
		run.binding = true;
		run.directive = directive->number;
		run.since_ms = run.from_ms = directive->start_ms;
		run.until_ms = directive->planned_end_ms;
	} else if (by_advice && advice_level(report->advice) != LEVEL_NONE) {
		run.level = advice_level(report->advice);
		run.since_ms = report->advice->since * HOUR_MS;
		run.from_ms = report->advice->evidence.onset * HOUR_MS;
	}
	return run;
}

/* The same decision, whatever has become of its run. Without orders the list does not matter. */
static bool same(const struct order_run *a, const struct order_run *b)
{
	if (a->level == LEVEL_NONE || b->level == LEVEL_NONE)
		return a->level == b->level;
	return a->level == b->level && a->binding == b->binding && a->directive == b->directive &&
	       a->since_ms == b->since_ms && a->until_ms == b->until_ms && a->list == b->list;
}

static void start(const struct order_run *wanted, struct order_run *run)
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
	char topic[OUTBOX_TOPIC_MAX];
	char id[SOURCE_ID_MAX];
	char *payload;
};

/* A head whose id is the next outbox row's. */
static int begin_message(struct step *step)
{
	int r = outbox_next_seq(step->store, &step->head.seq);
	if (r == 0)
		snprintf(step->head.id, sizeof(step->head.id), "%s-%lld", store_uuid(step->store),
			 (long long)step->head.seq);
	return r;
}

/* Takes the payload. */
static int append(struct step *step, char *payload)
{
	if (!payload)
		return -ENOMEM;
	struct outbox_row row = {.seq = step->head.seq,
				 .made_ms = step->head.time_ms,
				 .class = OUTBOX_WARNING,
				 .retain = true,
				 .replaces = true,
				 .ends_at_ack = payload[0] == '\0', /* nobody confirms nothing */
				 .payload = payload};
	snprintf(step->topic, sizeof(step->topic), "order/%s", step->id);
	memcpy(row.topic, step->topic, sizeof(row.topic));
	int dropped = 0;
	int r = outbox_append(step->store, &row, &dropped);
	if (r == 0 && dropped > 0)
		log_warning("outbox full: %d old messages were dropped", dropped);
	outbox_row_done(&row);
	return r;
}

/* ---- the phases; each function handles one source, STORE_E_NONE: the phase is over ---- */

static void take_source(void *ctx, const struct source *source)
{
	struct step *step = ctx;
	snprintf(step->id, sizeof(step->id), "%s", source->id);
	step->payload = payload_order(&step->head, step->run, source);
}

static int give(struct step *step)
{
	step->payload = NULL;
	int r = sources_next(step->store, step->run->list, step->run->after, take_source, step);
	if (r != 0)
		return r;
	r = append(step, step->payload);
	if (r == 0)
		r = orders_give(step->store, step->id, step->run->number, step->head.seq);
	if (r == 0)
		memcpy(step->run->after, step->id, sizeof(step->run->after));
	return r;
}

static int withdraw(struct step *step)
{
	int r = orders_next_stale(step->store, step->run->number, step->id);
	if (r == 0)
		r = append(step, payload_order_withdrawn(&step->head, step->run, step->id));
	return r == 0 ? orders_withdraw(step->store, step->id, step->head.seq) : r;
}

/* An empty retained message takes the topic away from the broker. */
static int clear(struct step *step)
{
	int r = orders_next_delivered(step->store, step->id);
	if (r == 0)
		r = append(step, strdup(""));
	return r == 0 ? orders_clear(step->store, step->id, step->topic) : r;
}

static int one(struct step *step)
{
	int r = begin_message(step);
	if (r != 0)
		return r;
	switch (step->run->phase) {
	case ORDERS_GIVING:
		return give(step);
	case ORDERS_WITHDRAWING:
		return withdraw(step);
	case ORDERS_CLEARING:
		return clear(step);
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
static int fill(struct step *step, int room, int *rows)
{
	int r = 0;
	while (r == 0 && *rows < room) {
		r = one(step);
		*rows += r == 0;
	}
	if (r == STORE_E_NONE)
		r = next_phase(step);
	return r == 0 ? orders_save(step->store, step->run) : r;
}

static int commit(struct step *step, int room, int *rows)
{
	int r = store_begin(step->store);
	if (r != 0)
		return r;
	/* a database in memory has neither the list nor the orders */
	r = store_is_volatile(step->store) ? STORE_E_IO : fill(step, room, rows);
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
		  const struct order_run *wanted, struct order_run *run,
		  struct ordering_result *ret)
{
	struct order_run next = *run;
	struct step step = {.store = store, .head = *time, .run = &next};
	int room = 0, rows = 0;
	if (!same(wanted, run)) {
		start(wanted, &next);
	} else if (run->phase == ORDERS_DONE) {
		*ret = (struct ordering_result){0};
		return 0;
	}
	int r = room_in(store, &room);
	if (r == 0 && room > 0)
		r = commit(&step, room, &rows);
	if (r != 0)
		return r;
	*ret = (struct ordering_result){pause_ms(&next, room, rows), rows};
	if (room > 0)
		*run = next;
	return 0;
}
