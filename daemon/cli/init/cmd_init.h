/* SPDX-License-Identifier: MIT */
/* `hazewatch init`: the first file of a station, out of a few answers. Never writes over one. */
#ifndef DAEMON_CLI_INIT_CMD_INIT_H
#define DAEMON_CLI_INIT_CMD_INIT_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int init_command(int argc, char **argv);

#endif
