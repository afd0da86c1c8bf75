/* SPDX-License-Identifier: MIT */
/*
 * History judged again: the stored hours as they are now, with each forecast from the moment at
 * which it came, through the same stages from nothing. What was advised stays advised; this says
 * what would have been, and which levels nothing in it ever called for (domain.md 1). Sixty days
 * take seconds, so it goes by pieces.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "advised.h"
#include "engine_history.h"
#include "engine_inside.h"
#include "forecasts.h"

#define LOADED_HOURS (TIMELINE_PAST_HOURS + WINDOW_HOURS)
#define FORECAST_MS (INT64_C(384) * HOUR_MS) /* no hour of one is further from its issue */

struct again {
	struct engine *engine;
	struct engine_state state;
	struct verdict verdict;
	bool as_measured;
	int64_t first; /* the hour of values[0] */
	int n, done;   /* hours loaded, and judged */
	struct hour_values values[LOADED_HOURS];
	struct forecasts_place place; /* of the forecast that comes next, */
	struct forecast forecast;     /* which is this */
	bool has_forecast;
	struct history history;
};

static void note_called(struct again *again)
{
	for (int l = 1; l <= again->verdict.n_levels; l++) {
		if (again->verdict.hour >= again->engine->state.advice.episode &&
		    again->verdict.levels[l].called == TRUTH_TRUE)
			again->history.called |= 1u << l;
	}
}

static void judge_hour(struct again *again)
{
	struct engine_state *state = &again->state;
	struct engine_step step;
	int64_t hour = again->first + again->done;
	int at = again->done++ - (again->n - again->history.n);
	engine_index(&again->engine->rules, state, hour, &again->values[hour - again->first],
		     &step);
	if (at < 0)
		return; /* its window alone is needed */
	engine_ahead(&again->engine->rules, state);
	engine_judge(&again->engine->rules, state, &step);
	again->verdict = step.verdict;
	again->history.levels[at] = advice_level(&state->advice);
	note_called(again);
}

static int64_t closed_ms(const struct again *again)
{
	return (again->first + again->done) * HOUR_MS +
	       again->engine->conf->close_delay_min * MINUTE_MS;
}

/* A forecast at the moment at which it came. */
static void take_forecast_again(struct again *again)
{
	struct engine_state *state = &again->state;
	struct event events[WARNING_EVENTS_MAX];
	int64_t now = again->first + again->done - 1;
	if (forecasts_take(&state->forecasts, &again->forecast, now) != FORECASTS_TAKEN ||
	    again->history.n == 0 || state->advice.last_hour != now)
		return;
	engine_ahead(&again->engine->rules, state);
	evaluate(again->engine->rules.plan, &state->timeline, &again->verdict);
	advice_step_again(&state->advice, &again->verdict, REASON_FORECAST, events);
	note_called(again);
	again->history.levels[again->history.n - 1 - (again->n - again->done)] =
		advice_level(&state->advice);
}

/* A store error; one that there is no more is none. */
static int look_for_forecast(struct again *again)
{
	if (again->has_forecast)
		return 0;
	int r = forecasts_next(again->engine->store, &again->place, &again->forecast);
	again->has_forecast = r == 0;
	return r == STORE_E_NONE ? 0 : r;
}

static int go_on(struct again *again, int steps)
{
	for (int i = 0; i < steps; i++) {
		int r = look_for_forecast(again);
		if (r != 0)
			return r;
		bool closed = again->done < again->n;
		if (again->has_forecast &&
		    (!closed || again->place.received_ms < closed_ms(again))) {
			take_forecast_again(again);
			again->has_forecast = false;
		} else if (closed) {
			judge_hour(again);
		} else {
			again->history.advice = again->state.advice;
			return STORE_E_NONE;
		}
	}
	return 0;
}

/* Of a district as measured is what its points said before they revised it. */
int engine_history_go(struct again *again, int steps)
{
	struct points *points = again->as_measured ? again->engine->points : NULL;
	if (points)
		points_swap_revised(points);
	int r = go_on(again, steps);
	if (points)
		points_swap_revised(points);
	return r;
}

/* An hour that was closed again has its first mean in its minutes alone; where those are too old to
 * be kept, it stays what it is. */
static int measure_again(struct again *again, int i, int channel)
{
	struct engine *engine = again->engine;
	enum pollutant pollutant = engine->conf->channels[channel].pollutant;
	struct hour_mean mean;
	int r = open_hours_stored(&engine->running, channel, again->first + i, true, &mean);
	if (r == 0 && mean.valid)
		again->values[i].milli[pollutant] =
			engine_round_mean(engine, mean.mean_milli, pollutant);
	return r;
}

static int load_measured(struct again *again)
{
	struct engine *engine = again->engine;
	static pollutant_set closed_again[LOADED_HOURS]; /* too large for a stack; one thread */
	int r = hours_load_measured(engine->store, again->first, again->n, again->values);
	if (r == 0)
		r = hours_closed_again(engine->store, again->first, again->n, closed_again);
	for (int i = 0; i < again->n; i++) {
		for (int c = 0; c < engine->conf->n_channels && r == 0; c++) {
			pollutant_set bit = 1u << engine->conf->channels[c].pollutant;
			if (closed_again[i] & again->values[i].valid & bit)
				r = measure_again(again, i, c);
		}
	}
	return r;
}

static int load_again(struct again *again, bool as_measured)
{
	struct engine *engine = again->engine;
	int64_t newest = engine_newest_hour(engine), first = newest + 1;
	int r = hours_oldest(engine->store, newest - LOADED_HOURS + 1, &first);
	if (r != 0 && r != STORE_E_NONE)
		return r;
	again->first = first;
	again->n = first <= newest ? (int)(newest - first + 1) : 0;
	again->history.newest = newest;
	again->history.n = again->n < TIMELINE_PAST_HOURS ? again->n : TIMELINE_PAST_HOURS;
	again->place.received_ms = first * HOUR_MS - FORECAST_MS;
	return as_measured ? load_measured(again)
			   : hours_load(engine->store, first, again->n, again->values);
}

int engine_history_new(struct engine *engine, bool as_measured, const struct dust_hours *dust,
		       struct again **ret)
{
	struct again *again = calloc(1, sizeof(*again));
	if (!again)
		return -ENOMEM;
	again->engine = engine;
	again->as_measured = as_measured;
	again->state.dust = *dust;
	int r = load_again(again, as_measured);
	if (r == 0)
		*ret = again;
	else
		free(again);
	return r;
}

struct again *engine_history_free(struct again *again)
{
	free(again);
	return NULL;
}

const struct history *engine_history_of(const struct again *again)
{
	return &again->history;
}

/* ---- what would differ ---- */

int engine_correct(struct engine *engine, const struct history *is, int64_t first,
		   struct event *ret)
{
	static int advised[TIMELINE_PAST_HOURS]; /* too large for a stack; one thread */
	int r = advised_levels(engine->store, is->newest - is->n + 1, is->n, advised);
	if (r != 0)
		return r;
	advice_note(&engine->state.advice, EVENT_CORRECTION, is->newest, ret);
	ret->revised = is->n > 0 ? is->levels[is->n - 1] : LEVEL_NONE;
	for (int i = is->n; i > 0 && ret->revised_from == 0; i--) {
		int64_t hour = is->newest - i + 1;
		if (hour >= first && is->levels[is->n - i] != advised[is->n - i])
			ret->revised_from = hour;
	}
	return 0;
}
