/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "engine_inside.h"
#include "log.h"
#include "over_ranges.h"
#include "time_text.h"

#define EMPTY_HOURS_AT_ONCE 500

/* ---- hours ---- */

static void close_means(struct engine *engine, struct hour_report *report,
			struct hour_values *values)
{
	if (engine->points)
		points_means(engine->points, report->hour, report);
	for (int c = 0; c < engine->conf->n_channels; c++)
		open_hours_mean(&engine->running, c, report->hour, report->hour * HOUR_MS,
				&report->means[engine->conf->channels[c].pollutant]);
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		struct hour_mean *mean = &report->means[p];
		mean->mean_milli = engine_round_mean(engine, mean->mean_milli, (enum pollutant)p);
		values->milli[p] = mean->mean_milli;
		values->valid |= mean->valid ? 1u << p : 0;
	}
}

static int store_hour(struct engine *engine, const struct hour_report *report,
		      enum time_quality time_quality)
{
	int r = 0;
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++) {
		if (engine_monitors(engine, p))
			r = hours_put(engine->store, report->hour, (enum pollutant)p,
				      &report->means[p], time_quality);
	}
	if (r == 0)
		r = hours_put_aqi(engine->store, report->hour, engine->conf->edition.id,
				  &report->daily, &report->realtime);
	return r == 0 ? over_ranges_save(engine->store, &engine->over_range) : r;
}

/* One transaction: the hour, its AQIs, the advice, the events, and every message about them. */
static int commit_hour(struct engine *engine, struct announcement *announcement)
{
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = store_hour(engine, announcement->hour, announcement->time_quality);
	if (r == 0)
		r = engine_publish(engine, announcement);
	return engine_end(engine, r);
}

static void judge_hour(struct engine *engine, struct engine_step *step)
{
	const struct advice before = engine->state.advice;
	engine_ahead(&engine->rules, &engine->state);
	engine_judge(&engine->rules, &engine->state, step);
	engine_keep_held(engine, &before, &step->n_events);
	engine->verdict = step->verdict;
	engine_look_around(engine);
}

/* samples -> means -> AQI -> plan -> advice -> store and outbox */
static void close_hour(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct hour_report report = {.hour = engine->next_hour};
	struct hour_values values = {0};
	struct engine_step step;
	struct event events[ANNOUNCE_EVENTS_MAX];

	close_means(engine, &report, &values);
	engine_follow_particles(engine, &report);
	engine_index(&engine->rules, &engine->state, report.hour, &values, &step);
	int n = engine_note_rules(engine, report.hour, events);
	n += engine_resume_ranges(engine, &report, &events[n]);
	judge_hour(engine, &step);
	memcpy(&events[n], step.events, (size_t)step.n_events * sizeof(events[0]));
	report.realtime = step.realtime;
	report.daily = step.daily;

	engine_close_auxiliary(engine, report.hour, time_quality);
	struct announcement announcement = {
		.hour = &report,
		.n_events = n + step.n_events,
		.events = events,
		.repeat_advice = !engine->announced,
		.advice = engine_report(engine, now_ms),
		.now_ms = now_ms,
		.time_quality = time_quality,
	};
	int r = hours_aqi_rev(engine->store, report.hour, &report.rev);
	if (r == 0) /* it has been closed before, under a wrong name */
		report.rev++;
	r = commit_hour(engine, &announcement);
	if (r != 0) /* the second goes to memory, if the disk is to blame */
		r = commit_hour(engine, &announcement);
	engine_store_result(engine, r);
	if (r != 0) /* no event was told: the next one has its number */
		engine->state.advice.last_event = engine->city.series.number;
	engine->announced =
		r == 0; /* what was lost with a failed disk is repaired by the next hour */
	engine->next_hour++;
	announce_log(engine->conf, &announcement);
	engine->env.look(engine->env.ctx);
}

/* ---- hours in which the station was not there ---- */

static int store_empty_hour(struct engine *engine, int64_t hour, const struct announcement *when)
{
	struct hour_report report = {.hour = hour};
	struct hour_values values = {0};
	struct engine_step step;
	close_means(engine, &report, &values);
	engine_index(&engine->rules, &engine->state, hour, &values, &step);
	report.realtime = step.realtime;
	report.daily = step.daily;
	int r = store_hour(engine, &report, when->time_quality);
	if (r == 0)
		r = hours_aqi_rev(engine->store, hour, &report.rev);
	if (r == 0 && hour > when->now_ms / HOUR_MS - WINDOW_HOURS)
		r = announce_hour(engine->conf, engine->store, when, &report);
	return r == 0 ? announce_auxiliary(engine->conf, engine->store, when, hour, false) : r;
}

