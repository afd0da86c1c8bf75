/* SPDX-License-Identifier: MIT */
#include "forecasts.h"

#include <stdio.h>
#include <string.h>

#include "db.h"

#define AQI_TOP 500
#define FORMS 3
#define COMMAND_MAX 128 /* bytes of a command's id, the NUL included */

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

static enum forecast_form form_of(struct query *q, int column)
{
	const char *name = query_column_text(q, column, 32);
	int form = 0;
	while (form < FORMS - 1 && strcmp(forms[form], name) != 0)
		form++;
	return (enum forecast_form)form;
}

static int read_head(struct store *store, struct forecast *ret, char ret_command[COMMAND_MAX])
{
	struct query q = db_read(&store->state,
				 "SELECT command, source, issuer, kind, form, issued"
				 " FROM forecasts ORDER BY issued DESC, received DESC LIMIT 1");
	bool any = query_row(&q);
	if (any) {
		snprintf(ret_command, COMMAND_MAX, "%s", query_column_text(&q, 0, COMMAND_MAX));
		snprintf(ret->source, sizeof(ret->source), "%s",
			 query_column_text(&q, 1, sizeof(ret->source)));
		snprintf(ret->issuer, sizeof(ret->issuer), "%s",
			 query_column_text(&q, 2, sizeof(ret->issuer)));
		forecast_kind_parse(query_column_text(&q, 3, 32), &ret->kind);
		ret->form = form_of(&q, 4);
		ret->issued_ms = query_column(&q, 5, 1, INT64_MAX);
	}
	int r = query_end(&q);
	return r == 0 && !any ? STORE_E_NONE : r;
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

int forecasts_newest(struct store *store, struct forecast *ret)
{
	static struct forecast forecast; /* too large for a stack; one thread */
	char command[COMMAND_MAX];
	memset(&forecast, 0, sizeof(forecast));
	int r = read_head(store, &forecast, command);
	if (r)
		return r;
	struct query q =
		db_read(&store->state,
			"SELECT hour, pm25_milli, pm10_milli, so2_milli, no2_milli, co_milli,"
			" o3_milli, aqi_min, aqi_max, short_heavy FROM forecast_steps"
			" WHERE command = ? ORDER BY hour LIMIT ?");
	query_text(&q, command);
	query_int(&q, FORECAST_HOURS_MAX);
	while (query_row(&q))
		read_step(&q, &forecast.steps[forecast.n++]);
	r = query_end(&q);
	if (r == 0)
		*ret = forecast;
	return r;
}
