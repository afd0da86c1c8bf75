/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "engine_inside.h"
#include "evaluate.h"
#include "log.h"

/* ---- the stages, from an hour's means to the advice ---- */

/* What the plan counts of an hour: in one of a dust event not all (plan 1.3). */
static void index_for_plan(const struct engine_rules *rules, struct engine_state *state,
			   int64_t hour, const struct hour_values *values, struct engine_step *ret)
{
	struct hour_values counted = *values;
	struct timeline_hour known = {.dust = dust_at(&state->dust, hour)};
	struct aqi plan_daily = ret->daily;
	if (known.dust)
		counted.valid &= ~rules->plan->dust_excludes;
	window_put(&state->plan_window, hour, &counted);
	if (dust_within(&state->dust, hour - WINDOW_HOURS + 1, hour))
		aqi_daily(rules->edition, &rules->scope, &state->plan_window, &plan_daily);
	known.dust_blind = ret->daily.known && !plan_daily.known;
	known.daily_milli = plan_daily.known ? plan_daily.value * AQI_MILLI : TIMELINE_UNKNOWN;
	known.realtime_milli =
		ret->realtime.known ? ret->realtime.value * AQI_MILLI : TIMELINE_UNKNOWN;
	timeline_observe(&state->timeline, hour, known);
}

void engine_index(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		  const struct hour_values *values, struct engine_step *ret)
{
	window_put(&state->window, hour, values);
	aqi_realtime(rules->edition, &rules->scope, values, &ret->realtime);
	aqi_daily(rules->edition, &rules->scope, &state->window, &ret->daily);
	index_for_plan(rules, state, hour, values, ret);
}

static struct forecast_use forecast_use(const struct engine_rules *rules,
					const struct engine_state *state)
{
	const struct plan *plan = rules->plan;
	int64_t now_ms = state->timeline.now * HOUR_MS;
	return (struct forecast_use){
		.edition = rules->edition,
		.scope = &rules->scope,
		.dust = &state->dust,
		.dust_excludes = plan->dust_excludes,
		.expired = forecast_expired(&state->forecast, plan->forecast_max_age_h, now_ms),
		.take_max = plan->bulletin_max};
}

void engine_ahead(const struct engine_rules *rules, struct engine_state *state)
{
	const struct forecast_use use = forecast_use(rules, state);
	forecast_join(&use, &state->forecast, &state->plan_window, &state->timeline);
}

void engine_judge(const struct engine_rules *rules, struct engine_state *state,
		  struct engine_step *ret)
{
	evaluate(rules->plan, &state->timeline, &ret->verdict);
	ret->n_events = advice_step(&state->advice, &ret->verdict, ret->events);
}

/* What the highest values of a forecast's days would call for, where the middle ones count. */
static enum level possible_level(const struct engine_rules *rules, const struct engine_state *state)
{
	struct forecast_use use = forecast_use(rules, state);
	if (use.take_max || use.expired || !forecast_has_range(&state->forecast))
		return LEVEL_NONE;
	static struct timeline timeline; /* too large for a stack; one thread */
	struct verdict verdict;
	timeline = state->timeline;
	use.take_max = true;
	forecast_join(&use, &state->forecast, &state->plan_window, &timeline);
	evaluate(rules->plan, &timeline, &verdict);
	int level = LEVEL_RED;
	while (level > LEVEL_NONE && verdict.levels[level].called != TRUTH_TRUE)
		level--;
	return (enum level)level;
}

void engine_look_again(struct engine *engine)
{
	if (engine->state.timeline.past == 0)
		return;
	engine_ahead(&engine->rules, &engine->state);
	evaluate(engine->rules.plan, &engine->state.timeline, &engine->verdict);
	engine->possible = possible_level(&engine->rules, &engine->state);
}

/* ---- the store, whose failures are told once ---- */

void engine_store_result(struct engine *engine, int r)
{
	if (r != 0 && !engine->store_failed)
		log_error("database: %s: %s; going on from memory", store_strerror(r),
			  store_message(engine->store));
	if (r == 0 && engine->store_failed)
		log_notice("database: works again");
	engine->store_failed = r != 0;
}

struct advice_report engine_report(const struct engine *engine, int64_t now_ms)
{
	const struct forecast *forecast = &engine->state.forecast;
	return (struct advice_report){
		.advice = &engine->state.advice,
		.verdict = &engine->verdict,
		.possible = engine->possible,
		.forecast = forecast->issued_ms != 0 ? forecast : NULL,
		.in_force = directive_in_force(&engine->directives, now_ms),
		.directive = directive_newest(&engine->directives),
		.release = engine->has_release ? &engine->release : NULL,
		.list = engine->list.number != 0 ? &engine->list : NULL,
		.now_ms = now_ms,
	};
}

/* ---- hours ---- */

/* Half to even as it is published; what would leave the range stays as it is. */
static int32_t rounded(int32_t milli, enum pollutant pollutant)
{
	int32_t step = pollutant_info(pollutant)->report_milli;
	int64_t value = round_half_even(milli, step) * step;
	return value > INT32_MAX ? milli : (int32_t)value;
}

static void close_means(struct engine *engine, struct hour_report *report,
			struct hour_values *values)
{
	const struct edition *edition = &engine->conf->edition;
	for (int c = 0; c < engine->conf->n_channels; c++) {
		enum pollutant pollutant = engine->conf->channels[c].pollutant;
		struct hour_mean *mean = &report->means[pollutant];
		running_mean(&engine->running, c, report->hour, report->hour * HOUR_MS, mean);
		if (edition->round_hours)
			mean->mean_milli = rounded(mean->mean_milli, pollutant);
		values->milli[pollutant] = mean->mean_milli;
		values->valid |= mean->valid ? 1u << pollutant : 0;
	}
}

