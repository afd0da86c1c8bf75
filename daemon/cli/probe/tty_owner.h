/* SPDX-License-Identifier: MIT */
/* Who holds the lock of a file, for a message to a person who needs it. */
#ifndef DAEMON_CLI_PROBE_TTY_OWNER_H
#define DAEMON_CLI_PROBE_TTY_OWNER_H

#include <stdbool.h>

#define TTY_OWNER_NAME_MAX 32

struct tty_owner {
	long pid;
	char name[TTY_OWNER_NAME_MAX]; /* of the program */
};

/* False if nobody does, or the kernel does not say who. */
bool tty_owner_find(const char *path, struct tty_owner *ret);

#endif
