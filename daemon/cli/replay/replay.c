/* SPDX-License-Identifier: MIT */
#include "replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "stages.h"

#define NONE_OPEN (-1)

struct known {
	struct timeline_hour hour;
	struct own_hour own;
};

struct run {
	const struct replay_order *order;
	struct engine_rules rules;
	struct engine_state state;
	struct known *known; /* what each hour of the record will have been; NULL: unused */
	/* the stretch that goes on, by level and condition: an index into replay->conditions */
	int open[LEVEL_SLOTS][PLAN_CONDITIONS_MAX];
	struct replay *replay;
};

struct scope replay_scope(const struct hours_file *record)
{
	pollutant_set particles = record->monitored & (1u << POLLUTANT_PM25 | 1u << POLLUTANT_PM10);
	return (struct scope){record->monitored, particles ? particles : record->monitored};
}

/* Room for one more of `size` bytes; the room doubles when n is a power of two. Negative errno. */
static int grow_array(void **array, int n, size_t size)
{
	if (n > 0 && (n & (n - 1)) != 0)
		return 0;
	void *larger = realloc(*array, (n == 0 ? 1 : 2 * (size_t)n) * size);
	if (!larger)
		return -ENOMEM;
	*array = larger;
	return 0;
}

/* ---- the record as its own forecast ---- */

static struct known index_hour(struct run *run, int i, struct engine_step *step)
{
	const struct hours_file *record = run->order->record;
	const struct timeline *timeline = &run->state.timeline;
	engine_index(&run->rules, &run->state, record->first + i, &record->hours[i], step);
	return (struct known){timeline->hours[timeline->past - 1],
			      timeline->own[timeline->past - 1]};
}

/* A first time over the record, for what its hours will have been. Leaves the state as it began. */
static int look_ahead(struct run *run)
{
	struct engine_step step;
	int n = run->order->record->n;
	run->known = calloc((size_t)n, sizeof(*run->known));
	if (!run->known)
		return -ENOMEM;
	for (int i = 0; i < n; i++)
		run->known[i] = index_hour(run, i, &step);
	run->state = (struct engine_state){0};
	return 0;
}

/* The hours after the i-th join the timeline; a forecast ends with an hour of which it says
 * something. */
static void join_ahead(struct run *run, int i)
{
	struct timeline *timeline = &run->state.timeline;
	int n = run->order->ahead_h, left = run->order->record->n - i - 1;
	if (n > left)
		n = left;
	while (n > 0 && run->known[i + n].hour.daily_milli == TIMELINE_UNKNOWN)
		n--;
	timeline->ahead = n;
	timeline->n_issues = 1;
	timeline->issues[0] = (struct forecast_issue){timeline->now * HOUR_MS, "record"};
	for (int k = 0; k < n; k++) {
		struct timeline_hour *hour = &timeline->hours[timeline->past + k];
		*hour = run->known[i + 1 + k].hour;
		timeline->own[timeline->past + k] = run->known[i + 1 + k].own;
		hour->issue = 1;
		hour->basis = BASIS_FORECAST;
	}
}

/* ---- what an hour brought ---- */

static int open_condition(struct run *run, int level, int64_t hour, int *ret)
{
	struct replay *replay = run->replay;
	int r = grow_array((void **)&replay->conditions, replay->n_conditions,
			   sizeof(replay->conditions[0]));
	if (r != 0)
		return r;
	*ret = replay->n_conditions++;
	replay->conditions[*ret] = (struct replay_condition){level, hour, hour};
	return 0;
}

/* A run that goes on after hours that decided nothing is still the same: the plan bridged them. */
static int follow_condition(struct run *run, int level, int c, const struct verdict *verdict)
{
	int *open = &run->open[level][c];
	bool met = verdict->levels[level].conditions[c].met_run != 0;
	if (met && *open == NONE_OPEN)
		return open_condition(run, level, verdict->hour, open);
	if (met)
		run->replay->conditions[*open].to = verdict->hour;
	else if (!verdict->bridged)
		*open = NONE_OPEN;
	return 0;
}

