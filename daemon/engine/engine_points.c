/* SPDX-License-Identifier: MIT */
/*
 * What the stations of a district tell of their hours. The hour that runs, and the one that is to
 * be closed, have it when they close; one that is closed already, or lies before all that there is,
 * changes, and what follows is computed as after a review.
 *
 * The district's hour goes to state.db first, the point's to samples.db after it: what a kill lost
 * in between is not known at the next start, and the same message, which the spool still has, is
 * news again.
 */
#include "engine_inside.h"
#include "hours.h"
#include "log.h"

#define AHEAD_HOURS 1 /* by so much a station's clock may be ahead */

void engine_points_means(const struct engine *engine, struct hour_report *report)
{
	points_means(engine->points, report->hour, report);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		report->means[p].mean_milli =
			engine_round_mean(engine, report->means[p].mean_milli, (enum pollutant)p);
}

static enum changed_by find_changer(const struct point_hour *hour)
{
	return hour->reviewed ? CHANGED_BY_REVIEW : CHANGED_BY_LATE;
}

/* In the caller's transaction. */
static int put_hour(struct engine *engine, int64_t hour, enum changed_by by,
		    enum time_quality time_quality)
{
	struct hour_report report = {.hour = hour};
	int r = 0;
	engine_points_means(engine, &report);
	for (int p = 0; p < POLLUTANT_COUNT && r == 0; p++)
		r = hours_put(engine->store, hour, (enum pollutant)p, &report.means[p],
			      time_quality);
	return r == 0 ? changed_widen(engine->store, hour, hour, by) : r;
}

static int change_hour(struct engine *engine, int64_t hour, enum changed_by by,
		       enum time_quality time_quality)
{
	int r = engine_begin(engine);
	return r == 0 ? engine_end(engine, put_hour(engine, hour, by, time_quality)) : r;
}

static int revise_closed(struct engine *engine, const struct point_hour *told, int64_t now_ms,
			 enum time_quality time_quality)
{
	enum changed_by by = find_changer(told);
	int r = change_hour(engine, told->hour, by, time_quality);
	if (r != 0) /* the second goes to memory, if the disk is to blame */
		r = change_hour(engine, told->hour, by, time_quality);
	engine_store_result(engine, r);
	if (r != 0)
		return r;
	engine_revision_late(engine, by, told->hour, told->hour, now_ms);
	return 0;
}

static int store_point(struct engine *engine, const struct point_hour *hour)
{
	int r = store_samples_begin(engine->store);
	if (r == 0)
		r = point_hours_put(engine->store, hour);
	int committed = store_samples_commit(engine->store);
	return r == 0 ? committed : r;
}

/* Of the hours that a station may tell now: a clock that is not sure may be behind. */
static bool is_in_time(struct engine *engine, const struct point_hour *hour, int64_t running,
		       int64_t last)
{
	bool good = hour->hour > running - POINTS_HOURS && hour->hour <= last;
	if (!good && !engine->told_out_of_time)
		log_warning(LOG_SAMPLES_LOST,
			    "%s: an hour of more than 62 days ago, or one that is not over, came; "
			    "such hours do not count",
			    hour->station);
	engine->told_out_of_time |= !good;
	return good;
}

/* The points have told it, and the district has it no more, as when state.db was lost. */
static bool is_lost(struct engine *engine, int64_t hour)
{
	int64_t stored = 0;
	int r = hours_oldest(engine->store, hour, &stored);
	return r == STORE_E_NONE || (r == 0 && stored != hour);
}

int engine_point_hour(struct engine *engine, const struct point_hour *hour, int64_t now_ms,
		      enum time_quality time_quality)
{
	struct point_hour before;
	int point = engine->points ? roster_find(&engine->conf->roster, hour->station) : -1;
	int64_t running = hour_of_ms(now_ms);
	int64_t last = time_quality == TIME_UNSYNCHRONISED ? HOURS_LAST : running + AHEAD_HOURS;
	if (point < 0 || point >= engine->conf->roster.n_points ||
	    !is_in_time(engine, hour, running, last))
		return 0;
	bool closed = engine->next_hour != 0 && hour->hour < engine->next_hour;
	if (!points_is_news(engine->points, point, hour, last))
		return closed && is_lost(engine, hour->hour)
			       ? revise_closed(engine, hour, now_ms, time_quality)
			       : 0;
	points_take(engine->points, point, hour, &before);
	int r = closed ? revise_closed(engine, hour, now_ms, time_quality) : 0;
	if (r == 0)
		r = store_point(engine, hour);
	if (r != 0)
		points_take_back(engine->points, point, hour->hour, &before);
	else if (closed && before.hour == hour->hour)
		points_keep_revised(engine->points, point, &before);
	return r;
}

/* In one transaction; *ret_first: of the first such hour, 0: there is none. */
static int put_lost(struct engine *engine, enum time_quality time_quality, int64_t *ret_first)
{
	int64_t newest = engine_newest_hour(engine);
	int r = engine_begin(engine);
	if (r != 0)
		return r;
	for (int64_t hour = newest - POINTS_HOURS + 1; hour <= newest && r == 0; hour++) {
		if (!points_are_any(engine->points, hour) || !is_lost(engine, hour))
			continue;
		if (*ret_first == 0)
			*ret_first = hour;
		r = put_hour(engine, hour, CHANGED_BY_LATE, time_quality);
	}
	return engine_end(engine, r);
}

void engine_recover_points(struct engine *engine, int64_t now_ms, enum time_quality time_quality)
{
	int64_t first = 0;
	int r = put_lost(engine, time_quality, &first);
	engine->recovered = true; /* what failed comes when the stations tell it again */
	engine_store_result(engine, r);
	if (r != 0 || first == 0)
		return;
	log_notice(LOG_ADVICE_COMPUTED,
		   "hours that the district lost are made again of what its stations told");
	engine_revision_note(engine, CHANGED_BY_LATE, first, engine_newest_hour(engine));
	engine->revision.due_ms = now_ms;
}

bool engine_point_told(const struct engine *engine, int point, int64_t hour)
{
	return points_has(engine->points, point, hour);
}

void engine_points_newest(const struct engine *engine, int64_t ret[DISTRICT_POINTS_MAX])
{
	for (int i = 0; i < engine->conf->roster.n_points; i++)
		ret[i] = points_newest(engine->points, i);
}
