/* SPDX-License-Identifier: MIT */
/* The score of the forecasts as rows; the chains of the logs as sentences. */
#include <errno.h>

#include "forecasts.h"
#include "hours.h"
#include "progress.h"
#include "reader.h"
#include "score.h"
#include "tables_inside.h"
#include "verify.h"
#include "words.h"

static const struct table_column columns[] = {
	{"source", TR_LATER("source"), TYPE_TEXT},
	{"lead_h", TR_LATER("ahead h"), TYPE_NUMBER},
	{"n", TR_LATER("days"), TYPE_NUMBER},
	{"mean_error", TR_LATER("error"), TYPE_MEAN},
	{"above", TR_LATER("above"), TYPE_NUMBER},
	{"hits", TR_LATER("hits"), TYPE_NUMBER},
	{"false_alarms", TR_LATER("false alarms"), TYPE_NUMBER},
	{"missed", TR_LATER("missed"), TYPE_NUMBER},
};
#define COLUMNS ((int)(sizeof(columns) / sizeof(columns[0])))

static struct past_cell number_cell(int64_t number)
{
	return (struct past_cell){.kind = PAST_NUMBER, .number = number};
}

/* A row for each threshold. */
static bool add_lead(struct table *table, const struct score *score, int s, int l)
{
	const struct score_lead *lead = &score->sources[s].leads[l];
	bool going = true;
	for (int t = 0; t < score->n_thresholds && lead->n > 0 && going; t++) {
		const struct past_cell cells[COLUMNS] = {
			{.kind = PAST_TEXT, .text = score->sources[s].name},
			number_cell((l + 1) * 24),
			number_cell(lead->n),
			number_cell(lead->error_milli / lead->n),
			number_cell(score->thresholds[t]),
			number_cell(lead->hits[t]),
			number_cell(lead->false_alarms[t]),
			number_cell(lead->missed[t]),
		};
		going = table_add(table, cells, COLUMNS);
	}
	return going;
}

/* One issue against the days that came. */
static int hold_forecast(struct store *store, struct score *score, const struct forecast *forecast)
{
	for (int lead = 0; lead < SCORE_LEADS; lead++) {
		int64_t ends = score_day_ends(forecast->issued_ms, lead);
		int32_t came = -1;
		int r = hours_daily(store, ends, 1, &came);
		if (r != 0)
			return r;
		if (came >= 0)
			score_add(score, forecast, lead, came);
	}
	return 0;
}

static int hold_all(const struct tables_wish *wish, struct score *score)
{
	static struct forecast forecast; /* large, once */
	struct forecasts_place place = {.received_ms = INT64_MIN};
	int r = 0;
	while (r == 0) {
		progress_count();
		r = forecasts_next(wish->store, &place, &forecast);
		if (r == 0 && forecast.issued_ms > wish->since_ms &&
		    forecast.issued_ms <= wish->until_ms)
			r = hold_forecast(wish->store, score, &forecast);
	}
	return r == STORE_E_NONE ? 0 : r;
}

int tables_score(const struct tables_wish *wish)
{
	static struct score score; /* large, once */
	struct table table = {.form = wish->form,
			      .nothing = TR_LATER("nothing in this time"),
			      .conf = wish->conf,
			      .columns = columns,
			      .n_columns = COLUMNS,
			      .width = reader_width(),
			      .out = wish->out};
	bool going = true;
	score = score_begin(wish->conf);
	progress_begin(tr("forecast"));
	int r = hold_all(wish, &score);
	progress_end();
	if (r == 0)
		r = table_begin(&table);
	for (int s = 0; s < score.n_sources && r == 0; s++) {
		for (int l = 0; l < SCORE_LEADS && going; l++)
			going = add_lead(&table, &score, s, l);
	}
	int ended = table_end(&table);
	return r ? r : going ? ended : -EIO;
}

/* ---- the chains ---- */

static void tell_chain(FILE *out, const char *name, const struct chain_check *check)
{
	if (check->bad != 0)
		fprintf(out, tr("%s: row %lld is not what was written, or one before it is gone\n"),
			name, (long long)check->bad);
	else if (check->rows == 0)
		fprintf(out, tr("%s: no rows\n"), name);
	else
		fprintf(out, tr("%s: whole up to row %lld, rows checked: %lld, newest hash: %s\n"),
			name, (long long)check->last, (long long)check->rows, check->newest);
	if (check->anchor != 0)
		fprintf(out,
			tr("%s: rows up to %lld were pruned, and the chain goes on from the "
			   "last of them\n"),
			name, (long long)check->anchor);
	if (check->without != 0)
		fprintf(out, tr("%s: rows from before the chain, which have no hash: %lld\n"), name,
			(long long)check->without);
}

int tables_verify(const struct tables_wish *wish, int *ret_exit)
{
	static const char *const names[VERIFIED_COUNT] = {
		[VERIFIED_EVENTS] = TR_LATER("events"),
		[VERIFIED_FORCE] = TR_LATER("what was in force"),
		[VERIFIED_ORDERS] = TR_LATER("orders"),
	};
	struct chain_check checks[VERIFIED_COUNT];
	progress_begin(tr("row"));
	int r = verify_logs(wish->store, progress_count, checks);
	progress_end();
	for (int i = 0; i < VERIFIED_COUNT && r == 0; i++) {
		tell_chain(wish->out, tr(names[i]), &checks[i]);
		*ret_exit = *ret_exit != 0 || checks[i].bad != 0;
	}
	return r;
}
