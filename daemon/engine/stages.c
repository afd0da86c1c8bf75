/* SPDX-License-Identifier: MIT */
#include "stages.h"

#include <stddef.h>

#include "hour.h"
#include "iaqi.h"
#include "own_index.h"

void engine_aqis(const struct engine_rules *rules, const struct window *window,
		 const struct hour_values *values, struct aqi *realtime, struct aqi *daily)
{
	const struct index_source *source = &rules->source;
	if (source->index) {
		source->index(source->ctx, window->newest, NULL, realtime, daily);
		return;
	}
	aqi_realtime(rules->edition, &rules->scope, values, realtime);
	aqi_daily(rules->edition, &rules->scope, window, daily);
}

/* The daily AQI without what dust excludes. */
static void index_without_dust(const struct engine_rules *rules, const struct engine_state *state,
			       int64_t hour, struct aqi *ret)
{
	const struct index_dust dust = {&state->dust, rules->plan->dust_excludes};
	struct aqi realtime;
	if (rules->source.index)
		rules->source.index(rules->source.ctx, hour, &dust, &realtime, ret);
	else
		aqi_daily(rules->edition, &rules->scope, &state->plan_window, ret);
}

/* The plan's own indices, too, where it has any. */
static void put_own(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		    const struct engine_step *step, const struct aqi *plan_daily)
{
	const struct own_input input = {rules->edition, &rules->scope, &step->realtime, plan_daily,
					&step->daily};
	int at = timeline_place(&state->timeline, hour);
	if (at >= 0)
		own_index_put(rules->plan, &input, &state->timeline, at);
}

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
		index_without_dust(rules, state, hour, &plan_daily);
	known.dust_blind = ret->daily.known && !plan_daily.known;
	known.full_milli = ret->daily.known ? ret->daily.value * AQI_MILLI : TIMELINE_UNKNOWN;
	known.daily_milli = plan_daily.known ? plan_daily.value * AQI_MILLI : TIMELINE_UNKNOWN;
	known.realtime_milli =
		ret->realtime.known ? ret->realtime.value * AQI_MILLI : TIMELINE_UNKNOWN;
	timeline_observe(&state->timeline, hour, known);
	put_own(rules, state, hour, ret, &plan_daily);
}

void engine_index(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		  const struct hour_values *values, struct engine_step *ret)
{
	window_put(&state->window, hour, values);
	outlook_put(&state->air, hour, values);
	engine_aqis(rules, &state->window, values, &ret->realtime, &ret->daily);
	index_for_plan(rules, state, hour, values, ret);
}

static struct forecast_use forecast_use(const struct engine_rules *rules,
					const struct engine_state *state)
{
	return (struct forecast_use){.edition = rules->edition,
				     .plan = rules->plan,
				     .scope = &rules->scope,
				     .dust = &state->dust,
				     .take_max = rules->plan->bulletin_max,
				     .first = FORECASTS_BY_RANK};
}

void engine_ahead(const struct engine_rules *rules, struct engine_state *state)
{
	const struct forecast_use use = forecast_use(rules, state);
	forecast_join(&use, &state->forecasts, &state->plan_window, &state->timeline);
}

void engine_judge(const struct engine_rules *rules, struct engine_state *state,
		  struct engine_step *ret)
{
	evaluate(rules->plan, &state->timeline, &ret->verdict);
	ret->n_events = advice_step(&state->advice, &ret->verdict, ret->events);
}

/* ---- what may be ---- */

void engine_outlook(const struct engine_rules *rules, const struct engine_state *state,
		    const struct outlook_model *model, struct chance_report *ret)
{
	const struct timeline *timeline = &state->timeline;
	int32_t milli = timeline->past == 0 ? TIMELINE_UNKNOWN
					    : timeline->hours[timeline->past - 1].full_milli;
	chance_begin(model, rules->plan, rules->edition, ret);
	chance_say(ret, &state->air, milli == TIMELINE_UNKNOWN ? IAQI_NONE : milli / AQI_MILLI);
}

/* ---- what would be ---- */

static int level_called(const struct plan *plan, const struct timeline *timeline)
{
	struct verdict verdict;
	evaluate(plan, timeline, &verdict);
	int level = plan->n_levels;
	while (level > LEVEL_NONE && verdict.levels[level].called != TRUTH_TRUE)
		level--;
	return level;
}

static struct timeline scratch; /* too large for a stack; one thread */

/* True if taking this source first, or its highest values, may call for something else. */
static bool may_differ(const struct engine_rules *rules, const struct engine_state *state, int i)
{
	const struct forecast *forecast = &state->forecasts.of[i];
	return (state->forecasts.n > 1 ||
		(forecast_has_range(forecast) && !rules->plan->bulletin_max)) &&
	       !forecast_expired(forecast, rules->plan->forecast_max_age_h,
				 state->timeline.now * HOUR_MS);
}

struct possible engine_possible(const struct engine_rules *rules, const struct engine_state *state)
{
	struct forecast_use use = forecast_use(rules, state);
	struct possible possible = {LEVEL_NONE, -1};
	use.take_max = true;
	for (use.first = 0; use.first < state->forecasts.n; use.first++) {
		if (!may_differ(rules, state, use.first))
			continue;
		timeline_copy(&scratch, &state->timeline);
		forecast_join(&use, &state->forecasts, &state->plan_window, &scratch);
		int level = level_called(rules->plan, &scratch);
		if (level > possible.level)
			possible = (struct possible){level, use.first};
	}
	return possible;
}

int engine_without_dust(const struct engine_rules *rules, const struct engine_state *state)
{
	const struct timeline *timeline = &state->timeline;
	struct forecast_use use = forecast_use(rules, state);
	if (timeline->past == 0 || !dust_within(&state->dust, timeline->now - WINDOW_HOURS + 1,
						timeline->now + TIMELINE_AHEAD_HOURS))
		return LEVEL_UNKNOWN;
	use.dust = NULL;
	timeline_copy(&scratch, timeline);
	for (int i = 0; i < scratch.past; i++) {
		scratch.hours[i].dust = scratch.hours[i].dust_blind = false;
		scratch.hours[i].daily_milli = scratch.hours[i].full_milli;
		for (int k = 0; k < scratch.n_own; k++)
			scratch.own[i].milli[k] = scratch.own[i].full_milli[k];
	}
	forecast_join(&use, &state->forecasts, &state->window, &scratch);
	return level_called(rules->plan, &scratch);
}
