/* SPDX-License-Identifier: MIT */
#include "order_log.h"

#include "chains.h"
#include "db.h"

const struct chain order_chain =
	CHAIN("order_log", "number", "number, made, source, run, kind, level, directive, message");

static int next_number(struct store *store, int64_t *ret)
{
	char hash[CHAIN_HASH_SIZE];
	int64_t number = 0;
	int r = chain_newest(store, &order_chain, &number, hash);
	*ret = number + 1;
	return r;
}

int order_log_append(struct store *store, const struct order_log_row *row)
{
	int64_t number = 0;
	int r = next_number(store, &number);
	if (r)
		return r;
	struct query q =
		db_write(&store->state, "INSERT INTO order_log (number, made, source, run, kind,"
					" level, directive, message)"
					" VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, number);
	query_int(&q, row->made_ms);
	query_text(&q, row->source);
	query_int(&q, row->run->number);
	query_text(&q, row->kind);
	query_text(&q, level_name(store->plan, row->run->level));
	query_int(&q, row->run->directive);
	query_int(&q, row->message);
	r = query_run(&q);
	return r ? r : chain_seal(store, &order_chain, number);
}

/* ---- deliveries ---- */

static int find_delivered(struct store *store, const char *source, int64_t *ret_seq)
{
	struct query q =
		db_read(&store->state, "SELECT seq FROM orders WHERE source = ? AND delivered = 1");
	query_text(&q, source);
	*ret_seq = query_row(&q) ? query_column_any(&q, 0) : 0;
	return query_end(&q);
}

/* Said as it was when it was given or withdrawn. */
static int append_delivery(struct store *store, int64_t seq, int64_t made_ms)
{
	int64_t number = 0;
	int r = next_number(store, &number);
	if (r)
		return r;
	struct query q =
		db_write(&store->state, "INSERT INTO order_log (number, made, source, run, kind,"
					" level, directive, message) SELECT ?, ?, source, run,"
					" 'delivered', level, directive, message FROM order_log"
					" WHERE message = ? LIMIT 1");
	query_int(&q, number);
	query_int(&q, made_ms);
	query_int(&q, seq);
	r = query_run(&q);
	return r ? r : chain_seal(store, &order_chain, number);
}

int order_log_delivery(struct store *store, const char *source, int64_t made_ms)
{
	int64_t seq = 0;
	int r = find_delivered(store, source, &seq);
	if (r || seq == 0)
		return r;
	r = append_delivery(store, seq, made_ms);
	if (r)
		return r;
	struct query q =
		db_write(&store->state, "UPDATE orders SET delivered = 2 WHERE source = ?");
	query_text(&q, source);
	return query_run(&q);
}

static int next_delivered(struct store *store, char ret[SOURCE_ID_MAX])
{
	struct query q = db_read(&store->state, "SELECT source FROM orders WHERE delivered = 1"
						" ORDER BY source LIMIT 1");
	bool any = query_row(&q);
	if (any)
		query_column_copy(&q, 0, ret, SOURCE_ID_MAX);
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int orders_follow_deliveries(struct store *store, int64_t made_ms, int most, int *ret_n)
{
	char source[SOURCE_ID_MAX];
	int n = 0;
	int r = next_delivered(store, source);
	*ret_n = 0;
	if (r == 0)
		r = store_begin(store);
	if (r)
		return r == STORE_E_NONE ? 0 : r;
	/* a call that fails makes the commit fail */
	while (n < most && next_delivered(store, source) == 0 &&
	       order_log_delivery(store, source, made_ms) == 0)
		n++;
	r = store_commit(store);
	*ret_n = r == 0 ? n : 0;
	return r;
}
