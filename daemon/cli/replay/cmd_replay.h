/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch replay`: recorded hours through the daemon's own rules; prints the warnings they would
 * have brought. Opens no bus, no broker and no database.
 */
#ifndef DAEMON_CLI_REPLAY_CMD_REPLAY_H
#define DAEMON_CLI_REPLAY_CMD_REPLAY_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int replay_command(int argc, char **argv);

#endif
