/* SPDX-License-Identifier: MIT */
/*
 * What a person or a calendar does to an instrument: warm-up, zero and span checks, maintenance,
 * linear correction. Marks and corrects samples on their way from the buses to the engine.
 *
 * Never talks to an instrument or to the store; whoever sets a maintenance stores it.
 */
#ifndef DAEMON_UPKEEP_H
#define DAEMON_UPKEEP_H

#include "bus.h"
#include "report.h"

#define UPKEEP_CORRECTIONS_MAX 16
#define UPKEEP_CHECKS_MAX 4
#define UPKEEP_MAINTENANCE_MAX_MIN (7 * 1440)

/* value * slope + intercept for samples from a moment on, until the next one of its pollutant. */
struct upkeep_correction {
	int pollutant;   /* enum pollutant */
	int64_t from_ms; /* since 1970 UTC */
	double slope;
	int32_t intercept_milli; /* thousandths of the pollutant's unit */
};

/* The instrument checks itself for `minutes`, every `every_h` hours from `first_ms` on. */
struct upkeep_check {
	int why; /* WHY_ZERO_CHECK or WHY_SPAN_CHECK */
	int64_t first_ms;
	int32_t every_h, minutes;
};

struct upkeep_conf {
	int32_t warm_up_min; /* 0: none */
	int n_corrections, n_checks;
	struct upkeep_correction corrections[UPKEEP_CORRECTIONS_MAX];
	struct upkeep_check checks[UPKEEP_CHECKS_MAX];
};

struct conf;
struct upkeep;

/* Conf must live on. NULL without memory. */
struct upkeep *upkeep_new(const struct conf *conf);
struct upkeep *upkeep_free(struct upkeep *upkeep);

/* Takes a notice of a bus at a moment on the station axis: what was lost and is back warms up. */
void upkeep_notice(struct upkeep *upkeep, int bus, const struct bus_notice *notice,
		   int64_t station_ms);

/* Marks a sample as it arrives, on the station axis, by the warm-up of its sensor. */
void upkeep_arrived(const struct upkeep *upkeep, struct sample *sample);

/* Marks or corrects a sample that is dated (since 1970 UTC). Maintenance covers whatever the sample
 * is, a check whatever was read; a correction is for quality N. */
void upkeep_dated(const struct upkeep *upkeep, struct sample *sample);

/* The sensor of that id; false if there is none. */
bool upkeep_find(const struct upkeep *upkeep, const char *id, int *ret_bus, int *ret_device);

/* Maintenance from since_ms to until_ms (since 1970 UTC); until_ms 0 ends it. */
void upkeep_set_maintenance(struct upkeep *upkeep, int bus, int device, int64_t since_ms,
			    int64_t until_ms);

/* Notes in the report what each sensor is busy with, and logs where that begins and ends; true if
 * something changed. */
bool upkeep_look(struct upkeep *upkeep, int64_t station_ms, int64_t wall_ms,
		 struct health_report *report);

#endif
