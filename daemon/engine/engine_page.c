/* SPDX-License-Identifier: MIT */
/*
 * What a page that is opened now must know of the time before: history, forecast and events with
 * the hour or the change that made them. What cannot be read is left out: it is worth no hour.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine_inside.h"
#include "events.h"
#include "payload_page.h"
#include "post.h"

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
		engine_aqis(rules, &window, &loaded[i], &ret->realtime[at], &ret->daily[at]);
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
	bool any = forecasts_reach(&state->forecasts, state->timeline.now);
	if (state->timeline.past == 0 || (!any && engine->told_no_forecast))
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
