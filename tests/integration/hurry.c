/* SPDX-License-Identifier: MIT */
/* Preloaded into a command: at each look at the monotonic clock another 1.5 s have gone by. */
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STEP_NS INT64_C(1500000000)
#define NS_PER_S INT64_C(1000000000)

int clock_gettime(clockid_t id, struct timespec *ret)
{
	static int looks;
	int r = (int)syscall(SYS_clock_gettime, id, ret);
	if (r != 0 || id != CLOCK_MONOTONIC)
		return r;
	int64_t ns = ret->tv_sec * NS_PER_S + ret->tv_nsec + ++looks * STEP_NS;
	*ret = (struct timespec){ns / NS_PER_S, (long)(ns % NS_PER_S)};
	return r;
}
