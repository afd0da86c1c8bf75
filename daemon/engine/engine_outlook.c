/* SPDX-License-Identifier: MIT */
/*
 * The outlook of 24 hours: what the model says of the newest hour, with every message of it; and,
 * once a day, at a start and after hours changed, how good it was over the last season, piece by
 * piece, out of the stored hours alone; what it came to is stored, so that a start says what was
 * said before. Where no setting says whether it is shown, that decides. Nothing that raises, holds
 * or lifts reads it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daily_hours.h"
#include "engine_inside.h"
#include "hours.h"
#include "iaqi.h"
#include "log.h"
#include "outlook_shown.h"

#define PIECE_HOURS 96
#define AGAIN_MS MINUTE_MS
#define SEASON_HOURS (OUTLOOK_PROOF_DAYS * 24)

/* A season that is being scored. */
struct season {
	struct chance_run run;
	struct daily_hours hours;
	int64_t last; /* the last hour that is scored */
	int64_t ends; /* and that is taken */
};

static bool is_on(const struct engine *engine)
{
	return engine->conf->outlook.model != NULL;
}

static bool is_scored(const struct outlook_state *outlook)
{
	bool any = false;
	for (int t = 0; t < OUTLOOK_THRESHOLDS_MAX; t++)
		any = any || outlook->scores[t].n > 0;
	return any;
}

/* What the stored score proved; computing, if it proves what was not told. One of no hour is none:
 * hours may have been imported. */
static void load_season(struct engine *engine)
{
	struct outlook_state *outlook = &engine->outlook;
	int64_t last = 0;
	int r = outlook_season_load(engine->store, engine->conf->outlook.model,
				    engine->rules.edition, &last, outlook->scores);
	if (r != 0 && r != STORE_E_NONE)
		engine_store_result(engine, r);
	if (r != 0 || !is_scored(outlook))
		return;
	outlook->season_last = last;
	outlook->none = chance_prove(engine_outlook_say(engine), outlook->proven);
	if (outlook->none == CHANCE_GIVEN && !outlook->proven)
		outlook->none = CHANCE_COMPUTING;
}

void engine_outlook_load(struct engine *engine)
{
	struct outlook_state *outlook = &engine->outlook;
	*outlook = (struct outlook_state){.stale = true};
	if (!is_on(engine))
		return;
	for (int t = 0; t < OUTLOOK_THRESHOLDS_MAX; t++)
		outlook->scores[t] = chance_score_of(&(struct outlook_score){0});
	int r = outlook_shown_load(engine->store, engine->conf->outlook.model->id, &outlook->proven,
				   &outlook->since);
	if (r != 0 && r != STORE_E_NONE)
		engine_store_result(engine, r);
	load_season(engine);
}

void engine_outlook_drop(struct engine *engine)
{
	free(engine->outlook.season);
	engine->outlook.season = NULL;
}

void engine_outlook_stale(struct engine *engine)
{
	engine_outlook_drop(engine);
	engine->outlook.stale = true;
}

/* ---- how good it was ---- */

static int begin_season(struct engine *engine, int64_t last)
{
	struct season *season = calloc(1, sizeof(*season));
	if (!season)
		return -ENOMEM;
	int64_t first = last - SEASON_HOURS + 1, oldest = 0;
	*season = (struct season){.last = last, .ends = last + OUTLOOK_AHEAD};
	season->run.model = engine->conf->outlook.model;
	season->run.begun = first;
	season->hours = (struct daily_hours){.edition = engine->rules.edition,
					     .scope = &engine->rules.scope,
					     .is_district = engine->points != NULL,
					     .next = first - OUTLOOK_HOURS};
	int r = hours_oldest(engine->store, season->hours.next, &oldest);
	if (r == STORE_E_NONE || oldest > season->ends)
		season->hours.next = season->ends + 1; /* there is none */
	else if (oldest > season->hours.next)
		season->hours.next = oldest;
	if (r != 0 && r != STORE_E_NONE) {
		free(season);
		return r;
	}
	engine->outlook.season = season;
	return 0;
}

static int take_piece(struct engine *engine, struct season *season)
{
	struct hour_values values[PIECE_HOURS];
	int32_t daily[PIECE_HOURS];
	int64_t first = season->hours.next, left = season->ends - first + 1;
	int n = left < PIECE_HOURS ? (int)left : PIECE_HOURS;
	int r = daily_hours_load(engine->store, &season->hours, n, values, daily);
	for (int i = 0; i < n && r == 0; i++)
		chance_take(&season->run, first + i, &values[i], daily[i]);
	return r;
}

static bool is_taken(const struct season *season)
{
	return season->hours.next > season->ends;
}

static int keep_season(struct engine *engine, bool turned)
{
	const struct outlook_state *outlook = &engine->outlook;
	const struct outlook_model *model = engine->conf->outlook.model;
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	r = outlook_season_save(engine->store, model, engine->rules.edition, outlook->season_last,
				outlook->scores);
	if (r == 0 && turned)
		r = outlook_shown_save(engine->store, model->id, outlook->proven, outlook->since);
	return engine_end(engine, r);
}

