/* SPDX-License-Identifier: MIT */
/*
 * The buses and sensors of the station and how they are: each failure is logged once when it begins
 * and once when it ends.
 */
#ifndef DAEMON_ROSTER_H
#define DAEMON_ROSTER_H

#include "bus.h"
#include "conf.h"
#include "report.h"

/* A notice of a bus as it crosses to the main thread. */
struct roster_notice {
	int bus;
	struct bus_notice notice;
};

/* Takes a notice: logs it, and notes it in the report. True if something changed for `health`. */
bool roster_take(const struct conf *conf, const struct roster_notice *notice, int64_t now_ms,
		 struct health_report *report);

#endif
