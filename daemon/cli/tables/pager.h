/* SPDX-License-Identifier: MIT */
/*
 * Where the rows for people go: on a terminal into $PAGER, else less, else more, which leaves what
 * fits on the screen; anywhere else straight to the standard output.
 */
#ifndef DAEMON_CLI_TABLES_PAGER_H
#define DAEMON_CLI_TABLES_PAGER_H

#include <stdbool.h>
#include <stdio.h>

FILE *pager_begin(void);
/* Waits for the reader to leave it. False: not everything was written. */
bool pager_end(FILE *out);

#endif
