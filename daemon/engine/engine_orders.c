/* SPDX-License-Identifier: MIT */
/* Orders follow the directive in force (or the advice, as it is set), a step at a time. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine_inside.h"
#include "log.h"
#include "log_words.h"
#include "ordering.h"
#include "text_order.h"
#include "words.h"

static void tell_order_run(const struct plan *plan, const struct order_run *before,
			   const struct order_run *now)
{
	bool is_new = now->number != before->number;
	if (now->list == 0 && before->list == 0) {
		if (is_new && now->level != LEVEL_NONE)
			log_notice(LOG_ORDERS, "orders: %s, under %s: none, as there is no list",
				   log_level_name(plan, now->level),
				   now->binding ? tr("a directive") : tr("the advice"));
		return;
	}
	if (is_new && now->level != LEVEL_NONE)
		log_notice(LOG_ORDERS, "orders: %s, under %s, to the sources of list %lld",
			   log_level_name(plan, now->level),
			   now->binding ? tr("a directive") : tr("the advice"),
			   (long long)now->list);
	else if (is_new)
		log_notice(LOG_ORDERS, "orders: all are withdrawn");
	if (now->phase != before->phase && now->phase == ORDERS_CLEARING)
		log_notice(LOG_ORDERS, "orders: every source has been written to");
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

/* ---- who of a list gets no order ---- */

#define QUIET_NAMED 5 /* sources that the line names */

struct quiet {
	const struct plan *plan;
	struct order_level levels[LEVEL_SLOTS];
	int n, at[LEVEL_SLOTS], nowhere; /* sources; without an order at a level, at every level */
	size_t length;
	char named[QUIET_NAMED * (SOURCE_ID_MAX + TEXT_ORDER_MAX)];
};

static void name_quiet(struct quiet *quiet, const char *id, const struct order_source *source,
		       unsigned why)
{
	char text[TEXT_ORDER_MAX];
	size_t room = sizeof(quiet->named) - quiet->length;
	if (quiet->nowhere++ >= QUIET_NAMED)
		return;
	text_order_why(quiet->plan, source, why, words_are_chinese() ? TEXT_ZH : TEXT_EN, text);
	int n = snprintf(quiet->named + quiet->length, room, "%s %s (%s)",
			 quiet->nowhere > 1 ? "," : ":", id, text);
	quiet->length += n > 0 && (size_t)n < room ? (size_t)n : 0;
}

static void count_quiet(void *ctx, const char *id, const struct order_source *source)
{
	struct quiet *quiet = ctx;
	unsigned why = 0;
	bool nowhere = true;
	for (int level = 1; level <= quiet->plan->n_levels; level++) {
		why = order_why_none(&quiet->levels[level], source);
		quiet->at[level] += why != 0;
		nowhere = nowhere && why != 0;
	}
	quiet->n++;
	if (nowhere)
		name_quiet(quiet, id, source, why);
}

/* One line for a version of the list. */
static void tell_quiet(const struct quiet *quiet, int64_t number)
{
	char at[LEVELS_MAX * (LEVEL_ID_MAX + 32)] = "", more[32] = "";
	size_t n = 0;
	bool any = false;
	for (int level = 1; level <= quiet->plan->n_levels && n < sizeof(at); level++) {
		n += (size_t)snprintf(at + n, sizeof(at) - n, tr("%s%d at %s"),
				      n > 0 ? tr(", ") : "", quiet->at[level],
				      log_level_name(quiet->plan, level));
		any = any || quiet->at[level] > 0;
	}
	if (quiet->nowhere > QUIET_NAMED)
		snprintf(more, sizeof(more), tr(" and %d more"), quiet->nowhere - QUIET_NAMED);
	if (any)
		log_notice(LOG_LIST_NO_MEASURE,
			   "reduction list %lld: no measure, so no order, for %s of %d sources%s%s",
			   (long long)number, at, quiet->n, quiet->named, more);
}

static int tell_who_is_quiet(const struct plan *plan, struct store *store, int64_t number)
{
	struct quiet *quiet = calloc(1, sizeof(*quiet));
	if (!quiet)
		return -ENOMEM;
	quiet->plan = plan;
	for (int level = 1; level <= plan->n_levels; level++)
		quiet->levels[level] = order_level_of(plan, level);
	int r = sources_each_ordered(store, number, count_quiet, quiet);
	if (r == 0)
		tell_quiet(quiet, number);
	free(quiet);
	return r;
}

void engine_follow_list(struct engine *engine)
{
	int64_t before = engine->list.number;
	if (store_is_volatile(engine->store))
		return;
	int r = read_list(engine->store, &engine->list);
	if (r == 0 && engine->list.number != before)
		r = tell_who_is_quiet(engine->rules.plan, engine->store, engine->list.number);
	if (r != 0 && !engine->list_failed)
		log_error(LOG_LIST_UNREADABLE,
			  "reduction list: %s: %s; going on with what was read before",
			  store_words(r), store_message(engine->store));
	if (r == 0 && engine->list_failed)
		log_notice(LOG_LIST_READABLE, "reduction list: can be read again");
	engine->list_failed = r != 0;
	if (engine->list.number != before)
		engine->announced = false;
}

static int step_orders(struct engine *engine, const struct payload_head *time, int *rows)
{
	struct order_run before;
	struct ordering_result result;
	int r = orders_run(engine->store, &before);
	if (r != 0)
		return r;
	const struct advice_report report = engine_report(engine, time->time_ms);
	const struct binding_report binding = report_binding(engine->conf, &report);
	const struct ordering_wanted wanted =
		ordering_wanted(&report, &binding, engine->list.number,
				engine->conf->orders_under == ORDERS_UNDER_ADVICE);
	struct order_run run = before;
	r = ordering_step(engine->store, time, &wanted, &run, &result);
	if (r != 0)
		return r;
	*rows = result.rows;
	tell_order_run(engine->rules.plan, &before, &run);
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
	int rows = 0, delivered = 0;
	int r = orders_follow_deliveries(engine->store, now_ms, ORDERING_STEP, &delivered);
	if (r == 0)
		r = step_orders(engine, &time, &rows);
	if (r != 0 || rows > 0)
		engine_store_result(engine, r);
	if (r != 0)
		engine->orders_due_ms = now_ms + ORDERING_LOOK_MS;
	else if (rows > 0)
		engine->env.look(engine->env.ctx);
}
