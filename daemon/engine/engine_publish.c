/* SPDX-License-Identifier: MIT */
/* One transaction, and what it says: events, alerts, warning and cuts. */
#include <stddef.h>
#include <string.h>

#include "engine_inside.h"
#include "hours.h"

/* What there is of it: its tables are large and mostly empty. */
static void copy_city(struct engine_city *to, const struct engine_city *from)
{
	memcpy(to, from, offsetof(struct engine_city, slips));
	memcpy(to->slips, from->slips, (size_t)from->n_slips * sizeof(from->slips[0]));
	memcpy(to->details, from->details, (size_t)from->n_details * sizeof(from->details[0]));
}

int engine_begin(struct engine *engine)
{
	copy_city(&engine->city_before, &engine->city);
	return store_begin(engine->store);
}

int engine_end(struct engine *engine, int r)
{
	if (r == 0)
		r = store_commit(engine->store);
	else
		store_rollback(engine->store);
	if (r != 0)
		copy_city(&engine->city, &engine->city_before);
	return r;
}

/* One series of numbers and times for the advice and the directives. */
static void date_events(struct engine *engine, struct announcement *announcement)
{
	struct event_series *series = &engine->city.series;
	for (int i = 0; i < announcement->n_events; i++) {
		struct event *event = &announcement->events[i];
		if (event->told)
			continue; /* dated when it was judged */
		if (series->time_ms < announcement->now_ms)
			series->time_ms = announcement->now_ms;
		event->time_ms = series->time_ms;
		series->number = event->number;
	}
	engine->state.advice.last_event = series->number;
}

/* What the advice rests on is told with each hour; of a backlog with the newest alone. */
static bool is_fresh(const struct engine *engine, const struct announcement *announcement)
{
	const struct hour_report *hour = announcement->hour;
	int64_t delay_ms = engine->conf->close_delay_min * MINUTE_MS;
	return hour && announcement->now_ms < (hour->hour + 1) * HOUR_MS + delay_ms;
}

/* The dust window that goes on or lies ahead. */
static void find_dust(struct engine *engine)
{
	struct dust_report *dust = &engine->dust;
	int64_t now = engine_newest_hour(engine);
	if (engine->verdict.hour > now) /* that is being closed */
		now = engine->verdict.hour;
	*dust = (struct dust_report){0};
	if (!dust_window(&engine->state.dust, now, &dust->from, &dust->to))
		return;
	/* one that cannot be read is told by the store: nobody is named then */
	(void)hours_dust_source(engine->store, dust->from > now ? dust->from : now, dust->source);
}

/* What is known beside hours, advice and timetable; whether other summaries are due than before. */
static bool look_up(struct engine *engine, const struct announcement *announcement)
{
	for (int i = 0; i < announcement->n_events; i++) {
		if (announcement->events[i].told)
			engine->city.summaries_stale = true;
	}
	find_dust(engine);
	return engine_follow_summaries(engine, announcement->now_ms);
}

static void know_told(struct engine *engine, const struct announcement *announcement)
{
	engine_refresh_details(engine);
	for (int i = 0; i < announcement->n_events; i++) {
		if (announcement->events[i].told)
			engine_know_details(engine, announcement->events[i].told->entry.number);
	}
}

int engine_publish(struct engine *engine, struct announcement *announcement)
{
	const struct conf *conf = engine->conf;
	struct store *store = engine->store;
	bool tells = announcement->n_events > 0 || announcement->repeat_advice;
	date_events(engine, announcement);
	announcement->rules = engine->used.sum;
	know_told(engine, announcement);
	tells = look_up(engine, announcement) || tells;
	announcement->advice = engine_report(engine, announcement->now_ms);
	announcement->advice.chance = engine_outlook_say(engine);
	int r = 0;
	if (announcement->hour)
		r = announce_hour(conf, store, announcement, announcement->hour);
	if (r == 0 && announcement->hour)
		r = announce_auxiliary(conf, store, announcement, announcement->hour->hour, false);
	if (r == 0)
		r = announce_events(conf, store, announcement);
	if (r == 0)
		r = engine_follow_alerts(engine, announcement);
	if (r == 0 && (tells || is_fresh(engine, announcement)))
		r = announce_warning(conf, store, announcement);
	if (r == 0 && tells)
		r = announce_cuts(conf, store, announcement);
	if (r == 0)
		r = engine_follow_page(engine, announcement, is_fresh(engine, announcement));
	if (r == 0 && (announcement->hour || tells))
		r = warnings_save(store, &engine->state.advice, &engine->used);
	return r;
}
