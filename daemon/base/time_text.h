/* SPDX-License-Identifier: MIT */
/*
 * Times as texts: what messages, commands, files and people carry, in Beijing time (UTC+8, without
 * daylight saving). Asks no clock.
 */
#ifndef DAEMON_BASE_TIME_TEXT_H
#define DAEMON_BASE_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define TIME_TEXT_SIZE 32

/* "2013-11-02T10:00:00+08:00" of milliseconds since 1970 UTC; returns ret. */
const char *time_text(int64_t wall_ms, char ret[TIME_TEXT_SIZE]);

/* An RFC 3339 time with a numeric offset -> milliseconds since 1970 UTC; false if it is none. */
bool time_parse(const char *text, int64_t *ret_ms);

/* "2026-10-01" -> the moment at which that day begins in Beijing; false if it is none. */
bool time_parse_date(const char *text, int64_t *ret_ms);

/* The calendar in Beijing at milliseconds since 1970 UTC. */
struct tm time_beijing(int64_t wall_ms);

#endif
