/* SPDX-License-Identifier: MIT */
/*
 * A station, its command centre and those who read it, made of the rules alone: words are said,
 * slips signed, the link and the station fail, clocks are set; after each step everything that was
 * published is held against what is in force.
 *
 * A step is a handful of numbers that always mean something, so that a sequence stays a sequence
 * whatever is left out of it.
 */
#ifndef TESTS_TOWN_H
#define TESTS_TOWN_H

#include <stdio.h>

#include "alert.h"
#include "binding.h"
#include "force.h"
#include "judge.h"

enum town_op {
	TOWN_SAYS,  /* a directive */
	TOWN_WAITS, /* time passes */
	TOWN_SIGNS, /* a release slip */
	TOWN_RESTARTS,
	TOWN_UNLINKS, /* the link goes down; what is said waits at the broker */
	TOWN_LINKS,
	TOWN_STOPS, /* the station is stopped */
	TOWN_STARTS,
	TOWN_SETS_CLOCK,
	TOWN_ADVISES,  /* the station's own advice changes */
	TOWN_BREATHES, /* the air changes; this and the next three: in a hall only */
	TOWN_DUSTS,
	TOWN_REVIEWS,
	TOWN_DOUBTS,  /* an instrument is found to be at fault for some hours */
	TOWN_DAMAGES, /* rows of what is in force or pending are damaged, and it is started again */
};
#define TOWN_OP_COUNT 15

struct town_step {
	enum town_op op;
	int level;     /* SAYS: 0..3; -1: only withdraws */
	int start_min; /* SAYS: from now; WAITS: how long; SETS_CLOCK: how far it is off */
	int end_min;   /* SAYS: planned end from the start; 0: none */
	int issuer;    /* 0, 1 */
	int document;  /* 0: none; 1, 2: a number; 3: a part of the announcement said before */
	int skew_min;  /* of its sender's clock */
	int after;     /* 1: after the newest accepted one; 2: after another */
	int which;     /* SAYS: which pending one it withdraws, 0: none; SIGNS: what it names;
			DAMAGES: how */
	int local;     /* SAYS: 1: typed at the station itself */
};

#define TOWN_STEPS_MAX 40
#define TOWN_WHY_MAX 256

/*
 * Runs a sequence from a fresh station on. Returns how many steps were good: n, or the index of the
 * one after which something was wrong, and what. Tells everything that happens to `out` (NULL:
 * not).
 */
int town_run(const struct town_step *steps, int n, FILE *out, char ret_why[TOWN_WHY_MAX]);

/* One step in words. */
void town_print(const struct town_step *step, FILE *out);

#endif
