/* SPDX-License-Identifier: MIT */
/*
 * PM2.5 is a part of PM10. Two instruments may differ, but not by so much: then one of them is
 * wrong.
 */
#ifndef RULES_PARTICLES_H
#define RULES_PARTICLES_H

#include <stdbool.h>
#include <stdint.h>

/* True if an hour's PM2.5 is above 1.1 times its PM10 and 10 ug/m3. */
bool particles_contradict(int32_t pm25_milli, int32_t pm10_milli);

#endif
