/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into the daemon: a wall clock that steps. It is off by as many seconds as the file
 * named by HAZEWATCH_STEP says, and what waits until a moment of it (seconds since 1970) waits on,
 * or no longer, as the kernel does it. With HAZEWATCH_UNSET set nobody ever sets that clock. The
 * monotonic clocks are the machine's.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)
#define SLICE_NS (20 * 1000000)
#define SINCE_BOOT_MAX_S 1000000000 /* a later moment is one of the wall clock */

static long off_s(void)
{
	const char *path = getenv("HAZEWATCH_STEP");
	FILE *file = path ? fopen(path, "re") : NULL;
	long s = 0;
	if (file) {
		if (fscanf(file, "%ld", &s) != 1)
			s = 0;
		fclose(file);
	}
	return s;
}

int clock_gettime(clockid_t id, struct timespec *ret)
{
	int r = (int)syscall(SYS_clock_gettime, id, ret);
	if (r == 0 && id == CLOCK_REALTIME)
		ret->tv_sec += off_s();
	return r;
}

int clock_adjtime(clockid_t id, struct timex *timex)
{
	int r = (int)syscall(SYS_clock_adjtime, id, timex);
	if (!getenv("HAZEWATCH_UNSET"))
		return r;
	timex->maxerror = 16000000; /* as after a boot */
	return TIME_ERROR;
}

time_t time(time_t *ret)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *ret, void *zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	*ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

static int64_t ns(const struct timespec *ts)
{
	return ts->tv_sec * NS_PER_S + ts->tv_nsec;
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   const struct timespec *until)
{
	__typeof__(pthread_cond_timedwait) *real;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
	struct timespec now;
	int r = ETIMEDOUT;
	if (until->tv_sec < SINCE_BOOT_MAX_S)
		return real(cond, mutex, until);
	while (r == ETIMEDOUT) {
		clock_gettime(CLOCK_REALTIME, &now);
		int64_t left = ns(until) - ns(&now);
		if (left <= 0)
			return ETIMEDOUT;
		syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
		int64_t end = ns(&now) + (left < SLICE_NS ? left : SLICE_NS);
		now = (struct timespec){end / NS_PER_S, (long)(end % NS_PER_S)};
		r = real(cond, mutex, &now);
	}
	return r;
}
