/* SPDX-License-Identifier: MIT */
/*
 * The two editions and the Hetang plan as the standards print them, typed in here a second time so
 * that rules/ is tested without the loader and the loader against something.
 */
#ifndef TESTS_MODELS_H
#define TESTS_MODELS_H

#include "edition.h"
#include "plan.h"

struct edition models_hj633_2012(void);
struct edition models_hj633_2026(void);
struct plan models_hetang(void);
/* The same, for a store to have its levels from. */
const struct plan *models_plan(void);

#endif
