/* SPDX-License-Identifier: MIT */
/* Orders follow the directive in force (or the advice, as it is set), a step at a time. */
#include "engine_inside.h"
#include "log.h"
#include "ordering.h"

static void tell(const struct order_run *before, const struct order_run *now)
{
	if (now->number != before->number && now->level != LEVEL_NONE)
		log_notice("orders: %s, under %s, to the sources of list %lld",
			   level_name(now->level), now->binding ? "a directive" : "the advice",
			   (long long)now->list);
	else if (now->number != before->number)
		log_notice("orders: all are withdrawn");
	if (now->phase != before->phase && now->phase == ORDERS_CLEARING)
		log_notice("orders: every source has been written to");
}

/* Its sums; outside any transaction, which a list that cannot be read must not end. */
static int read_list(struct store *store, struct cuts_list *list)
{
	struct source_list head;
	struct cuts_list read = {0};
	int r = sources_in_force(store, &head);
	if (r == STORE_E_NONE || (r == 0 && head.number == list->number))
		return r == STORE_E_NONE ? 0 : r;
	if (r == 0)
		r = sources_sums(store, head.number, &read.sums);
	if (r != 0)
		return r;
	read.number = head.number;
	read.whole = sources_whole(&head);
	*list = read;
	return 0;
}

void engine_follow_list(struct engine *engine)
{
	int64_t before = engine->list.number;
	if (store_is_volatile(engine->store))
		return;
	int r = read_list(engine->store, &engine->list);
	if (r != 0 && !engine->list_failed)
		log_error("reduction list: %s: %s; going on with what was read before",
			  store_strerror(r), store_message(engine->store));
	if (r == 0 && engine->list_failed)
		log_notice("reduction list: can be read again");
	engine->list_failed = r != 0;
	if (engine->list.number != before)
		engine->announced = false;
}

static int step(struct engine *engine, const struct payload_head *time, int *rows)
{
	struct order_run before;
	struct ordering_result result;
	int r = orders_run(engine->store, &before);
	if (r != 0)
		return r;
	const struct advice_report report = engine_report(engine, time->time_ms);
	const struct order_run wanted = ordering_wanted(
		&report, engine->list.number, engine->conf->orders_under == ORDERS_UNDER_ADVICE);
	struct order_run run = before;
	r = ordering_step(engine->store, time, &wanted, &run, &result);
	if (r != 0)
		return r;
	*rows = result.rows;
	tell(&before, &run);
	engine->orders_busy = result.pause_ms != 0;
	engine->orders_due_ms =
		time->time_ms + (result.pause_ms != 0 ? result.pause_ms : ORDERING_LOOK_MS);
	return 0;
}

void engine_follow_orders(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	if (now_ms < engine->orders_due_ms && engine->orders_due_ms - now_ms <= ORDERING_LOOK_MS)
		return;
	if (store_is_volatile(engine->store)) { /* the list and the orders are on the disk */
		engine->orders_busy = false;
		return;
	}
	const struct payload_head time = {
		.conf = engine->conf, .time_ms = now_ms, .time_quality = time_quality};
	int rows = 0;
	int r = step(engine, &time, &rows);
	if (r != 0 || rows > 0)
		engine_store_result(engine, r);
	if (r != 0)
		engine->orders_due_ms = now_ms + ORDERING_LOOK_MS;
	else if (rows > 0)
		engine->env.look(engine->env.ctx);
}
