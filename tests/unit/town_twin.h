/* SPDX-License-Identifier: MIT */
/* A station that was cut off held against one that heard each word when it was said. */
#ifndef TESTS_TOWN_TWIN_H
#define TESTS_TOWN_TWIN_H

#include "judge.h"

struct town_twin {
	bool is_there; /* one that hears everything at once, since the station is cut off */
	int64_t from_ms;
	struct timetable timetable;
	struct event_series series;
};

/* The same in force and pending. */
bool town_is_alike(const struct timetable *a, const struct timetable *b);

/* From now on the station hears nothing; its twin does. */
void town_twin_begin(struct town_twin *twin, const struct timetable *timetable,
		     const struct event_series *series, int64_t now_ms);

/* The station has judged n words together, and its timetable is now this. NULL, or what its twin
 * makes of them otherwise. The twin is gone afterwards. */
const char *town_twin_end(struct town_twin *twin, const struct timetable *timetable,
			  struct timetable_word *const words[], int n, int64_t now_ms);

#endif
