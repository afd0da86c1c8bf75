/* SPDX-License-Identifier: MIT */
/* The part hj212 of a station file: platforms that get what the station measures. Values only. */
#ifndef DAEMON_CONF_CONF_PLATFORM_H
#define DAEMON_CONF_CONF_PLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "hj212_factor.h"

#define CONF_PLATFORMS_MAX 8
#define CONF_PLATFORM_PASSWORD_MAX 32 /* bytes */

/* What becomes of an hour that was corrected after it had been acknowledged. */
enum platform_revised { PLATFORM_REVISED_NEVER, PLATFORM_REVISED_RESEND };

/* A factor of a day with fewer than 20 valid hours. */
enum platform_few_hours { PLATFORM_LEAVE_OUT, PLATFORM_FLAG };

struct platform_conf {
	const char *name, *host;
	int32_t port;
	const struct hj212_profile *profile;
	const char *mn;            /* 1 to 24 letters, digits, _ and - */
	const char *password_file; /* absolute; of its owner alone; read at each connect */
	bool realtime, minutes, hours, days; /* what it gets */
	int32_t realtime_s;                  /* between two real-time messages */
	int32_t minute_interval;             /* over how many minutes a mean of minutes is */
	int32_t pace_ms;                     /* from one message to the next */
	int32_t timeout_ms;                  /* for an answer */
	int32_t retries;                     /* more times the same message is sent */
	int32_t minutes_days;                /* older minutes are given up */
	int revised;                         /* enum platform_revised */
	int few_hours;                       /* enum platform_few_hours */
};

/* Whether a text is a password as a segment can hold it. */
bool conf_is_platform_password(const char *text);

/* Over how many minutes means of minutes may be: a divisor of an hour. */
bool conf_is_minute_interval(int32_t minutes);

#endif
