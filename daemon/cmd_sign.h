/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch sign`: puts a signature before a command's JSON, for whoever sends it. Sends nothing.
 */
#ifndef DAEMON_CMD_SIGN_H
#define DAEMON_CMD_SIGN_H

/* Runs the subcommand (argv[0] is its name); returns an exit code of sysexits.h. */
int sign_command(int argc, char **argv);

#endif
