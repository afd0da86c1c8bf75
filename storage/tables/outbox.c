/* SPDX-License-Identifier: MIT */
/* What comes into the outbox and what may not stay in it; what is published again. */
#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc.h"
#include "db.h"

#define AGAIN_MAX 4096 /* retained topics: one an order, and a few */

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

/* Events are numbered without gaps: a row of a topic whose rows do not replace each other stays.
 * What is in flight is settled when its answer comes. */
static void supersede_rows(struct store *store, const char *topic)
{
	struct query q =
		db_write(&store->state, "DELETE FROM outbox WHERE topic = ?"
					" AND state <> 'sent' AND (replaces OR class <> ?)");
	query_text(&q, topic);
	query_int(&q, OUTBOX_WARNING);
	query_run(&q);
}

int64_t outbox_crc(const struct outbox_row *row)
{
	char head[OUTBOX_TOPIC_MAX + 48], expires[24] = "";
	if (row->expires_ms != 0)
		snprintf(expires, sizeof(expires), "%lld|", (long long)row->expires_ms);
	snprintf(head, sizeof(head), "%lld|%.79s|%s", (long long)row->seq, row->topic, expires);
	return crc32_of_texts(head, row->payload);
}

static void insert_row(struct store *store, const struct outbox_row *row)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO outbox (seq, made, class, topic, state, retain,"
				  " replaces, ends_at_ack, bytes, payload, crc, expires)"
				  " VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, row->seq);
	query_int(&q, row->made_ms);
	query_int(&q, row->class);
	query_text(&q, row->topic);
	query_int(&q, row->retain);
	query_int(&q, row->replaces);
	query_int(&q, row->ends_at_ack);
	query_int(&q, (int64_t)strlen(row->payload));
	query_text(&q, row->payload);
	query_int(&q, outbox_crc(row));
	query_int_or_null(&q, row->expires_ms != 0, row->expires_ms);
	query_run(&q);
}

static void keep_latest(struct store *store, const struct outbox_row *row)
{
	struct query q =
		db_write(&store->state, "INSERT INTO latest (topic, seq, payload, crc, expires)"
					" VALUES (?, ?, ?, ?, ?) ON CONFLICT (topic) DO UPDATE SET"
					" seq = excluded.seq, payload = excluded.payload,"
					" crc = excluded.crc, expires = excluded.expires");
	query_text(&q, row->topic);
	query_int(&q, row->seq);
	query_text(&q, row->payload);
	query_int(&q, outbox_crc(row));
	query_int_or_null(&q, row->expires_ms != 0, row->expires_ms);
	query_run(&q);
}

/* ---- bounds ---- */

static int dropped_by(struct store *store, struct query *q, int *dropped)
{
	int r = query_run(q);
	if (r == 0)
		*dropped += sqlite3_changes(store->state.handle);
	return r;
}

/* Data is made in the order of its seq: only the first rows can be too old. */
static int drop_aged(struct store *store, int64_t now_ms, int *dropped)
{
	struct query q = db_write(&store->state, "DELETE FROM outbox WHERE class = ? AND made < ?"
						 " AND state <> 'sent'");
	query_int(&q, OUTBOX_DATA);
	query_int(&q, now_ms - OUTBOX_DATA_AGE_MS);
	return dropped_by(store, &q, dropped);
}

static int measure_excess(struct store *store, int64_t *ret_rows, int64_t *ret_bytes)
{
	struct query q = db_read(&store->state, "SELECT sum(rows), sum(bytes) FROM outbox_totals");
	if (query_row(&q)) {
		*ret_rows = query_column(&q, 0, 0, INT64_MAX) - OUTBOX_ROWS_MAX;
		*ret_bytes = query_column(&q, 1, 0, INT64_MAX) - OUTBOX_BYTES_MAX;
	}
	return query_end(&q);
}

/* The oldest row of a class, if it is not in flight: that one is about to be settled. */
static int drop_oldest(struct store *store, enum outbox_class class, int *dropped)
{
	struct query q = db_write(
		&store->state, "DELETE FROM outbox WHERE seq = (SELECT seq FROM outbox"
			       " WHERE class = ? AND state <> 'sent' ORDER BY made, seq LIMIT 1)");
	query_int(&q, class);
	return dropped_by(store, &q, dropped);
}

static int drop_excess(struct store *store, int *dropped)
{
	int64_t rows = 0, bytes = 0;
	int r = measure_excess(store, &rows, &bytes);
	for (int class = OUTBOX_DATA; class > OUTBOX_WARNING && r == 0; class --) {
		int before = *dropped - 1;
		while (r == 0 && (rows > 0 || bytes > 0) && *dropped != before) {
			before = *dropped;
			r = drop_oldest(store, (enum outbox_class) class, dropped);
			if (r == 0)
				r = measure_excess(store, &rows, &bytes);
		}
	}
	return r;
}

