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

/* The version of the list in force; 0: there is none. */
static int list_in_force(struct store *store, int64_t *ret)
{
	struct source_list list;
	int r = sources_in_force(store, &list);
	if (r == 0 || r == STORE_E_NONE)
		*ret = r == 0 ? list.number : 0;
	return r == STORE_E_NONE ? 0 : r;
}

static int step(struct engine *engine, const struct payload_head *time, int *rows)
{
	struct order_run before;
	struct ordering_result result;
	int64_t list = 0;
	int r = orders_run(engine->store, &before);
	if (r == 0)
		r = list_in_force(engine->store, &list);
	if (r != 0)
		return r;
	const struct advice_report report = engine_report(engine, time->time_ms);
	const struct order_run wanted =
		ordering_wanted(&report, list, engine->conf->orders_under == ORDERS_UNDER_ADVICE);
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
	engine_store_result(engine, r);
	if (r != 0)
		engine->orders_due_ms = now_ms + ORDERING_LOOK_MS;
	else if (rows > 0)
		engine->env.look(engine->env.ctx);
}
