/* SPDX-License-Identifier: MIT */
/*
 * The begin of a profile for a device that no profile fits, out of what its registers hold.
 *
 * Refused by `hazewatch check` until a person has said what the registers mean: nobody can see that
 * from their content, and a guess could become a warning.
 */
#ifndef DAEMON_CLI_PROBE_SKELETON_H
#define DAEMON_CLI_PROBE_SKELETON_H

#include <stdbool.h>
#include <stdio.h>

#include "sweep.h"

/* `line` as text_probe_line has it. */
void skeleton_print(FILE *out, const struct sweep *sweep, const char *line);

#endif
