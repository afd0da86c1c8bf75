/* SPDX-License-Identifier: MIT */
/*
 * Hours that changed after they were closed (review, import): what follows from them is computed
 * anew. What was advised is never rewritten; a correction says what the hours as they are now would
 * have advised (domain.md 1).
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "engine_inside.h"
#include "evaluate.h"
#include "import.h"
#include "log.h"

/* Revised hours are published as far back as a month, as an outbox keeps them. */
#define PUBLISHED_HOURS 768
#define LOADED_HOURS (TIMELINE_PAST_HOURS + WINDOW_HOURS)

int engine_rebuild(struct engine *engine)
{
	struct engine_state *state = &engine->state;
	int64_t newest = engine_newest_hour(engine), first = 0;
	struct engine_step step;
	memset(&state->window, 0, sizeof(state->window));
	memset(&state->plan_window, 0, sizeof(state->plan_window));
	memset(&state->timeline, 0, sizeof(state->timeline));
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

static int load_means(struct engine *engine, struct hour_report *report)
{
	for (int c = 0; c < engine->conf->n_channels; c++) {
		enum pollutant pollutant = engine->conf->channels[c].pollutant;
		struct hour_mean *mean = &report->means[pollutant];
		int32_t rev = 0;
		int r = hours_get(engine->store, report->hour, pollutant, mean, &rev);
		if (r == STORE_E_NONE)
			mean->quality = QUALITY_NO_COMMUNICATION; /* nothing was measured */
		if (r != 0 && r != STORE_E_NONE)
			return r;
		report->reviewed = report->reviewed || rev > 0;
	}
	return 0;
}

/* Stores and announces the AQIs of hours from `first` on; values[0] is WINDOW_HOURS - 1 earlier. */
static int revise_aqi(struct engine *engine, int64_t first, int n, const struct hour_values *values,
		      const struct announcement *when)
{
	struct window window = {0};
	int r = 0;
	for (int i = 0; i < n && r == 0; i++) {
		struct hour_report report = {.hour = first - WINDOW_HOURS + 1 + i};
		window_put(&window, report.hour, &values[i]);
		if (report.hour < first)
			continue;
		aqi_realtime(engine->rules.edition, &engine->rules.scope, &values[i],
			     &report.realtime);
		aqi_daily(engine->rules.edition, &engine->rules.scope, &window, &report.daily);
		r = load_means(engine, &report);
		if (r == 0)
			r = hours_put_aqi(engine->store, report.hour, engine->rules.edition->id,
					  &report.daily, &report.realtime);
		if (r == 0)
			r = hours_aqi_rev(engine->store, report.hour, &report.rev);
		if (r == 0 && report.hour > engine_newest_hour(engine) - PUBLISHED_HOURS)
			r = announce_hour(engine->conf, engine->store, when, &report);
	}
	return r;
}

/* ---- what would have been advised ---- */

struct history {
	int n;
	enum level levels[TIMELINE_PAST_HOURS];
};

static void levels_of(const struct engine *engine, struct history *ret)
{
	ret->n = engine->state.timeline.past;
	engine_replay_hours(engine, ret->levels);
}

/* Two histories that end with the same hour: the first at which they differ, 0: nowhere. */
static int64_t first_difference(const struct history *was, const struct history *is, int64_t now)
{
	int n = was->n < is->n ? was->n : is->n;
	for (int i = n; i > 0; i--) {
		if (was->levels[was->n - i] != is->levels[is->n - i])
			return now - i + 1;
	}
	return 0;
}

int engine_revise(struct engine *engine, int64_t first, int64_t last,
		  const struct announcement *when, struct event *ret)
{
	static struct history was, is;
	int64_t newest = engine_newest_hour(engine);
	int64_t end = last + WINDOW_HOURS - 1 < newest ? last + WINDOW_HOURS - 1 : newest;
	int n = (int)(end - first) + WINDOW_HOURS;
	assert(first <= end);
	struct hour_values *values = calloc((size_t)n, sizeof(*values));
	if (!values)
		return -ENOMEM;
	levels_of(engine, &was);
	int r = hours_load(engine->store, first - WINDOW_HOURS + 1, n, values);
	if (r == 0)
		r = revise_aqi(engine, first, n, values, when);
	free(values);
	if (r == 0)
		r = engine_rebuild(engine);
	if (r != 0)
		return r;
	levels_of(engine, &is);
	advice_note(&engine->state.advice, EVENT_CORRECTION, newest, ret);
	ret->revised_from = first_difference(&was, &is, newest);
	ret->revised = is.n > 0 ? is.levels[is.n - 1] : LEVEL_NONE;
	return 0;
}

/* ---- imported hours ---- */

static int settle(struct engine *engine, int64_t first, int64_t last,
		  const struct announcement *when)
{
	struct announcement announcement = *when;
	struct event event;
	int r = engine_revise(engine, first, last, when, &event);
	if (r != 0)
		return r;
	/* they are in the timeline already: what differs is what was advised without them */
	if (event.revised != event.level)
		event.revised_from = first;
	announcement.advice = engine_report(engine, when->now_ms);
	announcement.n_events = 1;
	announcement.events = &event;
	r = warnings_append(engine->store, &event);
	if (r == 0)
		r = warnings_save(engine->store, &engine->state.advice, &engine->used);
	if (r == 0)
		r = announce(engine->conf, engine->store, &announcement);
	return r == 0 ? import_settle(engine->store) : r;
}

void engine_take_imports(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	const struct announcement when = {.now_ms = now_ms, .time_quality = time_quality};
	int64_t first = 0, last = 0, newest = engine_newest_hour(engine);
	int r = import_pending(engine->store, &first, &last);
	if (r == STORE_E_NONE || first > newest || engine->state.timeline.past == 0)
		return;
	if (r == 0)
		r = store_begin(engine->store);
	if (r == 0) {
		r = settle(engine, first, last, &when);
		if (r == 0)
			r = store_commit(engine->store);
		else
			store_rollback(engine->store);
	}
	if (r == 0)
		log_notice("imported hours: what follows from %lld hours was computed anew",
			   (long long)(last - first + 1));
	engine_store_result(engine, r);
}
