/* SPDX-License-Identifier: MIT */
/* The states of a row on its way: pending -> sent -> acked -> gone, blocked beside them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "outbox.h"

#define OUTBOX_TAKE_MAX 64

/* ---- taking ---- */

/* A row in the same words as it was appended in; the heap's part is the caller's at once. */
static int read_outbox_row(struct query *q, struct outbox_row *ret, bool *ret_sound)
{
	*ret = (struct outbox_row){.seq = query_column(q, 0, 1, INT64_MAX)};
	snprintf(ret->topic, sizeof(ret->topic), "%s", query_column_text(q, 1, sizeof(ret->topic)));
	ret->class = (enum outbox_class)query_column(q, 2, OUTBOX_WARNING, OUTBOX_DATA);
	ret->retain = query_column(q, 3, 0, 1) != 0;
	ret->replaces = query_column(q, 4, 0, 1) != 0;
	ret->ends_at_ack = query_column(q, 5, 0, 1) != 0;
	ret->made_ms = query_column(q, 6, 0, INT64_MAX);
	ret->expires_ms = query_column_any(q, 9);
	ret->payload = strdup(query_column_text(q, 7, INT32_MAX));
	*ret_sound = ret->payload && query_column(q, 8, 0, UINT32_MAX) == outbox_crc(ret);
	return ret->payload ? 0 : db_refuse(q->db, -ENOMEM, "out of memory");
}

