/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program: the allocation with the number in HAZEWATCH_FAIL_AT returns NULL, and
 * only that one. Counted are malloc, calloc and realloc of the program and its libraries. If it is
 * paho's, which looks at few of its own, it is the next one instead. While there is a file
 * HAZEWATCH_FAIL_LARGE, every one of 64 KiB or more returns NULL.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGE 65536

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static atomic_long calls;
static atomic_flag failed = ATOMIC_FLAG_INIT;

static bool is_paho(const void *caller)
{
	Dl_info info;
	return dladdr(caller, &info) != 0 && strstr(info.dli_fname, "paho");
}

static bool is_too_large(size_t size)
{
	const char *path = size >= LARGE ? getenv("HAZEWATCH_FAIL_LARGE") : NULL;
	return path && access(path, F_OK) == 0;
}

static bool fails(const void *caller, size_t size)
{
	static long at = -1;
	if (is_too_large(size)) {
		errno = ENOMEM;
		return true;
	}
	if (at < 0) {
		const char *text = getenv("HAZEWATCH_FAIL_AT");
		at = text ? strtol(text, NULL, 10) : LONG_MAX;
	}
	if (atomic_fetch_add(&calls, 1) + 1 < at || is_paho(caller) ||
	    atomic_flag_test_and_set(&failed))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails(__builtin_return_address(0), size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0), n * size) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0), size) ? NULL : __libc_realloc(old, size);
}
