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

#include "alert.h"
#include "run.h"

/* What one condition says of one base run. */
struct finding {
	int condition; /* index into plan_level.any */
	struct run run;
	bool met;
	int met_at;
	struct stretch stretches[PLAN_PARTS_MAX];
};

static struct finding examine_condition(const struct view *view, const struct plan_level *level,
					int index, struct run run)
{
	const struct plan_condition *condition = &level->any[index];
	struct finding finding = {.condition = index, .run = run, .met = true, .met_at = NEVER};
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		int at = view_fulfilled(view, part, run, &finding.stretches[p]);
		if (at == NEVER)
			finding.met = false;
		else if (at > finding.met_at)
			finding.met_at = at;
	}
	return finding;
}

/* What keeps a condition's level: to be above the limit of one of its indices; where the release
 * has none of these, its base itself. */
static struct plan_part part_that_keeps(const struct plan_level *level,
					const struct plan_condition *condition)
{
	for (int p = 0; p < condition->n_parts; p++) {
		for (int k = 0; k < level->release.n; k++) {
			const struct plan_limit *limit = &level->release.limits[k];
			if (limit->index == condition->parts[p].index)
				return (struct plan_part){.index = limit->index,
							  .at_least = limit->below,
							  .threshold = limit->threshold};
		}
	}
	return condition->parts[0];
}

/* The stretch above the release threshold goes on, lies ahead, or ended less than release_h hours
 * ago, those of a dust event not counted. */
static bool near_enough(const struct view *view, int rank, int index, struct run run)
{
	const struct plan_level *level = &view->plan->levels[rank];
	const struct plan_part above = part_that_keeps(level, &level->any[index]);
	int32_t left = plan_release_h(view->plan, rank);
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
			const struct finding *finding, struct evidence *ret)
{
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		const struct stretch *stretch = &finding->stretches[p];
		int32_t need = plan_part_values(view->plan, part);
		int32_t hours = plan_part_hours(view->plan, part, stretch->in_numbers);
		int32_t known = stretch->in_numbers >= need ? part->for_h : 0;
		if (known < ret->run_hours)
			known = ret->run_hours;
		ret->parts[p] = (struct part_progress){
			.hours = hours < known ? hours : known,
			.needed = part->for_h,
			.said = stretch->in_numbers < need && stretch->longest >= need,
		};
	}
}

/* The last hour that the evidence rests on; the present one if none ahead does. */
static int find_last_ground(const struct view *view, const struct finding *finding)
{
	int last = finding->met ? finding->met_at : finding->run.last;
	return last > view->now ? last : view->now;
}

static enum basis basis_until(const struct view *view, int last)
{
	enum basis basis = BASIS_OBSERVED;
	for (int i = view->now + 1; i <= last; i++) {
		if (view->timeline->hours[i].basis > basis)
			basis = (enum basis)view->timeline->hours[i].basis;
	}
	return basis;
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
	ret->run_hours = view_run_air(view, run);
	ret->met_at = finding->met ? timeline_label(timeline, finding->met_at) : 0;
	ret->onset = alert_advice_onset(ret->run_first, timeline->now);
	ret->basis = basis_until(view, find_last_ground(view, finding));
	write_parts(view, condition, finding, ret);
}

