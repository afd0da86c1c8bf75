/* SPDX-License-Identifier: MIT */
/*
 * What data loggers tell: means of periods that are over, in their order or years late, once or
 * again. They go to samples.db as they come, and into the hour if it is open. An hour that is
 * closed closes again, as a revision, unless a person's review was about it.
 *
 * The hour goes to state.db first, the minutes to samples.db after it: what a kill lost in between
 * was not answered, comes again, and is news again. An hour that a kill lost with a memory is made
 * again of the minutes that are there, when one of them comes again.
 */
#include <errno.h>

#include "engine_late.h"
#include "hours.h"

static int64_t hour_of(const struct logged *logged)
{
	return hour_of_ms(logged->start_ms);
}

static struct log_period told_of(const struct logged *logged)
{
	struct log_period told = {.channel = logged->channel,
				  .minute = logged->start_ms / MINUTE_MS,
				  .n = logged->minutes,
				  .whole = logged->whole};
	bool counts = logged->why == WHY_NONE;
	if (logged->whole) {
		told.minute = hour_of(logged) * HOUR_MINUTES - 1;
		told.n = 1;
	}
	told.sums.samples = 1;
	told.sums.counts[logged->why] = 1;
	if (counts) {
		told.sums.covered_ms = logged->whole ? HOUR_MS : MINUTE_MS;
		told.sums.weighted = (int64_t)logged->value_milli * told.sums.covered_ms;
	}
	told.raw = !counts && logged->has_raw ? &logged->raw_milli : NULL;
	return told;
}

static bool is_same(const struct minute *a, const struct minute *b)
{
	for (int why = 0; why < WHY_COUNT; why++)
		if ((a->counts[why] > 0) != (b->counts[why] > 0))
			return false;
	return a->covered_ms == b->covered_ms && a->weighted == b->weighted;
}

/* A memory has the newest minutes alone: what a logger tells of an hour that it lacks some of waits
 * at the logger, which is not answered, until the disk works. */
static int is_beyond_memory(struct engine *engine, const struct logged *logged, bool *ret)
{
	enum pollutant pollutant = engine->conf->channels[logged->channel].pollutant;
	struct hour_mean held = {0}, was = {0};
	int32_t rev = 0;
	*ret = false;
	if (!store_kept(engine->store).samples || hour_of(logged) >= engine->next_hour)
		return 0;
	int r = open_hours_stored(&engine->running, logged->channel, hour_of(logged), false, &held);
	if (r == 0)
		r = hours_get(engine->store, hour_of(logged), pollutant, &was, &rev);
	*ret = r == 0 && held.covered_ms < was.covered_ms;
	return r == STORE_E_NONE ? 0 : r;
}

/* In the transaction on samples.db. */
static int store_logged(struct engine *engine, struct logged *logged)
{
	const struct log_period told = told_of(logged);
	struct minute before;
	bool beyond = false;
	int r = is_beyond_memory(engine, logged, &beyond);
	logged->fate = LOGGED_WAITS;
	if (r != 0 || beyond)
		return r;
	r = engine_late_look(engine, logged);
	if (r == 0)
		r = open_hours_told(&engine->running, &told, &before);
	if (r != 0 && r != STORE_E_NONE)
		return r;
	logged->fate = r == STORE_E_NONE              ? LOGGED_NEW
		       : is_same(&before, &told.sums) ? LOGGED_AGAIN
						      : LOGGED_REVISED;
	return logged->fate == LOGGED_AGAIN ? 0 : open_hours_tell(&engine->running, &told);
}

/* ---- hours that are closed ---- */

/* Whether the hour is another one now; *ret is what it is. A good hour that rests on more than
 * what the logger told (an import, another instrument, minutes that are gone) is not made bad by
 * some minutes of it; by a value that it takes back (`revised`) it may be. */
static int weigh_hour(struct engine *engine, const struct logged *logged, bool revised,
		      struct hour_mean *ret, bool *ret_changed)
{
	enum pollutant pollutant = engine->conf->channels[logged->channel].pollutant;
	int64_t hour = hour_of(logged);
	struct hour_mean was = {0};
	int32_t rev = 0;
	bool reviewed = false;
	*ret_changed = false;
	int r = hours_is_reviewed(engine->store, hour, &reviewed);
	if (r != 0 || reviewed)
		return r;
	r = open_hours_stored(&engine->running, logged->channel, hour, false, ret);
	if (r != 0)
		return r;
	ret->mean_milli = engine_round_mean(engine, ret->mean_milli, pollutant);
	r = hours_get(engine->store, hour, pollutant, &was, &rev);
	bool differs = ret->valid != was.valid || ret->covered_ms != was.covered_ms ||
		       ret->mean_milli != was.mean_milli;
	bool poorer = was.valid && !ret->valid && !revised;
	*ret_changed = r == STORE_E_NONE || (differs && !poorer && was.why != WHY_REVIEW);
	return r == STORE_E_NONE ? 0 : r;
}

