/* SPDX-License-Identifier: MIT */
/* The files of words by which lists and records of hours are read. */
#ifndef DAEMON_CLI_CHECK_WORDS_H
#define DAEMON_CLI_CHECK_WORDS_H

#include <stdbool.h>

#include "problems.h"

/* False: the file is none of them. Else *ret says what it is, NULL after problems. */
bool check_words(const char *path, struct problems *problems, const char **ret);

#endif
