/* SPDX-License-Identifier: MIT */
/*
 * A level once called for is held until it is released; the advice is the highest level held
 * (domain.md 3 "Held"). An unknown answer neither takes a level up nor lets one go; while one
 * matters, a hold says so.
 *
 *   none -> issue -> yellow -> upgrade -> orange -> downgrade -> yellow -> lift -> none
 *
 * The kind of an event follows from the level before and after it, so no other order can be
 * written.
 */
#include "warning.h"

#include <assert.h>

static const char *const event_names[EVENT_KIND_COUNT] = {
	[EVENT_ISSUE] = "issue",
	[EVENT_UPGRADE] = "upgrade",
	[EVENT_DOWNGRADE] = "downgrade",
	[EVENT_LIFT] = "lift",
	[EVENT_HOLD] = "hold",
	[EVENT_RESUME] = "resume",
	[EVENT_RULES_CHANGED] = "rules_changed",
	[EVENT_CORRECTION] = "correction",
};

const char *event_name(enum event_kind kind)
{
	assert((int)kind >= 0 && (int)kind < EVENT_KIND_COUNT);
	return event_names[kind];
}

const char *event_about_name(enum event_about about)
{
	return about == ABOUT_ADVICE ? "advice" : "directive";
}

enum level advice_level(const struct advice *advice)
{
	for (int l = LEVEL_RED; l > LEVEL_NONE; l--) {
		if (advice->held & (1u << l))
			return (enum level)l;
	}
	return LEVEL_NONE;
}

/* One level: held or not after this hour. True if the data do not decide it. */
static bool step_level(uint32_t *held, int level, const struct level_verdict *verdict)
{
	uint32_t bit = 1u << level;
	if (verdict->called == TRUTH_TRUE) {
		*held |= bit;
		return false;
	}
	if (!(*held & bit))
		return verdict->called == TRUTH_UNKNOWN;
	if (verdict->released == TRUTH_FALSE)
		return false;
	if (verdict->released == TRUTH_UNKNOWN || verdict->called == TRUTH_UNKNOWN)
		return true;
	*held &= ~bit;
	return false;
}

static void note(struct advice *advice, enum event_kind kind, enum level previous, enum basis basis,
		 struct event *ret)
{
	*ret = (struct event){.kind = kind,
			      .level = advice_level(advice),
			      .previous = previous,
			      .number = ++advice->last_event,
			      .hour = advice->last_hour,
			      .basis = basis,
			      .episode = advice->episode};
}

enum event_kind event_kind_between(enum level before, enum level after)
{
	assert(before != after);
	if (before == LEVEL_NONE)
		return EVENT_ISSUE;
	if (after == LEVEL_NONE)
		return EVENT_LIFT;
	return after > before ? EVENT_UPGRADE : EVENT_DOWNGRADE;
}

static void change(struct advice *advice, enum level before, const struct verdict *verdict,
		   struct event *ret)
{
	enum level after = advice_level(advice);
	if (before == LEVEL_NONE)
		advice->episode = verdict->hour;
	advice->since = verdict->hour;
	const struct evidence *evidence = &verdict->levels[after].evidence;
	bool rises = after > before;
	note(advice, event_kind_between(before, after), before,
	     rises ? evidence->basis : verdict->basis, ret);
	ret->onset = rises ? evidence->onset : 0;
	if (after == LEVEL_NONE) {
		advice->episode = 0;
		advice->evidence = (struct evidence){0};
	}
}

static int step(struct advice *advice, const struct verdict *verdict,
		struct event ret[WARNING_EVENTS_MAX])
{
	int n = 0;
	bool undecided = false;
	enum level before = advice_level(advice);
	for (int l = LEVEL_YELLOW; l < LEVEL_COUNT; l++)
		undecided = step_level(&advice->held, l, &verdict->levels[l]) || undecided;
	enum level after = advice_level(advice);

	if (advice->holding && !undecided) {
		advice->holding = false;
		note(advice, EVENT_RESUME, before, verdict->basis, &ret[n++]);
		ret[n - 1].level = before; /* the change, if any, comes after it */
	}
	if (after != before)
		change(advice, before, verdict, &ret[n++]);
	if (after != LEVEL_NONE && (after != before || verdict->levels[after].called == TRUTH_TRUE))
		advice->evidence = verdict->levels[after].evidence;
	if (!advice->holding && undecided) {
		advice->holding = true;
		note(advice, EVENT_HOLD, after, verdict->basis, &ret[n++]);
	}
	return n;
}

int advice_step(struct advice *advice, const struct verdict *verdict,
		struct event ret[WARNING_EVENTS_MAX])
{
	if (verdict->hour <= advice->last_hour)
		return 0;
	advice->last_hour = verdict->hour;
	return advice_step_again(advice, verdict, ret);
}

int advice_step_again(struct advice *advice, const struct verdict *verdict,
		      struct event ret[WARNING_EVENTS_MAX])
{
	if (verdict->hour != advice->last_hour || verdict->bridged || verdict->dust)
		return 0;
	return step(advice, verdict, ret);
}

void advice_number(struct advice *advice, struct event *event)
{
	event->number = ++advice->last_event;
}

void advice_note(struct advice *advice, enum event_kind kind, int64_t hour, struct event *ret)
{
	note(advice, kind, advice_level(advice), BASIS_OBSERVED, ret);
	ret->hour = hour;
}
