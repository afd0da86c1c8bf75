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
#include <string.h>

#include "hour.h"

int advice_level(const struct advice *advice)
{
	for (int l = LEVELS_MAX; l > LEVEL_NONE; l--) {
		if (advice->held & (1u << l))
			return l;
	}
	return LEVEL_NONE;
}

/* ---- what keeps a level that would be released ---- */

/* For what lies beyond the horizon; so long at most. */
static bool waits_beyond(const struct verdict *verdict, int level, int64_t *since)
{
	if (!verdict->levels[level].release.beyond_horizon)
		*since = 0;
	else if (*since == 0)
		*since = verdict->hour;
	return *since != 0 && verdict->hour - *since < verdict->horizon_hold_h;
}

/* All hours that end the level were observed, all of them since the present level began. */
static bool is_observed(const struct advice *advice, const struct verdict *verdict, int level)
{
	const struct release_verdict *release = &verdict->levels[level].release;
	return release->issues == 0 ||
	       (release->observed == TRUTH_TRUE && verdict->hour - advice->since >= release->for_h);
}

/* The newest of the issues in `issues` (bits); NULL: there are none. */
static const struct forecast_issue *newest_issue(const struct verdict *verdict, uint32_t issues)
{
	const struct forecast_issue *newest = NULL;
	for (int i = 0; i < verdict->n_issues; i++) {
		const struct forecast_issue *issue = &verdict->issues[i];
		if ((issues & 1u << i) && (!newest || issue->issued_ms > newest->issued_ms))
			newest = issue;
	}
	return newest;
}

/* The present issue of a source, if it is one of `issues` (bits); NULL. */
static const struct forecast_issue *issue_of(const struct verdict *verdict, uint32_t issues,
					     const char *source)
{
	for (int i = 0; i < verdict->n_issues; i++) {
		if ((issues & 1u << i) && strcmp(verdict->issues[i].source, source) == 0)
			return &verdict->issues[i];
	}
	return NULL;
}

/* One issue said so; the next of the same source has yet to say it too. */
static bool waits_for_issue(struct advice *advice, const struct verdict *verdict, int level)
{
	uint32_t issues = verdict->levels[level].release.issues;
	struct forecast_issue *first = &advice->said_first;
	const struct forecast_issue *now;
	if (!advice->wary || is_observed(advice, verdict, level))
		return false;
	now = first->issued_ms != 0 ? issue_of(verdict, issues, first->source) : NULL;
	if (now)
		return now->issued_ms <= first->issued_ms;
	now = newest_issue(verdict, issues);
	if (now)
		*first = *now;
	return true;
}

/* ---- the levels that are held ---- */

/* What an hour leaves open about a level, as the reason of a hold. Held or not after it. */
static enum event_reason step_level(struct advice *advice, const struct verdict *verdict, int level)
{
	const struct level_verdict *v = &verdict->levels[level];
	uint32_t bit = 1u << level;
	int64_t *since = &advice->beyond_since[level];
	if (v->called == TRUTH_TRUE)
		advice->held |= bit;
	if (v->called == TRUTH_TRUE || !(advice->held & bit) ||
	    v->release.released == TRUTH_FALSE) {
		*since = 0;
		return v->called == TRUTH_UNKNOWN && !(advice->held & bit)
			       ? REASON_INSUFFICIENT_DATA
			       : REASON_NONE;
	}
	if (v->release.released == TRUTH_UNKNOWN || v->called == TRUTH_UNKNOWN)
		return REASON_INSUFFICIENT_DATA;
	if (waits_beyond(verdict, level, since))
		return REASON_BEYOND_HORIZON;
	if (waits_for_issue(advice, verdict, level))
		return REASON_SECOND_ISSUE;
	advice->held &= ~bit;
	return REASON_NONE;
}

