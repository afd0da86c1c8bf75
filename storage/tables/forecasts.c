/* SPDX-License-Identifier: MIT */
#include "forecasts.h"

#include <stdio.h>
#include <string.h>

#include "aside.h"
#include "db.h"

#define AQI_TOP 500
#define FORMS 3
#define HEADS_MAX 64                    /* sources of which one may speak of hours ahead */
#define FAR_MS (INT64_C(384) * 3600000) /* no hour is further from its issue: forecast_fault */

static const char *const forms[FORMS] = {"concentrations", "hourly_aqi", "daily_aqi"};

static void put_step(struct store *store, const char *command, const struct forecast *forecast,
		     const struct forecast_step *step)
{
	bool aqi = forecast->form != FORECAST_CONCENTRATIONS;
	struct query q = db_write(
		&store->state,
		"INSERT INTO forecast_steps (command, hour, pm25_milli, pm10_milli, so2_milli,"
		" no2_milli, co_milli, o3_milli, aqi_min, aqi_max, short_heavy)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_int(&q, step->hour);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		query_int_or_null(&q, !aqi && (step->values.valid & (1u << p)),
				  step->values.milli[p]);
	query_int_or_null(&q, aqi, step->aqi_min);
	query_int_or_null(&q, aqi, step->aqi_max);
	query_int(&q, step->short_heavy);
	query_run(&q);
}

int forecasts_put(struct store *store, const char *command, const struct forecast *forecast,
		  int64_t received_ms)
{
	struct query q = db_write(&store->state,
				  "INSERT INTO forecasts (command, received, source, issuer, kind,"
				  " form, issued) VALUES (?, ?, ?, ?, ?, ?, ?)");
	query_text(&q, command);
	query_int(&q, received_ms);
	query_text(&q, forecast->source);
	query_text(&q, forecast->issuer);
	query_text(&q, forecast_kind_name(forecast->kind));
	query_text(&q, forms[forecast->form]);
	query_int(&q, forecast->issued_ms);
	int r = query_run(&q);
	if (r)
		return r;
	for (int i = 0; i < forecast->n; i++)
		put_step(store, command, forecast, &forecast->steps[i]);
	return db_ready(&store->state); /* tells what any of the writes said */
}

static enum forecast_form read_form(struct query *q, int column)
{
	const char *name = query_column_text(q, column, 32);
	int form = 0;
	while (form < FORMS - 1 && strcmp(forms[form], name) != 0)
		form++;
	return (enum forecast_form)form;
}

/* ---- reading ---- */

/* A row of forecasts without its steps. */
struct head {
	char command[COMMANDS_NAME_MAX], source[FORECAST_TEXT_MAX], issuer[FORECAST_TEXT_MAX];
	enum forecast_kind kind;
	enum forecast_form form;
	int64_t issued_ms, received_ms;
};

#define HEAD_COLUMNS "SELECT command, source, issuer, kind, form, issued, received FROM forecasts"

static void read_head(struct query *q, struct head *ret)
{
	*ret = (struct head){0};
	snprintf(ret->command, COMMANDS_NAME_MAX, "%s", query_column_text(q, 0, COMMANDS_NAME_MAX));
	snprintf(ret->source, sizeof(ret->source), "%s",
		 query_column_text(q, 1, sizeof(ret->source)));
	snprintf(ret->issuer, sizeof(ret->issuer), "%s",
		 query_column_text(q, 2, sizeof(ret->issuer)));
	forecast_kind_parse(query_column_text(q, 3, 32), &ret->kind);
	ret->form = read_form(q, 4);
	ret->issued_ms = query_column(q, 5, 1, INT64_MAX);
	ret->received_ms = query_column(q, 6, INT64_MIN, INT64_MAX);
}

static void read_step(struct query *q, struct forecast_step *ret)
{
	*ret = (struct forecast_step){.hour = query_column(q, 0, INT64_MIN, INT64_MAX)};
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (query_column_null(q, 1 + p))
			continue;
		ret->values.valid |= 1u << p;
		ret->values.milli[p] = (int32_t)query_column(q, 1 + p, 0, INT32_MAX);
	}
	int column = 1 + POLLUTANT_COUNT;
	if (!query_column_null(q, column)) {
		ret->aqi_min = (int32_t)query_column(q, column, 0, AQI_TOP);
		ret->aqi_max = (int32_t)query_column(q, column + 1, 0, AQI_TOP);
	}
	ret->short_heavy = query_column(q, column + 2, 0, 1) != 0;
}

