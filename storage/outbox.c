/* SPDX-License-Identifier: MIT */
#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"

void outbox_row_done(struct outbox_row *row)
{
	if (!row)
		return;
	free(row->payload);
	row->payload = NULL;
}

int outbox_next_seq(struct store *store, int64_t *ret)
{
	struct query q = db_read(&store->state, "SELECT coalesce(max(seq), 0) + 1"
						" FROM sqlite_sequence WHERE name = 'outbox'");
	int64_t seq = query_row(&q) ? query_column(&q, 0, 1, INT64_MAX) : 0;
	int r = query_end(&q);
	if (r == 0)
		*ret = seq;
	return r;
}

static int check_seq(struct store *store, int64_t seq)
{
	int64_t next = 0;
	int r = outbox_next_seq(store, &next);
	if (r == 0 && seq != next)
		return db_refuse(&store->state, -EINVAL, "outbox: seq %lld is not the next, %lld",
				 (long long)seq, (long long)next);
	return r;
}

/* Events are numbered without gaps: a row of a topic whose rows do not replace each other stays. */
static void supersede(struct store *store, const char *topic)
{
	struct query q =
		db_write(&store->state, "DELETE FROM outbox WHERE topic = ?"
					" AND state = 'pending' AND (replaces OR class <> ?)");
	query_text(&q, topic);
	query_int(&q, OUTBOX_WARNING);
	query_run(&q);
}

static void insert(struct store *store, const struct outbox_row *row)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO outbox (seq, class, topic, state, retain, replaces,"
				  " payload) VALUES (?, ?, ?, 'pending', ?, ?, ?)");
	query_int(&q, row->seq);
	query_int(&q, row->class);
	query_text(&q, row->topic);
	query_int(&q, row->retain);
	query_int(&q, row->replaces);
	query_text(&q, row->payload);
	query_run(&q);
}

static void keep_latest(struct store *store, const struct outbox_row *row)
{
	struct query q =
		db_write(&store->state, "INSERT INTO latest (topic, seq, payload) VALUES (?, ?, ?)"
					" ON CONFLICT (topic) DO UPDATE SET seq = excluded.seq,"
					" payload = excluded.payload");
	query_text(&q, row->topic);
	query_int(&q, row->seq);
	query_text(&q, row->payload);
	query_run(&q);
}

/* A sent row is about to be confirmed: dropping it would save nothing. */
static int drop_excess(struct store *store, int *ret_dropped)
{
	struct query q =
		db_write(&store->state, "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox"
					" WHERE class = ? AND state <> 'sent' ORDER BY seq"
					" LIMIT max(0, (SELECT count(*) FROM outbox) - ?))");
	query_int(&q, OUTBOX_DATA);
	query_int(&q, OUTBOX_ROWS_MAX);
	int r = query_run(&q);
	if (r == 0)
		*ret_dropped = sqlite3_changes(store->state.handle);
	return r;
}

int outbox_append(struct store *store, const struct outbox_row *row, int *ret_dropped)
{
	assert(row->payload && memchr(row->topic, '\0', sizeof(row->topic)));
	int r = check_seq(store, row->seq);
	if (r)
		return r;
	if (row->replaces)
		supersede(store, row->topic);
	insert(store, row);
	if (row->retain)
		keep_latest(store, row);
	return drop_excess(store, ret_dropped);
}

/* A row in the same words as it was appended in; the heap's part is the caller's at once. */
static int read_row(struct query *q, struct outbox_row *ret)
{
	*ret = (struct outbox_row){.seq = query_column(q, 0, 1, INT64_MAX)};
	snprintf(ret->topic, sizeof(ret->topic), "%s", query_column_text(q, 1, sizeof(ret->topic)));
	ret->class = (enum outbox_class)query_column(q, 2, OUTBOX_WARNING, OUTBOX_DATA);
	ret->retain = query_column(q, 3, 0, 1) != 0;
	ret->replaces = query_column(q, 4, 0, 1) != 0;
	ret->payload = strdup(query_column_text(q, 5, INT32_MAX));
	return ret->payload ? 0 : db_refuse(q->db, -ENOMEM, "out of memory");
}

