/* SPDX-License-Identifier: MIT */
/* One poll of a sensor as a page for people, in their language (words.h). */
#ifndef DAEMON_CLI_READ_TEXT_READ_H
#define DAEMON_CLI_READ_TEXT_READ_H

#include <stdio.h>

#include "payload_words.h"

void text_read(FILE *out, const struct words *words, int width);

#endif
