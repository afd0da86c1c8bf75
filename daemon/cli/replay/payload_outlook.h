/* SPDX-License-Identifier: MIT */
/* An outlook and its score as lines of JSON (hazewatch(1)). Heap strings without a line's end that
 * the caller frees, or NULL without memory. */
#ifndef DAEMON_CLI_REPLAY_PAYLOAD_OUTLOOK_H
#define DAEMON_CLI_REPLAY_PAYLOAD_OUTLOOK_H

#include "outlook_scored.h"
#include "replay.h"

char *payload_outlook_hour(const struct outlook_scored *scored, int64_t hour,
			   const struct replay_chance *said);
char *payload_outlook_score(const struct outlook_scored *scored);

#endif
