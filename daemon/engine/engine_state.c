/* SPDX-License-Identifier: MIT */
/* What the engine knows: how the hour is judged, what is said of it, whether the store works. */
#include <string.h>

#include "directives.h"
#include "engine_inside.h"
#include "evaluate.h"
#include "log.h"
#include "log_words.h"
#include "timetables.h"

void engine_look_around(struct engine *engine)
{
	engine->possible = engine_possible(&engine->rules, &engine->state);
	engine->without_dust = engine_without_dust(&engine->rules, &engine->state);
}

void engine_look_again(struct engine *engine)
{
	if (engine->state.timeline.past == 0)
		return;
	engine_ahead(&engine->rules, &engine->state);
	evaluate(engine->rules.plan, &engine->state.timeline, &engine->verdict);
	engine_look_around(engine);
}

bool engine_monitors(const struct engine *engine, int pollutant)
{
	return engine->rules.scope.monitored & 1u << pollutant;
}

void engine_store_result(struct engine *engine, int r)
{
	if (r != 0 && !engine->store_failed)
		log_error(LOG_STORE_FAILS, "database: %s: %s; going on from memory", store_words(r),
			  store_message(engine->store));
	if (r == 0 && engine->store_failed)
		log_notice(LOG_STORE_WORKS, "database: works again");
	engine->store_failed = r != 0;
}

int32_t engine_round_mean(const struct engine *engine, int32_t milli, enum pollutant pollutant)
{
	int32_t step = pollutant_info(pollutant)->report_milli;
	int64_t value = round_half_even(milli, step) * step;
	return !engine->conf->edition.round_hours || value > INT32_MAX ? milli : (int32_t)value;
}

/* ---- what the city and the district said ---- */

static const struct word_details *find_details(const struct engine_city *city, int64_t number)
{
	for (int i = 0; i < city->n_details; i++) {
		if (city->details[i].number == number)
			return &city->details[i];
	}
	return NULL;
}

static void cut_details(struct engine_city *city, int i)
{
	city->n_details--;
	memmove(&city->details[i], &city->details[i + 1],
		(size_t)(city->n_details - i) * sizeof(city->details[0]));
}

void engine_know_details(struct engine *engine, int64_t number)
{
	struct engine_city *city = &engine->city;
	if (number == 0 || find_details(city, number))
		return;
	if (city->n_details == ENGINE_DETAILS_MAX)
		cut_details(city, 0);
	/* one that is damaged is told by the store */
	if (directives_details(engine->store, number, &city->details[city->n_details]) == 0)
		city->n_details++;
}

static bool is_needed(struct engine_city *city, int64_t number)
{
	if (timetable_find(&city->timetable, number))
		return true;
	for (int t = 0; t < ALERT_TOPIC_COUNT; t++) {
		const struct alert_chain *chain = &city->alerts.chains[t];
		if (t == ALERT_ON_ADVICE)
			continue;
		if (chain->standing != ALERT_NOTHING && chain->shown.subject == number)
			return true;
		for (int i = 0; i < chain->n_references; i++) {
			if (chain->references[i].subject == number)
				return true;
		}
	}
	return false;
}

void engine_refresh_details(struct engine *engine)
{
	struct engine_city *city = &engine->city;
	for (int i = city->n_details - 1; i >= 0; i--) {
		if (!is_needed(city, city->details[i].number))
			cut_details(city, i);
	}
	for (int i = 0; i < city->timetable.n_begun; i++)
		engine_know_details(engine, city->timetable.begun[i].number);
	for (int i = 0; i < city->timetable.n_pending; i++)
		engine_know_details(engine, city->timetable.pending[i].number);
	for (int t = ALERT_ON_DIRECTIVE; t <= ALERT_ON_ANNOUNCED; t++) {
		const struct alert_chain *chain = &city->alerts.chains[t];
		if (chain->standing != ALERT_NOTHING)
			engine_know_details(engine, chain->shown.subject);
		if (chain->n_references > 0)
			engine_know_details(engine,
					    chain->references[chain->n_references - 1].subject);
	}
}

void engine_keep_slip(struct engine *engine, const struct release *slip)
{
	struct engine_city *city = &engine->city;
	int i = 0, oldest = 0;
	while (i < city->n_slips && city->slips[i].directive_number != slip->directive_number)
		i++;
	if (i == ENGINE_SLIPS_MAX) {
		for (i = 1; i < ENGINE_SLIPS_MAX; i++) {
			bool binds =
				city->slips[oldest].directive_number == city->binding.directive;
			if (binds ||
			    city->slips[i].directive_number < city->slips[oldest].directive_number)
				oldest = i;
		}
		i = oldest;
	} else if (i == city->n_slips) {
		city->n_slips++;
	}
	city->slips[i] = *slip;
}

/* The newest good slip of the directive that binds; NULL: there is none. */
static const struct release *find_slip(const struct engine *engine)
{
	const struct engine_city *city = &engine->city;
	int64_t number =
		binding_directive(&city->binding, &city->timetable, engine->conf->binding_from);
	for (int i = 0; i < city->n_slips && number != 0; i++) {
		if (city->slips[i].directive_number == number)
			return &city->slips[i];
	}
	return NULL;
}

/* The issue in use that was issued last; without any, the newest that speaks of an hour ahead;
 * NULL. */
