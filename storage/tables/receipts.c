/* SPDX-License-Identifier: MIT */
#include "receipts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuts.h"
#include "db.h"
#include "outbox.h"

#define ORDER_PREFIX "order/"
#define EPISODE_PREFIX "episode-"
#define NUMBER_DIGITS 18

int receipts_put(struct store *store, const char *command, const struct receipt_row *row)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO receipts (command, time, ref, unit, person, outcome,"
				  " done_pct, cut_g_d, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_int(&q, row->time_ms);
	query_text(&q, row->ref);
	query_text(&q, row->unit);
	query_text(&q, row->person);
	query_text(&q, row->outcome);
	query_int_or_null(&q, row->done_pct != RECEIPTS_UNSAID, row->done_pct);
	query_int_or_null(&q, row->cut_gpd != RECEIPTS_UNSAID, row->cut_gpd);
	query_text(&q, row->note);
	return query_run(&q);
}

/* ---- reading ---- */

/* Copied before the next column is read, as the text is borrowed from SQLite. */
static void column_short(struct query *q, int column, char ret[COMMANDS_TEXT_MAX])
{
	snprintf(ret, COMMANDS_TEXT_MAX, "%s", query_column_text(q, column, COMMANDS_TEXT_MAX));
}

static void hand_over_receipt(struct query *q,
			      void (*take)(void *ctx, const struct receipt_row *row), void *ctx)
{
	char ref[COMMANDS_TEXT_MAX], unit[COMMANDS_TEXT_MAX], person[COMMANDS_TEXT_MAX],
		outcome[16], note[COMMANDS_TEXT_MAX];
	column_short(q, 1, ref);
	column_short(q, 2, unit);
	column_short(q, 3, person);
	snprintf(outcome, sizeof(outcome), "%s", query_column_text(q, 4, sizeof(outcome)));
	column_short(q, 7, note);
	const struct receipt_row row = {
		.ref = ref,
		.unit = unit,
		.person = person,
		.outcome = outcome,
		.time_ms = query_column(q, 0, INT64_MIN, INT64_MAX),
		.done_pct = (int32_t)query_column_or(q, 5, 100, RECEIPTS_UNSAID),
		.cut_gpd = query_column_or(q, 6, CUTS_GRAMS_MAX, RECEIPTS_UNSAID),
		.note = note,
	};
	if (q->error == 0)
		take(ctx, &row);
}

#define RECEIPT_COLUMNS "time, ref, unit, person, outcome, done_pct, cut_g_d, note"

int receipts_since(struct store *store, int64_t from_ms, int most,
		   void (*take)(void *ctx, const struct receipt_row *row), void *ctx)
{
	struct query q = db_read(&store->state,
				 "SELECT * FROM (SELECT " RECEIPT_COLUMNS " FROM receipts"
				 " WHERE time >= ? ORDER BY time DESC LIMIT ?) ORDER BY time");
	query_int(&q, from_ms);
	query_int(&q, most);
	while (query_row(&q))
		hand_over_receipt(&q, take, ctx);
	return query_end(&q);
}

int receipts_newest(struct store *store, int most,
		    void (*take)(void *ctx, const struct receipt_row *row), void *ctx)
{
	struct query q = db_read(&store->state, "SELECT " RECEIPT_COLUMNS
						" FROM receipts ORDER BY rowid DESC LIMIT ?");
	query_int(&q, most);
	while (query_row(&q))
		hand_over_receipt(&q, take, ctx);
	return query_end(&q);
}

int receipts_units(struct store *store, const char *ref, int64_t from_ms,
		   void (*take)(void *ctx, const char *unit), void *ctx)
{
	struct query q =
		db_read(&store->state, "SELECT DISTINCT unit FROM receipts r JOIN commands c"
				       " ON c.id = r.command WHERE ref = ? AND received >= ?");
	query_text(&q, ref);
	query_int(&q, from_ms);
	while (query_row(&q))
		take(ctx, query_column_text(&q, 0, COMMANDS_TEXT_MAX));
	return query_end(&q);
}

/* ---- what can be answered ---- */

const char *receipts_episode(int64_t number, char ret[RECEIPTS_EPISODE_SIZE])
{
	snprintf(ret, RECEIPTS_EPISODE_SIZE, EPISODE_PREFIX "%lld", (long long)number);
	return ret;
}

static int find_row(struct store *store, const char *sql, const char *ref, bool *ret_known)
{
	struct query q = db_read(&store->state, sql);
	query_text(&q, ref);
	bool known = query_row(&q);
	int r = query_end(&q);
	*ret_known = r == 0 && known;
	return r;
}

/* The number that a text is; 0: it is none. */
static int64_t parse_number(const char *text)
{
	size_t n = strspn(text, "0123456789");
	return n == 0 || n > NUMBER_DIGITS || text[n] != '\0' || text[0] == '0'
		       ? 0
		       : strtoll(text, NULL, 10);
}

/* Of a message that was made: the outbox gave its number. */
static int find_message(struct store *store, const char *ref, bool *ret_known)
{
	const char *uuid = store_uuid(store);
	size_t n = strlen(uuid);
	int64_t next = 0, seq = 0;
	if (strncmp(ref, uuid, n) == 0 && ref[n] == '-')
		seq = parse_number(ref + n + 1);
	if (seq == 0)
		return 0;
	int r = outbox_next_seq(store, &next);
	*ret_known = r == 0 && seq < next;
	return r;
}

static const char *skip_prefix(const char *ref, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(ref, prefix, n) == 0 ? ref + n : NULL;
}

int receipts_find_ref(struct store *store, const char *ref, bool *ret_known)
{
	const char *source = skip_prefix(ref, ORDER_PREFIX),
		   *episode = skip_prefix(ref, EPISODE_PREFIX);
	bool known = false;
	int r = find_message(store, ref, &known);
	if (r == 0 && !known)
		r = find_row(store,
			     "SELECT 1 FROM commands WHERE outcome = 'accepted'"
			     " AND (id BETWEEN 'directive/' AND 'directive0'"
			     " OR id BETWEEN 'release/' AND 'release0')" /* kind/key/id */
			     " AND substr(id, length(kind) + 2"
			     " + instr(substr(id, length(kind) + 2), '/')) = ?1"
			     " UNION ALL SELECT 1 FROM releases WHERE number = ?1",
			     ref, &known);
	if (r == 0 && !known && source)
		r = find_row(store,
			     "SELECT 1 FROM orders WHERE source = ?"
			     " UNION ALL SELECT 1 FROM sources WHERE id = ?1"
			     " AND list = (SELECT max(number) FROM lists)",
			     source, &known);
	if (r == 0 && !known && episode && parse_number(episode) != 0)
		r = find_row(store,
			     "SELECT 1 FROM directives WHERE number = CAST(? AS INTEGER)"
			     " AND level <> 'none'",
			     episode, &known);
	if (r == 0)
		*ret_known = known;
	return r;
}

int receipts_each_ref(struct store *store, int most, void (*take)(void *ctx, const char *ref),
		      void *ctx)
{
	/* a directive's command is kept as directive/key/id */
	struct query q = db_read(
		&store->state,
		"SELECT * FROM (SELECT substr(command, 11 + instr(substr(command, 11), '/'))"
		" FROM directives ORDER BY number DESC LIMIT ?)"
		" UNION ALL"
		" SELECT * FROM (SELECT number FROM releases ORDER BY id DESC LIMIT ?1)");
	query_int(&q, most);
	while (query_row(&q))
		take(ctx, query_column_text(&q, 0, COMMANDS_TEXT_MAX));
	return query_end(&q);
}
