/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch probe`: reads an instrument that no station file knows yet. A Modbus master of its own
 * for as long as it runs: it takes the lock of a serial line as the daemon does, and reads only.
 */
#ifndef DAEMON_CLI_PROBE_CMD_PROBE_H
#define DAEMON_CLI_PROBE_CMD_PROBE_H

#include <stdbool.h>
#include <stdio.h>

#include "conf.h"
#include "link.h"

#define PROBE_HOST_MAX 64

struct probe_options {
	struct link_conf link;
	char host[PROBE_HOST_MAX];
	int first_unit, last_unit; /* the same: this one is read, else they are looked for */
	int function, from, count;
	const char *skeleton, *config_dir;
	bool help;
	bool silent; /* found out: a TCP device that was connected to and did not answer */
};

/* The command line; false after a message. */
bool probe_read_options(int argc, char **argv, struct probe_options *ret);

void probe_show_usage(void);

/* What holds without any option. */
void probe_default(struct probe_options *ret);

/* A serial line or an address with a port; false after a message. */
bool probe_read_bus(const char *option, const char *text, struct probe_options *ret);

/* A unit of the bus that answers, and the profile that fits it best. */
struct probe_found {
	int unit_id;
	const struct profile *profile; /* NULL: none */
	bool certain;                  /* by its identity register */
};

/* Looks for units first_unit to last_unit and tries the profiles on each; at most `most` come into
 * ret, and their number into *ret_n. EX_OK, or an exit code after a message. */
int probe_find(struct probe_options *options, const struct conf *profiles, struct probe_found *ret,
	       int most, int *ret_n);

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int probe_command(int argc, char **argv);

#endif
