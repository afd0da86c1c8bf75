/* SPDX-License-Identifier: MIT */
/*
 * What stands inside of CP of the messages to a platform: rows of the tables -> factors by the
 * platform's profile. Units and decimals are the profile's, flags those of its edition. Reads only.
 *
 * A period is named by its END, in minutes since 1970 UTC, as in the tables.
 */
#ifndef DAEMON_HJ212_PLATFORM_BODY_H
#define DAEMON_HJ212_PLATFORM_BODY_H

#include "conf.h"
#include "store.h"
#include "uplink.h"

#define BODY_DAY_HOURS 20 /* valid ones that a day's mean needs */

struct platform_body {
	char text[UPLINK_BODY_MAX];
	size_t n;
	int n_factors; /* 0: there is nothing to be said */
};

/* What an instrument says now, in thousandths of the pollutant's unit. */
struct platform_reading {
	bool known; /* it has said something */
	int32_t milli;
	enum quality quality;
};

/* A value in the unit and with the decimals of a factor. milli: thousandths of the pollutant's or
 * the auxiliary quantity's unit. */
#define PLATFORM_VALUE_SIZE 32
void platform_value_write(const struct hj212_factor *factor, int32_t milli,
			  char ret[PLATFORM_VALUE_SIZE]);

/* CN=2011, at a moment in ms. */
void platform_body_realtime(const struct platform_conf *platform, int64_t at_ms,
			    const struct platform_reading readings[POLLUTANT_COUNT],
			    struct platform_body *ret);

/* Whose tables, and for whom. */
struct platform_source {
	struct store *store;
	const struct conf *conf;
	const struct platform_conf *platform;
};

/* CN=2061, 2031, 2051 by the kind; `minutes`: how many the last one is over. A store error. */
int platform_body_period(const struct platform_source *source, enum uplink_kind kind, int64_t end,
			 int minutes, struct platform_body *ret);

#endif
