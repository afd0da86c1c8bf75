/* SPDX-License-Identifier: MIT */
/*
 * What a replay found as lines of JSON (hazewatch(1)). Pure but for memory.
 *
 * Each function returns a heap string without a line's end that the caller frees, or NULL without
 * memory.
 */
#ifndef DAEMON_CLI_REPLAY_PAYLOAD_REPLAY_H
#define DAEMON_CLI_REPLAY_PAYLOAD_REPLAY_H

#include "replay.h"

char *payload_replay_hour(int64_t hour, const struct replay_hour *values);
char *payload_replay_condition(const struct plan *plan, const struct replay_condition *condition);
char *payload_replay_event(const struct plan *plan, const struct replay_event *replayed);

#endif
