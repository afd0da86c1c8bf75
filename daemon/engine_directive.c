/* SPDX-License-Identifier: MIT */
/*
 * A directive begins and becomes overdue as time passes: the event came when it was accepted, the
 * warning and the cuts follow when it takes effect.
 */
#include "engine_inside.h"
#include "log.h"

static bool changed(const struct engine *engine, const struct directive *in_force, int64_t now_ms)
{
	int64_t number = in_force ? in_force->number : 0;
	bool overdue = in_force && directive_overdue(in_force, now_ms);
	return number != engine->told_directive || overdue != engine->told_overdue;
}

static void tell(const struct directive *in_force, int64_t now_ms)
{
	if (!in_force)
		log_notice("directive: none is in force any more");
	else if (directive_overdue(in_force, now_ms))
		log_warning(
			"directive %lld (%s): its planned end has passed without a lift; it stays "
			"in force",
			(long long)in_force->number, level_name(in_force->level));
	else
		log_notice("directive %lld (%s) is in force", (long long)in_force->number,
			   level_name(in_force->level));
}

void engine_follow_directive(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	const struct directive *in_force = directive_in_force(&engine->directives, now_ms);
	if (!changed(engine, in_force, now_ms))
		return;
	const struct announcement announcement = {.advice = engine_report(engine, now_ms),
						  .repeat_advice = true,
						  .now_ms = now_ms,
						  .time_quality = time_quality};
	int r = store_begin(engine->store);
	if (r == 0)
		r = announce(engine->conf, engine->store, &announcement);
	if (r == 0)
		r = store_commit(engine->store);
	else
		store_rollback(engine->store);
	engine_store_result(engine, r);
	if (r != 0)
		return; /* tried again with the next advance */
	engine_told_directive(engine, now_ms);
	tell(in_force, now_ms);
	engine->env.look(engine->env.ctx);
}

void engine_told_directive(struct engine *engine, int64_t now_ms)
{
	const struct directive *in_force = directive_in_force(&engine->directives, now_ms);
	engine->told_directive = in_force ? in_force->number : 0;
	engine->told_overdue = in_force && directive_overdue(in_force, now_ms);
}
