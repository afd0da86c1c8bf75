/* SPDX-License-Identifier: MIT */
/*
 * The control socket: requests of people on this machine, one JSON object a line, one answer a
 * line. Knows no request itself: whoever makes it brings a table of names and functions.
 *
 * Root and the daemon's own user (SO_PEERCRED); members of the daemon's group (SO_PEERGROUPS) for
 * requests that are for them. At most CONTROL_CLIENTS_MAX connections, CONTROL_MEMBERS_MAX of them
 * of members, more are told to come back; a line of at most CONTROL_LINE_MAX bytes, a longer one
 * ends its connection, and so does CONTROL_IDLE_MS without a whole line or an answer that nobody
 * takes. One look answers CONTROL_LINES_AT_ONCE lines of each. Never blocks. Main thread only.
 */
#ifndef DAEMON_COMMANDS_CONTROL_H
#define DAEMON_COMMANDS_CONTROL_H

#include <sys/types.h>

#include "control_line.h"

#define CONTROL_CLIENTS_MAX 4
#define CONTROL_MEMBERS_MAX 3 /* one is left for root and the daemon */
#define CONTROL_LINE_MAX 65536
#define CONTROL_LINES_AT_ONCE 16
#define CONTROL_IDLE_MS 30000

/* Who asks, as the machine knows them. */
struct control_peer {
	uid_t uid;
	bool member; /* of the daemon's group, neither root nor the daemon's own user */
};

/* What answers requests of that name; a table ends with a NULL name. It fills in the answer and
 * must not block. */
struct control_handler {
	const char *request;
	bool for_group; /* it changes nothing, or sees to it itself: the group may ask */
	void (*answer)(void *ctx, const struct control_peer *peer,
		       const struct control_request *request, struct control_answer *ret);
};

struct control;

/* Listens at `path`, replacing a socket that an earlier run left there. The table must live on.
 * Negative errno. */
int control_new(const char *path, const struct control_handler *handlers, void *ctx,
		struct control **ret);
/* Closes all connections and removes the socket. Accepts NULL, returns NULL. */
struct control *control_free(struct control *control);

/* Readable when control_look has something to do, also what an earlier one left. */
int control_fd(const struct control *control);
void control_look(struct control *control);

/* Ends connections that have said no whole line for too long; to be called now and then, now_ms by
 * the monotonic clock. */
void control_tick(struct control *control, int64_t now_ms);

#endif