/* `latest` knows of newer rows that are gone from the outbox already. */
static int read_pending(struct store *store, int max, struct outbox_row *ret, int *n)
{
	struct query q =
		db_read(&store->state,
			"SELECT seq, topic, class, retain AND NOT EXISTS (SELECT 1 FROM latest"
			"  WHERE latest.topic = outbox.topic AND latest.seq > outbox.seq), "
			"replaces, payload"
			" FROM outbox WHERE state = 'pending' ORDER BY class, seq LIMIT ?");
	query_int(&q, max);
	int r = 0;
	while (r == 0 && query_row(&q)) {
		r = read_row(&q, &ret[*n]);
		*n += 1;
	}
	int end = query_end(&q);
	return end ? end : r;
}

static void mark_sent(struct store *store, int64_t seq)
{
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'sent' WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
}

int outbox_take(struct store *store, int max, struct outbox_row *ret, int *ret_n)
{
	int n = 0;
	int r = store_begin(store);
	if (r)
		return r;
	r = read_pending(store, max, ret, &n);
	for (int i = 0; r == 0 && i < n; i++)
		mark_sent(store, ret[i].seq);
	int end = store_commit(store);
	if (r || end) {
		for (int i = 0; i < n; i++)
			outbox_row_done(&ret[i]);
		return end ? end : r;
	}
	*ret_n = n;
	return 0;
}

int outbox_confirm(struct store *store, int64_t seq)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state, "DELETE FROM outbox WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
	return store_commit(store);
}

int outbox_block(struct store *store, int64_t seq, int reason)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state,
				  "UPDATE outbox SET state = 'blocked', reason = ? WHERE seq = ?");
	query_int(&q, reason);
	query_int(&q, seq);
	query_run(&q);
	return store_commit(store);
}

int outbox_retry(struct store *store, int64_t seq)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q =
		seq == 0 ? db_write(&store->state,
				    "UPDATE outbox SET state = 'pending' WHERE state = 'sent'")
			 : db_write(&store->state, "UPDATE outbox SET state = 'pending',"
						   " reason = NULL WHERE seq = ?");
	if (seq != 0)
		query_int(&q, seq);
	query_run(&q);
	return store_commit(store);
}

int outbox_unblock(struct store *store)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'pending',"
						 " reason = NULL WHERE state = 'blocked'");
	query_run(&q);
	return store_commit(store);
}

int outbox_counts(struct store *store, struct outbox_counts *ret)
{
	struct outbox_counts counts = {0};
	struct query q = db_read(&store->state, "SELECT count(*) FILTER (WHERE state = 'pending'),"
						" count(*) FILTER (WHERE state = 'sent'),"
						" count(*) FILTER (WHERE state = 'blocked'),"
						" coalesce(min(seq), 0) FROM outbox");
	if (query_row(&q)) {
		counts.pending = query_column(&q, 0, 0, INT64_MAX);
		counts.sent = query_column(&q, 1, 0, INT64_MAX);
		counts.blocked = query_column(&q, 2, 0, INT64_MAX);
		counts.oldest_seq = query_column(&q, 3, 0, INT64_MAX);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = counts;
	return r;
}

int outbox_each_latest(struct store *store,
		       void (*each)(void *ctx, const char *topic, int64_t seq, const char *payload),
		       void *ctx)
{
	struct query q =
		db_read(&store->state, "SELECT topic, seq, payload FROM latest"
				       " WHERE seq NOT IN (SELECT seq FROM outbox) ORDER BY topic");
	while (query_row(&q)) {
		const char *topic = query_column_text(&q, 0, OUTBOX_TOPIC_MAX);
		int64_t seq = query_column(&q, 1, 1, INT64_MAX);
		const char *payload = query_column_text(&q, 2, INT32_MAX);
		if (q.error == 0)
			each(ctx, topic, seq, payload);
	}
	return query_end(&q);
}
