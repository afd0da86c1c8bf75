/* SPDX-License-Identifier: MIT */
/* How far something is that takes longer than 2 s: one line of a terminal, on standard error. */
#ifndef DAEMON_CLI_USAGE_PROGRESS_H
#define DAEMON_CLI_USAGE_PROGRESS_H

#include <stdint.h>

/* `what` is a word of people and stays theirs who call: "hours". */
void progress_begin(const char *what);

/* Cheap: it may be called for each of millions. */
void progress_step(int64_t done, int64_t of);
/* One more, of nobody knows how many. */
void progress_count(void);

/* A wait for somebody else, for at most so long: progress_wait, called while it goes on, tells its
 * seconds. */
void progress_begin_wait(const char *what, int64_t patience_ms);
void progress_wait(void);

/* Takes the line away again. What begins within another one is silent: that one goes on, and so
 * does its progress_wait. Each is ended. */
void progress_end(void);

#endif
