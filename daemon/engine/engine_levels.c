/* SPDX-License-Identifier: MIT */
/*
 * Another plan may lack a level that is in force, pending or held. Nothing of that is ever dropped
 * or taken for another level: such a plan is refused until the level has ended.
 */
#include <stdio.h>

#include "engine_inside.h"
#include "log.h"

static bool has_level(const struct plan *plan, const char *id)
{
	int level;
	return level_parse(plan, id, &level);
}

/* The directives whose levels count still: what is in force, what is pending. Returns how many. */
static int list_present(const struct timetable *timetable,
			const struct timetable_entry *ret[TIMETABLE_PENDING_MAX + 1])
{
	const struct timetable_entry *last = timetable_last(timetable);
	int n = 0;
	if (last && last->level != LEVEL_NONE)
		ret[n++] = last;
	for (int i = 0; i < timetable->n_pending; i++)
		ret[n++] = &timetable->pending[i];
	return n;
}

static bool lacks_directive(const struct engine *engine, const struct plan *plan,
			    char ret_why[ENGINE_WHY_MAX])
{
	const struct timetable_entry *present[TIMETABLE_PENDING_MAX + 1];
	int n = list_present(&engine->city.timetable, present);
	for (int i = 0; i < n; i++) {
		const char *id = level_name(engine->rules.plan, present[i]->level);
		if (has_level(plan, id))
			continue;
		snprintf(ret_why, ENGINE_WHY_MAX,
			 "the plan %s lacks the level %s, which directive %lld %s", plan->id, id,
			 (long long)present[i]->number,
			 present[i]->turn != 0 ? "has put in force" : "will put in force");
		return true;
	}
	return false;
}

/* A level that binds still though its directive is no longer in force. */
static bool lacks_binding(const struct engine *engine, const struct plan *plan,
			  char ret_why[ENGINE_WHY_MAX])
{
	const struct engine_city *city = &engine->city;
	int level = binding_level(&city->binding, &city->timetable, engine->conf->binding_from);
	const char *id = level_name(engine->rules.plan, level);
	if (has_level(plan, id))
		return false;
	snprintf(ret_why, ENGINE_WHY_MAX, "the plan %s lacks the level %s, which binds still",
		 plan->id, id);
	return true;
}

static bool lacks_advice(const struct engine *engine, const struct plan *plan,
			 char ret_why[ENGINE_WHY_MAX])
{
	const struct plan *own = engine->rules.plan;
	for (int level = 1; level <= own->n_levels; level++) {
		if (!(engine->state.advice.held & 1u << level) ||
		    has_level(plan, level_name(own, level)))
			continue;
		snprintf(ret_why, ENGINE_WHY_MAX,
			 "the plan %s lacks the level %s, which the advice holds", plan->id,
			 level_name(own, level));
		return true;
	}
	return false;
}

bool engine_plan_lacks(const struct engine *engine, const struct plan *plan,
		       char ret_why[ENGINE_WHY_MAX])
{
	return lacks_directive(engine, plan, ret_why) || lacks_binding(engine, plan, ret_why) ||
	       lacks_advice(engine, plan, ret_why);
}

int engine_check_levels(const struct engine *engine)
{
	const struct timetable_entry *present[TIMETABLE_PENDING_MAX + 1];
	int n = list_present(&engine->city.timetable, present);
	for (int i = 0; i < n; i++) {
		if (present[i]->level != LEVEL_UNKNOWN)
			continue;
		log_error(LOG_PLAN_LACKS_LEVEL,
			  "the plan %s lacks the level of directive %lld, which is in force or "
			  "pending",
			  engine->rules.plan->id, (long long)present[i]->number);
		return STORE_E_LEVEL;
	}
	if (engine->city.binding.level != LEVEL_UNKNOWN)
		return 0;
	if (engine->conf->binding_from != BINDING_FROM_RELEASE)
		return 0;
	log_error(LOG_PLAN_LACKS_LEVEL,
		  "the plan %s lacks the level of directive %lld, which binds still",
		  engine->rules.plan->id, (long long)engine->city.binding.directive);
	return STORE_E_LEVEL;
}
