/* SPDX-License-Identifier: MIT */
/*
 * Plan 4.1 against the hours, as domain.md 3 reads it.
 *
 * A condition is met by one base run: consecutive daily AQIs that fulfil its longest daily part.
 * The other parts must be fulfilled inside it: daily ones by values of the run, hourly ones by
 * hours of air that the run covers (from its first value less 23 h). Everything is asked twice,
 * once with missing values as 0 and once as 500; where the answers differ, the answer is unknown.
 * Hours after the last one that a forecast knows are not asked for what they might bring, only for
 * what they would have to be to release a level.
 *
 *   daily AQI 160 for 25 hours, one hour of real-time AQI 210 among the 48 they cover: yellow of
 * the Hetang plan is met at the 25th value; with 24 values it is not
 */
#include "evaluate.h"

#include <assert.h>
#include <string.h>

#include "run.h"

#define AQI_MOST 500 /* no air has more */

/* What one condition says of one base run. */
struct finding {
	int condition; /* index into plan_level.any */
	struct run run;
	bool met;
	int met_at;
	int32_t longest[PLAN_PARTS_MAX]; /* values */
};

static struct finding examine(const struct view *view, const struct plan_level *level, int index,
			      struct run run)
{
	const struct plan_condition *condition = &level->any[index];
	struct finding finding = {.condition = index, .run = run, .met = true, .met_at = NEVER};
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		int at = view_fulfilled(view, part, run, &finding.longest[p]);
		if (at == NEVER)
			finding.met = false;
		else if (at > finding.met_at)
			finding.met_at = at;
	}
	return finding;
}

/* The stretch above the release threshold goes on, lies ahead, or ended less than release_h hours
 * ago, those of a dust event not counted. */
static bool near_enough(const struct view *view, const struct plan_level *level, struct run run)
{
	const struct plan_part above = {.index = PLAN_INDEX_DAILY_AQI,
					.threshold = level->release_threshold};
	int32_t left = view->plan->release_h;
	for (int i = run.last; i >= run.first && left > 0; i--) {
		if (view_dust(view, above.index, i))
			continue;
		if (view_holds(view, &above, i))
			return true;
		left -= i <= view->now;
	}
	return false;
}

/* The highest daily AQI of a run, rounded up as an AQI is. */
static int32_t run_max(const struct view *view, struct run run)
{
	int32_t max = 0;
	for (int i = run.first; i <= run.last; i++) {
		int32_t value = view_value(view, PLAN_INDEX_DAILY_AQI, i);
		if (value > max && !view_dust(view, PLAN_INDEX_DAILY_AQI, i))
			max = value;
	}
	return (max + AQI_MILLI - 1) / AQI_MILLI;
}

static void write_parts(const struct view *view, const struct plan_condition *condition,
			const int32_t longest[PLAN_PARTS_MAX],
			struct part_progress ret[PLAN_PARTS_MAX])
{
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		ret[p].hours = plan_part_hours(view->plan, part, longest[p]);
		ret[p].needed = part->for_h;
	}
}

static void write_evidence(const struct view *view, const struct plan_level *level,
			   const struct finding *finding, struct evidence *ret)
{
	const struct plan_condition *condition = &level->any[finding->condition];
	const struct timeline *timeline = view->timeline;
	struct run run = finding->run;
	*ret = (struct evidence){.condition = finding->condition};
	ret->run_first = timeline_label(timeline, run.first);
	ret->run_last = timeline_label(timeline, run.last);
	ret->run_max = run_max(view, run);
	ret->run_hours = view_run_values(view, run) + COVERED_BEFORE_H;
	ret->met_at = finding->met ? timeline_label(timeline, finding->met_at) : 0;
	ret->onset = ret->run_first - COVERED_BEFORE_H;
	if (ret->onset < timeline->now)
		ret->onset = timeline->now;
	if (finding->met_at > view->now || (!finding->met && run.last > view->now))
		ret->basis = timeline->basis;
	write_parts(view, condition, finding->longest, ret->parts);
}

