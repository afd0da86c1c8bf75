/* SPDX-License-Identifier: MIT */
/* Who holds the lock of a file, for a message to a person who needs it. */
#ifndef DAEMON_HOLDER_H
#define DAEMON_HOLDER_H

#include <stdbool.h>

#define HOLDER_NAME_MAX 32

struct holder {
	long pid;
	char name[HOLDER_NAME_MAX]; /* of the program */
};

/* False if nobody does, or the kernel does not say who. */
bool holder_find(const char *path, struct holder *ret);

#endif
