/* SPDX-License-Identifier: MIT */
/*
 * What a poll of a sensor brought, row by row: the words, the number, the concentration, its
 * quality (config/mqtt/sensor.json). The daemon answers with it, `hazewatch read` makes it itself
 * where no daemon runs.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_SENSOR_H
#define DAEMON_MESSAGES_PAYLOAD_SENSOR_H

#include "conf.h"

struct sensor_words {
	const struct conf *conf;
	int bus, device; /* indices into its buses and their devices */
	bool by_daemon;
	enum why busy;                     /* WHY_NONE, or what the sensor is busy with */
	const struct bus_reading *reading; /* polls 0: none yet */
	int64_t age_ms;
};

/* Heap, NULL: no memory. */
char *payload_sensor(const struct sensor_words *words);

#endif