struct span {
	int64_t first, last; /* hours; first > last: none */
};

static bool is_same_hour(const struct logged *a, const struct logged *b)
{
	return a->channel == b->channel && hour_of(a) == hour_of(b);
}

static bool is_first_of_hour(const struct logged *logged, int at)
{
	for (int i = 0; i < at; i++)
		if (is_same_hour(&logged[i], &logged[at]))
			return false;
	return true;
}

static bool is_revised(const struct logged *logged, int n, const struct logged *of)
{
	for (int i = 0; i < n; i++)
		if (is_same_hour(&logged[i], of) && logged[i].fate == LOGGED_REVISED)
			return true;
	return false;
}

/* In the transaction on state.db. */
static int close_again(struct engine *engine, const struct logged *logged, bool revised,
		       enum time_quality time_quality, struct span *span)
{
	int64_t hour = hour_of(logged);
	struct hour_mean mean;
	bool changed;
	int r = weigh_hour(engine, logged, revised, &mean, &changed);
	if (r != 0 || !changed)
		return r;
	bool any = span->first <= span->last;
	span->first = any && span->first < hour ? span->first : hour;
	span->last = any && span->last > hour ? span->last : hour;
	r = hours_put(engine->store, hour, engine->conf->channels[logged->channel].pollutant, &mean,
		      time_quality);
	return r == 0 ? changed_widen(engine->store, hour, hour, CHANGED_BY_LATE) : r;
}

static int close_all_again(struct engine *engine, const struct logged *logged, int n,
			   enum time_quality time_quality, struct span *span)
{
	int r = 0;
	*span = (struct span){1, 0};
	for (int i = 0; i < n && r == 0; i++)
		if (logged[i].fate != LOGGED_WAITS && hour_of(&logged[i]) < engine->next_hour &&
		    is_first_of_hour(logged, i))
			r = close_again(engine, &logged[i], is_revised(logged, n, &logged[i]),
					time_quality, span);
	return r;
}

static int revise_closed(struct engine *engine, const struct logged *logged, int n,
			 enum time_quality time_quality, struct span *span)
{
	bool any = false;
	*span = (struct span){1, 0};
	for (int i = 0; i < n; i++)
		any |= hour_of(&logged[i]) < engine->next_hour;
	if (!any)
		return 0;
	int r = engine_begin(engine);
	return r == 0 ? engine_end(engine, close_all_again(engine, logged, n, time_quality, span))
		      : r;
}

/* ---- all of it ---- */

static int store_all(struct engine *engine, const struct engine_late *late, struct span *span,
		     enum time_quality time_quality)
{
	struct logged *logged = late->logged;
	int n = late->n;
	int r = store_samples_begin(engine->store);
	*span = (struct span){1, 0};
	for (int i = 0; i < n && r == 0; i++)
		r = store_logged(engine, &logged[i]);
	if (r == 0)
		r = revise_closed(engine, logged, n, time_quality, span);
	if (r == 0)
		r = engine_late_note(engine, late);
	if (r == 0)
		return store_samples_commit(engine->store);
	store_samples_rollback(engine->store);
	return r;
}

/* Into the hours that are open; the minute that was told without is told with it. */
static void know_all(struct engine *engine, const struct logged *logged, int n,
		     enum time_quality time_quality)
{
	int64_t newest = 0;
	for (int i = 0; i < n; i++) {
		const struct log_period told = told_of(&logged[i]);
		int64_t last = told.minute + told.n - 1;
		if (logged[i].fate == LOGGED_AGAIN || hour_of(&logged[i]) < engine->next_hour)
			continue;
		open_hours_know(&engine->running, &told);
		if (!told.whole && last > newest)
			newest = last;
	}
	if (newest > engine->minute_told && newest <= engine->minute_done) {
		engine->minute_told = newest;
		engine_tell_minute(engine, newest, time_quality);
	}
}

int engine_log(struct engine *engine, struct logged *logged, int n, int64_t now_ms,
	       enum time_quality time_quality)
{
	const struct engine_late late = {logged, n, now_ms};
	struct span span;
	if (engine->minute_done == 0 || hour_of_ms(now_ms) >= engine->next_hour + OPEN_HOURS_HOURS)
		engine_advance(engine, now_ms, time_quality);
	for (int i = 0; i < n; i++) /* a clock that is ahead: it comes again */
		if (hour_of(&logged[i]) >= engine->next_hour + OPEN_HOURS_HOURS)
			return -EAGAIN;
	int r = store_all(engine, &late, &span, time_quality);
	if (r != 0) /* the second goes to memory, if the disk is to blame */
		r = store_all(engine, &late, &span, time_quality);
	engine_store_result(engine, r);
	if (r != 0)
		return r;
	if (span.first <= span.last)
		engine_revision_late(engine, CHANGED_BY_LATE, span.first, span.last, now_ms);
	know_all(engine, logged, n, time_quality);
	const struct store_kept kept = store_kept(engine->store);
	return kept.samples || kept.state ? -EAGAIN : 0;
}
