/* SPDX-License-Identifier: MIT */
/* A file that is there whole or not at all, and never in place of another. */
#ifndef DAEMON_CLI_REPORT_OUTPUT_H
#define DAEMON_CLI_REPORT_OUTPUT_H

#include <limits.h>
#include <stdio.h>

struct output {
	FILE *file;
	char path[PATH_MAX], draft[PATH_MAX];
};

/* Negative errno; -EEXIST: it is there already. */
int output_begin(struct output *output, const char *path);
/* Gives it its name, if `keep`. The same errors. */
int output_end(struct output *output, int keep);

#endif
