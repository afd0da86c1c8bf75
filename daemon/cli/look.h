/* SPDX-License-Identifier: MIT */
/* A look at a station: its database, and its daemon if that runs. Changes nothing. */
#ifndef DAEMON_CLI_LOOK_H
#define DAEMON_CLI_LOOK_H

#include <getopt.h>
#include <stdbool.h>

#include "control_line.h"
#include "screen.h"
#include "status.h"

/* Which station, as the command line says. */
struct look_place {
	const char *config, *config_dir;
	const char *socket; /* NULL: not said */
};
#define LOOK_OPTIONS                                                                               \
	{"config", required_argument, NULL, 'f'}, {"config-dir", required_argument, NULL, 'c'},    \
	{                                                                                          \
		"socket", required_argument, NULL, 's'                                             \
	}

/* Takes optarg. False: the option is none of LOOK_OPTIONS. */
bool look_take_option(struct look_place *place, int option);

/* Fills in what the database knows; conf and now_ms are the caller's. Once more if a daemon began
 * meanwhile with files that seemed to be nobody's. A store error and what was wrong. */
int look_at_database(struct status *status, char message[SCREEN_TEXT_MAX]);

/* Fills in what the daemon says, or why it does not. `socket` NULL: its own one, else the default.
 */
void look_at_daemon(struct status *status, const char *socket);

/* Puts a line to the daemon of the station; of the places above the first where one listens. As
 * control_ask. */
int look_ask(const struct conf *conf, const char *socket, const char *line,
	     struct control_answer *ret);

#endif
