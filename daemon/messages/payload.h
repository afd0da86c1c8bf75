/* SPDX-License-Identifier: MIT */
/*
 * Values -> the JSON of the MQTT contract (hazewatch-mqtt(7)), and topic names. Pure but for
 * memory.
 *
 * Each function returns a heap string that the caller frees, or NULL without memory.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_H
#define DAEMON_MESSAGES_PAYLOAD_H

#include <stddef.h>

#include "conf.h"
#include "report.h"

#define PAYLOAD_ID_MAX 80
#define PAYLOAD_PREFIX_MAX 96
#define PAYLOAD_TOPIC_MAX 192 /* bytes of a whole topic, the NUL included */

/* What every message begins with. */
struct payload_head {
	const struct conf *conf;
	char id[PAYLOAD_ID_MAX]; /* unique, the same when delivered twice */
	int64_t seq;             /* 0: not an outbox row, left out */
	int64_t time_ms;         /* since 1970 UTC */
	enum time_quality time_quality;
	int64_t expires_ms; /* since 1970 UTC: afterwards neither sent nor repeated; 0: never */
	bool is_volatile;   /* the disk refuses: a power cut would lose what this says */
};

/* "hazewatch/1/430202/hetang-01/", in an exercise "hazewatch-exercise/1/...". */
void payload_prefix(const struct conf *conf, char ret[PAYLOAD_PREFIX_MAX]);

/* An hour of what is measured beside the pollutants. */
char *payload_auxiliary(const struct payload_head *head, const struct auxiliary_report *report);

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
/* At most PAYLOAD_PLAN_MAX bytes: what finds no room is left out and named in `omitted`. */
#define PAYLOAD_PLAN_MAX (15 * 1024)
char *payload_plan(const struct payload_head *head);
/* A `warning` or an event without what can be missed first, the measures before all, no more than
 * must be; `omitted` names what is missing, and `plan` has the measures. NULL if even so it has
 * more than `most` bytes; 0: nobody knows how many are too many, and it is as lean as can be. */
char *payload_lean(const char *payload, size_t most);
bool payload_can_be_lean(const char *topic);
char *payload_health(const struct payload_head *head, const struct health_report *report);

#endif
