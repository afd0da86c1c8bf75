/* SPDX-License-Identifier: MIT */
/*
 * What a replay found as a drawing: the AQI over the category bands of the edition, the plan's
 * release thresholds, the advice as bars. A record of up to a hundred days is one panel; a longer
 * one has a panel for each calendar year.
 */
#ifndef DAEMON_CLI_REPLAY_SVG_REPLAY_H
#define DAEMON_CLI_REPLAY_SVG_REPLAY_H

#include "replay.h"

/* Writes the file; negative errno. */
int svg_replay(const char *path, const struct replay_order *order, const struct replay *replay);

#endif