static int store_hour(struct engine *engine, const struct hour_report *report,
		      enum time_quality time_quality)
{
	int r = 0;
	for (int c = 0; c < engine->conf->n_channels && r == 0; c++) {
		enum pollutant pollutant = engine->conf->channels[c].pollutant;
		r = hours_put(engine->store, report->hour, pollutant, &report->means[pollutant],
			      time_quality);
	}
	if (r == 0)
		r = hours_put_aqi(engine->store, report->hour, engine->conf->edition.id,
				  &report->daily, &report->realtime);
	return r == 0 ? warnings_save(engine->store, &engine->state.advice, &engine->used) : r;
}

/* One transaction: the hour, its AQIs, the advice, the events, and every message about them. */
static int commit_hour(struct engine *engine, const struct announcement *announcement)
{
	int r = store_begin(engine->store);
	if (r != 0)
		return r;
	r = store_hour(engine, announcement->hour, announcement->time_quality);
	for (int i = 0; i < announcement->n_events && r == 0; i++)
		r = warnings_append(engine->store, &announcement->events[i]);
	if (r == 0)
		r = announce(engine->conf, engine->store, announcement);
	if (r != 0) {
		store_rollback(engine->store);
		return r;
	}
	return store_commit(engine->store);
}

/* samples -> means -> AQI -> plan -> advice -> store and outbox */
static void close_hour(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct hour_report report = {.hour = engine->next_hour};
	struct hour_values values = {0};
	struct engine_step step;
	struct event events[ANNOUNCE_EVENTS_MAX];

	close_means(engine, &report, &values);
	engine_index(&engine->rules, &engine->state, report.hour, &values, &step);
	int n = engine_note_rules(engine, report.hour, events);
	engine_ahead(&engine->rules, &engine->state);
	engine_judge(&engine->rules, &engine->state, &step);
	engine->verdict = step.verdict;
	engine->possible = possible_level(&engine->rules, &engine->state);
	memcpy(&events[n], step.events, (size_t)step.n_events * sizeof(events[0]));
	report.realtime = step.realtime;
	report.daily = step.daily;

	const struct announcement announcement = {
		.hour = &report,
		.advice = engine_report(engine, now_ms),
		.n_events = n + step.n_events,
		.events = events,
		.repeat_advice = !engine->announced,
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
	engine->announced =
		r == 0; /* what was lost with a failed disk is repaired by the next hour */
	engine->next_hour++;
	announce_log(engine->conf, &announcement);
	engine->env.look(engine->env.ctx);
}

static void begin_time(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	int64_t running = hour_of_ms(now_ms);
	if (engine->next_hour == 0) {
		engine->next_hour = running;
	} else if (running - engine->next_hour > ENGINE_CATCH_UP_HOURS) {
		log_warning("no data for %lld hours; the oldest of them stay empty",
			    (long long)(running - engine->next_hour));
		for (int i = 0; i < RUNNING_HOURS; i++) /* those that were begun */
			close_hour(engine, now_ms, time_quality);
		engine->next_hour = running - ENGINE_CATCH_UP_HOURS;
	}
	engine->minute_done = now_ms / MINUTE_MS - 1;
	engine_take_imports(engine, now_ms, time_quality);
}

/* ---- samples and time ---- */

void engine_sample(struct engine *engine, const struct sample *sample,
		   enum time_quality time_quality)
{
	if (engine->minute_done == 0)
		begin_time(engine, sample->at_ms, time_quality);
	int64_t hour = hour_of_ms(sample->at_ms);
	if (hour >= engine->next_hour + RUNNING_HOURS)
		engine_advance(engine, sample->at_ms, time_quality);
	if (hour < engine->next_hour) {
		engine->late++;
		return;
	}
	int r = running_take(&engine->running, sample, engine->next_hour);
	if (r != 0)
		engine_store_result(engine, r);
}

static int64_t close_ms(const struct engine *engine)
{
	return engine->next_hour * HOUR_MS + engine->conf->close_delay_min * MINUTE_MS;
}

void engine_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	if (engine->next_hour > hour_of_ms(now_ms) && time_quality == TIME_SYNCHRONISED)
		engine_redate(engine, INT64_MAX, now_ms);
	if (engine->minute_done == 0)
		begin_time(engine, now_ms, time_quality);
	engine_follow_list(engine);
	engine_follow_directive(engine, now_ms, time_quality);
	engine_minutes_advance(engine, now_ms, time_quality);
	while (close_ms(engine) <= now_ms) {
		close_hour(engine, now_ms, time_quality);
		engine_minutes_advance(engine, now_ms, time_quality);
	}
	engine_follow_orders(engine, now_ms, time_quality);
}

int64_t engine_due_ms(const struct engine *engine)
{
	int64_t minute_ms = (engine->minute_done + 2) * MINUTE_MS + ENGINE_MINUTE_DELAY_MS;
	int64_t hour_ms = close_ms(engine);
	int64_t due_ms = minute_ms < hour_ms ? minute_ms : hour_ms;
	return engine->orders_busy && engine->orders_due_ms < due_ms ? engine->orders_due_ms
								     : due_ms;
}
