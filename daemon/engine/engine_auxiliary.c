/* SPDX-License-Identifier: MIT */
/* Where the auxiliary quantities touch the pipeline: beside it, at each of its steps. No stage
 * after the hourly means sees them. */
#include "announce.h"
#include "auxiliary_hours.h"
#include "engine_inside.h"
#include "log.h"
#include "log_words.h"
#include "time_text.h"

bool engine_is_auxiliary(const struct engine *engine, const struct sample *sample)
{
	return sample->channel >= conf_first_auxiliary(engine->conf);
}

/* ---- a fault that is found late (engine_doubt.c) ---- */

struct doubted {
	int channel;
	enum why why;
	int64_t from_ms, to_ms;
	int64_t first, last; /* the closed hours that may change */
};

/* Minutes first, and the closed hours out of them, in one transaction. */
static int store_doubt(struct engine *engine, const struct doubted *doubt)
{
	enum auxiliary auxiliary = engine->conf->channels[doubt->channel].auxiliary;
	int r = store_samples_begin(engine->store);
	if (r != 0)
		return r;
	r = auxiliaries_doubt(engine->store, auxiliary, doubt->from_ms / MINUTE_MS,
			      (doubt->to_ms - 1) / MINUTE_MS, doubt->why);
	for (int64_t hour = doubt->first; hour <= doubt->last && r == 0; hour++)
		r = auxiliary_hours_close_again(engine->auxiliary, doubt->channel, hour,
						doubt->why);
	int committed = store_samples_commit(engine->store);
	return r == 0 ? committed : r;
}

static int tell_doubt(struct engine *engine, const struct doubted *doubt,
		      const struct announcement *when)
{
	if (doubt->first > doubt->last)
		return 0;
	int r = engine_begin(engine);
	for (int64_t hour = doubt->first; hour <= doubt->last && r == 0; hour++)
		r = announce_auxiliary(engine->conf, engine->store, when, hour,
				       hour < engine_newest_hour(engine));
	return engine_end(engine, r);
}

static void log_doubt(const struct engine *engine, const struct doubted *doubt)
{
	const char *channel = engine->conf->channels[doubt->channel].id;
	const struct log_fields about = {.sensor = channel};
	char since[TIME_TEXT_SIZE];
	log_line(LOG_LEVEL_WARNING, LOG_VALUES_DOUBTED, &about,
		 "%s: %s since %s: the hours that it fed were closed again", channel,
		 log_why(doubt->why), time_text(doubt->from_ms, since));
}

static struct doubted doubt_of(const struct engine *engine, const struct sample *sample)
{
	struct doubted doubt = {.channel = sample->channel,
				.why = sample->why,
				.from_ms = sample->at_ms - sample->doubt_ms,
				.to_ms = sample->at_ms,
				.last = engine_newest_hour(engine)};
	doubt.first = hour_of_ms(doubt.from_ms);
	if (doubt.last > hour_of_ms(doubt.to_ms))
		doubt.last = hour_of_ms(doubt.to_ms);
	return doubt;
}

static void follow_doubt(struct engine *engine, const struct sample *sample,
			 enum time_quality time_quality)
{
	const struct announcement when = {.now_ms = sample->at_ms, .time_quality = time_quality};
	uint32_t bit = 1u << engine->conf->channels[sample->channel].auxiliary;
	if (sample->quality == QUALITY_NORMAL)
		engine->auxiliary_doubted &= ~bit;
	if (sample->doubt_ms == 0 || (engine->auxiliary_doubted & bit))
		return;
	const struct doubted doubt = doubt_of(engine, sample);
	auxiliary_hours_doubt(engine->auxiliary, doubt.channel, doubt.from_ms, doubt.to_ms,
			      doubt.why);
	if (store_is_volatile(engine->store) || store_kept(engine->store).samples)
		return; /* closed hours are revised when the disk works again */
	int r = store_doubt(engine, &doubt);
	if (r == 0)
		r = tell_doubt(engine, &doubt, &when);
	engine_store_result(engine, r);
	if (r != 0)
		return; /* tried again with the next sample */
	if (doubt.first <= doubt.last)
		log_doubt(engine, &doubt);
	engine->auxiliary_doubted |= bit;
	engine->env.look(engine->env.ctx);
}

/* ---- */

void engine_take_auxiliary(struct engine *engine, const struct sample *sample,
			   enum time_quality time_quality)
{
	follow_doubt(engine, sample, time_quality);
	int r = auxiliary_hours_take(engine->auxiliary, sample);
	if (r != 0)
		engine_store_result(engine, r);
}

/* Once more after a failure of the disk: the second goes to memory. A hour that was stored already
 * is replaced, so that a kill before the hour's own transaction does no harm. */
void engine_close_auxiliary(struct engine *engine, int64_t hour, enum time_quality time_quality)
{
	int r = 0;
	if (!engine->auxiliary)
		return;
	for (int again = 0; again < 2; again++) {
		r = store_samples_begin(engine->store);
		if (r == 0)
			r = auxiliary_hours_close(engine->auxiliary, hour, time_quality);
		int committed = store_samples_commit(engine->store);
		r = r == 0 ? committed : r;
		if (r == 0)
			return;
	}
	engine_store_result(engine, r);
}

void engine_pass_over_auxiliary(struct engine *engine, int64_t until,
				enum time_quality time_quality)
{
	int64_t open = engine->next_hour + OPEN_HOURS_HOURS;
	for (int64_t hour = engine->next_hour; hour < open && hour < until; hour++)
		engine_close_auxiliary(engine, hour, time_quality);
	if (!engine->auxiliary || open >= until)
		return;
	int r = store_samples_begin(engine->store);
	if (r == 0)
		r = auxiliaries_withdraw(engine->store, INT64_MAX, open);
	int committed = store_samples_commit(engine->store);
	engine_store_result(engine, r == 0 ? committed : r);
}