/* How many hours the part that is furthest behind still needs. */
static int32_t hours_missing(const struct evidence *evidence, int n_parts)
{
	int32_t most = 0;
	for (int p = 0; p < n_parts; p++) {
		int32_t missing = evidence->parts[p].needed - evidence->parts[p].hours;
		if (missing > most && !evidence->parts[p].said)
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
	uint32_t issues; /* bits: on whose hours ahead it rests */
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
		if (finding->stretches[p].longest >= need)
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

static struct answer ask_run(const struct view *view, int rank, int index, struct run run)
{
	const struct plan_level *level = &view->plan->levels[rank];
	struct finding finding = examine_condition(view, level, index, run);
	struct answer answer = {.met = finding.met,
				.called = finding.met && near_enough(view, rank, index, run),
				.in_h = hours_to_go(view, &level->any[index], &finding)};
	write_evidence(view, level, &finding, &answer.evidence);
	answer.missing = hours_missing(&answer.evidence, level->any[index].n_parts);
	answer.issues =
		timeline_issues(view->timeline, view->now + 1, find_last_ground(view, &finding));
	if (finding.met && run.first <= view->now)
		answer.met_run = answer.evidence.run_first;
	return answer;
}

static struct answer ask_condition(const struct view *view, int rank, int index)
{
	const struct plan_condition *condition = &view->plan->levels[rank].any[index];
	const struct finding nothing = {0};
	struct answer best = {.missing = INT32_MAX, .in_h = NOT_SO, .evidence.condition = index};
	struct run run;
	write_parts(view, condition, &nothing, &best.evidence); /* no run: what is needed */
	if (!plan_is_in_force(view->plan, view->timeline->now) ||
	    !plan_season_has(&condition->season, view->timeline->now))
		return best;
	for (int from = view->now; view_next_run(view, &condition->parts[0], from, &run);
	     from = run.last + 1) {
		struct answer answer = ask_run(view, rank, index, run);
		bool met = best.met || answer.met;
		int64_t met_run = answer.met_run ? answer.met_run : best.met_run;
		if (is_better(&answer, &best))
			best = answer;
		best.met = met;
		best.met_run = met_run;
	}
	return best;
}

static enum truth join_truths(bool with_zero, bool with_most)
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
static void ask_level(const struct view *zero, const struct view *most, int rank,
		      struct level_verdict *ret)
{
	const struct plan_level *level = &zero->plan->levels[rank];
	struct answer best = {0};
	for (int i = 0; i < level->n_any; i++) {
		struct answer sure = ask_condition(zero, rank, i);
		struct answer possible = ask_condition(most, rank, i);
		struct condition_verdict *condition = &ret->conditions[i];
		condition->met = join_truths(sure.met, possible.met);
		condition->met_run = sure.met_run;
		condition->in_h = sure.met ? 0 : sure.in_h;
		memcpy(condition->parts, sure.evidence.parts, sizeof(condition->parts));
		ret->met = at_least(ret->met, condition->met);
		ret->called = at_least(ret->called, join_truths(sure.called, possible.called));
		if (i == 0 || is_better(&sure, &best))
			best = sure;
	}
	ret->evidence = best.evidence;
	ret->issues = best.issues;
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
static bool is_short_gap(const struct plan *plan, const struct timeline *timeline, int index)
{
	int i = timeline->past - 1, missing = 0;
	while (i >= 0 && missing <= plan->gap_h &&
	       timeline_index(timeline, index, i) == TIMELINE_UNKNOWN) {
		missing += !timeline_passes(plan, timeline, index, i);
		i--;
	}
	return i >= 0 && missing > 0 && missing <= plan->gap_h;
}

static bool in_short_gap(const struct plan *plan, const struct timeline *timeline)
{
	bool in_gap = is_short_gap(plan, timeline, PLAN_INDEX_DAILY_AQI);
	for (int index = PLAN_INDEX_OWN; index < PLAN_INDEX_OWN + plan->n_own; index++)
		in_gap = in_gap ||
			 (plan_index_is_daily(plan, index) && is_short_gap(plan, timeline, index));
	return in_gap;
}

/* The hours behind are known, and those ahead are there but of no issue that still counts. */
static bool waits_for_forecast(const struct view *view)
{
	const struct timeline *timeline = view->timeline;
	for (int i = view->now; i > view->now - view->plan->release_h; i--) {
		if (i < 0 || timeline->hours[i].daily_milli == TIMELINE_UNKNOWN)
			return false;
	}
	return timeline->ahead > 0 && view->end == timeline->past;
}

/* How far ahead each of the plan's own indices is known. */
static void find_own_ends(struct view *view)
{
	for (int k = 0; k < view->plan->n_own; k++) {
		int end = view->end;
		while (end > view->timeline->past &&
		       timeline_index(view->timeline, PLAN_INDEX_OWN + k, end - 1) ==
			       TIMELINE_UNKNOWN)
			end--;
		view->own_end[k] = end;
	}
}

static void begin_verdict(const struct view *view, struct verdict *ret)
{
	const struct timeline *timeline = view->timeline;
	const struct timeline_hour *now = &timeline->hours[view->now];
	*ret = (struct verdict){.hour = timeline->now,
				.n_levels = view->plan->n_levels,
				.horizon_hold_h = view->plan->horizon_hold_h,
				.n_issues = timeline->n_issues};
	ret->dust = now->dust || now->dust_blind;
	ret->bridged = view->end == timeline->past && in_short_gap(view->plan, timeline);
	ret->basis = basis_until(view, view->end - 1);
	ret->waits_for_forecast = waits_for_forecast(view);
	memcpy(ret->issues, timeline->issues, sizeof(ret->issues));
}

void evaluate(const struct plan *plan, const struct timeline *timeline, struct verdict *ret)
{
	assert(timeline->past > 0);
	int end = known_end(timeline);
	struct view zero = {.plan = plan,
			    .timeline = timeline,
			    .now = timeline->past - 1,
			    .end = end,
			    .open = end};
	find_own_ends(&zero);
	struct view most = zero;
	most.assumed_milli = VIEW_MOST_MILLI;
	begin_verdict(&zero, ret);
	for (int l = plan->n_levels; l > LEVEL_NONE; l--) {
		struct level_verdict *verdict = &ret->levels[l];
		ask_level(&zero, &most, l, verdict);
		evaluate_release(&zero, l, &verdict->release);
		if (l < plan->n_levels)
			verdict->called = at_least(verdict->called, ret->levels[l + 1].called);
	}
}
