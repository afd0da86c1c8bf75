/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "clock.h"
#include "evaluate.h"
#include "log.h"
#include "running.h"
#include "warnings.h"

/* A minute is stored this long after its end, so that a reading on its way is in it. */
#define MINUTE_DELAY_MS 2000
/* After a long stop, hours further back are not closed one by one. */
#define CATCH_UP_HOURS 1000
struct engine {
	const struct conf *conf;
	struct store *store;
	const char *boot;
	struct engine_env env;
	struct engine_rules rules;
	struct engine_state state;
	struct rules_used used; /* by which the stored advice was made */
	int64_t next_hour;      /* the hour to be closed next; 0: time is not known yet */
	int64_t minute_done;    /* the newest minute stored (START, minutes since 1970) */
	uint64_t messages;      /* QoS 0 messages so far */
	uint64_t late;
	bool announced; /* advice and cuts were published in this run */
	bool store_failed;
	struct running running;
};

/* ---- the stages, from an hour's means to the advice ---- */

void engine_index(const struct engine_rules *rules, struct engine_state *state, int64_t hour,
		  const struct hour_values *values, struct engine_step *ret)
{
	struct timeline_hour known = {TIMELINE_UNKNOWN, TIMELINE_UNKNOWN};
	window_put(&state->window, hour, values);
	aqi_realtime(rules->edition, &rules->scope, values, &ret->realtime);
	aqi_daily(rules->edition, &rules->scope, &state->window, &ret->daily);
	if (ret->daily.known)
		known.daily_aqi = (int16_t)ret->daily.value;
	if (ret->realtime.known)
		known.realtime_aqi = (int16_t)ret->realtime.value;
	timeline_observe(&state->timeline, hour, known);
}

void engine_judge(const struct engine_rules *rules, struct engine_state *state,
		  struct engine_step *ret)
{
	evaluate(rules->plan, &state->timeline, &ret->verdict);
	ret->n_events = advice_step(&state->advice, &ret->verdict, ret->events);
}

/* ---- the store, whose failures are told once ---- */

static void store_result(struct engine *engine, int r)
{
	if (r != 0 && !engine->store_failed)
		log_error("database: %s: %s; going on from memory", store_strerror(r),
			  store_message(engine->store));
	if (r == 0 && engine->store_failed)
		log_notice("database: works again");
	engine->store_failed = r != 0;
}

static void begin_time(struct engine *engine, int64_t now_ms)
{
	int64_t running = hour_of_ms(now_ms);
	if (engine->next_hour == 0) {
		engine->next_hour = running;
	} else if (running - engine->next_hour > CATCH_UP_HOURS) {
		log_warning("no data for %lld hours; the oldest of them stay empty",
			    (long long)(running - engine->next_hour));
		engine->next_hour = running - CATCH_UP_HOURS;
	}
	engine->minute_done = now_ms / MINUTE_MS - 1;
}

/* ---- samples ---- */

void engine_sample(struct engine *engine, const struct sample *sample,
		   enum time_quality time_quality)
{
	if (engine->minute_done == 0)
		begin_time(engine, sample->at_ms);
	int64_t hour = hour_of_ms(sample->at_ms);
	if (hour >= engine->next_hour + RUNNING_HOURS)
		engine_advance(engine, sample->at_ms, time_quality);
	if (hour < engine->next_hour) {
		engine->late++;
		return;
	}
	int r = running_take(&engine->running, sample, engine->next_hour);
	if (r != 0)
		store_result(engine, r);
}

/* ---- minutes ---- */

static void make_head(struct engine *engine, int64_t now_ms, enum time_quality time_quality,
		      struct payload_head *ret)
{
	*ret = (struct payload_head){
		.conf = engine->conf, .time_ms = now_ms, .time_quality = time_quality};
	snprintf(ret->id, sizeof(ret->id), "%s-%llu", engine->boot,
		 (unsigned long long)++engine->messages);
}

static void say_reading(struct engine *engine, const struct minute_report *report,
			enum time_quality time_quality)
{
	struct payload_head head;
	make_head(engine, (report->minute + 1) * MINUTE_MS, time_quality, &head);
	engine->env.say(engine->env.ctx, "reading", false, payload_reading(&head, report));
}

/* The running hour so far and the 24 hours up to now. */
static void say_now(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct hour_report report = {.hour = hour_of_ms(now_ms), .provisional = true};
	struct hour_values values = {0};
	struct window window = engine->state.window;
	struct payload_head head;
	for (int c = 0; c < engine->conf->n_channels; c++) {
		enum pollutant pollutant = engine->conf->channels[c].pollutant;
		struct hour_mean *mean = &report.means[pollutant];
		running_mean(&engine->running, c, report.hour, now_ms, mean);
		values.milli[pollutant] = mean->mean_milli;
		values.valid |= mean->covered_ms > 0 ? 1u << pollutant : 0;
	}
	window_put(&window, report.hour, &values);
	aqi_realtime(&engine->conf->edition, &engine->conf->station.scope, &values,
		     &report.realtime);
	aqi_daily(&engine->conf->edition, &engine->conf->station.scope, &window, &report.daily);
	make_head(engine, now_ms, time_quality, &head);
	engine->env.say(engine->env.ctx, "aqi/now", true, payload_aqi(&head, &report));
}

/* The newest minute up to `minute` that lies in an open hour; minutes before the open hours are
 * over. */
static int64_t open_minute(struct engine *engine, int64_t minute)
{
	int64_t oldest = (engine->next_hour - 1) * HOUR_MINUTES;
	int64_t newest = oldest + RUNNING_HOURS * HOUR_MINUTES - 1;
	if (engine->minute_done < oldest - 1)
		engine->minute_done = oldest - 1;
	return minute < newest ? minute : newest;
}