/* In one transaction. */
static int store_empty_hours(struct engine *engine, int n, const struct announcement *when)
{
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	for (int i = 0; i < n && r == 0; i++)
		r = store_empty_hour(engine, engine->next_hour + i, when);
	return engine_end(engine, r);
}

/* A gap: its hours are stored, those of the last day are told, none is judged. */
static void pass_over(struct engine *engine, int64_t until, const struct announcement *when)
{
	struct engine_state *before = malloc(sizeof(*before));
	char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	if (engine->next_hour < until)
		log_warning(LOG_HOURS_EMPTY, "no data from %s to %s: these hours are empty",
			    time_text((engine->next_hour - 1) * HOUR_MS, from),
			    time_text((until - 1) * HOUR_MS, to));
	engine_pass_over_auxiliary(engine, until, when->time_quality);
	while (engine->next_hour < until) {
		int64_t left = until - engine->next_hour;
		int n = left < EMPTY_HOURS_AT_ONCE ? (int)left : EMPTY_HOURS_AT_ONCE;
		if (before)
			*before = engine->state;
		int r = store_empty_hours(engine, n, when);
		if (r != 0 && before) { /* the second goes to memory, if the disk is to blame */
			engine->state = *before;
			r = store_empty_hours(engine, n, when);
		}
		engine_store_result(engine, r);
		engine->next_hour += n;
	}
	free(before);
}

/* A district waits no longer than until all of its points have come. */
static int64_t close_ms(const struct engine *engine)
{
	if (engine->points && points_are_whole(engine->points, engine->next_hour))
		return engine->next_hour * HOUR_MS;
	return engine->next_hour * HOUR_MS + engine->conf->close_delay_min * MINUTE_MS;
}

/* Nothing was heard in the hour that closes next. */
static bool is_next_empty(struct engine *engine)
{
	if (engine->points)
		return !points_are_any(engine->points, engine->next_hour);
	for (int c = 0; c < engine->conf->n_channels; c++) {
		struct hour_mean mean;
		open_hours_mean(&engine->running, c, engine->next_hour, engine->next_hour * HOUR_MS,
				&mean);
		if (mean.samples > 0 || mean.covered_ms > 0)
			return false;
	}
	return true;
}

static void close_hours(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	const struct announcement when = {.now_ms = now_ms, .time_quality = time_quality};
	int64_t ended = hour_of_ms(now_ms - engine->conf->close_delay_min * MINUTE_MS) - 1;
	int64_t begun = engine->next_hour + OPEN_HOURS_HOURS; /* those before may hold something */
	bool in_gap = begun < ended;
	while (close_ms(engine) <= now_ms) {
		if (in_gap && (engine->next_hour >= begun || is_next_empty(engine))) {
			pass_over(engine, ended, &when);
			in_gap = false;
		}
		close_hour(engine, now_ms, time_quality);
		engine_minutes_advance(engine, now_ms, time_quality);
	}
}

/* A new station, which may be stopped before anything of this hour is stored. */
static void begin_first_hour(struct engine *engine, int64_t running, enum time_quality time_quality)
{
	engine->next_hour = running;
	if (time_quality != TIME_UNSYNCHRONISED)
		engine_store_result(engine, hours_keep_first(engine->store, running));
}

static void begin_time(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	int64_t running = hour_of_ms(now_ms);
	if (engine->next_hour == 0) {
		begin_first_hour(engine, running, time_quality);
	} else if (running - engine->next_hour > ENGINE_CATCH_UP_HOURS) {
		log_warning(LOG_HOURS_EMPTY,
			    "no data for %lld hours; the oldest of them stay empty",
			    (long long)(running - engine->next_hour));
		for (int i = 0; i < OPEN_HOURS_HOURS && !is_next_empty(engine); i++)
			close_hour(engine, now_ms, time_quality);
		if (engine->next_hour < running - ENGINE_CATCH_UP_HOURS)
			engine->next_hour = running - ENGINE_CATCH_UP_HOURS;
	}
	engine->minute_done = now_ms / MINUTE_MS - 1;
}

