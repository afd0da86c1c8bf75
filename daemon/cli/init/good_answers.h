/* SPDX-License-Identifier: MIT */
/* Whether what was said of a station will do; each tells why not. */
#ifndef DAEMON_CLI_INIT_GOOD_ANSWERS_H
#define DAEMON_CLI_INIT_GOOD_ANSWERS_H

#include <stdbool.h>

/* Where profiles are looked for first; NULL: in the installed place only. */
void good_answers_begin(const char *folder);

bool good_id(const char *text);
bool good_name(const char *text);
bool good_area(const char *text);
bool good_bus(const char *text);
bool good_unit(const char *text);
bool good_mqtt(const char *text);
bool good_profile(const char *text); /* a path is looked at with the whole file */
bool good_yes_or_no(const char *text);

#endif
