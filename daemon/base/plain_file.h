/* SPDX-License-Identifier: MIT */
/*
 * Opens what is a file and nothing else: a FIFO would hold whoever opens it until somebody writes,
 * a device may never end, a folder has nothing to say. Configuration, passwords and keys are read
 * through this. Never decides what a missing file means.
 */
#ifndef DAEMON_BASE_PLAIN_FILE_H
#define DAEMON_BASE_PLAIN_FILE_H

#include <stdbool.h>
#include <stdio.h>

#define PLAIN_WHY_MAX 160

/* For reading. NULL: why not, as the end of a sentence that begins with the path; errno says the
 * same, EINVAL if it is there and no file. */
FILE *plain_open(const char *path, char why[PLAIN_WHY_MAX]);

/* Nothing of what is read stays in the stream's own memory: for a secret. */
FILE *plain_open_secret(const char *path, char why[PLAIN_WHY_MAX]);

/* A secret on the first line of a file that is not empty, without its line end and without a byte
 * order mark before it: 1 to size - 1 bytes. False: why, and errno as of plain_open. */
bool plain_read_line(const char *path, char *ret, size_t size, char why[PLAIN_WHY_MAX]);

/* Whether it is a file with something in it. False: the same. */
bool plain_check(const char *path, char why[PLAIN_WHY_MAX]);

/* The permissions of a file that others than its owner and its group may read or write; 0: of one
 * that they may not, or that cannot be looked at. */
int plain_open_to_others(const char *path);

#endif
