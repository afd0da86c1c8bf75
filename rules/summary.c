/* SPDX-License-Identifier: MIT */
/*
 *   yellow from Monday, red from Tuesday, lifted on Thursday, yellow again on Friday: one summary
 * is due, of the red episode, within 5 working days of Thursday, and Friday's does not change that
 */
#include "summary.h"

#include <string.h>

struct summaries summaries_of(const struct plan *plan, const struct calendar *calendar,
			      int64_t now_ms)
{
	return (struct summaries){.plan = plan, .calendar = calendar, .now_ms = now_ms};
}

static uint32_t units_at(const struct plan *plan, int level)
{
	int indices[PLAN_MEASURES_MAX];
	uint32_t units = 0;
	int n = level > LEVEL_NONE ? plan_measures_at(plan, level, indices) : 0;
	for (int i = 0; i < n; i++)
		units |= plan->measures[indices[i]].units;
	return units;
}

static void end_episode(struct summaries *summaries, int64_t at_ms)
{
	struct summary *ended = &summaries->running;
	ended->ended_ms = at_ms;
	ended->due_day = calendar_due(summaries->calendar, calendar_day(at_ms),
				      summaries->plan->summary_days, &ended->certain);
	if (calendar_day(summaries->now_ms) <= ended->due_day + SUMMARY_KEPT_DAYS) {
		if (summaries->n == SUMMARIES_MAX)
			memmove(&summaries->list[0], &summaries->list[1],
				(size_t)--summaries->n * sizeof(*ended));
		summaries->list[summaries->n++] = *ended;
	}
	summaries->running = (struct summary){0};
}

void summaries_follow(struct summaries *summaries, const struct force_row *row)
{
	struct summary *running = &summaries->running;
	if (summaries->plan->summary_days == 0 || row->from_ms > summaries->now_ms)
		return;
	if (row->level == LEVEL_NONE) {
		if (running->episode != 0)
			end_episode(summaries, row->from_ms);
		return;
	}
	if (running->episode == 0)
		*running = (struct summary){.episode = row->directive, .begun_ms = row->from_ms};
	if (row->level > running->level)
		running->level = row->level;
	running->units |= units_at(summaries->plan, row->level);
}

void summary_answered(struct summary *summary, const struct plan *plan, const char *unit)
{
	for (int u = 0; u < plan->n_units; u++) {
		if (strcmp(plan->units[u].id, unit) == 0)
			summary->done |= summary->units & (1u << u);
	}
}

bool summary_is_open(const struct summary *summary)
{
	return summary->units == 0 || summary->done != summary->units;
}

bool summary_is_late(const struct summary *summary, int64_t now_ms)
{
	return calendar_day(now_ms) > summary->due_day;
}
