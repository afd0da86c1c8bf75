/* SPDX-License-Identifier: MIT */
#include "load.h"

#include <stdlib.h>
#include <sysexits.h>

/* True if the file has no problems; otherwise they are on standard error. */
static bool load(const char *path, struct arena *arena, struct edition *edition, struct plan *plan)
{
	struct problems problems = {0};
	struct yaml_file *file = yaml_open(path, arena, &problems);
	bool read =
		file && (edition ? conf_read_edition(file, edition) : conf_read_plan(file, plan));
	problems_print(&problems, stderr);
	problems_done(&problems);
	yaml_close(file);
	return read;
}

static struct arena *load_or_exit(const char *path, struct edition *edition, struct plan *plan)
{
	struct arena *arena = arena_new();
	if (!load(path, arena, edition, plan)) {
		arena_free(arena);
		exit(EX_CONFIG);
	}
	return arena;
}

struct arena *load_edition(const char *path, struct edition *ret)
{
	return load_or_exit(path, ret, NULL);
}

struct arena *load_plan(const char *path, struct plan *ret)
{
	return load_or_exit(path, NULL, ret);
}
