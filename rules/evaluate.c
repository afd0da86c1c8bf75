/* SPDX-License-Identifier: MIT */
/*
 * Plan 4.1 against the hours, as domain.md 3 reads it.
 *
 * A condition is met by one base run: consecutive daily AQIs that fulfil its longest daily part.
 * The other parts must be fulfilled inside it: daily ones by values of the run, hourly ones by
 * hours of air that the run covers (from its first value less 23 h). Everything is asked twice,
 * once with missing values as 0 and once as 500; where the answers differ, the answer is unknown.
 *
 *   daily AQI 160 for 25 hours, one hour of real-time AQI 210 among the 48 they cover: yellow of
 * the Hetang plan is met at the 25th value; with 24 values it is not
 */
#include "evaluate.h"

#include <assert.h>
#include <string.h>

/* Hours of air that the first daily value of a run covers before it. */
#define COVERED_BEFORE_H 23
/* Hours before the record are unknown, not absent: as many as a part can ask for. */
#define UNKNOWN_BEFORE_H (PLAN_HOURS_MAX + COVERED_BEFORE_H)

/* The hours seen with every missing value taken as `assumed`. */
struct view {
	const struct plan *plan;
	const struct timeline *timeline;
	int32_t assumed; /* 0 or 500 */
	int now, end;    /* indices: the present hour; one past the last hour */
};

struct run {
	int first, last;
};

static int32_t raw_value(const struct view *view, enum plan_index index, int i)
{
	if (i < 0 || i >= view->end)
		return TIMELINE_UNKNOWN;
	const struct timeline_hour *hour = &view->timeline->hours[i];
	return index == PLAN_INDEX_DAILY_AQI ? hour->daily_aqi : hour->realtime_aqi;
}

/* A short gap inside a run: known values on both sides fulfil the part. */
static bool bridged(const struct view *view, const struct plan_part *part, int i)
{
	int before = i, after = i;
	while (before >= 0 && raw_value(view, part->index, before) == TIMELINE_UNKNOWN &&
	       i - before <= view->plan->gap_h)
		before--;
	while (after < view->end && raw_value(view, part->index, after) == TIMELINE_UNKNOWN &&
	       after - i <= view->plan->gap_h)
		after++;
	int32_t low = raw_value(view, part->index, before);
	int32_t high = raw_value(view, part->index, after);
	return low != TIMELINE_UNKNOWN && high != TIMELINE_UNKNOWN &&
	       after - before - 1 <= view->plan->gap_h && plan_part_holds(part, low) &&
	       plan_part_holds(part, high);
}

static bool holds_at(const struct view *view, const struct plan_part *part, int i)
{
	if (i < -UNKNOWN_BEFORE_H || i >= view->end)
		return false;
	int32_t value = raw_value(view, part->index, i);
	if (value != TIMELINE_UNKNOWN)
		return plan_part_holds(part, value);
	return plan_part_holds(part, view->assumed) || bridged(view, part, i);
}

/* The first index at which `need` values in a row hold inside [from, to]; -1 - UNKNOWN_BEFORE_H and
 * less: none. *ret_longest is the longest stretch. */
#define NEVER (-UNKNOWN_BEFORE_H - COVERED_BEFORE_H - 1)
static int first_fulfilled(const struct view *view, const struct plan_part *part, struct run in,
			   int32_t *ret_longest)
{
	int32_t need = plan_part_values(view->plan, part), stretch = 0, longest = 0;
	int fulfilled = NEVER;
	for (int i = in.first; i <= in.last; i++) {
		stretch = holds_at(view, part, i) ? stretch + 1 : 0;
		if (stretch > longest)
			longest = stretch;
		if (stretch == need && fulfilled == NEVER)
			fulfilled = i;
	}
	*ret_longest = longest;
	return fulfilled;
}

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
		struct run in = run;
		if (part->index == PLAN_INDEX_HOURLY_AQI)
			in.first -= COVERED_BEFORE_H;
		int at = first_fulfilled(view, part, in, &finding.longest[p]);
		if (at == NEVER)
			finding.met = false;
		else if (at > finding.met_at)
			finding.met_at = at;
	}
	return finding;
}

/* The stretch above the release threshold goes on, lies ahead, or ended less than release_h ago. */
static bool near_enough(const struct view *view, const struct plan_level *level, struct run run)
{
	const struct plan_part above = {.index = PLAN_INDEX_DAILY_AQI,
					.threshold = level->release_threshold};
	int from = view->now - view->plan->release_h + 1;
	for (int i = run.last; i >= run.first && i >= from; i--) {
		if (holds_at(view, &above, i))
			return true;
	}
	return false;
}

/* The next run of the base part that ends at `from` or later; false if there is none. */
static bool next_run(const struct view *view, const struct plan_part *base, int from,
		     struct run *ret)
{
	int first = from;
	while (first < view->end && !holds_at(view, base, first))
		first++;
	if (first >= view->end)
		return false;
	int last = first;
	while (holds_at(view, base, first - 1))
		first--;
	while (holds_at(view, base, last + 1))
		last++;
	*ret = (struct run){first, last};
	return true;
}

