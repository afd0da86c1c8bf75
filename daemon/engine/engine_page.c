/* SPDX-License-Identifier: MIT */
/*
 * What a page that is opened now must know of the time before: history, forecast and events with
 * the hour or the change that made them, the roster a page a step. What cannot be read is left
 * out: it is worth no hour.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_inside.h"
#include "events.h"
#include "log.h"
#include "outbox.h"
#include "payload_page.h"
#include "post.h"
#include "sources.h"
#include "words.h"

/* ---- the last three days ---- */

#define LOADED_HOURS (PAGE_HOURS + WINDOW_HOURS - 1)

static void fill_history(const struct engine_rules *rules, const struct hour_values *loaded,
			 struct page_history *ret)
{
	struct window window = {0};
	int64_t hour = ret->newest - LOADED_HOURS + 1;
	for (int i = 0; i < LOADED_HOURS; i++, hour++) {
		int at = (int)(hour - (ret->newest - ret->n + 1));
		window_put(&window, hour, &loaded[i]);
		if (at < 0)
			continue;
		ret->values[at] = loaded[i];
		aqi_realtime(rules->edition, &rules->scope, &loaded[i], &ret->realtime[at]);
		aqi_daily(rules->edition, &rules->scope, &window, &ret->daily[at]);
	}
}

static int read_history(struct engine *engine, struct page_history *ret)
{
	struct hour_values loaded[LOADED_HOURS] = {0};
	int64_t oldest = 0;
	int r = hours_newest(engine->store, &ret->newest);
	if (r == 0)
		r = hours_oldest(engine->store, ret->newest - PAGE_HOURS + 1, &oldest);
	if (r == 0)
		r = hours_load(engine->store, ret->newest - LOADED_HOURS + 1, LOADED_HOURS, loaded);
	if (r != 0)
		return r;
	ret->n = (int)(ret->newest - oldest + 1);
	fill_history(&engine->rules, loaded, ret);
	return 0;
}

static int post_history(struct engine *engine, struct payload_head *head)
{
	struct page_history *history = calloc(1, sizeof(*history));
	if (!history)
		return -ENOMEM;
	int r = 0;
	if (read_history(engine, history) == 0) {
		r = post_head(engine->store, head);
		if (r == 0)
			r = post_append(engine->store, head, "history",
					payload_history(head, history));
	}
	free(history);
	return r;
}

/* ---- the hours ahead ---- */

/* That there is none is told once. */
static int post_ahead(struct engine *engine, struct payload_head *head)
{
	const struct engine_state *state = &engine->state;
	bool any = state->forecasts.n > 0;
	if (!any && engine->told_no_forecast)
		return 0;
	int r = post_head(engine->store, head);
	if (r == 0)
		r = post_append(engine->store, head, "forecast",
				payload_ahead(head, &state->timeline, &state->forecasts));
	if (r == 0)
		engine->told_no_forecast = !any;
	return r;
}

/* ---- the newest events ---- */

static void keep_message(void *ctx, const char *message)
{
	struct page_events *events = ctx;
	char *copy = strdup(message);
	if (copy)
		events->messages[events->n++] = copy;
}

static int post_events(struct engine *engine, struct payload_head *head)
{
	struct page_events events = {0};
	int r = 0;
	if (events_each_newest(engine->store, PAGE_EVENTS, keep_message, &events) == 0) {
		r = post_head(engine->store, head);
		if (r == 0)
			r = post_append(engine->store, head, "events",
					payload_events(head, &events));
	}
	for (int i = 0; i < events.n; i++)
		free(events.messages[i]);
	return r;
}

int engine_follow_page(struct engine *engine, const struct announcement *announcement, bool fresh)
{
	struct payload_head head = {.conf = engine->conf,
				    .time_ms = announcement->now_ms,
				    .time_quality = announcement->time_quality};
	bool first = announcement->hour && !engine->announced;
	bool hours = fresh || announcement->repeat_advice;
	int r = hours ? post_history(engine, &head) : 0;
	if (r == 0 && hours)
		r = post_ahead(engine, &head);
	if (r == 0 && (first || announcement->n_events > 0))
		r = post_events(engine, &head);
	return r;
}

