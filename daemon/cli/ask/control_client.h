/* SPDX-License-Identifier: MIT */
/*
 * The other end of the control socket, for the operator's command: one request, one answer.
 */
#ifndef DAEMON_CLI_ASK_CONTROL_CLIENT_H
#define DAEMON_CLI_ASK_CONTROL_CLIENT_H

#include "control_line.h"

/* Sends a line (without its end) to the socket at `path` and waits at most 10 s for the answer.
 * 0 (the caller frees the answer's body), or a negative errno: -ENOENT and -ECONNREFUSED mean that
 * no daemon runs there. */
int control_ask(const char *path, const char *line, struct control_answer *ret);
/* Of the station whose databases are in `dir`: at `socket`, or where none is said beside them, else
 * at the default. Waits so long. */
#define CONTROL_PATIENCE_MS 10000
struct control_place {
	const char *socket; /* NULL: not said */
	const char *dir;
	int patience_ms;
};
int control_ask_station(const struct control_place *place, const char *line,
			struct control_answer *ret);

/* The path that was asked last: of two places the second one if nobody listens at the first. */
const char *control_asked(void);

/* The same for a subcommand: prints the answer, or why there is none, and returns the exit code:
 * 0, 65 refused, 69 no daemon there, 77 not allowed. */
int control_ask_and_print(const char *path, const char *line);

/* A terminal on which somebody may press a key while an answer is waited for: that ends the wait.
 */
void control_mind_keys(int fd);

#endif
