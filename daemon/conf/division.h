/* SPDX-License-Identifier: MIT */
/* Administrative division codes of six digits (GB/T 2260): province, city, county. */
#ifndef DAEMON_CONF_DIVISION_H
#define DAEMON_CONF_DIVISION_H

#include <stdbool.h>

#define DIVISION_DIGITS 6

/* True if the text is so many digits. */
bool division_is_code(const char *text);

/* True if there is a city, prefecture or league of the first four of these six digits. */
bool division_is_known(const char *code);

#endif
