/* SPDX-License-Identifier: MIT */
/*
 * What a person or a calendar does to an instrument: warm-up, zero and span checks, maintenance,
 * linear correction. Marks and corrects samples on their way from the buses to the engine.
 *
 * Never talks to an instrument or to the store; whoever sets a maintenance stores it.
 */
#ifndef DAEMON_UPKEEP_SENSOR_MARKS_H
#define DAEMON_UPKEEP_SENSOR_MARKS_H

#include "bus.h"
#include "conf.h"
#include "report.h"

struct sensor_marks;

/* Conf must live on. NULL without memory. */
struct sensor_marks *sensor_marks_new(const struct conf *conf);
struct sensor_marks *sensor_marks_free(struct sensor_marks *marks);

/* Takes a notice of a bus at a moment on the station axis: what was lost and is back warms up. */
void sensor_marks_notice(struct sensor_marks *marks, int bus, const struct bus_notice *notice,
			 int64_t station_ms);

/* Marks a sample as it arrives, on the station axis, by the warm-up of its sensor. */
void sensor_marks_arrived(const struct sensor_marks *marks, struct sample *sample);

/* Marks or corrects a sample that is dated (since 1970 UTC). Maintenance covers whatever the sample
 * is, a check whatever was read; a correction is for quality N and for "at least that". */
void sensor_marks_dated(const struct sensor_marks *marks, struct sample *sample);

/* The sensor of that id; false if there is none. */
bool sensor_marks_find(const struct sensor_marks *marks, const char *id, int *ret_bus,
		       int *ret_device);

/* Maintenance from since_ms to until_ms (since 1970 UTC); until_ms 0 ends it. */
void sensor_marks_set_maintenance(struct sensor_marks *marks, int bus, int device, int64_t since_ms,
				  int64_t until_ms);

/* Notes in the report what each sensor is busy with, and logs where that begins and ends; true if
 * something changed. */
bool sensor_marks_look(struct sensor_marks *marks, int64_t station_ms, int64_t wall_ms,
		       struct health_report *report);

#endif
