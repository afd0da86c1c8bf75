/* SPDX-License-Identifier: MIT */
/*
 * The steps of a town (town.h) given to a real engine on SQLite: what goes out is read as a
 * platform reads it, message by message, and held against what is in force.
 */
#ifndef TESTS_HALL_H
#define TESTS_HALL_H

#include "town.h"

/* What a sequence told, to be compared with that of another run: one line an event. */
#define HALL_STORY_MAX 32768
#define HALL_RETAINED_MAX 65536

struct hall_run {
	const struct town_step *steps;
	int n;
	bool closes_hours;   /* takes its time, and brings advice */
	bool by_release;     /* binding_from: release */
	bool never_restarts; /* a twin: it goes on where the other is stopped and started */
	FILE *out;           /* tells everything that happens; NULL: not */
	char why[TOWN_WHY_MAX];
	char story[HALL_STORY_MAX];
	char retained[HALL_RETAINED_MAX]; /* what stands at the end, to be compared too */
};

/* From a fresh station on. Returns how many steps were good, as town_run. */
int hall_run(struct hall_run *run);

#endif