/* ---- the roster ---- */

struct roster_visit {
	struct roster_draft *draft;
	bool full;
	char last[SOURCE_ID_MAX];
};

static void add_source(void *ctx, const struct source *source)
{
	struct roster_visit *visit = ctx;
	const char *keeper = source->inspector[0] != '\0' ? source->inspector : source->town;
	visit->full =
		!roster_draft_add(visit->draft, source->id, source->name, source->kind, keeper);
	if (!visit->full)
		snprintf(visit->last, sizeof(visit->last), "%s", source->id);
}

/* The sources of one page, in the transaction that runs; STORE_E_NONE: there is no more. */
static int fill_page(struct engine *engine, struct roster_visit *visit)
{
	int r = 0;
	snprintf(visit->last, sizeof(visit->last), "%s", engine->roster.after);
	while (r == 0 && !visit->full)
		r = sources_next(engine->store, engine->list.number, visit->last, add_source,
				 visit);
	return r;
}

static int post_page(struct engine *engine, struct payload_head *head, const char *topic)
{
	struct roster_visit visit = {.draft = roster_draft_new()};
	if (!visit.draft)
		return -ENOMEM;
	int r = fill_page(engine, &visit);
	bool more = r == 0;
	if (r == 0 || r == STORE_E_NONE)
		r = post_head(engine->store, head);
	if (r == 0)
		r = post_append(engine->store, head, topic,
				payload_roster(head, visit.draft, engine->list.number,
					       engine->roster.page, more));
	roster_draft_free(visit.draft);
	if (r == 0 && more)
		snprintf(engine->roster.after, sizeof(engine->roster.after), "%s", visit.last);
	if (r == 0 && !more)
		engine->roster.all_told = true;
	return r;
}

/* A page that the roster has no more is taken away; behind the last there is nothing. */
static int clear_page(struct engine *engine, struct payload_head *head, const char *topic)
{
	bool is_there = false;
	int r = outbox_is_latest(engine->store, topic, &is_there);
	if (r == 0 && !is_there)
		engine->roster.busy = false;
	if (r != 0 || !is_there)
		return r;
	r = post_head(engine->store, head);
	return r == 0 ? post_clear(engine->store, head, topic) : r;
}

static int step_roster(struct engine *engine, struct payload_head *head)
{
	struct roster_run before = engine->roster;
	char topic[32];
	snprintf(topic, sizeof(topic), "roster/%d", engine->roster.page);
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = engine->roster.all_told ? clear_page(engine, head, topic)
				    : post_page(engine, head, topic);
	r = engine_end(engine, r);
	if (r == 0)
		engine->roster.page++;
	else
		engine->roster = before;
	return r;
}

void engine_follow_roster(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct roster_run *run = &engine->roster;
	struct payload_head head = {
		.conf = engine->conf, .time_ms = now_ms, .time_quality = time_quality};
	int64_t wanted = engine->conf->roster ? engine->list.number : 0;
	if (!run->begun || run->list != wanted)
		*run = (struct roster_run){.begun = true,
					   .busy = true,
					   .list = wanted,
					   .page = 1,
					   .all_told = wanted == 0};
	if (run->due_ms > now_ms + ROSTER_AGAIN_MS) /* the clock was set back */
		run->due_ms = 0;
	if (!run->busy || now_ms < run->due_ms)
		return;
	run->due_ms = now_ms + ROSTER_AGAIN_MS;
	if (store_is_volatile(engine->store)) /* the list is on the disk */
		return;
	int r = step_roster(engine, &head);
	if (r == 0)
		run->due_ms = now_ms + ROSTER_PAUSE_MS;
	engine_store_result(engine, r);
	if (run->busy)
		engine->env.look(engine->env.ctx);
}
