/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"

#define DAY_MS (24 * HOUR_MS)
#define BEIJING_MS (8 * HOUR_MS)

enum { CELL_ISSUED, CELL_SOURCE, CELL_KIND, CELL_HOUR, CELL_MIN, CELL_MAX, CELL_CAME };

static void add_threshold(struct score *score, int32_t threshold)
{
	int at = 0;
	while (at < score->n_thresholds && score->thresholds[at] < threshold)
		at++;
	if (score->n_thresholds == SCORE_THRESHOLDS_MAX ||
	    (at < score->n_thresholds && score->thresholds[at] == threshold))
		return;
	memmove(&score->thresholds[at + 1], &score->thresholds[at],
		(size_t)(score->n_thresholds - at) * sizeof(score->thresholds[0]));
	score->thresholds[at] = threshold;
	score->n_thresholds++;
}

static void add_condition(struct score *score, const struct plan_condition *condition)
{
	for (int p = 0; p < condition->n_parts; p++) {
		const struct plan_part *part = &condition->parts[p];
		if (part->index == PLAN_INDEX_DAILY_AQI && !part->at_least)
			add_threshold(score, part->threshold);
	}
}

struct score score_begin(const struct plan *plan)
{
	struct score score = {.plan = plan};
	for (int l = 1; l <= plan->n_levels; l++) {
		for (int i = 0; i < plan->levels[l].n_any; i++)
			add_condition(&score, &plan->levels[l].any[i]);
	}
	return score;
}

static struct score_source *find_source(struct score *score, const char *name)
{
	for (int i = 0; i < score->n_sources; i++) {
		if (strcmp(score->sources[i].name, name) == 0)
			return &score->sources[i];
	}
	if (score->n_sources == SCORE_SOURCES_MAX)
		return NULL;
	struct score_source *source = &score->sources[score->n_sources++];
	snprintf(source->name, sizeof(source->name), "%s", name);
	return source;
}

static void add_pair(const struct score *score, struct score_lead *lead, int32_t said, int32_t came)
{
	lead->n++;
	lead->error_sum += labs((long)said - came);
	for (int t = 0; t < score->n_thresholds; t++) {
		bool forecast = said > score->thresholds[t], is = came > score->thresholds[t];
		lead->hits[t] += forecast && is;
		lead->false_alarms[t] += forecast && !is;
		lead->missed[t] += !forecast && is;
	}
}

/* Days of Beijing since 1970. */
static int64_t count_days(int64_t ms)
{
	return (ms + BEIJING_MS) / DAY_MS;
}

bool score_add(void *ctx, const struct past_cell *cells, int n)
{
	struct score *score = ctx;
	int64_t lead =
		count_days(cells[CELL_HOUR].number - 1) - count_days(cells[CELL_ISSUED].number) - 1;
	if (n <= CELL_CAME || cells[CELL_SOURCE].kind != PAST_TEXT ||
	    cells[CELL_MIN].kind != PAST_NUMBER || cells[CELL_MAX].kind != PAST_NUMBER ||
	    lead < 0 || lead >= SCORE_LEADS)
		return true;
	struct score_source *source = find_source(score, cells[CELL_SOURCE].text);
	int64_t least = cells[CELL_MIN].number, most = cells[CELL_MAX].number;
	int64_t said = score->plan->bulletin_max ? most : (least + most) / 2;
	if (source)
		add_pair(score, &source->leads[lead], (int32_t)said,
			 (int32_t)cells[CELL_CAME].number);
	return source != NULL;
}
