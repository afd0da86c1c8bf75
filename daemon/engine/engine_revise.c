/* SPDX-License-Identifier: MIT */
/*
 * What is computed from stored hours: window and timeline, and the AQIs of hours that changed after
 * they were closed. Where the advice's row is damaged, or was lost with a damaged file, it is
 * computed from the hours, without the events that led there, which were told long ago.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "engine_history.h"
#include "engine_inside.h"
#include "log.h"
#include "log_words.h"
#include "words.h"

/* Revised hours are published as far back as a month, as an outbox keeps them. */
#define PUBLISHED_HOURS 768
#define LOADED_HOURS (TIMELINE_PAST_HOURS + WINDOW_HOURS)

int engine_rebuild(struct engine *engine)
{
	struct engine_state *state = &engine->state;
	int64_t newest = engine_newest_hour(engine), first = 0;
	struct engine_step step = {.n_events = 0};
	engine_outlook_stale(engine);
	memset(&state->window, 0, sizeof(state->window));
	memset(&state->plan_window, 0, sizeof(state->plan_window));
	memset(&state->air, 0, sizeof(state->air));
	timeline_clear(&state->timeline);
	int r = hours_load_dust(engine->store, newest - LOADED_HOURS, &state->dust);
	if (r == 0)
		r = hours_oldest(engine->store, newest - LOADED_HOURS + 1, &first);
	if (r != 0 || first > newest)
		return r == STORE_E_NONE ? 0 : r;
	int n = (int)(newest - first + 1);
	struct hour_values *values = calloc((size_t)n, sizeof(*values));
	if (!values)
		return -ENOMEM;
	r = hours_load(engine->store, first, n, values);
	for (int i = 0; i < n && r == 0; i++)
		engine_index(&engine->rules, state, first + i, &values[i], &step);
	free(values);
	return r;
}

/* ---- the AQIs that changed ---- */

/* *ret_any: the hour is there at all. */
static int load_means(struct engine *engine, struct hour_report *report, bool *ret_any)
{
	*ret_any = false;
	if (engine->points)
		points_means(engine->points, report->hour, report);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		struct hour_mean *mean = &report->means[p];
		int32_t rev = 0;
		if (!engine_monitors(engine, p))
			continue;
		*mean = (struct hour_mean){0};
		int r = hours_get(engine->store, report->hour, (enum pollutant)p, mean, &rev);
		if (r == STORE_E_NONE)
			mean->quality = QUALITY_NO_COMMUNICATION; /* nothing was measured */
		else if (r != 0)
			return r;
		else
			*ret_any = true;
	}
	return hours_is_reviewed(engine->store, report->hour, &report->reviewed);
}

static int tell_again(struct engine *engine, struct hour_report *report,
		      const struct announcement *when)
{
	int r = hours_aqi_rev(engine->store, report->hour, &report->rev);
	if (r != 0 && r != STORE_E_NONE) /* none: imported, and not computed yet */
		return r;
	return announce_hour(engine->conf, engine->store, when, report);
}

/* One that was never closed or imported stays as it is: nothing. */
static int revise_hour(struct engine *engine, struct hour_report *report,
		       const struct announcement *when)
{
	bool any = false;
	int r = load_means(engine, report, &any);
	if (r != 0 || !any)
		return r;
	if (when && when->resent)
		return tell_again(engine, report, when);
	r = hours_put_aqi(engine->store, report->hour, engine->rules.edition->id, &report->daily,
			  &report->realtime);
	if (r == 0)
		r = hours_aqi_rev(engine->store, report->hour, &report->rev);
	if (r == 0 && when && report->hour > engine_newest_hour(engine) - PUBLISHED_HOURS)
		r = announce_hour(engine->conf, engine->store, when, report);
	return r;
}

/* values[0] is WINDOW_HOURS - 1 earlier than `first`. */
static int revise_hours(struct engine *engine, int64_t first, int n,
			const struct hour_values *values, const struct announcement *when)
{
	struct window window = {0};
	int r = 0;
	for (int i = 0; i < n + WINDOW_HOURS - 1 && r == 0; i++) {
		struct hour_report report = {.hour = first - WINDOW_HOURS + 1 + i};
		window_put(&window, report.hour, &values[i]);
		if (report.hour < first)
			continue;
		engine_aqis(&engine->rules, &window, &values[i], &report.realtime, &report.daily);
		r = revise_hour(engine, &report, when);
	}
	return r;
}

int engine_revise(struct engine *engine, int64_t first, int n, const struct announcement *when)
{
	int loaded = n + WINDOW_HOURS - 1;
	struct hour_values *values = calloc((size_t)loaded, sizeof(*values));
	if (!values)
		return -ENOMEM;
	int r = hours_load(engine->store, first - WINDOW_HOURS + 1, loaded, values);
	if (r == 0)
		r = revise_hours(engine, first, n, values, when);
	free(values);
	return r;
}

/* ---- the advice is lost ---- */

int engine_renew(struct engine *engine, int why)
{
	int64_t number = engine->city.series.number;
	struct event none; /* no episode yet: there is nothing to note */
	engine_note_rules(engine, engine_newest_hour(engine), &none);
	/* a station that begins has neither advice nor events */
	if (why == STORE_E_NONE && number == 0)
		return 0;
	struct again *again = NULL;
	int r = engine_history_new(engine, false, &engine->state.dust, &again);
	if (r == 0)
		r = engine_history_go(again, INT_MAX);
	if (r != STORE_E_NONE) {
		engine_history_free(again);
		return r;
	}
	engine->state.advice = engine_history_of(again)->advice;
	engine_history_free(again);
	engine->state.advice.last_event = number;
	log_error(LOG_ADVICE_COMPUTED,
		  "the stored advice is %s; it was computed anew from the hours: %s",
		  why == STORE_E_NONE ? tr("lost") : tr("damaged"),
		  log_level_name(engine->rules.plan, advice_level(&engine->state.advice)));
	return 0;
}