int outbox_append(struct store *store, const struct outbox_row *row, int *ret_dropped)
{
	assert(row->payload && memchr(row->topic, '\0', sizeof(row->topic)));
	int dropped = 0;
	int r = check_seq(store, row->seq);
	if (r)
		return r;
	if (row->replaces)
		supersede_rows(store, row->topic);
	insert_row(store, row);
	if (row->retain)
		keep_latest(store, row);
	r = drop_aged(store, row->made_ms, &dropped);
	if (r == 0)
		r = drop_excess(store, &dropped);
	if (r == 0)
		*ret_dropped = dropped;
	return r;
}

/* ---- the newest of every retained topic ---- */

int outbox_each_latest(struct store *store, int64_t wall_ms,
		       void (*each)(void *ctx, const struct outbox_row *row), void *ctx)
{
	struct query q =
		db_read(&store->state, "SELECT topic, seq, payload, crc, coalesce(expires, 0)"
				       " FROM latest WHERE seq NOT IN"
				       " (SELECT seq FROM outbox WHERE state <> 'acked')"
				       " AND (expires IS NULL OR expires > ?) ORDER BY topic");
	query_int(&q, wall_ms);
	while (query_row(&q)) {
		struct outbox_row row = {.retain = true, .seq = query_column(&q, 1, 1, INT64_MAX)};
		query_column_copy(&q, 0, row.topic, sizeof(row.topic));
		row.payload = (char *)query_column_text(&q, 2, INT32_MAX);
		row.expires_ms = query_column_any(&q, 4);
		bool sound = query_column(&q, 3, 0, UINT32_MAX) == outbox_crc(&row);
		if (q.error == 0 && sound)
			each(ctx, &row);
		else if (q.error == 0)
			store->damaged++;
	}
	return query_end(&q);
}

static int settled_topics(struct store *store, int64_t wall_ms, bool (*skip)(const char *topic),
			  int64_t *seqs, int *n)
{
	struct query q = db_read(&store->state, "SELECT topic, seq FROM latest WHERE seq NOT IN"
						" (SELECT seq FROM outbox)"
						" AND (expires IS NULL OR expires > ?)"
						" ORDER BY topic");
	query_int(&q, wall_ms);
	while (query_row(&q) && *n < AGAIN_MAX) {
		const char *topic = query_column_text(&q, 0, OUTBOX_TOPIC_MAX);
		if (!skip(topic))
			seqs[(*n)++] = query_column(&q, 1, 1, INT64_MAX);
	}
	return query_end(&q);
}

static void put_back(struct store *store, int64_t seq)
{
	struct query q = db_write(
		&store->state, "INSERT INTO outbox (seq, made, class, topic, state, retain,"
			       " replaces, ends_at_ack, bytes, payload, crc, expires)"
			       " SELECT seq, 0, ?, topic, 'pending', 1, 1, 1,"
			       " length(CAST(payload AS BLOB)), payload, crc, expires FROM latest"
			       " WHERE seq = ?");
	query_int(&q, OUTBOX_STATE);
	query_int(&q, seq);
	query_run(&q);
}

int outbox_again(struct store *store, int64_t wall_ms, bool (*skip)(const char *topic))
{
	int64_t *seqs = malloc(AGAIN_MAX * sizeof(*seqs));
	int n = 0;
	int r = seqs ? store_begin(store) : -ENOMEM;
	if (r == 0)
		r = settled_topics(store, wall_ms, skip, seqs, &n);
	for (int i = 0; r == 0 && i < n; i++)
		put_back(store, seqs[i]);
	free(seqs);
	return r == -ENOMEM ? r : store_commit(store);
}

int outbox_oldest_ms(struct store *store, int64_t *ret_made_ms)
{
	struct query q = db_read(&store->state, "SELECT made FROM outbox ORDER BY seq LIMIT 1");
	*ret_made_ms = query_row(&q) ? query_column_any(&q, 0) : 0;
	return query_end(&q);
}

int outbox_is_latest(struct store *store, const char *topic, bool *ret)
{
	struct query q =
		db_read(&store->state, "SELECT 1 FROM latest WHERE topic = ? AND payload <> ''");
	query_text(&q, topic);
	bool is_there = query_row(&q);
	int r = query_end(&q);
	if (r == 0)
		*ret = is_there;
	return r;
}
