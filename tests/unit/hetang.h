/* SPDX-License-Identifier: MIT */
/* The ranks of the levels of Hetang's plan, for tests that speak of them by name. */
#ifndef TESTS_HETANG_H
#define TESTS_HETANG_H

#include "plan.h"

enum { LEVEL_YELLOW = 1, LEVEL_ORANGE, LEVEL_RED };
#define LEVEL_COUNT 4 /* LEVEL_NONE included */

#endif
