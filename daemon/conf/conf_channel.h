/* SPDX-License-Identifier: MIT */
/* What the station measures: one channel a pollutant, of a sensor on a bus, and a second instrument
 * that stands in for it. Values only. */
#ifndef DAEMON_CONF_CONF_CHANNEL_H
#define DAEMON_CONF_CONF_CHANNEL_H

#include "pollutant.h"
#include "profile.h"

#define CONF_CHANNELS_MAX POLLUTANT_COUNT
#define CONF_INSTRUMENTS_MAX (2 * CONF_CHANNELS_MAX)

struct channel_conf {
	const char *id; /* "<sensor>/<pollutant>" */
	const char *sensor;
	enum pollutant pollutant;
	int bus, device;    /* indices into buses and their devices */
	int32_t max_age_ms; /* how long a sample holds: 2 poll intervals, at least 60 s */
	enum delivers delivers;
	int32_t ready_minute; /* hourly: its value is the new one from this minute on */
	bool logged; /* by a data logger: it tells means of periods when they are over, often late
		      */
};

#endif
