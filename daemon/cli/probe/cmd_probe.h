/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch probe`: reads an instrument that no station file knows yet. A Modbus master of its own
 * for as long as it runs: it takes the lock of a serial line as the daemon does, and reads only.
 */
#ifndef DAEMON_CLI_PROBE_CMD_PROBE_H
#define DAEMON_CLI_PROBE_CMD_PROBE_H

#include <stdbool.h>
#include <stdio.h>

#include "link.h"

#define PROBE_HOST_MAX 64

struct probe_options {
	struct link_conf link;
	char host[PROBE_HOST_MAX];
	int first_unit, last_unit; /* the same: this one is read, else they are looked for */
	int function, from, count;
	const char *skeleton, *config_dir;
	bool help;
};

/* The command line; false after a message. */
bool probe_read_options(int argc, char **argv, struct probe_options *ret);

void probe_show_usage(FILE *out);

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int probe_command(int argc, char **argv);

#endif
