/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <time.h>

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t bench_fastest_ns(void (*round)(void *context), void *context)
{
	int64_t fastest = INT64_MAX;
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		int64_t began = now_ns();
		round(context);
		int64_t took = now_ns() - began;
		fastest = took < fastest ? took : fastest;
	}
	return fastest;
}

void bench_use(const void *result)
{
	__asm__ volatile("" : : "r"(result) : "memory");
}