static int read_steps(struct store *store, const struct head *head, struct forecast *ret)
{
	struct query q =
		db_read(&store->state,
			"SELECT hour, pm25_milli, pm10_milli, so2_milli, no2_milli, co_milli,"
			" o3_milli, aqi_min, aqi_max, short_heavy FROM forecast_steps"
			" WHERE command = ? ORDER BY hour LIMIT ?");
	memset(ret, 0, sizeof(*ret));
	ret->issued_ms = head->issued_ms;
	ret->kind = head->kind;
	ret->form = head->form;
	memcpy(ret->source, head->source, sizeof(ret->source));
	memcpy(ret->issuer, head->issuer, sizeof(ret->issuer));
	query_text(&q, head->command);
	query_int(&q, FORECAST_HOURS_MAX);
	while (query_row(&q))
		read_step(&q, &ret->steps[ret->n++]);
	return query_end(&q);
}

/* ---- the newest of each source ---- */

static bool has_source(const struct head *heads, int n, const char *source)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(heads[i].source, source) == 0)
			return true;
	}
	return false;
}

/* The newest head of each source, the newest of all first. */
static int read_heads(struct store *store, int64_t issued_after_ms, struct head *heads, int *ret_n)
{
	struct query q = db_read(&store->state,
				 HEAD_COLUMNS " WHERE issued > ?"
					      " ORDER BY issued DESC, received DESC, rowid DESC");
	int n = 0;
	query_int(&q, issued_after_ms);
	while (n < HEADS_MAX && query_row(&q)) {
		read_head(&q, &heads[n]);
		n += !has_source(heads, n, heads[n].source);
	}
	*ret_n = n;
	return query_end(&q);
}

int forecasts_load(struct store *store, int64_t now, struct forecasts *ret)
{
	static struct forecast forecast; /* these are too large for a stack; one thread */
	static struct head heads[HEADS_MAX];
	int n = 0;
	int first = read_heads(store, now * 3600000 - FAR_MS, heads, &n);
	ret->n = 0;
	for (int i = 0; i < n; i++) {
		int r = read_steps(store, &heads[i], &forecast);
		if (r == 0)
			forecasts_take(ret, &forecast, now);
		first = first == 0 ? r : first;
	}
	return first;
}

/* ---- all, as they came ---- */

/* The first head after the place that can be read; STORE_E_NONE. */
static int next_head(struct store *store, const struct forecasts_place *place, struct head *ret)
{
	struct query q = db_read(&store->state, HEAD_COLUMNS " WHERE (received, command) > (?, ?)"
							     " ORDER BY received, command");
	bool found = false;
	query_int(&q, place->received_ms);
	query_text(&q, place->command);
	while (!found && query_row(&q)) {
		read_head(&q, ret);
		found = !query_forgive(&q);
		if (!found)
			aside_note(store, "forecasts %.64s", ret->command);
	}
	int r = query_end(&q);
	return r == 0 && !found ? STORE_E_NONE : r;
}

int forecasts_next(struct store *store, struct forecasts_place *place, struct forecast *ret)
{
	struct head head;
	for (;;) {
		int r = next_head(store, place, &head);
		if (r != 0)
			return r;
		place->received_ms = head.received_ms;
		snprintf(place->command, sizeof(place->command), "%s", head.command);
		if (read_steps(store, &head, ret) == 0)
			return 0;
	}
}

/* ---- whose a source is ---- */

int forecasts_owner(struct store *store, const char *source, char ret_key[FORECASTS_KEY_MAX])
{
	struct query q =
		db_read(&store->state, "SELECT key FROM forecast_sources WHERE source = ?");
	query_text(&q, source);
	bool any = query_row(&q);
	if (any)
		snprintf(ret_key, FORECASTS_KEY_MAX, "%s",
			 query_column_text(&q, 0, FORECASTS_KEY_MAX));
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
}

int forecasts_bind(struct store *store, const char *source, const char *key, int64_t now_ms)
{
	struct query q = db_write(&store->state, "INSERT OR REPLACE INTO forecast_sources"
						 " (source, key, used) VALUES (?, ?, ?)");
	query_text(&q, source);
	query_text(&q, key);
	query_int(&q, now_ms);
	int r = query_run(&q);
	if (r)
		return r;
	q = db_write(&store->state, "DELETE FROM forecast_sources WHERE source IN (SELECT source"
				    " FROM forecast_sources ORDER BY used DESC LIMIT -1 OFFSET ?)");
	query_int(&q, FORECASTS_BOUND_MAX);
	return query_run(&q);
}
