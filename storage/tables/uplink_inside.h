/* SPDX-License-Identifier: MIT */
/*
 * What a row of the uplinks' tables is like. The others are not seen, and go (uplink_aside.c).
 * Inside storage/tables only.
 */
#ifndef STORAGE_TABLES_UPLINK_INSIDE_H
#define STORAGE_TABLES_UPLINK_INSIDE_H

#include "hours.h"

#define MINUTES_LAST (HOURS_LAST * HOUR_MINUTES)
#define UPLINK_MINUTES_LAST "4223371680"
#define UPLINK_HOURS_LAST "70389528"
#define UPLINK_NAME_SIZE 64
#define REALTIME_S_MAX 86400

/* A text is more than any number. */
#define UPLINK_WAITS "after >= 0 AND upto > after AND upto <= " UPLINK_MINUTES_LAST
#define UPLINK_SENT                                                                                \
	"typeof(qn) = 'integer' AND qn >= 0 AND cn IN (2031, 2051, 2061)"                          \
	" AND period BETWEEN 0 AND " UPLINK_MINUTES_LAST                                           \
	" AND again IN (0, 1) AND tries BETWEEN 0 AND 2147483647"                                  \
	" AND typeof(body) = 'text' AND length(CAST(body AS BLOB)) < 8192"
#define UPLINK_REVISED "hour BETWEEN 1 AND " UPLINK_HOURS_LAST

#endif