/* A flipped bit must not become a warning. */
static void remove_damaged(struct store *store, int64_t seq)
{
	struct query q = db_write(&store->state, "DELETE FROM outbox WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
	store->damaged++;
}

/* `latest` knows of newer rows that are gone from the outbox already. */
static int read_pending(struct store *store, int max, struct outbox_row *ret, int *n)
{
	int64_t damaged[OUTBOX_TAKE_MAX];
	int n_damaged = 0;
	max = max < OUTBOX_TAKE_MAX ? max : OUTBOX_TAKE_MAX;
	struct query q =
		db_read(&store->state,
			"SELECT seq, topic, class, retain AND NOT EXISTS (SELECT 1 FROM latest"
			"  WHERE latest.topic = outbox.topic AND latest.seq > outbox.seq), "
			"replaces, ends_at_ack, made, payload, crc, coalesce(expires, 0)"
			" FROM outbox WHERE state = 'pending' ORDER BY class, seq LIMIT ?");
	query_int(&q, max);
	int r = 0;
	while (r == 0 && query_row(&q)) {
		bool sound = true;
		r = read_outbox_row(&q, &ret[*n], &sound);
		if (r == 0 && !sound)
			damaged[n_damaged++] = ret[*n].seq;
		if (sound)
			*n += 1;
		else
			outbox_row_done(&ret[*n]);
	}
	int end = query_end(&q);
	for (int i = 0; i < n_damaged && end == 0 && r == 0; i++)
		remove_damaged(store, damaged[i]);
	return end ? end : r;
}

static void mark_sent(struct store *store, int64_t seq)
{
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'sent',"
						 " tries = tries + 1 WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
}

static int take_pending(struct store *store, int max, struct outbox_row *ret, int *n)
{
	int r = max > 0 ? read_pending(store, max, ret, n) : 0;
	for (int i = 0; r == 0 && i < *n; i++)
		mark_sent(store, ret[i].seq);
	return r;
}

/* ---- answers ---- */

/* The log of orders has to be told of a row that was sent. `json`, `cap`: as in remove_confirmed;
 * NULL: whatever it was sent with. */
static void note_delivery(struct store *store, int64_t seq, const char *json, const char *cap)
{
	struct query q = db_write(&store->state,
				  "UPDATE orders SET delivered = 1 WHERE seq = ?"
				  " AND delivered = 0 AND EXISTS (SELECT 1 FROM"
				  " outbox WHERE outbox.seq = ?1 AND tries > 0 AND (?2 IS NULL"
				  " OR instr(payload, ?2) > 0 OR instr(payload, ?3) > 0))");
	query_int(&q, seq);
	query_text(&q, json);
	query_text(&q, cap);
	query_run(&q);
}

static void remove_row(struct store *store, int64_t seq)
{
	note_delivery(store, seq, NULL, NULL);
	struct query q = db_write(&store->state, "DELETE FROM outbox WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
}

/* What was never sent the platform cannot have. A row may be older than the database's uuid, from
 * before a mend or out of memory: it is told by the id that it was sent with. */
static void remove_confirmed(struct store *store, const struct outbox_answer *answer)
{
	char json[OUTBOX_DB_MAX + 32], cap[OUTBOX_DB_MAX + 64];
	snprintf(json, sizeof(json), "\"id\":\"%s-%lld\"", answer->db, (long long)answer->seq);
	snprintf(cap, sizeof(cap), "<identifier>%s-%lld</identifier>", answer->db,
		 (long long)answer->seq);
	note_delivery(store, answer->seq, json, cap);
	struct query q =
		db_write(&store->state, "DELETE FROM outbox WHERE seq = ? AND tries >= 1"
					" AND (instr(payload, ?) > 0 OR instr(payload, ?) > 0)");
	query_int(&q, answer->seq);
	query_text(&q, json);
	query_text(&q, cap);
	query_run(&q);
}

static void mark_blocked(struct store *store, int64_t seq, int reason)
{
	struct query q = db_write(&store->state,
				  "UPDATE outbox SET state = 'blocked', reason = ? WHERE seq = ?");
	query_int(&q, reason);
	query_int(&q, seq);
	query_run(&q);
}

/* The wait doubles with every time it was sent. */
static void mark_acked(struct store *store, int64_t seq, int64_t now_ms)
{
	struct query q =
		db_write(&store->state, "UPDATE outbox SET state = 'acked', reason = NULL,"
					" due = ? + min(?, ? << min(tries - 1, 16)) WHERE seq = ?");
	query_int(&q, now_ms);
	query_int(&q, OUTBOX_RESEND_MAX_MS);
	query_int(&q, OUTBOX_RESEND_MS);
	query_int(&q, seq);
	query_run(&q);
	struct query end =
		db_write(&store->state, "DELETE FROM outbox WHERE seq = ? AND ends_at_ack");
	query_int(&end, seq);
	query_run(&end);
}

static void mark_pending(struct store *store, int64_t seq)
{
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'pending',"
						 " reason = NULL WHERE seq = ?");
	query_int(&q, seq);
	query_run(&q);
}

/* A row that is not delivered and that a newer one replaced meanwhile has no more to say. */
static void drop_replaced(struct store *store, int64_t seq)
{
	struct query q =
		db_write(&store->state, "DELETE FROM outbox WHERE seq = ? AND replaces AND EXISTS"
					" (SELECT 1 FROM latest WHERE latest.topic = outbox.topic"
					" AND latest.seq > outbox.seq)");
	query_int(&q, seq);
	query_run(&q);
}

static void settle_answer(struct store *store, const struct outbox_answer *answer)
{
	switch (answer->outcome) {
	case OUTBOX_DELIVERED:
		remove_row(store, answer->seq);
		return;
	case OUTBOX_CONFIRMED:
		remove_confirmed(store, answer);
		return;
	case OUTBOX_ACKED:
		mark_acked(store, answer->seq, answer->now_ms);
		break;
	case OUTBOX_REFUSED:
		mark_blocked(store, answer->seq, answer->reason);
		break;
	case OUTBOX_FAILED:
		mark_pending(store, answer->seq);
		break;
	}
	drop_replaced(store, answer->seq);
}

/* What is being sent just now is settled first. */
static void drop_expired(struct store *store, int64_t wall_ms)
{
	struct query q = db_write(&store->state,
				  "DELETE FROM outbox WHERE expires <= ? AND state <> 'sent'");
	query_int(&q, wall_ms);
	query_run(&q);
}

int outbox_exchange(struct store *store, const struct outbox_answer *answers, int n,
		    struct outbox_batch *batch)
{
	int taken = 0;
	int r = store_begin(store);
	if (r)
		return r;
	for (int i = 0; i < n; i++)
		settle_answer(store, &answers[i]);
	drop_expired(store, batch->wall_ms);
	r = take_pending(store, batch->n, batch->rows, &taken);
	int end = store_commit(store);
	if (r || end) {
		for (int i = 0; i < taken; i++)
			outbox_row_done(&batch->rows[i]);
		return end ? end : r;
	}
	batch->n = taken;
	return 0;
}

/* ---- many at once ---- */

/* Of rows that are about to wait again: those that a newer one replaced. */
static void drop_all_replaced(struct store *store)
{
	struct query q = db_write(&store->state, OUTBOX_DROP_REPLACED);
	query_run(&q);
}

int outbox_retry_all(struct store *store)
{
	int r = store_begin(store);
	if (r)
		return r;
	drop_all_replaced(store);
	struct query q = db_write(&store->state, OUTBOX_WAIT_AGAIN);
	query_run(&q);
	return store_commit(store);
}

int outbox_unblock(struct store *store, bool all)
{
	int r = store_begin(store);
	if (r)
		return r;
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'pending',"
						 " reason = NULL WHERE state = 'blocked'"
						 " AND (reason < ? OR ?)");
	query_int(&q, OUTBOX_REASON_OURS);
	query_int(&q, all);
	query_run(&q);
	return store_commit(store);
}

