/* SPDX-License-Identifier: MIT */
/*
 *   yellow by directive 3, orange by 4, lifted by 5: one episode, of directive 3, and any of the
 * three numbers finds it
 */
#include "assessment.h"

#include <string.h>

#include "hour.h"
#include "progress.h"
#include "timetables.h"

struct search {
	struct report *report; /* holds the episode looked at, then the one found */
	int64_t wanted;
	bool open, has, found, followed; /* followed: the next episode has begun */
};

static void keep_force(struct report *report, const struct force_row *row)
{
	int at = report->n_force < REPORT_FORCE_MAX ? report->n_force++ : REPORT_FORCE_MAX - 1;
	report->force[at] = *row;
	if (row->level > report->level)
		report->level = row->level;
}

static void begin_search(struct search *search, const struct force_row *row)
{
	struct report *report = search->report;
	report->episode = row->directive;
	report->span.begun_ms = row->from_ms;
	report->n_force = 0;
	report->level = LEVEL_NONE;
	search->open = true;
	search->has = false;
}

static void look_at_force(void *ctx, const struct force_row *row)
{
	struct search *search = ctx;
	struct report *report = search->report;
	bool begins = !search->open && row->level != LEVEL_NONE;
	if (search->followed || row->from_ms > report->now_ms || (!search->open && !begins))
		return;
	if (search->found) {
		search->followed = true;
		report->span.until_ms = row->from_ms;
		return;
	}
	if (begins)
		begin_search(search, row);
	keep_force(report, row);
	search->has = search->has || row->directive == search->wanted;
	if (row->level != LEVEL_NONE)
		return;
	search->open = false;
	search->found = search->has;
	report->span.ended_ms = row->from_ms;
}

/* When it is due and whose it is: as rules/summary has it at the moment it ends. */
static void find_due(struct report *report)
{
	const struct conf *conf = report->conf;
	struct summaries summaries =
		summaries_of(&conf->plan, &conf->calendar, report->span.ended_ms);
	for (int i = 0; i < report->n_force; i++)
		summaries_follow(&summaries, &report->force[i]);
	const struct summary *summary = summaries.n > 0 ? &summaries.list[0] : &summaries.running;
	report->units = summary->units;
	report->due_day = summary->due_day;
	report->due_certain = summary->certain;
}

static int32_t index_of(const struct past_cell *cell)
{
	return cell->kind == PAST_NUMBER ? (int32_t)cell->number : -1;
}

/* Columns of PAST_HOURS. */
enum { HOUR_END, HOUR_REALTIME, HOUR_DAILY = 3, HOUR_MEANS = 5, HOUR_REV = 11 };

static bool keep_hour(void *ctx, const struct past_cell *cells, int n)
{
	struct report *report = ctx;
	int64_t at = cells[HOUR_END].number / HOUR_MS - report->first_hour;
	(void)n;
	progress_count();
	if (at < 0 || at >= report->n_hours)
		return true;
	struct report_hour *hour = &report->hours[at];
	hour->realtime = index_of(&cells[HOUR_REALTIME]);
	hour->daily = index_of(&cells[HOUR_DAILY]);
	for (int p = 0; p < POLLUTANT_COUNT; p++)
		hour->mean_milli[p] = index_of(&cells[HOUR_MEANS + p]);
	if (cells[HOUR_REV].kind == PAST_NUMBER)
		report->revision += cells[HOUR_REV].number;
	return true;
}

static int collect_hours(struct report *report)
{
	int64_t from_ms = report->span.begun_ms - REPORT_AROUND_H * HOUR_MS;
	int64_t until_ms = report->span.ended_ms + REPORT_AROUND_H * HOUR_MS;
	if (until_ms > report->now_ms)
		until_ms = report->now_ms;
	report->first_hour = from_ms / HOUR_MS + 1;
	int64_t n = until_ms / HOUR_MS - report->first_hour + 1;
	report->n_hours = n < 0 ? 0 : n < REPORT_HOURS_MAX ? (int)n : REPORT_HOURS_MAX;
	memset(report->hours, 0xff, sizeof(report->hours)); /* -1 everywhere */
	report->revision = 0;
	struct past_job job = {.kind = PAST_HOURS,
			       .since_ms = from_ms,
			       .until_ms = until_ms,
			       .ctx = report,
			       .each = keep_hour};
	return past_rows(report->store, &job);
}

int report_collect(struct report *report, int64_t directive)
{
	struct search search = {.report = report, .wanted = directive};
	report->span.until_ms = report->now_ms;
	int r = episode_force(report->store, look_at_force, &search);
	if (r != 0)
		return r;
	report->running = search.open && search.has;
	if (!search.found && !report->running)
		return STORE_E_NONE;
	if (report->running)
		report->span.ended_ms = report->now_ms;
	find_due(report);
	return collect_hours(report);
}

static void follow_force(void *ctx, const struct force_row *row)
{
	summaries_follow(ctx, row);
}

int report_due(struct store *store, const struct conf *conf, int64_t now_ms, struct summaries *ret)
{
	*ret = summaries_of(&conf->plan, &conf->calendar, now_ms);
	return episode_force(store, follow_force, ret);
}
