/* SPDX-License-Identifier: MIT */
/*
 * A command on its way to the running daemon: signed if there is a key, kept by the daemon, and
 * waited for until it is judged. Messages go to standard error.
 */
#ifndef DAEMON_CLI_GIVE_DAEMON_H
#define DAEMON_CLI_GIVE_DAEMON_H

#include "command_kind.h"
#include "conf.h"

#define GIVE_WAIT_MS 30000
#define GIVE_PATIENCE_MS 600000 /* how long a signature is good */

struct give_order {
	const struct conf *conf;
	const char *socket; /* NULL: not said */
	const char *key;    /* NAME:FILE, NULL: it is not signed */
	enum command_kind kind;
	const char *id, *json;
};

/* EX_OK, or the exit code after it was told that no daemon answers. */
int give_find_daemon(const struct conf *conf, const char *socket);

/* The counter after the highest that the key had at this station. */
int give_next_counter(const struct conf *conf, const char *key, int64_t *ret);

/* EX_OK and the answer as it was published, on the heap; EX_TEMPFAIL: it is kept and not judged. */
int give_to_daemon(const struct give_order *order, char **ret_answer);

#endif
