/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "hour.h"

#define DAY_H 24

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

struct score score_begin(const struct conf *conf)
{
	const struct plan *plan = &conf->plan;
	struct score score = {.conf = conf};
	for (int l = 1; l <= plan->n_levels; l++) {
		for (int i = 0; i < plan->levels[l].n_any; i++)
			add_condition(&score, &plan->levels[l].any[i]);
	}
	return score;
}

/* Its place in the order of the names; NULL: there is no room for another. */
static struct score_source *find_source(struct score *score, const char *name)
{
	int at = 0;
	while (at < score->n_sources && strcmp(score->sources[at].name, name) < 0)
		at++;
	struct score_source *source = &score->sources[at];
	if (at < score->n_sources && strcmp(source->name, name) == 0)
		return source;
	if (score->n_sources == SCORE_SOURCES_MAX)
		return NULL;
	memmove(source + 1, source, (size_t)(score->n_sources - at) * sizeof(*source));
	score->n_sources++;
	*source = (struct score_source){0};
	snprintf(source->name, sizeof(source->name), "%s", name);
	return source;
}

static void add_pair(const struct score *score, struct score_lead *lead, int32_t said_milli,
		     int32_t came)
{
	lead->n++;
	lead->error_milli += labs((long)said_milli - came * AQI_MILLI);
	for (int t = 0; t < score->n_thresholds; t++) {
		int32_t threshold = score->thresholds[t];
		bool said = said_milli > threshold * AQI_MILLI, is = came > threshold;
		lead->hits[t] += said && is;
		lead->false_alarms[t] += said && !is;
		lead->missed[t] += !said && is;
	}
}

int64_t score_day_ends(int64_t issued_ms, int lead)
{
	int64_t day = (issued_ms + BEIJING_H * HOUR_MS) / (DAY_H * HOUR_MS);
	return (day + lead + 2) * DAY_H - BEIJING_H;
}

/* What it says of the day that ends with this hour, alone and when it was issued: no observed hour
 * is in the windows of days to come. TIMELINE_UNKNOWN: it does not reach as far. */
static int32_t daily_milli(const struct conf *conf, const struct forecast *forecast, int64_t ends)
{
	static struct timeline timeline; /* these are too large for a stack; one thread */
	static struct forecasts alone;
	static const struct window window;
	const struct forecast_use use = {.edition = &conf->edition,
					 .plan = &conf->plan,
					 .scope = &conf->station.scope,
					 .take_max = conf->plan.bulletin_max,
					 .first = FORECASTS_BY_RANK};
	timeline.now = hour_of_ms(forecast->issued_ms) - 1;
	timeline.past = 0;
	alone.n = 1;
	alone.of[0] = *forecast;
	forecast_join(&use, &alone, &window, &timeline);
	int64_t at = ends - timeline.now - 1;
	return at < timeline.ahead ? timeline.hours[at].daily_milli : TIMELINE_UNKNOWN;
}

void score_add(struct score *score, const struct forecast *forecast, int lead, int32_t came)
{
	int32_t said_milli =
		daily_milli(score->conf, forecast, score_day_ends(forecast->issued_ms, lead));
	struct score_source *source =
		said_milli != TIMELINE_UNKNOWN ? find_source(score, forecast->source) : NULL;
	if (source)
		add_pair(score, &source->leads[lead], said_milli, came);
}
