/* SPDX-License-Identifier: MIT */
/*
 * An instrument at the end of its range: its hours count for nothing, so a person is asked at once,
 * with what air like that would call for. The hold ends with an hour that is valid again, so that a
 * value which comes and goes at the end of the range is told once in an hour at the most.
 */
#include "engine_inside.h"
#include "over_ranges.h"

static void write_over_range(const struct engine *engine, enum pollutant pollutant,
			     struct event *ret)
{
	ret->reason = REASON_OVER_RANGE;
	ret->pollutant = pollutant;
	ret->at_least_milli = engine->over_range.at_least_milli[pollutant];
	ret->would_call_for = over_range_level(engine->rules.edition, engine->rules.plan, pollutant,
					       ret->at_least_milli);
}

static int commit_hold(struct engine *engine, struct announcement *announcement)
{
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = over_ranges_save(engine->store, &engine->over_range);
	if (r == 0)
		r = engine_publish(engine, announcement);
	return engine_end(engine, r);
}

static void tell_hold(struct engine *engine, enum pollutant pollutant, const struct sample *sample,
		      enum time_quality time_quality)
{
	const struct advice before = engine->state.advice;
	struct event event;
	engine->over_range.set |= 1u << pollutant;
	engine->over_range.at_least_milli[pollutant] = sample->value_milli;
	advice_note(&engine->state.advice, EVENT_HOLD, engine_newest_hour(engine), &event);
	write_over_range(engine, pollutant, &event);
	struct announcement announcement = {.n_events = 1,
					    .events = &event,
					    .now_ms = sample->at_ms,
					    .time_quality = time_quality};
	int r = commit_hold(engine, &announcement);
	if (r != 0) /* the second goes to memory, if the disk is to blame */
		r = commit_hold(engine, &announcement);
	engine_store_result(engine, r);
	if (r != 0) { /* tried again with the next sample */
		engine->state.advice = before;
		engine->over_range.set &= ~(1u << pollutant);
		return;
	}
	announce_log(engine->conf, &announcement);
	engine->env.look(engine->env.ctx);
}

void engine_follow_range(struct engine *engine, const struct sample *sample,
			 enum time_quality time_quality)
{
	enum pollutant pollutant = engine->conf->channels[sample->channel].pollutant;
	if (sample->quality == QUALITY_NORMAL)
		engine->at_end &= ~(1u << pollutant);
	if (sample->why != WHY_OVER_RANGE)
		return;
	engine->at_end |= 1u << pollutant;
	if (!(engine->over_range.set & 1u << pollutant))
		tell_hold(engine, pollutant, sample, time_quality);
}

/* One that is not measured any more has nothing to wait for. */
static bool is_within_range(const struct engine *engine, enum pollutant pollutant,
			    const struct hour_report *report)
{
	if (!(engine->rules.scope.monitored & 1u << pollutant))
		return true;
	return report->means[pollutant].valid && !(engine->at_end & 1u << pollutant);
}

int engine_resume_ranges(struct engine *engine, const struct hour_report *report, struct event *ret)
{
	int n = 0;
	for (int p = 0; p < POLLUTANT_COUNT; p++) {
		if (!(engine->over_range.set & 1u << p) ||
		    !is_within_range(engine, (enum pollutant)p, report))
			continue;
		advice_note(&engine->state.advice, EVENT_RESUME, report->hour, &ret[n]);
		write_over_range(engine, (enum pollutant)p, &ret[n++]);
		engine->over_range.set &= ~(1u << p);
	}
	return n;
}
