/* SPDX-License-Identifier: MIT */
/* Questions to a person at a terminal, one line each; asked again until the answer will do. */
#ifndef DAEMON_CLI_INIT_ANSWERS_H
#define DAEMON_CLI_INIT_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

/* True where somebody can be asked: standard input and standard error are a terminal. */
bool answers_are_there(void);

/* Asks; an empty answer is `otherwise`, if there is one. `is_good` tells why not. False: the input
 * ended. */
bool answers_ask(const char *question, const char *otherwise, bool (*is_good)(const char *text),
		 char *ret, size_t size);

#endif
