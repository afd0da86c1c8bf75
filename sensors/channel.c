/* SPDX-License-Identifier: MIT */
#include "channel.h"

static void restart_spell(struct channel_health *channel, const struct sample *sample)
{
	channel->since_ms = sample->at_ms;
	channel->polls = 0;
}

static bool change_state(struct channel_health *channel, enum health_state state)
{
	bool changed = channel->state != state;

	channel->state = state;
	return changed;
}

bool channel_take(struct channel_health *channel, const struct sample *sample,
		  enum delivers delivers)
{
	int64_t patience_ms =
		delivers == DELIVERS_HOURLY ? CHANNEL_PATIENCE_HOURLY_MS : CHANNEL_PATIENCE_MS;

	channel->why = sample->why;
	if (sample->why == WHY_NONE) {
		restart_spell(channel, sample);
		return change_state(channel, HEALTH_OK);
	}
	if (channel->since_ms == 0 && channel->polls == 0)
		channel->since_ms = sample->at_ms;
	if (channel->polls < CHANNEL_POLLS)
		channel->polls++;
	return channel->polls >= CHANNEL_POLLS &&
	       sample->at_ms - channel->since_ms >= patience_ms &&
	       change_state(channel, HEALTH_FAILED);
}

void channel_excuse(struct channel_health *channel, const struct sample *sample)
{
	if (channel->state != HEALTH_FAILED)
		restart_spell(channel, sample);
}
