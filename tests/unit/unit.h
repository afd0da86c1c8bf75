/* SPDX-License-Identifier: MIT */
/* What every unit test program shares: one suite, run, exit status. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>

/* Each check_<module>.c defines it: its test cases. */
Suite *unit_suite(void);

/* A further case of the suite, for tests that take seconds: meson runs those of the programs in its
 * list slow_unit_tests as <name>-slow, in the suite full. */
TCase *unit_slow_case(Suite *suite, double timeout_s);

/* A path inside the source tree: unit_source("config/aqi/hj633-2012.yaml"). Static buffer. */
const char *unit_source(const char *path);

/* A fresh directory, removed with everything in it when the test program ends: in memory, or in
 * /tmp where there is little of it or HAZEWATCH_UNIT_DISK is set. */
const char *unit_tmpdir(void);

/* A repeatable random number; the seed is HAZEWATCH_SEED or the time, and is printed. */
unsigned unit_random(void);

#endif