static int32_t run_max(const struct view *view, struct run run)
{
	int32_t max = 0;
	for (int i = run.first; i <= run.last; i++) {
		int32_t value = raw_value(view, PLAN_INDEX_DAILY_AQI, i);
		if (value > max)
			max = value;
	}
	return max;
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
	ret->run_hours = run.last - run.first + 1 + COVERED_BEFORE_H;
	ret->met_at = finding->met ? timeline_label(timeline, finding->met_at) : 0;
	ret->onset = ret->run_first - COVERED_BEFORE_H;
	if (ret->onset < timeline->now)
		ret->onset = timeline->now;
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		ret->parts[p].hours = plan_part_hours(view->plan, part, finding->longest[p]);
		ret->parts[p].needed = part->for_h;
	}
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

struct answer {
	bool met, called;
	int64_t met_run[PLAN_CONDITIONS_MAX];
	int32_t missing;
	struct evidence evidence;
};

/* One condition over every run that goes on or lies ahead; the best of them is the answer. */
static void ask_condition(const struct view *view, const struct plan_level *level, int index,
			  struct answer *answer)
{
	const struct plan_condition *condition = &level->any[index];
	struct run run;
	for (int from = view->now; next_run(view, &condition->parts[0], from, &run);
	     from = run.last + 1) {
		struct finding finding = examine(view, level, index, run);
		bool called = finding.met && near_enough(view, level, run);
		struct evidence evidence;
		write_evidence(view, level, &finding, &evidence);
		int32_t missing = hours_missing(&evidence, condition->n_parts);
		bool better = answer->evidence.run_first == 0 || (called && !answer->called) ||
			      (called == answer->called && missing < answer->missing);
		answer->met = answer->met || finding.met;
		if (finding.met && run.first <= view->now)
			answer->met_run[index] = evidence.run_first;
		answer->called = answer->called || called;
		if (!better)
			continue;
		answer->missing = missing;
		answer->evidence = evidence;
	}
}

static struct answer ask_level(const struct view *view, const struct plan_level *level)
{
	struct answer answer = {0};
	for (int i = 0; i < level->n_any; i++)
		ask_condition(view, level, i, &answer);
	if (answer.evidence.run_first == 0) { /* no run: what would be needed */
		const struct plan_condition *first = &level->any[0];
		for (int p = 0; p < first->n_parts; p++)
			answer.evidence.parts[p].needed = first->parts[p].for_h;
	}
	return answer;
}

static enum truth both(bool with_zero, bool with_most)
{
	if (with_zero)
		return TRUTH_TRUE;
	return with_most ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* release_h known hours in a row at or below the threshold: ahead as far as they reach, the rest
 * behind, the present one among them. */
static enum truth ask_released(const struct view *view, const struct plan_level *level)
{
	int last = view->end - 1;
	if (last > view->now + view->plan->release_h - 1)
		last = view->now + view->plan->release_h - 1;
	enum truth released = TRUTH_TRUE;
	for (int i = last - view->plan->release_h + 1; i <= last; i++) {
		int32_t value = raw_value(view, PLAN_INDEX_DAILY_AQI, i);
		if (value > level->release_threshold)
			return TRUTH_FALSE;
		if (value == TIMELINE_UNKNOWN)
			released = TRUTH_UNKNOWN;
	}
	return released;
}

/* The present hour is missing and the gap that ends with it is still one that may be bridged. */
static bool in_short_gap(const struct view *view)
{
	int i = view->now;
	while (i >= 0 && raw_value(view, PLAN_INDEX_DAILY_AQI, i) == TIMELINE_UNKNOWN)
		i--;
	return i >= 0 && i < view->now && view->now - i <= view->plan->gap_h;
}

void evaluate(const struct plan *plan, const struct timeline *timeline, struct verdict *ret)
{
	assert(timeline->past > 0);
	struct view zero = {.plan = plan,
			    .timeline = timeline,
			    .assumed = 0,
			    .now = timeline->past - 1,
			    .end = timeline->past + timeline->ahead};
	struct view most = zero;
	most.assumed = 500;
	*ret = (struct verdict){.hour = timeline->now};
	ret->bridged = timeline->ahead == 0 && in_short_gap(&zero);
	for (int l = LEVEL_RED; l > LEVEL_NONE; l--) {
		struct level_verdict *verdict = &ret->levels[l];
		struct answer sure = ask_level(&zero, &plan->levels[l]);
		struct answer possible = ask_level(&most, &plan->levels[l]);
		verdict->met = both(sure.met, possible.met);
		verdict->called = both(sure.called, possible.called);
		verdict->released = ask_released(&zero, &plan->levels[l]);
		verdict->evidence = sure.evidence;
		memcpy(verdict->met_run, sure.met_run, sizeof(verdict->met_run));
		if (l < LEVEL_RED && ret->levels[l + 1].called > verdict->called)
			verdict->called = ret->levels[l + 1].called;
	}
}