/* Brier scores of all thresholds that the plan has, on the average, in thousandths. */
static void tell_change(const struct engine *engine, const struct chance_report *report)
{
	int64_t ours = 0, theirs = 0, n = 0;
	for (int i = 0; i < report->n; i++) {
		const struct chance_level *level = &report->levels[i];
		const struct chance_score *season = &level->season;
		if (level->index < 0 || level->none == CHANCE_EDITION ||
		    season->brier == OUTLOOK_NO_SCORE)
			continue;
		ours += season->brier;
		theirs += season->persistence;
		n++;
	}
	if (n == 0)
		n = 1;
	if (engine->outlook.proven)
		log_notice(LOG_OUTLOOK,
			   "outlook of 24 h: over the last %d days it was better than persistence "
			   "(Brier score %.3f, persistence %.3f): it is shown from now on",
			   OUTLOOK_PROOF_DAYS, (double)ours / (double)n / 1e6,
			   (double)theirs / (double)n / 1e6);
	else if (engine->outlook.none == CHANCE_UNPROVEN)
		log_notice(
			LOG_OUTLOOK,
			"outlook of 24 h: too few of the last %d days are known to tell how good "
			"it was: it is not shown any more",
			OUTLOOK_PROOF_DAYS);
	else
		log_notice(
			LOG_OUTLOOK,
			"outlook of 24 h: over the last %d days it was not better than persistence "
			"(Brier score %.3f, persistence %.3f): it is not shown any more",
			OUTLOOK_PROOF_DAYS, (double)ours / (double)n / 1e6,
			(double)theirs / (double)n / 1e6);
}

static bool is_same_season(const struct outlook_state *a, const struct outlook_state *b)
{
	return a->season_last == b->season_last &&
	       memcmp(a->scores, b->scores, sizeof(a->scores)) == 0;
}

static int conclude_season(struct engine *engine, const struct season *season)
{
	struct outlook_state *outlook = &engine->outlook;
	const struct outlook_state before = *outlook;
	for (int t = 0; t < season->run.model->n_thresholds; t++)
		outlook->scores[t] = chance_score_of(&season->run.scores[t]);
	outlook->season_last = season->last;
	outlook->stale = false;
	const struct chance_report *report = engine_outlook_say(engine);
	outlook->none = chance_prove(report, before.proven);
	outlook->proven = outlook->none == CHANCE_GIVEN;
	bool turned =
		outlook->proven != before.proven && engine->conf->outlook.show == OUTLOOK_SHOW_AUTO;
	if (!turned && is_same_season(outlook, &before))
		return 0;
	if (turned)
		outlook->since = engine_newest_hour(engine);
	int r = keep_season(engine, turned);
	if (r != 0) /* once more, later */
		*outlook = before;
	else if (turned)
		tell_change(engine, report);
	return r;
}

/* What was told while it was being computed is told once more. */
static int tell_again(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct announcement announcement = {.now_ms = now_ms, .time_quality = time_quality};
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	announcement.advice = engine_report(engine, now_ms);
	announcement.advice.chance = engine_outlook_say(engine);
	r = engine_end(engine, announce_warning(engine->conf, engine->store, &announcement));
	if (r == 0)
		engine->env.look(engine->env.ctx);
	return r;
}

static int follow_season(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct outlook_state *outlook = &engine->outlook;
	int64_t last = chance_season_last(engine_newest_hour(engine));
	if (outlook->season && outlook->season->last != last)
		engine_outlook_drop(engine);
	int r = outlook->season ? 0 : begin_season(engine, last);
	if (r == 0 && !is_taken(outlook->season))
		r = take_piece(engine, outlook->season);
	if (r != 0 || !is_taken(outlook->season))
		return r;
	bool untold = outlook->season_last == 0 && outlook->report.hour != 0;
	r = conclude_season(engine, outlook->season);
	engine_outlook_drop(engine);
	return r == 0 && untold ? tell_again(engine, now_ms, time_quality) : r;
}

bool engine_outlook_is_busy(const struct engine *engine)
{
	const struct outlook_state *outlook = &engine->outlook;
	int64_t newest = engine_newest_hour(engine);
	/* hours that changed are judged first; while the disk refuses, older ones are not there */
	bool waits = engine->revision.by != 0 || store_is_volatile(engine->store);
	return is_on(engine) && newest != 0 && !waits &&
	       (outlook->stale || outlook->season_last != chance_season_last(newest));
}

void engine_follow_outlook(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	struct outlook_state *outlook = &engine->outlook;
	if (outlook->due_ms > now_ms + AGAIN_MS) /* the clock was set back */
		outlook->due_ms = 0;
	if (!engine_outlook_is_busy(engine) || outlook->due_ms > now_ms)
		return;
	int r = follow_season(engine, now_ms, time_quality);
	if (r == 0)
		return;
	engine_outlook_drop(engine);
	outlook->due_ms = now_ms + AGAIN_MS;
	engine_store_result(engine, r);
}
