/* SPDX-License-Identifier: MIT */
/*
 * `hazewatch history`, `events`, `directives`, `orders`, `forecasts`: what was, out of the
 * database, also while the daemon runs. argv[0] is the subcommand's name; each returns an exit
 * code. Change nothing.
 */
#ifndef DAEMON_CLI_TABLES_CMD_TABLES_H
#define DAEMON_CLI_TABLES_CMD_TABLES_H

int history_command(int argc, char **argv);
int events_command(int argc, char **argv);
int directives_command(int argc, char **argv);
int orders_command(int argc, char **argv);
int forecasts_command(int argc, char **argv);

#endif
