/* SPDX-License-Identifier: MIT */
/* The sources of the list in force, and which order each has. */
#include <stdio.h>
#include <string.h>

#include "db.h"
#include "orders.h"
#include "past_inside.h"

#define WORD_SIZE 32

enum { COL_ID, COL_NAME, COL_CONTROL, COL_LEVEL, COL_STATE, COL_WHY, COL_MEASURES, COL_SAID };
#define SAID 8 /* columns of said_sql behind the first */
#define COLUMNS (COL_SAID + SAID)

/* What was said of the order that a source has; a receipt that names its topic answers the order
 * that stood there when the station received it. */
static const char said_sql[] =
	"SELECT o.withdrawn, o.issued, (SELECT max(g.made) FROM order_log AS g WHERE g.source = ?1"
	" AND g.message = o.seq AND g.kind = 'delivered'), c.outcome, c.done_pct, c.cut_g_d, "
	"c.unit, c.time,"
	" nullif(c.note, '')"
	" FROM (SELECT seq, withdrawn, (SELECT max(made) FROM order_log WHERE source = ?1"
	"  AND message = seq AND kind IN ('issued', 'changed', 'withdrawn')) AS issued"
	"  FROM orders WHERE source = ?1) AS o"
	" LEFT JOIN receipts AS c ON c.rowid = (SELECT max(a.rowid) FROM receipts AS a"
	"  LEFT JOIN commands AS m ON m.id = a.command"
	"  WHERE a.ref = (SELECT value FROM meta WHERE key = 'uuid') || '-' || o.seq"
	"  OR (a.ref = 'order/' || ?1 AND m.received >= coalesce(o.issued, 0)))";

struct each {
	struct store *store;
	const struct past_job *job;
	struct order_run run;
	struct order_level level; /* of the run, if it asks anything of anybody */
	bool asks, going;
	int error;
	char id[SOURCE_ID_MAX];
};

static struct past_cell text_cell(const char *text)
{
	return (struct past_cell){.kind = text[0] ? PAST_TEXT : PAST_NOTHING, .text = text};
}

/* The words that stand in an order at the level: those of a lower one, where it has none. */
static const char *find_measures(const struct each *each, const struct source *source,
				 const struct order_source *ordered)
{
	int level = order_level_said(ordered->worded, each->level.level);
	return level == LEVEL_NONE ? "" : source->measures[level];
}

/* Why it has no order at the level. */
static struct past_cell find_why(const struct each *each, const struct order_source *ordered)
{
	unsigned why = each->asks ? order_why_none(&each->level, ordered) : 0;
	return (struct past_cell){
		.kind = why != 0 ? PAST_WHY_NONE : PAST_NOTHING, .number = why, .source = ordered};
}

static void hand_over(void *ctx, const struct source *source)
{
	struct each *each = ctx;
	struct past_cell cells[COLUMNS] = {0};
	const struct order_source ordered = sources_as_ordered(source, each->store->plan);
	struct query q = db_read(&each->store->state, said_sql);
	snprintf(each->id, sizeof(each->id), "%s", source->id);
	query_text(&q, source->id);
	cells[COL_ID] = text_cell(source->id);
	cells[COL_NAME] = text_cell(source->name);
	cells[COL_CONTROL] = text_cell(source->control);
	cells[COL_WHY] = find_why(each, &ordered);
	cells[COL_STATE] = text_cell(cells[COL_WHY].kind == PAST_WHY_NONE ? "no_measure" : "none");
	if (each->asks)
		cells[COL_MEASURES] = text_cell(find_measures(each, source, &ordered));
	if (query_row(&q)) {
		bool withdrawn = query_column(&q, 0, 0, 1) != 0;
		cells[COL_STATE] = text_cell(withdrawn ? "withdrawn" : "ordered");
		if (!withdrawn)
			cells[COL_LEVEL] =
				text_cell(level_name(each->store->plan, each->run.level));
		for (int i = 1; i <= SAID; i++)
			cells[COL_SAID + i - 1] = past_cell_of(&q, i);
	}
	if (!query_forgive(&q))
		each->going = each->job->each(each->job->ctx, cells, COLUMNS);
	each->error = query_end(&q);
}

int past_orders(struct store *store, const struct past_job *job)
{
	struct each each = {.store = store, .job = job, .going = true};
	struct source_list list;
	int r = sources_in_force(store, &list);
	if (r == 0)
		r = orders_run(store, &each.run);
	if (r != 0)
		return r == STORE_E_NONE ? 0 : r;
	each.asks = each.run.number > 0 && each.run.level > LEVEL_NONE &&
		    each.run.level <= store->plan->n_levels;
	if (each.asks)
		each.level = order_level_of(store->plan, each.run.level);
	while (r == 0 && each.going) {
		char after[SOURCE_ID_MAX];
		snprintf(after, sizeof(after), "%s", each.id);
		r = sources_next(store, list.number, after, hand_over, &each);
		if (r == 0)
			r = each.error;
	}
	return r == STORE_E_NONE ? 0 : r;
}
