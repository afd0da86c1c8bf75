/* SPDX-License-Identifier: MIT */
/*
 * One sample's way into the engine: from the bus, marked as it arrives, given its time, marked once
 * it is dated, handed over. It enters here and is never called back.
 */
#ifndef DAEMON_STATION_INTAKE_H
#define DAEMON_STATION_INTAKE_H

#include "engine.h"
#include "sample_time.h"
#include "sensor_marks.h"
#include "twins.h"

/* All borrowed. */
struct intake {
	struct sensor_marks *marks;
	struct twins *twins;
	struct sample_time *time;
	struct engine *engine;
	struct sample *newest; /* of each channel, as it arrived, on the station axis */
};

/* A sample as a bus thread made it, on the station axis. */
void intake_sample(const struct intake *intake, const struct sample *sample);

/* Follows the machine's clocks; hours under wrong names are taken back, and what waited for the
 * time is handed over. True if what is known of the time changed. */
bool intake_follow_clock(const struct intake *intake);

#endif