static int follow_conditions(struct run *run, const struct verdict *verdict)
{
	int r = 0;
	for (int l = 1; l <= run->rules.plan->n_levels; l++) {
		for (int c = 0; c < run->rules.plan->levels[l].n_any && r == 0; c++)
			r = follow_condition(run, l, c, verdict);
	}
	return r;
}

static int keep_events(struct run *run, const struct engine_step *step)
{
	struct replay *replay = run->replay;
	for (int i = 0; i < step->n_events; i++) {
		const struct event *event = &step->events[i];
		int r = grow_array((void **)&replay->events, replay->n_events,
				   sizeof(replay->events[0]));
		if (r != 0)
			return r;
		replay->events[replay->n_events++] = (struct replay_event){
			.event = *event,
			.evidence = run->state.advice.evidence,
		};
	}
	return 0;
}

static void take_outlook(struct run *run, int i, const struct aqi *daily)
{
	struct replay *replay = run->replay;
	const struct hours_file *record = run->order->record;
	if (!replay->outlook)
		return;
	const struct chance_hour *hour =
		outlook_scored_take(replay->outlook, record->first + i, &record->hours[i],
				    daily->known ? daily->value : IAQI_NONE);
	struct replay_chance *chance = &replay->chances[i];
	chance->said = hour->said;
	chance->daily = (int16_t)hour->daily;
	for (int t = 0; t < OUTLOOK_THRESHOLDS_MAX && hour->said; t++)
		chance->permille[t] = (int16_t)hour->chances[t].permille;
}

static int take_hour(struct run *run, int i)
{
	struct engine_step step;
	index_hour(run, i, &step);
	if (run->known)
		join_ahead(run, i);
	engine_judge(&run->rules, &run->state, &step);
	take_outlook(run, i, &step.daily);
	run->replay->hours[i] =
		(struct replay_hour){step.realtime, step.daily, advice_level(&run->state.advice)};
	int r = follow_conditions(run, &step.verdict);
	return r == 0 ? keep_events(run, &step) : r;
}

static int take_hours(struct run *run)
{
	const struct replay_order *order = run->order;
	int n = order->record->n, r = order->ahead_h > 0 ? look_ahead(run) : 0;
	for (int i = 0; i < n && r == 0; i++) {
		r = take_hour(run, i);
		if (order->progress)
			order->progress(i + 1, n);
	}
	return r;
}

static int begin_outlook(const struct replay_order *order, struct replay *replay)
{
	if (!order->outlook)
		return 0;
	replay->chances = calloc((size_t)order->record->n, sizeof(replay->chances[0]));
	replay->outlook = calloc(1, sizeof(*replay->outlook));
	if (!replay->chances || !replay->outlook)
		return -ENOMEM;
	outlook_scored_begin(order->conf, replay->outlook);
	return 0;
}

int replay_run(const struct replay_order *order, struct replay *ret)
{
	const struct hours_file *record = order->record;
	struct replay replay = {.first = record->first, .n_hours = record->n};
	struct run *run = calloc(1, sizeof(*run));
	replay.hours = calloc((size_t)record->n, sizeof(replay.hours[0]));
	int r = -ENOMEM;
	if (run && replay.hours && begin_outlook(order, &replay) == 0) {
		run->order = order;
		run->rules = (struct engine_rules){
			&order->conf->edition, &order->conf->plan, replay_scope(record), {0}};
		run->replay = &replay;
		for (int l = 0; l < LEVEL_SLOTS; l++)
			for (int c = 0; c < PLAN_CONDITIONS_MAX; c++)
				run->open[l][c] = NONE_OPEN;
		r = take_hours(run);
		free(run->known);
	}
	free(run);
	if (r == 0)
		*ret = replay;
	else
		replay_done(&replay);
	return r;
}

void replay_done(struct replay *replay)
{
	free(replay->hours);
	free(replay->conditions);
	free(replay->events);
	free(replay->chances);
	free(replay->outlook);
	*replay = (struct replay){0};
}