static int any_due(struct store *store, int64_t now_ms, bool *ret)
{
	struct query q = db_read(&store->state,
				 "SELECT 1 FROM outbox WHERE state = 'acked' AND due <= ? LIMIT 1");
	query_int(&q, now_ms);
	bool any = query_row(&q);
	int r = query_end(&q);
	if (r == 0)
		*ret = any;
	return r;
}

int outbox_resend(struct store *store, int64_t now_ms)
{
	bool any = false;
	int r = any_due(store, now_ms, &any);
	if (r == 0 && any)
		r = store_begin(store);
	if (r || !any)
		return r;
	struct query q = db_write(&store->state, "UPDATE outbox SET state = 'pending'"
						 " WHERE state = 'acked' AND due <= ?");
	query_int(&q, now_ms);
	query_run(&q);
	return store_commit(store);
}

int outbox_counts(struct store *store, struct outbox_counts *ret)
{
	struct outbox_counts counts = {0};
	int64_t version = db_version(&store->state);
	if (version != 0 && version == store->counts_version) {
		*ret = store->counts;
		return 0;
	}
	struct query q = db_read(&store->state,
				 "SELECT (SELECT rows FROM outbox_totals WHERE state = 'pending'),"
				 " (SELECT rows FROM outbox_totals WHERE state = 'sent'),"
				 " (SELECT rows FROM outbox_totals WHERE state = 'acked'),"
				 " (SELECT rows FROM outbox_totals WHERE state = 'blocked'),"
				 " (SELECT coalesce(min(seq), 0) FROM outbox),"
				 " EXISTS (SELECT 1 FROM outbox WHERE state = 'pending'"
				 "  AND class = ?)");
	query_int(&q, OUTBOX_WARNING);
	if (query_row(&q)) {
		counts.pending = query_column(&q, 0, 0, INT64_MAX);
		counts.sent = query_column(&q, 1, 0, INT64_MAX);
		counts.acked = query_column(&q, 2, 0, INT64_MAX);
		counts.blocked = query_column(&q, 3, 0, INT64_MAX);
		counts.oldest_seq = query_column(&q, 4, 0, INT64_MAX);
		counts.urgent = query_column(&q, 5, 0, 1) != 0;
	}
	int r = query_end(&q);
	if (r != 0)
		return r;
	store->counts = counts;
	store->counts_version = version;
	*ret = counts;
	return 0;
}
