/* SPDX-License-Identifier: MIT */
/*
 * A status as a live page: in short what the page of `hazewatch status` has, and a table of the
 * pollutants with what each instrument says now and the course of 24 hours.
 */
#ifndef DAEMON_CLI_WATCH_TEXT_WATCH_H
#define DAEMON_CLI_WATCH_TEXT_WATCH_H

#include "paint.h"
#include "status.h"

struct watch_page {
	int width, height; /* columns and lines; it may need more, and says what matters first */
	struct paint paint;
	bool keys; /* it is told which key ends it */
};

/* The page, a line end after each line; heap. NULL: no memory. */
char *text_watch(const struct watch_page *page, const struct status *status);

#endif
