/* SPDX-License-Identifier: MIT */
/* Random sequences of a town's steps, and the shortest that still fails. */
#ifndef TESTS_TOWN_RANDOM_H
#define TESTS_TOWN_RANDOM_H

#include "town.h"

/* The same steps for the same seed. */
void town_draw(struct town_step steps[TOWN_STEPS_MAX], uint64_t seed);

/* The same, fewer, with half of them about the air: forecasts, dust, reviews, faults, waiting; and
 * smog that turns out false. */
#define TOWN_AIR_STEPS 24
void town_draw_air(struct town_step steps[TOWN_STEPS_MAX], uint64_t seed);

typedef bool town_fails(const struct town_step *steps, int n);

/* Leaves out and simplifies steps as long as what is left fails; returns how many are left. */
int town_shrink(struct town_step *steps, int n, town_fails *fails);

#endif
