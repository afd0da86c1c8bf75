/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch check`: reads files as the daemon would, tells every problem, and shows how a station
 * will read its buses. Opens no bus, no broker and no database.
 */
#ifndef DAEMON_CMD_CHECK_H
#define DAEMON_CMD_CHECK_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int check_command(int argc, char **argv);

#endif
