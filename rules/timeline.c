/* SPDX-License-Identifier: MIT */
#include "timeline.h"

#include <string.h>

static const struct timeline_hour unknown = {TIMELINE_UNKNOWN, TIMELINE_UNKNOWN};

static void append(struct timeline *timeline, struct timeline_hour values)
{
	if (timeline->past == TIMELINE_PAST_HOURS) {
		memmove(&timeline->hours[0], &timeline->hours[1],
			(TIMELINE_PAST_HOURS - 1) * sizeof(timeline->hours[0]));
		timeline->past--;
	}
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
	timeline->ahead = 0;
	if (timeline->past > 0 && hour - timeline->now > TIMELINE_PAST_HOURS)
		timeline->past = 0; /* nothing of the old hours would be left */
	while (timeline->past > 0 && ++timeline->now < hour)
		append(timeline, unknown);
	timeline->now = hour;
	append(timeline, values);
}

int64_t timeline_label(const struct timeline *timeline, int i)
{
	return timeline->now - (timeline->past - 1) + i;
}
