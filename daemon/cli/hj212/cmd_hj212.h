/* SPDX-License-Identifier: MIT */
/* `hazewatch hj212`: explains frames of HJ 212. Opens no connection. */
#ifndef DAEMON_CLI_HJ212_CMD_HJ212_H
#define DAEMON_CLI_HJ212_CMD_HJ212_H

int hj212_command(int argc, char **argv);

#endif
