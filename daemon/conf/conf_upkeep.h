/* SPDX-License-Identifier: MIT */
/*
 * What a station file says of the care of an instrument: warm-up, corrections, its own checks.
 * Values only; sensor_marks.h does what they say.
 */
#ifndef DAEMON_CONF_CONF_UPKEEP_H
#define DAEMON_CONF_CONF_UPKEEP_H

#include <stdint.h>

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

#endif
