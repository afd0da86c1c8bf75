/* SPDX-License-Identifier: MIT */
/*
 * Concentrations go the way of observed hours: into the window, and the daily AQI of each hour
 * ahead is computed from observed and forecast hours together. Where a forecast gives only AQIs, a
 * window that holds such an hour has no concentrations; its daily value is then the mean of its 24
 * hourly AQIs, observed ones real-time, compared unrounded (domain.md 3).
 *
 *   real-time AQI 100 for 23 hours, then a forecast hour of 260: the daily value of that hour is
 * (23 * 100 + 260) / 24 = 106.667; a forecast day of 120 to 181 counts with 150.5
 *
 *   a consultation of 8:00 and a model run of 20:00 speak of the same hour: with rank_for_h 12 the
 * consultation counts; a run of 21:00 takes its place
 */
#include "ahead.h"

#include <string.h>

#include "hour.h"
#include "own_index.h"

#define HOURS_A_DAY 24
#define NOBODY (-1)

/* ---- the newest issue of each source ---- */

static int find_source(const struct forecasts *forecasts, const char *source)
{
	for (int i = 0; i < forecasts->n; i++) {
		if (strcmp(forecasts->of[i].source, source) == 0)
			return i;
	}
	return NOBODY;
}

/* A place that is free, or whose hours are all over. */
static int find_place(struct forecasts *forecasts, int64_t now)
{
	if (forecasts->n < FORECAST_SOURCES_MAX)
		return forecasts->n++;
	for (int i = 0; i < forecasts->n; i++) {
		if (!forecast_reaches(&forecasts->of[i], now))
			return i;
	}
	return NOBODY;
}

enum forecasts_answer forecasts_take(struct forecasts *forecasts, const struct forecast *forecast,
				     int64_t now)
{
	int at = find_source(forecasts, forecast->source);
	if (at != NOBODY && forecast->issued_ms < forecasts->of[at].issued_ms)
		return FORECASTS_OLDER;
	if (at == NOBODY)
		at = find_place(forecasts, now);
	if (at == NOBODY)
		return FORECASTS_FULL;
	forecasts->of[at] = *forecast;
	return FORECASTS_TAKEN;
}

bool forecasts_reach(const struct forecasts *forecasts, int64_t now)
{
	for (int i = 0; i < forecasts->n; i++) {
		if (forecast_reaches(&forecasts->of[i], now))
			return true;
	}
	return false;
}

/* ---- who speaks of an hour ---- */

struct joining {
	const struct forecast_use *use;
	const struct forecasts *forecasts;
	struct timeline *timeline;
	struct window window;             /* moves on with the hours ahead */
	bool live[FORECAST_SOURCES_MAX];  /* reaches ahead and is not too old */
	int cursor[FORECAST_SOURCES_MAX]; /* the step that may speak of the next hour */
	int live_end;                     /* one past the last hour of which a live one may speak */
	int aqi_end; /* a window that ends before it holds an hour with an AQI only */
};

/* The usable step of a source that speaks of an hour; hours rise from call to call. */
static const struct forecast_step *step_at(struct joining *j, int source, int64_t hour)
{
	const struct forecast *forecast = &j->forecasts->of[source];
	int *at = &j->cursor[source];
	while (*at < forecast->n && forecast->steps[*at].hour < hour)
		(*at)++;
	if (*at == forecast->n)
		return NULL;
	const struct forecast_step *step = &forecast->steps[*at];
	if (hour <= step->hour - forecast_step_hours(forecast))
		return NULL;
	if (forecast->form != FORECAST_CONCENTRATIONS)
		return step;
	const struct hour_values *v = &step->values;
	return v->valid & ~edition_beyond(j->use->edition, v->valid, v->milli) ? step : NULL;
}

/* True if issue a counts before issue b where both may. */
static bool is_before(const struct joining *j, int a, int b)
{
	const struct forecast *fa = &j->forecasts->of[a], *fb = &j->forecasts->of[b];
	const int32_t *rank = j->use->plan->forecast_rank;
	if (a == j->use->first || b == j->use->first)
		return a == j->use->first;
	if (rank[fa->kind] != rank[fb->kind])
		return rank[fa->kind] < rank[fb->kind];
	if (fa->issued_ms != fb->issued_ms)
		return fa->issued_ms > fb->issued_ms;
	return strcmp(fa->source, fb->source) < 0;
}

/* The source that counts for an hour, and its step; NOBODY. */
static int choose_source(struct joining *j, int64_t hour, const struct forecast_step **ret_step)
{
	const struct forecast_step *steps[FORECAST_SOURCES_MAX] = {NULL};
	int64_t newest_ms = 0, ranked_ms = (int64_t)j->use->plan->rank_for_h * HOUR_MS;
	int chosen = NOBODY;
	for (int i = 0; i < j->forecasts->n; i++) {
		steps[i] = j->live[i] ? step_at(j, i, hour) : NULL;
		if (steps[i] && j->forecasts->of[i].issued_ms > newest_ms)
			newest_ms = j->forecasts->of[i].issued_ms;
	}
	for (int i = 0; i < j->forecasts->n; i++) {
		bool ranked = i == j->use->first ||
			      j->forecasts->of[i].issued_ms >= newest_ms - ranked_ms;
		if (steps[i] && ranked && (chosen == NOBODY || is_before(j, i, chosen)))
			chosen = i;
	}
	*ret_step = chosen == NOBODY ? NULL : steps[chosen];
	return chosen;
}

