/* SPDX-License-Identifier: MIT */
/*
 * The published objects -> values of a status; a status -> JSON (config/mqtt/status.json), in which
 * those objects stand unchanged. What an object lacks, or has of another type, stays as it was.
 */
#ifndef DAEMON_CLI_STATUS_PAYLOAD_STATUS_H
#define DAEMON_CLI_STATUS_PAYLOAD_STATUS_H

#include "status.h"

void payload_read_warning(const struct conf *conf, const char *text, struct status_warning *ret);
void payload_read_aqi(const char *text, struct status_aqi *ret);
void payload_read_auxiliaries(const char *text, struct status_auxiliaries *ret);
void payload_read_health(const char *text, struct status_health *ret);

/* Into what payload_read_health made of the other: of a district, who has not what it relays. */
void payload_read_relay(const char *text, const char *health_text, struct status_health *ret);
/* False: it is none. */
bool payload_read_live(const char *text, struct status_live *ret);

/* Heap; `reasons` are a line each. NULL: no memory. */
char *payload_status(const struct status *status, enum status_verdict verdict, const char *reasons);

#endif
