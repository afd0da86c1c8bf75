/* SPDX-License-Identifier: MIT */
/*
 * Times as archives, loggers and spreadsheet programs write them: "2017-01-01T01:00:00+08:00",
 * "2017/1/1 1:00", "2017-01-01 24:00", "20170101 1", "2017年1月1日1时". Year, month and day in this
 * order alone; no guess is made between days and months.
 */
#ifndef DAEMON_CLI_REPLAY_HOURS_TIME_H
#define DAEMON_CLI_REPLAY_HOURS_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970 UTC, > 0; *ret_offset: the text says its offset, else it is taken as of
 * Beijing. 24:00 is the end of its day. False if it is no such time. */
bool hours_time_parse(const char *text, int64_t *ret_ms, bool *ret_offset);

#endif
