/* SPDX-License-Identifier: MIT */
#include "events.h"

#include "chains.h"
#include "db.h"
#include "hour.h"
#include "plan.h"

#define MESSAGE_MAX (64 * 1024) /* bytes of an event as it was sent, the NUL included */

const struct chain events_chain =
	CHAIN("events", "number",
	      "number, kind, about, level, previous, hour, onset, basis, episode, revised,"
	      " revised_from, made, onset_ms, directive, by_directive, reason, plan, edition,"
	      " rules, list, message");

_Static_assert(EVENTS_HASH_SIZE == CHAIN_HASH_SIZE, "one hash is as long as the other");

static void put_number(struct query *q, int64_t value)
{
	query_int_or_null(q, value != 0, value);
}

/* The hour, by its END, that an instant lies in. */
static int64_t hour_that_has(int64_t ms)
{
	return ms == 0 ? 0 : ms / HOUR_MS + 1;
}

static int insert_event(struct store *store, const struct event_row *row)
{
	struct query q = db_write(
		&store->state,
		"INSERT INTO events (number, kind, about, level, previous, hour, onset, basis,"
		" episode, revised, revised_from, made, onset_ms, directive, by_directive, reason,"
		" plan, edition, rules, list, message)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(&q, row->number);
	query_text(&q, event_name(row->kind));
	query_text(&q, event_about_name(row->about));
	query_text(&q, level_name(store->plan, row->level));
	query_text(&q, level_name(store->plan, row->previous));
	query_int(&q, row->hour);
	put_number(&q, hour_that_has(row->onset_ms));
	query_text(&q, row->basis);
	put_number(&q, row->episode);
	query_text(&q, row->revised >= 0 ? level_name(store->plan, row->revised) : NULL);
	put_number(&q, row->revised_from);
	query_int(&q, row->made_ms);
	put_number(&q, row->onset_ms);
	put_number(&q, row->directive);
	put_number(&q, row->by);
	query_text(&q, row->reason);
	query_text(&q, row->plan);
	query_text(&q, row->edition);
	query_int(&q, row->rules);
	put_number(&q, row->list);
	query_text(&q, row->message);
	return query_run(&q);
}

int events_append(struct store *store, const struct event_row *row)
{
	int r = insert_event(store, row);
	return r ? r : chain_seal(store, &events_chain, row->number);
}

int events_newest(struct store *store, struct event_series *ret)
{
	struct query q =
		db_read(&store->state, "SELECT number, coalesce(made, hour * 3600000) FROM events"
				       " ORDER BY number DESC LIMIT 1");
	struct event_series series = {.number = store->state.given.event};
	if (query_row(&q)) {
		int64_t number = query_column(&q, 0, 1, INT64_MAX);
		series.number = number > series.number ? number : series.number;
		series.time_ms = query_column(&q, 1, INT64_MIN, INT64_MAX);
	}
	int r = query_end(&q);
	if (r == 0)
		*ret = series;
	return r;
}

int events_each_newest(struct store *store, int most, void (*take)(void *ctx, const char *message),
		       void *ctx)
{
	struct query q = db_read(&store->state, "SELECT message FROM events"
						" WHERE message IS NOT NULL"
						" ORDER BY number DESC LIMIT ?");
	query_int(&q, most);
	while (query_row(&q))
		take(ctx, query_column_text(&q, 0, MESSAGE_MAX));
	return query_end(&q);
}

int events_newest_hash(struct store *store, char ret[EVENTS_HASH_SIZE])
{
	int64_t number;
	return chain_newest(store, &events_chain, &number, ret);
}
