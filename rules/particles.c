/* SPDX-License-Identifier: MIT */
#include "particles.h"

#define TENTHS 11
#define APART_MILLI 10000

bool particles_contradict(int32_t pm25_milli, int32_t pm10_milli)
{
	return 10 * (int64_t)pm25_milli > TENTHS * (int64_t)pm10_milli + 10 * APART_MILLI;
}
