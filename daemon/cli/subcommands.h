/* SPDX-License-Identifier: MIT */
/*
 * The subcommands of `hazewatch` that are one file each (cmd_<name>.c); those of many files have a
 * room of their own. argv[0] is the subcommand's name; each returns an exit code of sysexits.h.
 */
#ifndef DAEMON_CLI_SUBCOMMANDS_H
#define DAEMON_CLI_SUBCOMMANDS_H

/* `hazewatch check`: reads files as the daemon would, tells every problem, and shows how a station
 * will read its buses. Opens no bus and no broker; of the station's database, where it can be read,
 * it looks at the age of the reduction list. */
int check_command(int argc, char **argv);

/* `hazewatch directive`, `release`, `forecast`, `dust`, `review`, `receipt`: a command of the
 * contract, shown, confirmed and given to the running daemon. */
int directive_command(int argc, char **argv);
int release_command(int argc, char **argv);
int forecast_command(int argc, char **argv);
int dust_command(int argc, char **argv);
int review_command(int argc, char **argv);
int receipt_command(int argc, char **argv);

/* `hazewatch export`: stored rows as CSV, also while the daemon runs. Changes nothing. */
int export_command(int argc, char **argv);

/* `hazewatch import`: hours of a CSV file into the database of a station whose daemon is stopped.
 */
int import_command(int argc, char **argv);

/* `hazewatch keys`: makes the running daemon forget how far a key has counted. */
int keys_command(int argc, char **argv);

/* `hazewatch maintenance`: tells the running daemon that a person works on an instrument. */
int maintenance_command(int argc, char **argv);

/* `hazewatch outlook score`: how good the outlook of 24 h was, over the station's hours or those of
 * a file. Changes nothing. */
int outlook_command(int argc, char **argv);

/* `hazewatch read`: one poll of a sensor, row by row; by the daemon, or itself where none runs. */
int read_command(int argc, char **argv);

/* `hazewatch sign`: puts a signature before a command's JSON, for whoever sends it. Sends nothing.
 */
int sign_command(int argc, char **argv);

/* `hazewatch slip`: prints the warning release slip of what the station knows. Reads its database,
 * also while the daemon runs; changes nothing. */
int slip_command(int argc, char **argv);

/* `hazewatch status`: one page of what the station knows now. Reads its database, asks the daemon
 * if it runs; changes nothing. */
int status_command(int argc, char **argv);

/* `hazewatch watch`: the same live, until a key or a signal. Changes nothing. */
int watch_command(int argc, char **argv);

#endif