/* ---- an hour ---- */

/* The real-time AQI that a step gives in its words. */
static int32_t hourly_milli(const struct forecast_use *use, const struct forecast_step *step)
{
	if (use->take_max)
		return step->aqi_max * AQI_MILLI;
	return (step->aqi_min + step->aqi_max) * (AQI_MILLI / 2);
}

/* What a step of concentrations counts with; of none, nothing. */
static struct hour_values values_of(const struct joining *j, const struct forecast_step *step,
				    bool dust)
{
	struct hour_values values = step ? step->values : (struct hour_values){0};
	values.valid &= ~edition_beyond(j->use->edition, values.valid, values.milli);
	if (dust)
		values.valid &= ~j->use->plan->dust_excludes;
	return values;
}

static void join_hour(struct joining *j, int i)
{
	const struct forecast_use *use = j->use;
	struct timeline_hour *hour = &j->timeline->hours[i];
	const struct forecast_step *step;
	struct aqi aqi, daily;
	int64_t label = timeline_label(j->timeline, i);
	int source = choose_source(j, label, &step);
	bool dust = use->dust && dust_at(use->dust, label);
	bool words = step && j->forecasts->of[source].form != FORECAST_CONCENTRATIONS;
	const struct hour_values values = values_of(j, words ? NULL : step, dust);
	*hour = timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN);
	hour->dust = dust;
	hour->issue = (uint8_t)(source + 1);
	hour->short_heavy = words && step->short_heavy;
	window_put(&j->window, label, &values);
	aqi_realtime(use->edition, use->scope, &values, &aqi);
	if (words)
		hour->realtime_milli = hourly_milli(use, step);
	else if (aqi.known)
		hour->realtime_milli = aqi.value * AQI_MILLI;
	if (words)
		j->aqi_end = i + HOURS_A_DAY;
	hour->basis = i < j->aqi_end ? BASIS_FORECAST_AQI : BASIS_FORECAST;
	aqi_daily(use->edition, use->scope, &j->window, &daily);
	bool mean = i < j->aqi_end;
	if (mean)
		hour->daily_milli =
			own_index_mean_of_day(j->timeline, i, use->edition->day_min_hours, false);
	else if (daily.known)
		hour->daily_milli = daily.value * AQI_MILLI;
	const struct own_input own = {use->edition, use->scope, mean ? NULL : &aqi, &daily, &daily};
	own_index_put(use->plan, &own, j->timeline, i);
	hour->dust_blind = hour->daily_milli == TIMELINE_UNKNOWN && use->dust &&
			   dust_within(use->dust, label - HOURS_A_DAY + 1, label);
}

/* ---- all of them ---- */

static int hours_ahead(const struct forecast *forecast, int64_t now)
{
	if (!forecast_reaches(forecast, now))
		return 0;
	int64_t ahead = forecast->steps[forecast->n - 1].hour - now;
	return ahead < TIMELINE_AHEAD_HOURS ? (int)ahead : TIMELINE_AHEAD_HOURS;
}

/* Which issues are live, how far they reach, and how far those that are too old did. */
static void find_reach(struct joining *j)
{
	int64_t now = j->timeline->now, newest_ms = 0;
	int live_h = 0, old_h = 0;
	for (int i = 0; i < j->forecasts->n; i++) {
		const struct forecast *forecast = &j->forecasts->of[i];
		int ahead = hours_ahead(forecast, now);
		j->live[i] =
			ahead > 0 && !forecast_expired(forecast, j->use->plan->forecast_max_age_h,
						       now * HOUR_MS);
		if (j->live[i] && forecast->issued_ms > newest_ms)
			newest_ms = forecast->issued_ms;
		if (j->live[i] && ahead > live_h)
			live_h = ahead;
	}
	for (int i = 0; i < j->forecasts->n; i++) {
		const struct forecast *forecast = &j->forecasts->of[i];
		int ahead = hours_ahead(forecast, now);
		if (!j->live[i] && forecast->issued_ms > newest_ms && ahead > old_h)
			old_h = ahead;
	}
	j->live_end = j->timeline->past + live_h;
	j->timeline->ahead = live_h > old_h ? live_h : old_h;
}

static void name_issues(const struct forecasts *forecasts, struct timeline *timeline)
{
	timeline->n_issues = forecasts->n;
	for (int i = 0; i < forecasts->n; i++) {
		timeline->issues[i].issued_ms = forecasts->of[i].issued_ms;
		memcpy(timeline->issues[i].source, forecasts->of[i].source, FORECAST_TEXT_MAX);
	}
}

void forecast_join(const struct forecast_use *use, const struct forecasts *forecasts,
		   const struct window *window, struct timeline *timeline)
{
	struct joining j = {.use = use, .forecasts = forecasts, .timeline = timeline};
	j.window = *window;
	find_reach(&j);
	name_issues(forecasts, timeline);
	for (int i = timeline->past; i < timeline->past + timeline->ahead; i++) {
		if (i < j.live_end)
			join_hour(&j, i);
		else
			timeline_forget(timeline, i);
		if (use->dust)
			timeline->hours[i].dust = dust_at(use->dust, timeline_label(timeline, i));
	}
}