/* All levels; why the advice stays what it is, REASON_NONE if nothing is open. */
static enum event_reason step_levels(struct advice *advice, const struct verdict *verdict)
{
	enum event_reason reason = REASON_NONE;
	bool waits = false;
	advice->undecided = 0;
	for (int l = 1; l <= verdict->n_levels; l++) {
		enum event_reason open = step_level(advice, verdict, l);
		waits = waits || open == REASON_SECOND_ISSUE;
		if (open == REASON_INSUFFICIENT_DATA)
			advice->undecided |= 1u << l;
		else if (advice->held & 1u << l)
			reason = open; /* of the highest one held, in the end */
	}
	if (!waits) /* in a row: an issue that says otherwise begins anew */
		advice->said_first = (struct forecast_issue){0};
	return advice->undecided != 0 ? REASON_INSUFFICIENT_DATA : reason;
}

/* ---- events ---- */

static void note_event(struct advice *advice, enum event_kind kind, int previous, enum basis basis,
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

enum event_kind event_kind_between(int before, int after)
{
	assert(before != after);
	if (before == LEVEL_NONE)
		return EVENT_ISSUE;
	if (after == LEVEL_NONE)
		return EVENT_LIFT;
	return after > before ? EVENT_UPGRADE : EVENT_DOWNGRADE;
}

static void note_issue(const struct verdict *verdict, uint32_t issues, struct event *ret)
{
	const struct forecast_issue *newest = newest_issue(verdict, issues);
	if (newest)
		ret->issue = *newest;
}

/* Again a short time after it went down: the same episode, and wary of forecasts. */
static void begin_rise(struct advice *advice, int before, int64_t hour)
{
	bool soon = advice->lowered != 0 && hour - advice->lowered <= ADVICE_RAISED_AGAIN_H;
	advice->wary = advice->wary || soon;
	if (before == LEVEL_NONE)
		advice->episode = soon && advice->ended != 0 ? advice->ended : hour;
}

static void end_fall(struct advice *advice, int after, const struct verdict *verdict)
{
	int64_t hour = advice->last_hour;
	advice->lowered = hour;
	advice->wary = false;
	advice->said_first = (struct forecast_issue){0};
	advice->since = hour;
	advice->evidence = verdict->levels[after].evidence;
	advice->evidence.onset = hour;
	if (after != LEVEL_NONE)
		return;
	advice->ended = advice->episode;
	advice->episode = 0;
	advice->evidence = (struct evidence){0};
}

static void raise_level(struct advice *advice, int before, const struct verdict *verdict,
			enum event_reason cause, struct event *ret)
{
	const struct level_verdict *level = &verdict->levels[advice_level(advice)];
	begin_rise(advice, before, verdict->hour);
	advice->since = verdict->hour;
	advice->evidence = level->evidence;
	note_event(advice, event_kind_between(before, advice_level(advice)), before,
		   level->evidence.basis, ret);
	ret->reason = cause == REASON_OBSERVED ? REASON_NONE : cause;
	ret->onset_ms = level->evidence.onset * HOUR_MS;
	note_issue(verdict, level->issues, ret);
}

/* `cause`: REASON_OBSERVED: the hour decided it; else what was told since. */
static void lower_level(struct advice *advice, int before, const struct verdict *verdict,
			enum event_reason cause, struct event *ret)
{
	int after = advice_level(advice);
	const struct release_verdict *release = &verdict->levels[before].release;
	bool observed = release->issues == 0 ||
			(cause != REASON_FORECAST && is_observed(advice, verdict, before));
	note_event(advice, event_kind_between(before, after), before, verdict->basis, ret);
	ret->reason = observed ? REASON_OBSERVED : REASON_FORECAST;
	ret->behind_h = release->behind_h;
	if (!observed)
		note_issue(verdict, release->issues, ret);
	end_fall(advice, after, verdict);
}

static void change_level(struct advice *advice, int before, const struct verdict *verdict,
			 enum event_reason cause, struct event *ret)
{
	if (advice_level(advice) > before)
		raise_level(advice, before, verdict, cause, ret);
	else
		lower_level(advice, before, verdict, cause, ret);
}

/* The newest reason of the same level. The onset stays: only what was told anew while it lay ahead
 * moves it, and an event says so. How many events. */
static int renew_evidence(struct advice *advice, const struct verdict *verdict,
			  enum event_reason cause, struct event *ret)
{
	int level = advice_level(advice);
	int64_t onset = advice->evidence.onset;
	if (level == LEVEL_NONE || verdict->levels[level].called != TRUTH_TRUE)
		return 0;
	advice->evidence = verdict->levels[level].evidence;
	bool moves = cause != REASON_OBSERVED && onset > verdict->hour &&
		     advice->evidence.onset != onset;
	if (!moves) {
		advice->evidence.onset = onset;
		return 0;
	}
	note_event(advice, EVENT_AMENDED, level, advice->evidence.basis, ret);
	ret->reason = cause;
	ret->onset_ms = advice->evidence.onset * HOUR_MS;
	note_issue(verdict, verdict->levels[level].issues, ret);
	return 1;
}

/* True if a hold is to be told: a new one, for another reason, or one that lasts. */
static bool hold_is_due(const struct advice *advice, enum event_reason reason, int64_t hour)
{
	if (reason == REASON_NONE)
		return false;
	return !advice->holding || advice->hold_reason != reason ||
	       (reason == REASON_INSUFFICIENT_DATA &&
		hour - advice->hold_told >= ADVICE_HOLD_AGAIN_H);
}

static void end_hold(struct advice *advice, int before, const struct verdict *verdict,
		     struct event *ret)
{
	note_event(advice, EVENT_RESUME, before, verdict->basis, ret);
	ret->level = before; /* the change, if any, comes after it */
	ret->reason = advice->hold_reason;
	advice->holding = false;
	advice->hold_reason = REASON_NONE;
}

static void begin_hold(struct advice *advice, enum event_reason reason,
		       const struct verdict *verdict, struct event *ret)
{
	advice->holding = true;
	advice->hold_reason = reason;
	advice->hold_told = verdict->hour;
	note_event(advice, EVENT_HOLD, advice_level(advice), verdict->basis, ret);
	ret->reason = reason;
	ret->undecided = advice->undecided;
	ret->waits_for_forecast = advice->undecided != 0 && verdict->waits_for_forecast;
}

static int step_advice(struct advice *advice, const struct verdict *verdict,
		       enum event_reason cause, struct event ret[WARNING_EVENTS_MAX])
{
	int n = 0;
	int before = advice_level(advice);
	enum event_reason open = step_levels(advice, verdict);

	if (advice->holding && open == REASON_NONE)
		end_hold(advice, before, verdict, &ret[n++]);
	if (advice_level(advice) != before)
		change_level(advice, before, verdict, cause, &ret[n++]);
	else
		n += renew_evidence(advice, verdict, cause, &ret[n]);
	if (hold_is_due(advice, open, verdict->hour))
		begin_hold(advice, open, verdict, &ret[n++]);
	return n;
}

int advice_end(struct advice *advice, const struct verdict *verdict, uint32_t levels,
	       enum event_reason reason, struct event ret[1])
{
	int before = advice_level(advice);
	advice->held &= ~levels;
	int after = advice_level(advice);
	for (int l = 1; l < LEVEL_SLOTS; l++) {
		if (levels & 1u << l)
			advice->beyond_since[l] = 0;
	}
	if (after == before)
		return 0;
	note_event(advice, event_kind_between(before, after), before, BASIS_OBSERVED, ret);
	ret->reason = reason;
	end_fall(advice, after, verdict);
	return 1;
}

static int step_present(struct advice *advice, const struct verdict *verdict,
			enum event_reason cause, struct event ret[WARNING_EVENTS_MAX])
{
	if (verdict->hour != advice->last_hour || verdict->bridged || verdict->dust)
		return 0;
	return step_advice(advice, verdict, cause, ret);
}

int advice_step(struct advice *advice, const struct verdict *verdict,
		struct event ret[WARNING_EVENTS_MAX])
{
	if (verdict->hour <= advice->last_hour)
		return 0;
	advice->last_hour = verdict->hour;
	return step_present(advice, verdict, REASON_OBSERVED, ret);
}

int advice_step_again(struct advice *advice, const struct verdict *verdict, enum event_reason cause,
		      struct event ret[WARNING_EVENTS_MAX])
{
	return step_present(advice, verdict, cause, ret);
}

void advice_note(struct advice *advice, enum event_kind kind, int64_t hour, struct event *ret)
{
	note_event(advice, kind, advice_level(advice), BASIS_OBSERVED, ret);
	ret->hour = hour;
}
