/* SPDX-License-Identifier: MIT */
#include "orders.h"

#include <stdio.h>

#include "db.h"
#include "order_log.h"

int orders_run(struct store *store, struct order_run *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT number, level, binding, directive, since, list, starts,"
				 " ends, phase, after, released, outlives_lift FROM order_run"
				 " WHERE one = 1");
	struct order_run run = {.phase = ORDERS_DONE};
	if (query_row(&q)) {
		run.number = query_column(&q, 0, 1, INT64_MAX);
		level_parse(store->plan, query_column_text(&q, 1, LEVEL_ID_MAX), &run.level);
		run.binding = query_column(&q, 2, 0, 1) != 0;
		run.directive = query_column(&q, 3, 0, INT64_MAX);
		run.since_ms = query_column(&q, 4, 0, INT64_MAX);
		run.list = query_column(&q, 5, 0, INT64_MAX);
		run.from_ms = query_column(&q, 6, 0, INT64_MAX);
		run.until_ms = query_column(&q, 7, 0, INT64_MAX);
		run.phase = (enum order_phase)query_column(&q, 8, ORDERS_GIVING, ORDERS_DONE);
		snprintf(run.after, sizeof(run.after), "%s",
			 query_column_text(&q, 9, sizeof(run.after)));
		run.released = query_column(&q, 10, 0, 1) != 0;
		run.outlives_lift = query_column(&q, 11, 0, 1) != 0;
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = run;
	return r;
}

int orders_save(struct store *store, const struct order_run *run)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO order_run (one, number, level, binding,"
				  " directive, since, list, starts, ends, phase, after,"
				  " released, outlives_lift)"
				  " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, run->number);
	query_text(&q, level_name(store->plan, run->level));
	query_int(&q, run->binding);
	query_int(&q, run->directive);
	query_int(&q, run->since_ms);
	query_int(&q, run->list);
	query_int(&q, run->from_ms);
	query_int(&q, run->until_ms);
	query_int(&q, run->phase);
	query_text(&q, run->after);
	query_int(&q, run->released);
	query_int(&q, run->outlives_lift);
	return query_run(&q);
}

/* True if the source has an order of an earlier run. */
static int has_order(struct store *store, const char *id, bool *ret)
{
	struct query q =
		db_read(&store->state, "SELECT 1 FROM orders WHERE source = ? AND withdrawn = 0");
	query_text(&q, id);
	*ret = query_row(&q);
	return query_end(&q);
}

int orders_give(struct store *store, const char *id, const struct order_run *run, int64_t seq,
		int64_t made_ms)
{
	bool had = false;
	int r = order_log_delivery(store, id, made_ms);
	if (r == 0)
		r = has_order(store, id, &had);
	if (r)
		return r;
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO orders (source, run, seq,"
						 " withdrawn, delivered) VALUES (?, ?, ?, 0, 0)");
	query_text(&q, id);
	query_int(&q, run->number);
	query_int(&q, seq);
	r = query_run(&q);
	if (r)
		return r;
	return order_log_append(
		store, &(struct order_log_row){made_ms, id, had ? "changed" : "issued", run, seq});
}

/* The one id of a row, or STORE_E_NONE; ends the query. */
static int read_order_id(struct query *q, char ret_id[SOURCE_ID_MAX])
{
	bool any = query_row(q);
	char id[SOURCE_ID_MAX] = "";
	if (any)
		snprintf(id, sizeof(id), "%s", query_column_text(q, 0, sizeof(id)));
	int r = query_end(q);
	if (r == 0 && any)
		snprintf(ret_id, SOURCE_ID_MAX, "%s", id);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int orders_next_stale(struct store *store, int64_t run, char ret_id[SOURCE_ID_MAX])
{
	struct query q = db_read(&store->state, "SELECT source FROM orders WHERE withdrawn = 0"
						" AND run < ? ORDER BY run, source LIMIT 1");
	query_int(&q, run);
	return read_order_id(&q, ret_id);
}

int orders_withdraw(struct store *store, const char *id, const struct order_run *run, int64_t seq,
		    int64_t made_ms)
{
	int r = order_log_delivery(store, id, made_ms);
	if (r)
		return r;
	struct query q = db_write(&store->state, "UPDATE orders SET withdrawn = 1, delivered = 0,"
						 " seq = ? WHERE source = ?");
	query_int(&q, seq);
	query_text(&q, id);
	r = query_run(&q);
	if (r)
		return r;
	return order_log_append(store, &(struct order_log_row){made_ms, id, "withdrawn", run, seq});
}

int orders_next_delivered(struct store *store, char ret_id[SOURCE_ID_MAX])
{
	struct query q = db_read(&store->state,
				 "SELECT source FROM orders WHERE withdrawn = 1 AND NOT EXISTS"
				 " (SELECT 1 FROM outbox WHERE outbox.seq = orders.seq)"
				 " ORDER BY run, source LIMIT 1");
	return read_order_id(&q, ret_id);
}

int orders_clear(struct store *store, const char *id, const char *topic, int64_t made_ms)
{
	int r = order_log_delivery(store, id, made_ms);
	if (r)
		return r;
	struct query forget = db_write(&store->state, "DELETE FROM latest WHERE topic = ?");
	query_text(&forget, topic);
	r = query_run(&forget);
	if (r != 0)
		return r;
	struct query q = db_write(&store->state, "DELETE FROM orders WHERE source = ?");
	query_text(&q, id);
	return query_run(&q);
}

int orders_counts(struct store *store, struct order_counts *ret)
{
	struct order_counts counts = {0};
	struct query q = db_read(&store->state, "SELECT count(*) FILTER (WHERE withdrawn = 0),"
						" count(*) FILTER (WHERE withdrawn = 1)"
						" FROM orders");
	if (query_row(&q)) {
		counts.given = query_column(&q, 0, 0, INT64_MAX);
		counts.withdrawn = query_column(&q, 1, 0, INT64_MAX);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = counts;
	return r;
}
