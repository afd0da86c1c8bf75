/* SPDX-License-Identifier: MIT */
/* How far something is that takes longer than 2 s: one line of a terminal, on standard error. */
#ifndef DAEMON_CLI_USAGE_PROGRESS_H
#define DAEMON_CLI_USAGE_PROGRESS_H

#include <stdint.h>

/* `what` is a word of people and stays theirs who call: "hours". */
void progress_begin(const char *what);

/* `of` 0: nobody knows of how many. Cheap: it may be called for each of millions. */
void progress_step(int64_t done, int64_t of);

/* Takes the line away again. */
void progress_end(void);

#endif
