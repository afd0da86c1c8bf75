/* SPDX-License-Identifier: MIT */
/*
 * An instrument's fault is found late: a value was the same for too long, or had been at the end of
 * its range for two polls. What it fed since then is taken back: minutes and open hours do not
 * count, and closed hours close again without them, as revisions. What was measured stays stored. A
 * level that nothing else ever called for ends at once.
 */
#include "clock.h"
#include "engine_inside.h"
#include "hours.h"
#include "log.h"
#include "log_words.h"
#include "minutes.h"
#include "time_text.h"

/* What a channel is not believed for, since 1970 UTC. */
struct doubt {
	int channel;
	enum why why;
	int64_t from_ms, to_ms;
};

/* Of an hourly instrument it is the hours that it spoke of; one that had closed before it began was
 * spoken of earlier. */
static struct doubt doubt_of(const struct conf *conf, const struct sample *sample)
{
	int64_t since_ms = sample->at_ms - sample->doubt_ms;
	struct doubt doubt = {sample->channel, sample->why, since_ms, sample->at_ms};
	if (conf->channels[sample->channel].delivers != DELIVERS_HOURLY)
		return doubt;
	int64_t ended = hour_of_ms(since_ms) - 1;
	bool closed = since_ms - ended * HOUR_MS >= conf->close_delay_min * MINUTE_MS;
	doubt.from_ms = (closed ? ended : ended - 1) * HOUR_MS;
	doubt.to_ms = (hour_of_ms(sample->at_ms) - 1) * HOUR_MS;
	return doubt;
}

static int doubt_minutes(struct engine *engine, const struct doubt *doubt)
{
	const char *channel = engine->conf->channels[doubt->channel].id;
	int r = store_samples_begin(engine->store);
	if (r != 0)
		return r;
	r = minutes_doubt(engine->store, channel, doubt->from_ms / MINUTE_MS,
			  (doubt->to_ms - 1) / MINUTE_MS, doubt->why);
	int committed = store_samples_commit(engine->store);
	return r == 0 ? committed : r;
}

/* ---- the hours that closed meanwhile ---- */

/* The hour out of what is believed of it still. True if it is another one now. */
static int close_again(struct engine *engine, const struct doubt *doubt, int64_t hour,
		       bool *ret_changed)
{
	enum pollutant pollutant = engine->conf->channels[doubt->channel].pollutant;
	struct hour_mean was, is;
	int32_t rev = 0;
	int r = hours_get(engine->store, hour, pollutant, &was, &rev);
	*ret_changed = false;
	if (r != 0)
		return r == STORE_E_NONE ? 0 : r;
	if (!was.valid || was.samples == 0) /* nobody believes it, or it was imported */
		return 0;
	r = open_hours_stored(&engine->running, doubt->channel, hour, false, &is);
	if (r != 0)
		return r;
	is.mean_milli = engine_round_mean(engine, is.mean_milli, pollutant);
	if (is.valid && is.mean_milli == was.mean_milli)
		return 0;
	*ret_changed = true;
	return is.valid ? hours_close_again(engine->store, hour, pollutant, &is)
			: hours_doubt(engine->store, hour, pollutant, doubt->why);
}

struct span {
	int64_t first, last; /* hours; first > last: none */
};

static int close_hours_again(struct engine *engine, const struct doubt *doubt, struct span *ret)
{
	int64_t newest = engine_newest_hour(engine);
	int r = 0;
	for (int64_t hour = hour_of_ms(doubt->from_ms);
	     hour <= newest && (hour - 1) * HOUR_MS < doubt->to_ms && r == 0; hour++) {
		bool changed = false;
		r = close_again(engine, doubt, hour, &changed);
		if (changed && ret->first > ret->last)
			ret->first = hour;
		if (changed)
			ret->last = hour;
	}
	return r;
}

/* Inside the transaction; *span is what came of it. */
static int revise_hours(struct engine *engine, const struct doubt *doubt, struct span *span,
			struct announcement *announcement)
{
	*span = (struct span){1, 0};
	int r = close_hours_again(engine, doubt, span);
	if (r != 0 || span->first > span->last)
		return r;
	announcement->repeat_advice = !engine->computing;
	engine->computing = true;
	r = changed_widen(engine->store, span->first, span->last, CHANGED_BY_FAULT);
	return r == 0 ? engine_publish(engine, announcement) : r;
}

static void tell_doubt(const struct engine *engine, const struct doubt *doubt,
		       const struct span *span)
{
	const char *channel = engine->conf->channels[doubt->channel].id;
	const struct log_fields about = {.sensor = channel};
	char since[TIME_TEXT_SIZE];
	if (span->first <= span->last)
		log_line(LOG_LEVEL_WARNING, LOG_VALUES_DOUBTED, &about,
			 "%s: %s since %s: the hours that it fed were closed again", channel,
			 log_why(doubt->why), time_text(doubt->from_ms, since));
}

/* In one transaction, or as if nothing had been. What follows is computed afterwards
 * (engine_revision.c). */
static int commit_revision(struct engine *engine, const struct doubt *doubt,
			   struct announcement *announcement)
{
	struct span span;
	bool computing = engine->computing;
	int r = engine_begin(engine);
	if (r == 0)
		r = engine_end(engine, revise_hours(engine, doubt, &span, announcement));
	if (r != 0) {
		engine->computing = computing;
		return r;
	}
	tell_doubt(engine, doubt, &span);
	if (span.first <= span.last)
		engine_revision_note(engine, CHANGED_BY_FAULT, span.first, span.last);
	return 0;
}

void engine_follow_doubt(struct engine *engine, const struct sample *sample,
			 enum time_quality time_quality)
{
	pollutant_set bit = 1u << engine->conf->channels[sample->channel].pollutant;
	struct announcement announcement = {.now_ms = sample->at_ms, .time_quality = time_quality};
	if (sample->quality == QUALITY_NORMAL)
		engine->doubted &= ~bit;
	if (sample->doubt_ms == 0 || (engine->doubted & bit))
		return;
	const struct doubt doubt = doubt_of(engine->conf, sample);
	open_hours_doubt(&engine->running, doubt.channel, doubt.from_ms, doubt.to_ms, doubt.why);
	if (store_is_volatile(engine->store))
		return; /* closed hours are revised when the disk works again */
	int r = doubt_minutes(engine, &doubt);
	if (r == 0)
		r = commit_revision(engine, &doubt, &announcement);
	engine_store_result(engine, r);
	if (r != 0)
		return; /* tried again with the next sample */
	engine->doubted |= bit;
	engine->env.look(engine->env.ctx);
}
