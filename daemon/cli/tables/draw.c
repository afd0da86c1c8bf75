/* SPDX-License-Identifier: MIT */
/* The station's own hours as the drawing that replay makes of recorded ones: AQIs as they were
 * stored, the advice as it was told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hour.h"
#include "svg_replay.h"
#include "tables_inside.h"

enum { HOUR_END, HOUR_REALTIME, HOUR_DAILY = 3 };
enum { EVENT_MADE = 1, EVENT_ABOUT, EVENT_LEVEL = 5 };

struct drawing {
	const struct conf *conf;
	struct replay replay;
	int room;
	int64_t from; /* END of the hour from which the newest level holds; 0: no event yet */
	int level;
	bool full;
};

static bool reserve_hours(struct drawing *drawing, int n)
{
	struct replay *replay = &drawing->replay;
	if (n > HOURS_FILE_HOURS_MAX)
		return false;
	if (n <= drawing->room)
		return true;
	int room = n + drawing->room;
	struct replay_hour *hours = realloc(replay->hours, (size_t)room * sizeof(*hours));
	if (!hours)
		return false;
	memset(hours + drawing->room, 0, (size_t)(room - drawing->room) * sizeof(*hours));
	replay->hours = hours;
	drawing->room = room;
	return true;
}

static struct aqi index_of(const struct past_cell *cell)
{
	bool known = cell->kind == PAST_NUMBER;
	return (struct aqi){.known = known, .value = known ? (int32_t)cell->number : 0};
}

static bool take_hour(void *ctx, const struct past_cell *cells, int n)
{
	struct drawing *drawing = ctx;
	struct replay *replay = &drawing->replay;
	int64_t hour = cells[HOUR_END].number / HOUR_MS;
	(void)n;
	if (replay->n_hours == 0)
		replay->first = hour;
	int64_t at = hour - replay->first;
	drawing->full = at >= HOURS_FILE_HOURS_MAX || !reserve_hours(drawing, (int)at + 1);
	if (drawing->full)
		return false;
	replay->n_hours = (int)at + 1;
	replay->hours[at].realtime = index_of(&cells[HOUR_REALTIME]);
	replay->hours[at].daily = index_of(&cells[HOUR_DAILY]);
	return true;
}

/* The level that held until now, over its hours. */
static void fill_level(struct drawing *drawing, int64_t until)
{
	struct replay *replay = &drawing->replay;
	for (int64_t hour = drawing->from; hour < until; hour++) {
		if (hour >= replay->first && hour < replay->first + replay->n_hours)
			replay->hours[hour - replay->first].level = drawing->level;
	}
}

static bool take_event(void *ctx, const struct past_cell *cells, int n)
{
	struct drawing *drawing = ctx;
	int64_t hour = cells[EVENT_MADE].number / HOUR_MS;
	(void)n;
	if (strcmp(cells[EVENT_ABOUT].text, "advice") != 0)
		return true;
	fill_level(drawing, hour);
	drawing->from = hour > drawing->replay.first ? hour : drawing->replay.first;
	if (!level_parse(&drawing->conf->plan, cells[EVENT_LEVEL].text, &drawing->level))
		drawing->level = LEVEL_NONE;
	return true;
}

int tables_draw(const struct tables_wish *wish, const char *path, int *ret_written)
{
	struct drawing drawing = {.conf = wish->conf};
	struct replay_order order = {.conf = wish->conf};
	struct past_job job = {.kind = PAST_HOURS,
			       .since_ms = wish->since_ms,
			       .until_ms = wish->until_ms,
			       .ctx = &drawing,
			       .each = take_hour};
	int r = past_rows(wish->store, &job);
	job = (struct past_job){.kind = PAST_EVENTS,
				.until_ms = wish->until_ms,
				.ctx = &drawing,
				.each = take_event};
	if (r == 0 && drawing.full)
		r = -ENOMEM;
	if (r == 0)
		r = past_rows(wish->store, &job);
	fill_level(&drawing, drawing.replay.first + drawing.replay.n_hours);
	if (r == 0)
		*ret_written = drawing.replay.n_hours == 0
				       ? -ENODATA
				       : svg_replay(path, &order, &drawing.replay);
	free(drawing.replay.hours);
	return r;
}
