/* SPDX-License-Identifier: MIT */
/* Periods, and what waits. */
#include "hours.h"
#include "platforms_inside.h"

#define DAY_MINUTES 1440
#define BEIJING_MINUTES (BEIJING_H * HOUR_MINUTES)

int64_t platform_align_down(int64_t at, int step)
{
	return at - (at + BEIJING_MINUTES) % step;
}

int64_t platform_align_up(int64_t at, int step)
{
	return platform_align_down(at + step - 1, step);
}

int platform_step(const struct platform *platform, enum uplink_kind kind)
{
	if (kind == UPLINK_HOURS)
		return HOUR_MINUTES;
	if (kind == UPLINK_DAYS)
		return DAY_MINUTES;
	return platform->uplink.minutes > 0 ? platform->uplink.minutes
					    : platform->conf->minute_interval;
}

int platform_wait(struct platforms *all, struct platform *platform, enum uplink_kind kind,
		  struct uplink_stretch stretch)
{
	int64_t dropped = 0;
	int r = uplink_wait(all->store, platform->conf->name, kind, stretch, &dropped);
	return r ? r : platform_give_up(all, platform, dropped / platform_step(platform, kind));
}

int platform_give_up_old(struct platforms *all, struct platform *platform, int64_t now_ms)
{
	const char *name = platform->conf->name;
	int64_t limit = now_ms / MINUTE_MS - (int64_t)platform->conf->minutes_days * DAY_MINUTES;
	int64_t before = 0, after = 0;
	int r = uplink_count(all->store, name, UPLINK_MINUTES, &before);
	if (r == 0)
		r = uplink_drop(all->store, name, UPLINK_MINUTES,
				(struct uplink_stretch){0, limit});
	if (r == 0)
		r = uplink_count(all->store, name, UPLINK_MINUTES, &after);
	int step = platform_step(platform, UPLINK_MINUTES);
	return r ? r : platform_give_up(all, platform, (before - after + step - 1) / step);
}
