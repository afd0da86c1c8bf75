/* SPDX-License-Identifier: MIT */
/* The names of the list's sources, a page a step, each in a transaction of its own. */
#include <errno.h>
#include <stdio.h>

#include "engine_inside.h"
#include "outbox.h"
#include "payload_page.h"
#include "post.h"

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
	int64_t wanted = engine->conf->publish_roster ? engine->list.number : 0;
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
