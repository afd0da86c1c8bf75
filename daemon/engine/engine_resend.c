/* SPDX-License-Identifier: MIT */
/*
 * Hours that somebody asks for once more, for whom the broker no longer has them: a few a second,
 * behind whatever else waits, so that neither a warning nor the hour that closes comes later.
 */
#include "engine_inside.h"
#include "hours.h"
#include "outbox.h"
#include "resends.h"

/* While the broker takes nothing, no more than this waits: the hours are in the database. */
#define WAITING_MAX (2 * ENGINE_RESEND_HOURS)

const char *engine_check_resend(const struct engine *engine, const struct resend *resend,
				int *ret_error)
{
	int64_t first, last;
	if (store_is_volatile(engine->store))
		return "the database is failing: ask again when it works";
	if (resend->from > resend->to || resend->to - resend->from >= RESEND_HOURS_MAX)
		return "from, to: not 1 to 1488 hours";
	if (engine->points && resend->from <= engine_newest_hour(engine) - RESEND_HOURS_MAX)
		return "from: more than 1488 hours ago";
	if (resend->from > engine_newest_hour(engine))
		return "from: that hour is not closed yet";
	int r = resends_get(engine->store, &first, &last);
	*ret_error = r == STORE_E_NONE ? 0 : r;
	return r == 0 ? "others are being sent again: ask for these afterwards" : NULL;
}

static void note_absent(struct absent_hours *absent, int64_t from, int64_t to)
{
	if (from <= to && absent->n < ABSENT_MAX)
		absent->stretches[absent->n++] = (struct resend){from, to};
}

/* What is asked for and is not there; *ret_first: the first hour that is, after `to` if none is. A
 * store error. */
static int find_absent(struct engine *engine, int64_t from, int64_t to, int64_t *ret_first)
{
	int r = 0;
	engine->absent.n = 0;
	*ret_first = to + 1;
	while (from <= to && r == 0) {
		int64_t stored = 0;
		r = hours_oldest(engine->store, from, &stored);
		if (r == STORE_E_NONE || (r == 0 && stored > to))
			stored = to + 1;
		note_absent(&engine->absent, from, stored - 1);
		*ret_first = stored < *ret_first ? stored : *ret_first;
		from = stored + 1;
	}
	return r == STORE_E_NONE ? 0 : r;
}

int engine_take_resend(struct engine *engine, const struct resend *resend,
		       struct command_answer *ret)
{
	int64_t newest = engine_newest_hour(engine), first;
	int64_t to = resend->to < newest ? resend->to : newest;
	engine->resends = true;
	ret->absent = &engine->absent;
	int r = find_absent(engine, resend->from, to, &first);
	return r == 0 ? resends_put(engine->store, first, to) : r;
}

/* A store error; STORE_E_NONE if nothing is wanted. */
static int step_resend(struct engine *engine, const struct announcement *when)
{
	int64_t first, last;
	int r = resends_get(engine->store, &first, &last);
	if (r != 0)
		return r;
	int64_t left = last - first + 1;
	int n = left < ENGINE_RESEND_HOURS ? (int)left : ENGINE_RESEND_HOURS;
	r = engine_begin(engine);
	if (r != 0)
		return r;
	r = engine_revise(engine, first, n, when);
	if (r == 0)
		r = resends_put(engine->store, first + n, last);
	return engine_end(engine, r);
}

void engine_follow_resend(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	const struct announcement when = {
		.now_ms = now_ms, .time_quality = time_quality, .resent = true};
	struct outbox_counts counts = {0};
	if (!engine->resends || store_is_volatile(engine->store))
		return;
	int r = outbox_counts(engine->store, &counts);
	if (r == 0 && (counts.urgent || counts.pending >= WAITING_MAX))
		return;
	if (r == 0)
		r = step_resend(engine, &when);
	engine->resends = r != STORE_E_NONE;
	if (r == STORE_E_NONE)
		return;
	engine_store_result(engine, r);
	engine->env.look(engine->env.ctx);
}
