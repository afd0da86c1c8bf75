/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch list`: audits an emission-reduction list, imports it into a station's database, shows
 * the one in force. Opens no bus and no broker.
 */
#ifndef DAEMON_CLI_LIST_CMD_LIST_H
#define DAEMON_CLI_LIST_CMD_LIST_H

#include <stdbool.h>

#include "list.h"

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int list_command(int argc, char **argv);

/* ---- the inside: cmd_list.c calls cmd_list_store.c, both cmd_list_input.c ---- */

struct list_options {
	const char *path, *denominator, *plan, *config, *config_dir;
	bool json;
};

/* A list and its denominator, as far as they can be read. */
struct list_input {
	struct list list;
	struct list_whole whole;
	bool has_whole;
	bool rows; /* there are rows to speak of */
};

/* Reads both; the problems are printed unless they go into JSON. EX_OK, EX_DATAERR, EX_NOINPUT. */
int list_read_input(const struct list_options *options, const struct plan *plan,
		    struct problems *problems, struct list_input *ret);

int list_import(const struct list_options *options);
int list_show(const struct list_options *options);

#endif
