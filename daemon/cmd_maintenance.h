/* SPDX-License-Identifier: MIT */
/*
 * hazewatch maintenance: tells the running daemon that a person works on an instrument.
 */
#ifndef DAEMON_CMD_MAINTENANCE_H
#define DAEMON_CMD_MAINTENANCE_H

/* argv[0] is "maintenance"; returns the exit code. */
int maintenance_command(int argc, char **argv);

#endif