/* How many hours the part that is furthest behind still needs. */
static int32_t hours_missing(const struct evidence *evidence, int n_parts)
{
	int32_t most = 0;
	for (int p = 0; p < n_parts; p++) {
		int32_t missing = evidence->parts[p].needed - evidence->parts[p].hours;
		if (missing > most)
			most = missing;
	}
	return most;
}

/* What one condition says over every run that goes on or lies ahead: the best of them. */
struct answer {
	bool met, called;
	int32_t in_h;    /* as in condition_verdict */
	int64_t met_run; /* first value of the run that goes on now and meets it; 0: none */
	int32_t missing;
	struct evidence evidence;
};

/* Consecutive values up to the present hour at which a part holds. */
static int32_t stretch_now(const struct view *view, const struct plan_part *part, struct run run)
{
	int32_t stretch = 0;
	for (int i = view->now; i >= run.first; i--) {
		if (view_dust(view, part->index, i))
			continue;
		if (!view_holds(view, part, i))
			break;
		stretch++;
	}
	return stretch;
}

/* "orange in 11 h if this goes on": every part that is not fulfilled holds now and only lacks
 * hours. */
static int32_t hours_to_go(const struct view *view, const struct plan_condition *condition,
			   const struct finding *finding)
{
	int32_t most = 0;
	if (finding->run.first > view->now)
		return NOT_SO;
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		int32_t need = plan_part_values(view->plan, part);
		if (finding->longest[p] >= need)
			continue;
		int32_t stretch = stretch_now(view, part, finding->run);
		if (stretch == 0)
			return NOT_SO;
		most = need - stretch > most ? need - stretch : most;
	}
	return most;
}

static bool is_better(const struct answer *a, const struct answer *b)
{
	if (a->called != b->called)
		return a->called;
	return a->missing < b->missing;
}

static struct answer ask_run(const struct view *view, const struct plan_level *level, int index,
			     struct run run)
{
	struct finding finding = examine(view, level, index, run);
	struct answer answer = {.met = finding.met,
				.called = finding.met && near_enough(view, level, run),
				.in_h = hours_to_go(view, &level->any[index], &finding)};
	write_evidence(view, level, &finding, &answer.evidence);
	answer.missing = hours_missing(&answer.evidence, level->any[index].n_parts);
	if (finding.met && run.first <= view->now)
		answer.met_run = answer.evidence.run_first;
	return answer;
}

static struct answer ask_condition(const struct view *view, const struct plan_level *level,
				   int index)
{
	const struct plan_condition *condition = &level->any[index];
	const int32_t nothing[PLAN_PARTS_MAX] = {0};
	struct answer best = {.missing = INT32_MAX, .in_h = NOT_SO, .evidence.condition = index};
	struct run run;
	write_parts(view, condition, nothing, best.evidence.parts); /* no run: what is needed */
	for (int from = view->now; view_next_run(view, &condition->parts[0], from, &run);
	     from = run.last + 1) {
		struct answer answer = ask_run(view, level, index, run);
		bool met = best.met || answer.met;
		int64_t met_run = answer.met_run ? answer.met_run : best.met_run;
		if (is_better(&answer, &best))
			best = answer;
		best.met = met;
		best.met_run = met_run;
	}
	return best;
}

