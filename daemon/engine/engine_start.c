/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "alert_log.h"
#include "auxiliary_hours.h"
#include "commands.h"
#include "directives.h"
#include "engine_inside.h"
#include "events.h"
#include "forecasts.h"
#include "log.h"
#include "log_words.h"
#include "minutes.h"
#include "over_ranges.h"
#include "post.h"
#include "timetables.h"

/* Hours that were begun but never closed, on a database that has none: the first was kept, or its
 * minutes are there. */
static int load_begun(struct engine *engine)
{
	int64_t minute = 0;
	int r = hours_first(engine->store, &engine->next_hour);
	if (r == 0)
		return 0;
	r = minutes_oldest(engine->store, &minute);
	if (r == 0)
		engine->next_hour = minute / HOUR_MINUTES + 1;
	return r == STORE_E_NONE ? 0 : r;
}

static struct release release_of(const struct release_row *row)
{
	struct release release = {.level = row->level,
				  .reviewed_ms = row->reviewed_ms,
				  .signed_ms = row->signed_ms,
				  .start_ms = row->start_ms,
				  .directive_number = row->directive_number,
				  .fault = row->fault,
				  .post_differs = row->post_differs};
	snprintf(release.number, sizeof(release.number), "%s", row->number);
	snprintf(release.directive, sizeof(release.directive), "%s", row->directive);
	snprintf(release.reviewer, sizeof(release.reviewer), "%s", row->reviewer);
	snprintf(release.signer, sizeof(release.signer), "%s", row->signer);
	snprintf(release.post, sizeof(release.post), "%s", row->post);
	return release;
}

static void keep_newest(void *ctx, const struct release_row *row)
{
	struct engine *engine = ctx;
	if (row->level == LEVEL_UNKNOWN)
		return; /* of a plan that is not followed any more */
	engine->city.release = release_of(row);
	engine->city.has_release = true;
}

static void keep_slip(void *ctx, const struct release_row *row)
{
	const struct release slip = release_of(row);
	if (row->level != LEVEL_UNKNOWN)
		engine_keep_slip(ctx, &slip);
}

/* A slip or a forecast that cannot be read is one that nobody gave: it is told, and a new one comes
 * soon enough. Never the end of the station. */
static int unless_bad(const struct engine *engine, int r)
{
	if (r == STORE_E_CORRUPT)
		log_error(LOG_ROWS_DAMAGED, "database: %s; it is not used",
			  store_message(engine->store));
	return r == STORE_E_NONE || r == STORE_E_CORRUPT ? 0 : r;
}

static int load_slips(struct engine *engine)
{
	const struct engine_city *city = &engine->city;
	const struct timetable *timetable = &city->timetable;
	int r = unless_bad(engine, releases_newest(engine->store, keep_newest, engine));
	if (r == 0 && city->binding.directive != 0)
		r = unless_bad(engine, releases_of(engine->store, city->binding.directive,
						   keep_slip, engine));
	for (int i = 0; i < timetable->n_begun && r == 0; i++) {
		if (timetable->begun[i].released)
			r = unless_bad(engine,
				       releases_of(engine->store, timetable->begun[i].number,
						   keep_slip, engine));
	}
	for (int i = 0; i < timetable->n_pending && r == 0; i++) {
		if (timetable->pending[i].released)
			r = unless_bad(engine,
				       releases_of(engine->store, timetable->pending[i].number,
						   keep_slip, engine));
	}
	return r;
}

/* What is in force is never silently none: the log of what was stands in for a damaged row. */
static int mend_timetable(struct engine *engine)
{
	struct timetable *timetable = &engine->city.timetable;
	struct force_row newest;
	int r = force_log_newest(engine->store, &newest);
	if (r != 0)
		return unless_bad(engine, r);
	engine->mended = force_mend(timetable, &newest);
	struct timetable_entry *last =
		engine->mended ? &timetable->begun[timetable->n_begun - 1] : NULL;
	if (last)
		r = unless_bad(engine, timetables_recall(engine->store, last));
	if (last && r == 0)
		r = timetables_told_overdue(engine->store, newest.directive, &last->overdue);
	if (last && r == 0)
		binding_follow(&engine->city.binding, timetable);
	if (engine->mended)
		log_error(LOG_ROWS_DAMAGED,
			  "database: the row of directive %lld is damaged or lost; by the log of "
			  "what was in force it goes on: %s",
			  (long long)newest.directive,
			  log_level_name(engine->rules.plan, newest.level));
	return r;
}

/* A topic that nobody fills any more is taken away from the broker, once. */
static int clear_topic(struct engine *engine, const char *topic)
{
	struct payload_head head = {.conf = engine->conf};
	bool is_there = false;
	int r = outbox_is_latest(engine->store, topic, &is_there);
	if (r != 0 || !is_there)
		return r;
	r = engine_begin(engine);
	if (r != 0)
		return r;
	r = post_head(engine->store, &head);
	return engine_end(engine, r == 0 ? post_clear(engine->store, &head, topic) : r);
}

