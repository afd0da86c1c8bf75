/* SPDX-License-Identifier: MIT */
#include "aside.h"
#include "chains.h"
#include "db.h"
#include "plan.h"
#include "timetables.h"

const struct chain force_chain =
	CHAIN("force_log", "event", "event, made, effective, level, directive");

int force_log_append(struct store *store, const struct force_row *row, int64_t made_ms)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO force_log (event, made, effective, level, directive)"
				  " VALUES (?, ?, ?, ?, ?)");
	query_int(&q, row->event);
	query_int(&q, made_ms);
	query_int(&q, row->from_ms);
	query_text(&q, level_name(store->plan, row->level));
	query_int(&q, row->directive);
	int r = query_run(&q);
	return r ? r : chain_seal(store, &force_chain, row->event);
}

/* A level of another plan is LEVEL_UNKNOWN. */
static void read_force_columns(struct store *store, struct query *q, struct force_row *ret)
{
	ret->event = query_column(q, 0, 0, INT64_MAX);
	ret->from_ms = query_column(q, 1, INT64_MIN, INT64_MAX);
	level_parse(store->plan, query_column_text(q, 2, LEVEL_ID_MAX), &ret->level);
	ret->directive = query_column(q, 3, 0, INT64_MAX);
}

/* STORE_E_NONE: there is no row. */
static int read_force_row(struct store *store, struct query *q, struct force_row *ret)
{
	struct force_row row = {0};
	bool any = query_row(q);
	if (any)
		read_force_columns(store, q, &row);
	if (query_forgive(q)) {
		aside_note(store, "force_log %lld", (long long)row.event);
		any = false;
	}
	int r = query_end(q);
	if (r == 0 && any)
		*ret = row;
	return r == 0 && !any ? STORE_E_NONE : r;
}

/* A damaged row says nothing: it must not overrule what is sound. */
int force_log_newest(struct store *store, struct force_row *ret)
{
	struct force_row row = {0};
	bool sound = false;
	struct query q = db_read(&store->state, "SELECT event, effective, level, directive"
						" FROM force_log ORDER BY event DESC LIMIT 1");
	int r = read_force_row(store, &q, &row);
	if (r == 0)
		r = chain_is_sound(store, &force_chain, row.event, &sound);
	if (r)
		return r;
	if (!sound)
		aside_note(store, "force_log %lld", (long long)row.event);
	else
		*ret = row;
	return sound ? 0 : STORE_E_NONE;
}

int force_log_each(struct store *store, void (*take)(void *ctx, const struct force_row *row),
		   void *ctx)
{
	struct query q = db_read(&store->state, "SELECT event, effective, level, directive"
						" FROM force_log ORDER BY event");
	int r = 0;
	while (r == 0 && query_row(&q)) {
		struct force_row row = {0};
		bool sound = false;
		read_force_columns(store, &q, &row);
		if (!query_forgive(&q))
			r = chain_is_sound(store, &force_chain, row.event, &sound);
		if (sound)
			take(ctx, &row);
		else if (r == 0)
			aside_note(store, "force_log %lld", (long long)row.event);
	}
	int end = query_end(&q);
	return r ? r : end;
}

int force_log_at(struct store *store, int64_t at_ms, struct force_row *ret)
{
	struct force_row row = {0};
	struct query q = db_read(&store->state, "SELECT event, effective, level, directive"
						" FROM force_log WHERE effective <= ?"
						" ORDER BY event DESC LIMIT 1");
	query_int(&q, at_ms);
	int r = read_force_row(store, &q, &row);
	if (r == 0 && row.level == LEVEL_NONE)
		return STORE_E_NONE;
	if (r == 0)
		*ret = row;
	return r;
}
