/* SPDX-License-Identifier: MIT */
/*
 * Values -> the JSON of the MQTT contract (hazewatch-mqtt(7)), and topic names. Pure but for
 * memory.
 *
 * Each function returns a heap string that the caller frees, or NULL without memory.
 */
#ifndef DAEMON_PAYLOAD_H
#define DAEMON_PAYLOAD_H

#include <stddef.h>

#include "conf.h"
#include "report.h"

#define PAYLOAD_ID_MAX 80
#define PAYLOAD_PREFIX_MAX 96

/* What every message begins with. */
struct payload_head {
	const struct conf *conf;
	char id[PAYLOAD_ID_MAX]; /* unique, the same when delivered twice */
	int64_t seq;             /* 0: not an outbox row, left out */
	int64_t time_ms;         /* since 1970 UTC */
	enum time_quality time_quality;
	bool is_volatile; /* the disk refuses: a power cut would lose what this says */
};

/* "hazewatch/1/430202/hetang-01/", in an exercise "hazewatch-exercise/1/...". */
void payload_prefix(const struct conf *conf, char ret[PAYLOAD_PREFIX_MAX]);

char *payload_reading(const struct payload_head *head, const struct minute_report *report);
char *payload_aqi(const struct payload_head *head, const struct hour_report *report);
char *payload_warning(const struct payload_head *head, const struct advice_report *report);
char *payload_event(const struct payload_head *head, const struct event *event,
		    const struct advice_report *report);
char *payload_cuts(const struct payload_head *head, const struct advice_report *report);
char *payload_reply(const struct payload_head *head, const struct command *command,
		    const struct command_answer *answer);
/* since_ms: when it came about, since 1970 UTC. */
char *payload_state(const struct payload_head *head, bool online, const char *why, const char *boot,
		    int64_t since_ms);
char *payload_health(const struct payload_head *head, const struct health_report *report);

#endif
