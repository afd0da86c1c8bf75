/* SPDX-License-Identifier: MIT */
/*
 * Dust events. A window is bounded, so that no command silences a station for long, and may be
 * prolonged; while it lasts the advice says what it hides.
 */
#include "engine_inside.h"

#define AHEAD_H 24 /* to the end of a window */

const char *engine_check_dust(const struct engine *engine, const struct dust *dust, int64_t now_ms)
{
	int64_t n = dust->to - dust->from + 1;
	if (dust->clear && (n < 1 || n > DUST_BACK_HOURS_MAX))
		return "from, to: not 1 to 240 hours";
	if (!dust->clear && (n < 1 || n > DUST_WINDOW_HOURS_MAX))
		return "from, to: not 1 to 72 hours; a dust event that lasts is prolonged";
	if (dust->from <= hour_of_ms(now_ms) - TIMELINE_PAST_HOURS)
		return "from: more than 60 days ago";
	if (!dust->clear && dust->to * HOUR_MS > now_ms + AHEAD_H * HOUR_MS)
		return "to: more than 24 hours ahead; a dust event that lasts is prolonged";
	if (!dust->clear && engine->state.dust.n + n > DUST_HOURS_MAX)
		return "more than 1024 hours of dust";
	return NULL;
}

int engine_take_dust(struct engine *engine, const struct dust *dust, struct event *ret)
{
	int r = 0;
	for (int64_t hour = dust->from; hour <= dust->to && r == 0; hour++)
		r = hours_flag_dust(engine->store, hour, !dust->clear, dust->source);
	if (r == 0)
		r = engine_rebuild(engine);
	if (r != 0)
		return r;
	advice_note(&engine->state.advice, EVENT_DUST, engine_newest_hour(engine), ret);
	ret->dust_from = dust->from;
	ret->dust_to = dust->to;
	ret->dust_cleared = dust->clear;
	ret->dust_source = dust->source;
	return 0;
}
