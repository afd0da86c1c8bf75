/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch slip`: prints the warning release slip of what the station knows. Reads its database,
 * also while the daemon runs; changes nothing.
 */
#ifndef DAEMON_CMD_SLIP_H
#define DAEMON_CMD_SLIP_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int slip_command(int argc, char **argv);

#endif
