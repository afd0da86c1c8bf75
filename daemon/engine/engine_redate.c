/* SPDX-License-Identifier: MIT */
/*
 * A clock that nobody had confirmed was wrong, and now it is known by how much: what it named is
 * taken back as far as the samples of that time are still there to be dated anew. Hours of a
 * confirmed clock are never touched, nor minutes that were stored before the doubt began.
 */
#include "auxiliary_hours.h"
#include "clock.h"
#include "engine_inside.h"
#include "log.h"
#include "minutes.h"
#include "time_text.h"

static int64_t pick_lower(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t pick_higher(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What data loggers told has their time, and stays. */
static int withdraw_channels(struct engine *engine, int64_t first)
{
	const struct conf *conf = engine->conf;
	bool logged = false;
	int r = 0;
	for (int c = 0; c < conf->n_channels; c++)
		logged |= conf->channels[c].logged;
	if (!logged)
		return minutes_withdraw(engine->store, first, NULL);
	for (int c = 0; c < conf->n_channels && r == 0; c++)
		if (!conf->channels[c].logged)
			r = minutes_withdraw(engine->store, first, conf->channels[c].id);
	return r;
}

static int withdraw_minutes(struct engine *engine, int64_t first, int64_t first_hour)
{
	int r = store_samples_begin(engine->store);
	if (r == 0)
		r = withdraw_channels(engine, first);
	if (r == 0)
		r = auxiliaries_withdraw(engine->store, first, first_hour);
	int committed = store_samples_commit(engine->store);
	return r == 0 ? committed : r;
}

/* The value of a whole hour lies in that hour's last minute, though it is told after it, from the
 * ready minute on: a confirmed clock of before that cannot have told it. */
static int withdraw_hourly(struct engine *engine, int64_t begin, int64_t wrong)
{
	const struct conf *conf = engine->conf;
	int r = store_samples_begin(engine->store);
	for (int c = 0; c < conf->n_channels && r == 0; c++) {
		const struct channel_conf *channel = &conf->channels[c];
		if (channel->delivers == DELIVERS_HOURLY && !channel->logged)
			r = minutes_withdraw(engine->store,
					     pick_higher(begin, wrong - 1 - channel->ready_minute),
					     channel->id);
	}
	int committed = store_samples_commit(engine->store);
	return r == 0 ? committed : r;
}

static int withdraw_hours(struct engine *engine, int64_t first)
{
	int r = store_begin(engine->store);
	if (r != 0)
		return r;
	r = hours_withdraw(engine->store, first);
	if (r == 0)
		return store_commit(engine->store);
	store_rollback(engine->store);
	return r;
}

/* The engine as it would start before the hour `first`. Minutes that are over go only if their
 * samples follow. Hours that are over and will be closed again stay stored until then, so that a
 * power cut meanwhile finds them. */
static void go_back(struct engine *engine, int64_t first, int64_t now_ms, bool samples_follow)
{
	int64_t running = hour_of_ms(now_ms), begin = (first - 1) * HOUR_MINUTES, left = 0;
	bool again = running - first <= ENGINE_CATCH_UP_HOURS;
	engine->minute_done = 0;
	engine->minute_sure = pick_lower(engine->minute_sure, now_ms / MINUTE_MS);
	engine->state.advice.last_hour = pick_lower(engine->state.advice.last_hour, running - 1);
	int64_t wrong = samples_follow ? engine->minute_sure + 1 : now_ms / MINUTE_MS + 1;
	int64_t first_gone = again ? pick_higher(first, running) : first;
	int r = withdraw_minutes(engine, pick_higher(begin, wrong), first_gone);
	if (r == 0 && samples_follow)
		r = withdraw_hourly(engine, begin, wrong);
	int hours = withdraw_hours(engine, first_gone);
	if (hours == 0)
		hours = hours_newest(engine->store, &left);
	engine->next_hour = left == 0 ? 0 : first;
	open_hours_init(&engine->running, engine->conf, engine->store);
	auxiliary_hours_forget(engine->auxiliary);
	int rebuilt = engine_rebuild(engine);
	engine_revision_again(engine);
	engine_store_result(engine, r != 0 ? r : hours != 0 ? hours : rebuilt);
}

void engine_redate(struct engine *engine, int64_t first, int64_t now_ms)
{
	char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
	int64_t newest = engine_newest_hour(engine), confirmed = 0;
	bool samples_follow = first != INT64_MAX;
	engine->doubts_left = false;
	first = pick_lower(first, pick_lower(hour_of_ms(now_ms), newest + 1));
	if (engine->next_hour == 0 || hours_confirmed(engine->store, first, &confirmed) != 0)
		return;
	first = confirmed + 1;
	if (first <= newest)
		log_warning(LOG_HOURS_RENAMED,
			    "clock: the hours from %s to %s were closed under wrong names",
			    time_text(first * HOUR_MS, from), time_text(newest * HOUR_MS, to));
	if (first <= newest || samples_follow)
		go_back(engine, first, now_ms, samples_follow);
}

/* Closed hours that no clock can have named rightly: nobody's samples will close them again. */
void engine_drop_future(struct engine *engine, int64_t now_ms)
{
	int64_t newest = 0, last = hour_of_ms(now_ms) + 1;
	bool looked = engine->looked_ahead;
	engine->looked_ahead = true; /* later a clock has stepped, and the hours are right */
	if (looked || engine_newest_hour(engine) <= last)
		return;
	int r = hours_set_aside(engine->store, last);
	if (r == 0)
		r = withdraw_minutes(engine, INT64_MAX, last + 1);
	if (r == 0)
		r = hours_newest(engine->store, &newest);
	if (r == 0)
		engine->next_hour = newest == 0 ? 0 : newest + 1;
	engine->minute_done = 0;
	engine->state.advice.last_hour = pick_lower(engine->state.advice.last_hour, last);
	open_hours_init(&engine->running, engine->conf, engine->store);
	auxiliary_hours_forget(engine->auxiliary);
	int rebuilt = r == 0 ? engine_rebuild(engine) : r;
	engine_revision_again(engine);
	engine_store_result(engine, rebuilt);
}
