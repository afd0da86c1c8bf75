/* SPDX-License-Identifier: MIT */
#include "orders.h"

#include <stdio.h>

#include "db.h"

int orders_run(struct store *store, struct order_run *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT number, level, binding, directive, since, list, starts,"
				 " ends, phase, after FROM order_run WHERE one = 1");
	struct order_run run = {.phase = ORDERS_DONE};
	if (query_row(&q)) {
		run.number = query_column(&q, 0, 1, INT64_MAX);
		run.level = (enum level)query_column(&q, 1, LEVEL_NONE, LEVEL_RED);
		run.binding = query_column(&q, 2, 0, 1) != 0;
		run.directive = query_column(&q, 3, 0, INT64_MAX);
		run.since_ms = query_column(&q, 4, 0, INT64_MAX);
		run.list = query_column(&q, 5, 0, INT64_MAX);
		run.from_ms = query_column(&q, 6, 0, INT64_MAX);
		run.until_ms = query_column(&q, 7, 0, INT64_MAX);
		run.phase = (enum order_phase)query_column(&q, 8, ORDERS_GIVING, ORDERS_DONE);
		snprintf(run.after, sizeof(run.after), "%s",
			 query_column_text(&q, 9, sizeof(run.after)));
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
				  " directive, since, list, starts, ends, phase, after)"
				  " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, run->number);
	query_int(&q, run->level);
	query_int(&q, run->binding);
	query_int(&q, run->directive);
	query_int(&q, run->since_ms);
	query_int(&q, run->list);
	query_int(&q, run->from_ms);
	query_int(&q, run->until_ms);
	query_int(&q, run->phase);
	query_text(&q, run->after);
	return query_run(&q);
}

int orders_give(struct store *store, const char *id, int64_t run, int64_t seq)
{
	struct query q = db_write(&store->state,
				  "INSERT OR REPLACE INTO orders (source, run, seq, withdrawn)"
				  " VALUES (?, ?, ?, 0)");
	query_text(&q, id);
	query_int(&q, run);
	query_int(&q, seq);
	return query_run(&q);
}

/* The one id of a row, or STORE_E_NONE; ends the query. */
static int read_id(struct query *q, char ret_id[SOURCE_ID_MAX])
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
	return read_id(&q, ret_id);
}

int orders_withdraw(struct store *store, const char *id, int64_t seq)
{
	struct query q = db_write(&store->state,
				  "UPDATE orders SET withdrawn = 1, seq = ? WHERE source = ?");
	query_int(&q, seq);
	query_text(&q, id);
	return query_run(&q);
}

int orders_next_delivered(struct store *store, char ret_id[SOURCE_ID_MAX])
{
	struct query q = db_read(&store->state,
				 "SELECT source FROM orders WHERE withdrawn = 1 AND NOT EXISTS"
				 " (SELECT 1 FROM outbox WHERE outbox.seq = orders.seq)"
				 " ORDER BY run, source LIMIT 1");
	return read_id(&q, ret_id);
}

int orders_clear(struct store *store, const char *id, const char *topic)
{
	struct query forget = db_write(&store->state, "DELETE FROM latest WHERE topic = ?");
	query_text(&forget, topic);
	int r = query_run(&forget);
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
