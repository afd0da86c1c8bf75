/* SPDX-License-Identifier: MIT */
/*
 * The health of one channel from its samples: an instrument may answer and deliver nothing. Pure.
 *
 * ok -> (no good sample for 3 polls and 60 s; an hourly one: an hour) -> failed; a good sample ->
 * ok. While its whole instrument is known to be silent nothing is counted against a channel.
 */
#ifndef SENSORS_CHANNEL_H
#define SENSORS_CHANNEL_H

#include "health.h"
#include "profile.h"

#define CHANNEL_POLLS 3
#define CHANNEL_PATIENCE_MS 60000
#define CHANNEL_PATIENCE_HOURLY_MS 3600000

/* All zero: nothing has come yet. */
struct channel_health {
	enum health_state state;
	enum why why;     /* of the newest sample that was not good */
	int64_t since_ms; /* station time of the last good sample, or of the first one at all */
	int32_t polls;    /* since then */
};

/* Takes a sample of the channel as its bus has sent it. True if the state changed. */
bool channel_take(struct channel_health *channel, const struct sample *sample,
		  enum delivers delivers);

/* Takes a sample of a channel whose instrument has failed, or is being worked on: what it lacks is
 * told already, and counted from here. */
void channel_excuse(struct channel_health *channel, const struct sample *sample);

#endif
