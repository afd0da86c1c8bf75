/* SPDX-License-Identifier: MIT */
/*
 * Minutes that a data logger tells when the platforms of HJ 212 may have passed them: each platform
 * that gets minutes is left a note of them, before they are stored, so that no kill loses it.
 */
#include "engine_late.h"
#include "uplink.h"

static struct uplink_stretch stretch_of(const struct logged *logged)
{
	int64_t minute = logged->start_ms / MINUTE_MS;
	return (struct uplink_stretch){minute, minute + logged->minutes};
}

int engine_late_look(struct engine *engine, struct logged *logged)
{
	int64_t row = 0;
	logged->first = false;
	if (engine->conf->n_platforms == 0 || logged->whole)
		return 0;
	int r = uplink_newest_row(engine->store, UPLINK_MINUTES, stretch_of(logged), &row);
	logged->first = r == STORE_E_NONE;
	return r == STORE_E_NONE ? 0 : r;
}

static bool is_late(const struct logged *logged, int64_t now_ms)
{
	return (logged->fate == LOGGED_NEW || logged->fate == LOGGED_REVISED) && !logged->whole &&
	       logged->start_ms + MINUTE_MS + UPLINK_LOGGED_MS <= now_ms;
}

/* What is noted as late already goes as it is then. */
static int leave_note(struct engine *engine, const struct platform_conf *platform,
		      const struct logged *logged)
{
	const struct uplink_stretch stretch = stretch_of(logged);
	bool is_noted = false;
	int64_t given_up = 0; /* there is no end to what may be noted */
	if (logged->first)
		return uplink_wait(engine->store, platform->name, UPLINK_LATE, stretch, &given_up);
	int r = uplink_is_waiting(engine->store, platform->name, UPLINK_LATE, stretch.upto,
				  &is_noted);
	if (r != 0 || is_noted || platform->revised != PLATFORM_REVISED_RESEND)
		return r;
	return uplink_wait(engine->store, platform->name, UPLINK_OTHERWISE, stretch, &given_up);
}

static int leave_notes(struct engine *engine, const struct engine_late *late)
{
	int r = 0;
	for (int i = 0; i < late->n; i++) {
		if (!is_late(&late->logged[i], late->now_ms))
			continue;
		for (int p = 0; p < engine->conf->n_platforms && r == 0; p++) {
			if (engine->conf->platforms[p].minutes)
				r = leave_note(engine, &engine->conf->platforms[p],
					       &late->logged[i]);
		}
	}
	return r;
}

int engine_late_note(struct engine *engine, const struct engine_late *late)
{
	bool gets = false, any = false;
	for (int p = 0; p < engine->conf->n_platforms; p++)
		gets |= engine->conf->platforms[p].minutes;
	for (int i = 0; i < late->n && gets; i++)
		any |= is_late(&late->logged[i], late->now_ms);
	int r = any ? engine_begin(engine) : 0;
	return r == 0 && any ? engine_end(engine, leave_notes(engine, late)) : r;
}
