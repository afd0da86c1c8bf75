/* SPDX-License-Identifier: MIT */
/*
 * Editions and plans from their files, for test programs that have nothing to do without them: a
 * problem is printed and ends the program. The arena holds the texts; the caller frees it.
 */
#ifndef TESTS_LOAD_H
#define TESTS_LOAD_H

#include "conf_rules.h"

struct arena *load_edition(const char *path, struct edition *ret);
struct arena *load_plan(const char *path, struct plan *ret);

#endif
