/* SPDX-License-Identifier: MIT */
/*
 * What a replay found, for people: each event in Chinese and English, and a closing summary.
 */
#ifndef DAEMON_CLI_REPLAY_TEXT_REPLAY_H
#define DAEMON_CLI_REPLAY_TEXT_REPLAY_H

#include <stdio.h>

#include "replay.h"

void text_replay(FILE *out, const struct replay_order *order, const struct replay *replay);

/* "2013-11-02 11:00", Beijing time; midnight is 24:00 of the day that ends. */
#define TEXT_HOUR_SIZE 64
const char *text_replay_hour(int64_t hour, char ret[TEXT_HOUR_SIZE]);

#endif
