/* SPDX-License-Identifier: MIT */
/*
 * The line before a command that was typed on this machine, as it waits in the spool: who typed it
 * and whether that needs a key. Only the daemon writes it, and only an entry that the spool calls
 * from_box is read so: nobody on the network can say such a thing.
 */
#ifndef DAEMON_COMMANDS_BOX_MARK_H
#define DAEMON_COMMANDS_BOX_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"

#define BOX_MARK_MAX 80 /* bytes of the line, its end included */

struct box_mark {
	char user[COMMAND_USER_MAX]; /* no blank, no / and no @ */
	bool needs_key;
};

/* The line with its end; returns its length. */
size_t box_mark_write(const struct box_mark *mark, char ret[BOX_MARK_MAX]);
/* Where the command begins behind it; NULL: there is no such line. */
const char *box_mark_read(const char *payload, struct box_mark *ret);

#endif