/* ---- samples and time ---- */

/* What a doubted clock names is withdrawn when the time is known, but not the minutes of before the
 * doubt: it adds nothing to those, nor to a gap among them. Minutes behind the hours that can be
 * open are of a clock that was ahead, and hold nobody up. */
static bool would_stay(const struct engine *engine, const struct sample *sample,
		       enum time_quality time_quality)
{
	int64_t behind = (engine->next_hour - 1 + OPEN_HOURS_HOURS) * HOUR_MINUTES;
	return time_quality == TIME_UNSYNCHRONISED && engine->minute_sure < behind &&
	       sample->at_ms / MINUTE_MS <= engine->minute_sure;
}

/* What an earlier run named by a doubted clock: whether that was set before this run began nobody
 * can say, so that it goes, as far as hours are open. */
static void follow_time(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	engine->clock_doubted = time_quality == TIME_UNSYNCHRONISED;
	if (engine->doubts_left && time_quality == TIME_SYNCHRONISED)
		engine_redate(engine, hour_of_ms(now_ms), now_ms);
}

void engine_sample(struct engine *engine, const struct sample *sample,
		   enum time_quality time_quality)
{
	follow_time(engine, sample->at_ms, time_quality);
	if (engine->minute_done == 0)
		begin_time(engine, sample->at_ms, time_quality);
	int64_t hour = hour_of_ms(sample->at_ms);
	if (hour >= engine->next_hour + OPEN_HOURS_HOURS)
		engine_advance(engine, sample->at_ms, time_quality);
	if (hour < engine->next_hour) {
		if (engine->late++ == 0)
			log_warning(LOG_SAMPLES_LOST,
				    "%s: a sample of a closed hour came; such samples do not count",
				    engine->conf->channels[sample->channel].id);
		return;
	}
	if (would_stay(engine, sample, time_quality))
		return;
	if (engine_is_auxiliary(engine, sample)) {
		engine_take_auxiliary(engine, sample, time_quality);
		return;
	}
	engine_follow_range(engine, sample, time_quality);
	engine_follow_doubt(engine, sample, time_quality);
	int r = open_hours_take(&engine->running, sample, engine->next_hour);
	if (r != 0)
		engine_store_result(engine, r);
}

void engine_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	follow_time(engine, now_ms, time_quality);
	if (engine->next_hour > hour_of_ms(now_ms) && time_quality == TIME_SYNCHRONISED)
		engine_redate(engine, INT64_MAX, now_ms);
	if (time_quality == TIME_SYNCHRONISED)
		engine_drop_future(engine, now_ms);
	if (engine->minute_done == 0)
		begin_time(engine, now_ms, time_quality);
	if (engine->points && !engine->recovered)
		engine_recover_points(engine, now_ms, time_quality);
	engine_follow_list(engine);
	engine_follow_city(engine, now_ms, time_quality);
	engine_minutes_advance(engine, now_ms, time_quality);
	if (!engine->points || engine->revision.by == 0 || close_ms(engine) <= now_ms)
		engine_refresh(engine);
	close_hours(engine, now_ms, time_quality);
	engine_follow_revision(engine, now_ms, time_quality);
	engine_follow_orders(engine, now_ms, time_quality);
	engine_follow_roster(engine, now_ms, time_quality);
	engine_follow_outlook(engine, now_ms, time_quality);
}

int64_t engine_due_ms(const struct engine *engine)
{
	int64_t minute_ms = (engine->minute_done + 2) * MINUTE_MS + ENGINE_MINUTE_DELAY_MS;
	int64_t hour_ms = close_ms(engine);
	int64_t city_ms = engine_city_due_ms(engine);
	int64_t due_ms = minute_ms < hour_ms ? minute_ms : hour_ms;
	if (engine->orders_busy && engine->orders_due_ms < due_ms)
		due_ms = engine->orders_due_ms;
	if (engine->roster.busy && engine->roster.due_ms < due_ms)
		due_ms = engine->roster.due_ms;
	if (engine->revision.by != 0 && engine->revision.due_ms < due_ms)
		due_ms = engine->revision.due_ms;
	if (engine_outlook_is_busy(engine) && engine->outlook.due_ms < due_ms)
		due_ms = engine->outlook.due_ms;
	return city_ms < due_ms ? city_ms : due_ms;
}
