/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "usage.h"

#define QUIET_MS 2000 /* what takes less needs no line */
#define EVERY_MS 200

static const char *counted;
static int64_t began_ms, next_ms, patience_ms; /* of a wait */
static int64_t count;
static int depth; /* of what began within another one */
static bool shown, terminal;

static void begin_line(const char *what, int64_t patience)
{
	if (depth++ > 0)
		return;
	counted = what;
	terminal = isatty(STDERR_FILENO) == 1;
	began_ms = clock_monotonic_ms();
	next_ms = began_ms + QUIET_MS;
	patience_ms = patience;
	count = 0;
	shown = false;
}

void progress_begin(const char *what)
{
	begin_line(what, 0);
}

void progress_begin_wait(const char *what, int64_t patience)
{
	begin_line(what, patience);
}

static void show_line(int64_t now_ms, int64_t done, int64_t of)
{
	next_ms = now_ms + EVERY_MS;
	shown = true;
	fprintf(stderr, "\r\033[K%s: %s %lld", usage_name(), counted, (long long)done);
	if (of > 0)
		fprintf(stderr, " / %lld", (long long)of);
	fflush(stderr);
}

void progress_step(int64_t done, int64_t of)
{
	bool shows = terminal && depth == 1;
	int64_t now_ms = shows ? clock_monotonic_ms() : 0;
	if (shows && now_ms >= next_ms)
		show_line(now_ms, done, of);
}

void progress_count(void)
{
	progress_step(++count, 0);
}

void progress_wait(void)
{
	bool shows = terminal && depth > 0 && patience_ms > 0;
	int64_t now_ms = shows ? clock_monotonic_ms() : 0;
	if (shows && now_ms >= next_ms)
		show_line(now_ms, (now_ms - began_ms) / 1000, patience_ms / 1000);
}

void progress_end(void)
{
	if (--depth > 0)
		return;
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
