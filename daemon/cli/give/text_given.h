/* SPDX-License-Identifier: MIT */
/* A command before it is given, and what came of it, for people in their language. */
#ifndef DAEMON_CLI_GIVE_TEXT_GIVEN_H
#define DAEMON_CLI_GIVE_TEXT_GIVEN_H

#include <stdio.h>

#include "conf.h"
#include "payload_given.h"

/* A row for each thing that was said; times as the station will have them. */
void text_given(FILE *out, const struct conf *conf, const struct given *given, int64_t now_ms);

void text_reply(FILE *out, const struct conf *conf, const struct given_reply *reply);

#endif
