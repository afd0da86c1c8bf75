/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch export`: stored rows as CSV, also while the daemon runs. Changes nothing.
 */
#ifndef DAEMON_CMD_EXPORT_H
#define DAEMON_CMD_EXPORT_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int export_command(int argc, char **argv);

#endif
