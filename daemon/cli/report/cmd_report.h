/* SPDX-License-Identifier: MIT */
/* `hazewatch report`: the summary assessment of an episode as an HTML file, also while the daemon
 * and the response run. argv[0] is the subcommand's name; returns an exit code. Changes nothing in
 * the database. */
#ifndef DAEMON_CLI_REPORT_CMD_REPORT_H
#define DAEMON_CLI_REPORT_CMD_REPORT_H

int report_command(int argc, char **argv);

#endif
