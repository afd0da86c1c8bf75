/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch import`: hours of a CSV file into the database of a station whose daemon is stopped.
 */
#ifndef DAEMON_CMD_IMPORT_H
#define DAEMON_CMD_IMPORT_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int import_command(int argc, char **argv);

#endif