static enum truth both(bool with_zero, bool with_most)
{
	if (with_zero)
		return TRUTH_TRUE;
	return with_most ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static enum truth at_least(enum truth a, enum truth b)
{
	return a > b ? a : b;
}

/* The conditions of a level, seen with missing values as 0 and as 500. */
static void ask_level(const struct view *zero, const struct view *most,
		      const struct plan_level *level, struct level_verdict *ret)
{
	struct answer best = {0};
	for (int i = 0; i < level->n_any; i++) {
		struct answer sure = ask_condition(zero, level, i);
		struct answer possible = ask_condition(most, level, i);
		struct condition_verdict *condition = &ret->conditions[i];
		condition->met = both(sure.met, possible.met);
		condition->met_run = sure.met_run;
		condition->in_h = sure.met ? 0 : sure.in_h;
		memcpy(condition->parts, sure.evidence.parts, sizeof(condition->parts));
		ret->met = at_least(ret->met, condition->met);
		ret->called = at_least(ret->called, both(sure.called, possible.called));
		if (i == 0 || is_better(&sure, &best))
			best = sure;
	}
	ret->evidence = best.evidence;
}

/* release_h known hours in a row at or below the threshold: ahead as far as a forecast reaches, the
 * rest behind, the present one among them; those of a dust event are passed over. */
static enum truth ask_released(const struct view *view, const struct plan_level *level)
{
	int i = view->end - 1;
	if (i > view->now + view->plan->release_h - 1)
		i = view->now + view->plan->release_h - 1;
	enum truth released = TRUTH_TRUE;
	for (int32_t left = view->plan->release_h; left > 0; i--) {
		const struct timeline_hour *hour = i >= 0 ? &view->timeline->hours[i] : NULL;
		if (hour && (hour->dust || hour->dust_blind))
			continue;
		left--;
		if (!hour || hour->daily_milli == TIMELINE_UNKNOWN)
			released = TRUTH_UNKNOWN;
		else if (hour->daily_milli > level->release_threshold * AQI_MILLI)
			return TRUTH_FALSE;
	}
	return released;
}

static bool is_unknown(const struct timeline *timeline, int i)
{
	const struct timeline_hour *hour = &timeline->hours[i];
	return hour->daily_milli == TIMELINE_UNKNOWN && hour->realtime_milli == TIMELINE_UNKNOWN &&
	       !hour->short_heavy;
}

/* One past the last hour ahead of which a forecast says something. */
static int known_end(const struct timeline *timeline)
{
	int end = timeline->past + timeline->ahead;
	while (end > timeline->past && is_unknown(timeline, end - 1))
		end--;
	return end;
}

/* The present hour is missing and the gap that ends with it is still one that may be bridged. */
static bool in_short_gap(const struct plan *plan, const struct timeline *timeline)
{
	int i = timeline->past - 1, missing = 0;
	while (i >= 0 && missing <= plan->gap_h &&
	       timeline->hours[i].daily_milli == TIMELINE_UNKNOWN) {
		missing += !timeline->hours[i].dust && !timeline->hours[i].dust_blind;
		i--;
	}
	return i >= 0 && missing > 0 && missing <= plan->gap_h;
}

void evaluate(const struct plan *plan, const struct timeline *timeline, struct verdict *ret)
{
	assert(timeline->past > 0);
	const struct timeline_hour *now = &timeline->hours[timeline->past - 1];
	struct view zero = {.plan = plan,
			    .timeline = timeline,
			    .assumed_milli = 0,
			    .now = timeline->past - 1,
			    .end = known_end(timeline)};
	struct view most = zero, all = zero;
	most.assumed_milli = AQI_MOST * AQI_MILLI;
	all.end = timeline->past + timeline->ahead;
	*ret = (struct verdict){.hour = timeline->now};
	ret->dust = now->dust || now->dust_blind;
	ret->bridged = zero.end == timeline->past && in_short_gap(plan, timeline);
	ret->basis = zero.end > timeline->past ? timeline->basis : BASIS_OBSERVED;
	for (int l = LEVEL_RED; l > LEVEL_NONE; l--) {
		struct level_verdict *verdict = &ret->levels[l];
		ask_level(&zero, &most, &plan->levels[l], verdict);
		verdict->released = ask_released(&all, &plan->levels[l]);
		if (l < LEVEL_RED)
			verdict->called = at_least(verdict->called, ret->levels[l + 1].called);
	}
}
