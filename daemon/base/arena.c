/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* One block an allocation: a configuration is small, and the sanitizers see every overrun. */
struct block {
	struct block *next;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *newest;
};

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));
	if (!arena)
		log_out_of_memory();
	return arena;
}

struct arena *arena_free(struct arena *arena)
{
	if (!arena)
		return NULL;
	while (arena->newest) {
		struct block *block = arena->newest;
		arena->newest = block->next;
		free(block);
	}
	free(arena);
	return NULL;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);
	if (!block)
		log_out_of_memory();
	block->next = arena->newest;
	arena->newest = block;
	return block->bytes;
}

const char *arena_text(struct arena *arena, const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(arena_alloc(arena, size), text, size);
}

const char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = NULL;
	if (vasprintf(&text, format, args) < 0)
		log_out_of_memory();
	va_end(args);
	const char *kept = arena_text(arena, text);
	free(text);
	return kept;
}
