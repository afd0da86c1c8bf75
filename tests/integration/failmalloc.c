/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program: the allocation with the number in HAZEWATCH_FAIL_AT returns NULL, and
 * only that one. Counted are malloc, calloc and realloc of the program and its libraries.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static atomic_long calls;

static int fails(void)
{
	static long at = -1;
	if (at < 0) {
		const char *text = getenv("HAZEWATCH_FAIL_AT");
		at = text ? strtol(text, NULL, 10) : 0;
	}
	if (atomic_fetch_add(&calls, 1) + 1 != at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}
