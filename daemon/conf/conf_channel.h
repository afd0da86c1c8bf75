/* SPDX-License-Identifier: MIT */
/* What the station measures: one channel a pollutant, of a sensor on a bus, a second instrument
 * that stands in for it, and one channel an auxiliary quantity. Values only. */
#ifndef DAEMON_CONF_CONF_CHANNEL_H
#define DAEMON_CONF_CONF_CHANNEL_H

#include "auxiliary.h"
#include "pollutant.h"
#include "profile.h"

#define CONF_CHANNELS_MAX POLLUTANT_COUNT
#define CONF_INSTRUMENTS_MAX (2 * CONF_CHANNELS_MAX)
#define CONF_AUXILIARIES_MAX (AUXILIARY_COUNT - 1)
#define CONF_ALL_CHANNELS_MAX (CONF_INSTRUMENTS_MAX + CONF_AUXILIARIES_MAX)

struct channel_conf {
	const char *id; /* "<sensor>/<pollutant>", or "<sensor>/<auxiliary quantity>" */
	const char *sensor;
	enum pollutant pollutant; /* POLLUTANT_COUNT: it is the auxiliary quantity */
	enum auxiliary auxiliary; /* AUXILIARY_NONE: it is the pollutant */
	int bus, device;          /* indices into buses and their devices */
	int32_t max_age_ms;       /* how long a sample holds: 2 poll intervals, at least 60 s */
	enum delivers delivers;
	int32_t turns_milli;  /* rain: the number at which the counter is 0 again */
	int32_t ready_minute; /* hourly: its value is the new one from this minute on */
	bool logged; /* by a data logger: it tells means of periods when they are over, often late
		      */
};

#endif
