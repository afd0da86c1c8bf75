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
static int64_t next_ms;
static bool shown, terminal;

void progress_begin(const char *what)
{
	counted = what;
	terminal = isatty(STDERR_FILENO) == 1;
	next_ms = clock_monotonic_ms() + QUIET_MS;
	shown = false;
}

void progress_step(int64_t done, int64_t of)
{
	int64_t now_ms = terminal ? clock_monotonic_ms() : 0;
	if (!terminal || now_ms < next_ms)
		return;
	next_ms = now_ms + EVERY_MS;
	shown = true;
	fprintf(stderr, "\r\033[K%s: %s %lld", usage_name(), counted, (long long)done);
	if (of > 0)
		fprintf(stderr, " / %lld", (long long)of);
	fflush(stderr);
}

void progress_end(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