static const struct forecast *find_forecast(const struct engine *engine)
{
	const struct timeline *timeline = &engine->state.timeline;
	const struct forecasts *forecasts = &engine->state.forecasts;
	uint32_t in_use =
		timeline_issues(timeline, timeline->past, timeline->past + timeline->ahead - 1);
	int at = timeline_newest_issue(timeline, in_use);
	if (at >= 0)
		return &forecasts->of[at];
	for (int i = 0; i < forecasts->n; i++) {
		if (forecast_reaches(&forecasts->of[i], timeline->now) &&
		    (at < 0 || forecasts->of[i].issued_ms > forecasts->of[at].issued_ms))
			at = i;
	}
	return at >= 0 ? &forecasts->of[at] : NULL;
}

/* The newest hours of an index, those of dust counted. */
static void copy_full(const struct timeline *timeline, int index, int32_t n, int32_t *ret)
{
	for (int32_t i = 0; i < n; i++) {
		int at = timeline->past - n + i;
		ret[i] = at < 0                          ? TIMELINE_UNKNOWN
			 : index == PLAN_INDEX_DAILY_AQI ? timeline->hours[at].full_milli
			 : index == PLAN_INDEX_HOURLY_AQI
				 ? timeline->hours[at].realtime_milli
				 : timeline->own[at].full_milli[index - PLAN_INDEX_OWN];
	}
}

/* Of the levels held: how many hours within their limits are missing. */
static void foresee_release(const struct engine *engine, struct advice_report *report)
{
	const struct plan *plan = engine->rules.plan;
	static int32_t values[PLAN_INDEX_SLOTS][PLAN_RELEASE_H_MAX];
	const int32_t *milli[PLAN_INDEX_SLOTS] = {NULL};
	for (int l = 1; l <= advice_level(report->advice); l++) {
		int32_t n = plan_release_h(plan, l);
		for (int index = 0; index < PLAN_INDEX_OWN + plan->n_own; index++) {
			copy_full(&engine->state.timeline, index, n, values[index]);
			milli[index] = values[index];
		}
		report->release_in_h[l] = plan_release_in_h(plan, l, milli);
	}
}

struct advice_report engine_report(const struct engine *engine, int64_t now_ms)
{
	const struct forecasts *forecasts = &engine->state.forecasts;
	const struct engine_city *city = &engine->city;
	struct advice_report report = {
		.advice = &engine->state.advice,
		.verdict = &engine->verdict,
		.possible = engine->possible.level,
		.possible_source = engine->possible.source < 0
					   ? NULL
					   : forecasts->of[engine->possible.source].source,
		.without_dust = engine->without_dust,
		.computing = engine->computing,
		.forecast = find_forecast(engine),
		.timetable = &city->timetable,
		.binding = &city->binding,
		.n_details = city->n_details,
		.details = city->details,
		.answer = city->has_answer ? &city->answer : NULL,
		.release = city->has_release ? &city->release : NULL,
		.released = find_slip(engine),
		.list = engine->list.number != 0 ? &engine->list : NULL,
		.over_range = &engine->over_range,
		.dust = engine->dust.to != 0 ? &engine->dust : NULL,
		.summaries = &city->summaries,
		.link = engine->link,
		.now_ms = now_ms,
	};
	foresee_release(engine, &report);
	return report;
}

/* ---- the outlook of 24 hours ---- */

/* Why it is not shown, or how it is. */
static void decide_shown(const struct engine *engine, struct chance_report *report)
{
	const struct outlook_state *outlook = &engine->outlook;
	bool possible = report->none == CHANCE_GIVEN || report->none == CHANCE_TOO_FEW_HOURS;
	report->by_proof = engine->conf->outlook.show == OUTLOOK_SHOW_AUTO;
	report->shown = possible && (!report->by_proof || outlook->proven);
	report->shown_since = report->by_proof ? outlook->since : 0;
	report->season_last = outlook->season_last;
	if (possible && !report->shown)
		report->none = outlook->season_last == 0 ? CHANCE_COMPUTING : outlook->none;
}

const struct chance_report *engine_outlook_say(struct engine *engine)
{
	struct chance_report *report = &engine->outlook.report;
	if (!engine->conf->outlook.model)
		return NULL;
	engine_outlook(&engine->rules, &engine->state, engine->conf->outlook.model, report);
	for (int i = 0; i < report->n; i++) {
		if (report->levels[i].index >= 0)
			report->levels[i].season = engine->outlook.scores[report->levels[i].index];
	}
	decide_shown(engine, report);
	return report;
}

/* ---- */

int engine_daily_aqi(const struct engine *engine)
{
	const struct timeline *timeline = &engine->state.timeline;
	int32_t milli = timeline->past == 0 ? TIMELINE_UNKNOWN
					    : timeline->hours[timeline->past - 1].full_milli;
	return milli == TIMELINE_UNKNOWN ? -1 : milli / AQI_MILLI;
}

int64_t engine_newest_hour(const struct engine *engine)
{
	return engine->next_hour == 0 ? 0 : engine->next_hour - 1;
}

uint64_t engine_late_samples(const struct engine *engine)
{
	return engine->late;
}

bool engine_store_ok(const struct engine *engine)
{
	return !engine->store_failed && !store_is_volatile(engine->store);
}

int64_t engine_damaged_directive(const struct engine *engine)
{
	const struct timetable_entry *entry = timetable_in_force(&engine->city.timetable);
	if (!entry)
		return 0;
	bool by_log = entry->id[0] == '\0';
	return by_log || timetables_is_damaged(engine->store, entry->number) ? entry->number : 0;
}

const struct advice *engine_advice(const struct engine *engine)
{
	return &engine->state.advice;
}