/* What the directive accepted last came too late for is told until the next one. */
static int load_answer(struct engine *engine)
{
	struct engine_city *city = &engine->city;
	int64_t number = city->timetable.last_number;
	int r = number == 0 ? STORE_E_NONE
			    : directives_too_late(engine->store, number, &city->answer);
	city->has_answer = r == 0;
	return unless_bad(engine, r);
}

static int load_city(struct engine *engine)
{
	struct engine_city *city = &engine->city;
	int r = timetables_load(engine->store, &city->timetable, &city->binding);
	if (r == 0)
		r = mend_timetable(engine);
	if (r == 0)
		r = load_answer(engine);
	if (r == 0)
		r = alert_log_load(engine->store, &city->alerts);
	if (r == 0)
		r = events_newest(engine->store, &city->series);
	if (r == 0)
		r = load_slips(engine);
	if (r == 0)
		engine_refresh_details(engine);
	city->back = city->summaries_stale = true;
	return r;
}

/* What people told: none of it need be there. */
static int load_told(struct engine *engine)
{
	int r = load_city(engine);
	if (r == 0)
		r = unless_bad(engine, forecasts_load(engine->store, engine_newest_hour(engine),
						      &engine->state.forecasts));
	return r;
}

/* Of a district. */
static int load_points(struct engine *engine)
{
	int64_t newest = 0;
	int r = hours_newest(engine->store, &newest);
	if (!engine->conf->roster.path || r != 0)
		return r;
	r = points_new(engine->conf, engine->store, newest - POINTS_HOURS + 1, &engine->points);
	engine->rules.source = (struct index_source){engine->points, points_index};
	return r;
}

static int load_advice(struct engine *engine)
{
	int r = warnings_load(engine->store, &engine->state.advice, &engine->used);
	if (r == STORE_E_CORRUPT || r == STORE_E_NONE)
		r = engine_renew(engine, r);
	engine->state.advice.last_event = engine->city.series.number;
	return r;
}

static int load_state(struct engine *engine)
{
	int64_t newest = 0;
	hours_set_aside(engine->store, HOURS_LAST); /* else they are only passed over */
	int r = hours_newest(engine->store, &newest);
	if (r == 0 && newest == 0)
		r = load_begun(engine);
	if (r == 0 && newest != 0)
		engine->next_hour = newest + 1;
	if (r == 0)
		r = minutes_sure(engine->store, &engine->minute_sure, &engine->doubts_left);
	engine->sure_kept = engine->doubts_left;
	if (r == 0)
		r = load_told(engine);
	if (r == 0)
		r = over_ranges_load(engine->store, &engine->over_range);
	if (r == 0)
		r = engine_check_levels(engine);
	if (r == 0)
		r = engine_rebuild(engine);
	if (r == 0)
		engine_outlook_load(engine);
	if (r == 0)
		r = load_advice(engine);
	if (r == 0)
		engine_look_again(engine);
	if (r == 0) /* imported while it was stopped, or left by a kill */
		r = unless_bad(engine, engine_revision_load(engine));
	if (r == 0) /* if the disk refuses, the next start does */
		engine_store_result(engine, clear_topic(engine, "warning/cap"));
	if (r == 0 && !engine->auxiliary)
		engine_store_result(engine, clear_topic(engine, "aux"));
	return r;
}

int engine_new(const struct conf *conf, struct store *store, const char *boot,
	       const struct engine_env *env, struct engine **ret)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	if (!engine)
		return -ENOMEM;
	engine->conf = conf;
	engine->rules =
		(struct engine_rules){&conf->edition, &conf->plan, conf->station.scope, {0}};
	engine->store = store;
	store_use_plan(store, &conf->plan);
	engine->boot = boot;
	engine->env = *env;
	engine->resends = true; /* as far as is known */
	open_hours_init(&engine->running, conf, store);
	int r = auxiliary_hours_new(conf, store, &engine->auxiliary);
	if (r == 0)
		r = load_points(engine);
	if (r == 0)
		r = load_state(engine);
	if (r != 0) {
		engine_free(engine);
		return r;
	}
	*ret = engine;
	return 0;
}

struct engine *engine_free(struct engine *engine)
{
	if (engine) {
		engine_revision_drop(engine);
		engine_outlook_drop(engine);
		points_free(engine->points);
		auxiliary_hours_free(engine->auxiliary);
	}
	free(engine);
	return NULL;
}

void engine_stop(struct engine *engine, int64_t now_ms)
{
	if (engine->minute_done == 0)
		return;
	struct minute_report report;
	int64_t last = engine_open_minute(engine, now_ms / MINUTE_MS);
	int r = engine_begin_minutes(engine);
	for (int64_t minute = engine->minute_done + 1; minute <= last && r == 0; minute++) {
		r = open_hours_store(&engine->running, minute, now_ms, &report);
		if (r == 0)
			r = auxiliary_hours_store(engine->auxiliary, minute, now_ms, &report);
	}
	engine_end_minutes(engine, r);
}
