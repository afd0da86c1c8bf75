/* SPDX-License-Identifier: MIT */
/*
 * Memory that is given back all at once: a configuration and the texts of the files it came from.
 * Used at start and by the operator's commands only; without memory it ends the program.
 */
#ifndef DAEMON_BASE_ARENA_H
#define DAEMON_BASE_ARENA_H

#include <stddef.h>

/* Memory that lives as long as the configuration: strings and parsed files' models. */
struct arena;
struct arena *arena_new(void);
struct arena *arena_free(struct arena *arena);
void *arena_alloc(struct arena *arena,
		  size_t size); /* zeroed; aborts without memory (start only) */
const char *arena_text(struct arena *arena, const char *text);
const char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
