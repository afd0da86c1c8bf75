/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static int32_t milli_of(int32_t aqi)
{
	return aqi == TIMELINE_UNKNOWN ? TIMELINE_UNKNOWN : aqi * AQI_MILLI;
}

void timeline_clear(struct timeline *timeline)
{
	memset(timeline, 0, offsetof(struct timeline, hours));
	timeline->n_own = 0;
}

void timeline_copy(struct timeline *to, const struct timeline *from)
{
	size_t n = (size_t)from->past + (size_t)from->ahead;
	memcpy(to, from, offsetof(struct timeline, hours));
	memcpy(to->hours, from->hours, n * sizeof(from->hours[0]));
	to->n_own = from->n_own;
	if (from->n_own > 0)
		memcpy(to->own, from->own, n * sizeof(from->own[0]));
}

struct timeline_hour timeline_hour_of(int32_t daily_aqi, int32_t realtime_aqi)
{
	return (struct timeline_hour){.daily_milli = milli_of(daily_aqi),
				      .realtime_milli = milli_of(realtime_aqi),
				      .full_milli = milli_of(daily_aqi)};
}

const char *basis_name(enum basis basis)
{
	static const char *const names[] = {"observed", "forecast", "forecast_aqi"};
	assert(basis >= BASIS_OBSERVED && basis <= BASIS_FORECAST_AQI);
	return names[basis];
}

void timeline_forget(struct timeline *timeline, int i)
{
	struct own_hour *own = &timeline->own[i];
	timeline->hours[i] = timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN);
	for (int k = 0; k < timeline->n_own; k++)
		own->milli[k] = own->full_milli[k] = TIMELINE_UNKNOWN;
}

static void append_past_hour(struct timeline *timeline, struct timeline_hour values)
{
	if (timeline->past == TIMELINE_PAST_HOURS) {
		if (timeline->n_own > 0)
			memmove(&timeline->own[0], &timeline->own[1],
				(TIMELINE_PAST_HOURS - 1) * sizeof(timeline->own[0]));
		memmove(&timeline->hours[0], &timeline->hours[1],
			(TIMELINE_PAST_HOURS - 1) * sizeof(timeline->hours[0]));
		timeline->past--;
	}
	timeline_forget(timeline, timeline->past);
	timeline->hours[timeline->past++] = values;
}

void timeline_observe(struct timeline *timeline, int64_t hour, struct timeline_hour values)
{
	if (timeline->past > 0 && hour <= timeline->now) {
		int64_t back = timeline->now - hour;
		if (back < timeline->past)
			timeline->hours[timeline->past - 1 - back] = values;
		return;
	}
	timeline->ahead = timeline->n_issues = 0;
	if (timeline->past > 0 && hour - timeline->now > TIMELINE_PAST_HOURS)
		timeline->past = 0; /* nothing of the old hours would be left */
	while (timeline->past > 0 && ++timeline->now < hour)
		append_past_hour(timeline, timeline_hour_of(TIMELINE_UNKNOWN, TIMELINE_UNKNOWN));
	timeline->now = hour;
	append_past_hour(timeline, values);
}

int timeline_place(const struct timeline *timeline, int64_t hour)
{
	int64_t back = timeline->now - hour;
	return back >= 0 && back < timeline->past ? timeline->past - 1 - (int)back : -1;
}

int64_t timeline_label(const struct timeline *timeline, int i)
{
	return timeline->now - (timeline->past - 1) + i;
}

uint32_t timeline_issues(const struct timeline *timeline, int first, int last)
{
	uint32_t issues = 0;
	for (int i = first; i <= last; i++) {
		if (i >= timeline->past && timeline->hours[i].issue != 0)
			issues |= 1u << (timeline->hours[i].issue - 1);
	}
	return issues;
}

int timeline_newest_issue(const struct timeline *timeline, uint32_t issues)
{
	int newest = -1;
	for (int i = 0; i < timeline->n_issues; i++) {
		if (!(issues & 1u << i))
			continue;
		if (newest < 0 ||
		    timeline->issues[i].issued_ms > timeline->issues[newest].issued_ms)
			newest = i;
	}
	return newest;
}