/* Every minute that is over, in one transaction. */
static void advance_minutes(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	int64_t last = open_minute(engine, (now_ms - MINUTE_DELAY_MS) / MINUTE_MS - 1);
	if (last <= engine->minute_done)
		return;
	int r = store_samples_begin(engine->store);
	while (engine->minute_done < last) {
		struct minute_report report;
		int64_t minute = ++engine->minute_done;
		int stored =
			running_store(&engine->running, minute, (minute + 1) * MINUTE_MS, &report);
		r = r == 0 ? stored : r;
		say_reading(engine, &report, time_quality);
	}
	int committed = store_samples_commit(engine->store);
	store_result(engine, r == 0 ? committed : r);
	int64_t running = hour_of_ms(now_ms);
	if (running >= engine->next_hour && running < engine->next_hour + RUNNING_HOURS)
		say_now(engine, now_ms, time_quality);
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

static bool rules_changed(const struct engine *engine)
{
	return strcmp(engine->used.edition, engine->conf->edition.id) != 0 ||
	       strcmp(engine->used.plan, engine->conf->plan.id) != 0;
}

/* Another plan or edition than the one a running episode was advised by: an event says so. */
static int note_changed_rules(struct engine *engine, int64_t hour, struct event *ret)
{
	bool running = engine->state.advice.episode != 0;
	bool changed = rules_changed(engine);
	snprintf(engine->used.edition, sizeof(engine->used.edition), "%s",
		 engine->conf->edition.id);
	snprintf(engine->used.plan, sizeof(engine->used.plan), "%s", engine->conf->plan.id);
	if (!running || !changed)
		return 0;
	advice_note(&engine->state.advice, EVENT_RULES_CHANGED, hour, ret);
	return 1;
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
	int n = note_changed_rules(engine, report.hour, events);
	engine_judge(&engine->rules, &engine->state, &step);
	memcpy(&events[n], step.events, (size_t)step.n_events * sizeof(events[0]));
	report.realtime = step.realtime;
	report.daily = step.daily;

	const struct announcement announcement = {
		.hour = &report,
		.advice = {&engine->state.advice, &step.verdict},
		.n_events = n + step.n_events,
		.events = events,
		.repeat_advice = !engine->announced,
		.now_ms = now_ms,
		.time_quality = time_quality,
	};
	int r = commit_hour(engine, &announcement);
	store_result(engine, r);
	engine->announced =
		r == 0; /* what was lost with a failed disk is repaired by the next hour */
	engine->next_hour++;
	announce_log(engine->conf, &announcement);
	engine->env.look(engine->env.ctx);
}

static int64_t close_ms(const struct engine *engine)
{
	return engine->next_hour * HOUR_MS + engine->conf->close_delay_min * MINUTE_MS;
}

void engine_advance(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	if (engine->minute_done == 0)
		begin_time(engine, now_ms);
	advance_minutes(engine, now_ms, time_quality);
	while (close_ms(engine) <= now_ms) {
		close_hour(engine, now_ms, time_quality);
		advance_minutes(engine, now_ms, time_quality);
	}
}

int64_t engine_due_ms(const struct engine *engine)
{
	int64_t minute_ms = (engine->minute_done + 2) * MINUTE_MS + MINUTE_DELAY_MS;
	int64_t hour_ms = close_ms(engine);
	return minute_ms < hour_ms ? minute_ms : hour_ms;
}

void engine_stop(struct engine *engine, int64_t now_ms)
{
	if (engine->minute_done == 0)
		return;
	struct minute_report report;
	int64_t last = open_minute(engine, now_ms / MINUTE_MS);
	int r = store_samples_begin(engine->store);
	for (int64_t minute = engine->minute_done + 1; minute <= last && r == 0; minute++)
		r = running_store(&engine->running, minute, now_ms, &report);
	int committed = store_samples_commit(engine->store);
	store_result(engine, r == 0 ? committed : r);
}

/* ---- start ---- */

/* Hours that were begun but never closed, on a database that has none: their minutes are there. */
static int load_begun(struct engine *engine)
{
	int64_t minute = 0;
	int r = minutes_oldest(engine->store, &minute);
	if (r == 0)
		engine->next_hour = minute / HOUR_MINUTES + 1;
	return r == STORE_E_NONE ? 0 : r;
}

static int load(struct engine *engine)
{
	int64_t newest = 0;
	int r = hours_newest(engine->store, &newest);
	if (r == 0 && newest == 0)
		r = load_begun(engine);
	if (r == 0 && newest != 0) {
		engine->next_hour = newest + 1;
		r = hours_load_window(engine->store, newest, &engine->state.window);
		if (r == 0)
			r = hours_load_timeline(engine->store, newest, &engine->state.timeline);
	}
	if (r == 0)
		r = warnings_load(engine->store, &engine->state.advice, &engine->used);
	return r == STORE_E_NONE ? 0 : r;
}

int engine_new(const struct conf *conf, struct store *store, const char *boot,
	       const struct engine_env *env, struct engine **ret)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	if (!engine)
		return -ENOMEM;
	engine->conf = conf;
	engine->rules = (struct engine_rules){&conf->edition, &conf->plan, conf->station.scope};
	engine->store = store;
	engine->boot = boot;
	engine->env = *env;
	running_init(&engine->running, conf, store);
	int r = load(engine);
	if (r != 0) {
		engine_free(engine);
		return r;
	}
	*ret = engine;
	return 0;
}

struct engine *engine_free(struct engine *engine)
{
	free(engine);
	return NULL;
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
	return !engine->store_failed;
}

const struct advice *engine_advice(const struct engine *engine)
{
	return &engine->state.advice;
}
