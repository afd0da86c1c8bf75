/* SPDX-License-Identifier: MIT */
/*
 * What the running daemon says of itself over the control socket: the part "daemon" of
 * config/mqtt/status.json. Times are ms since 1970 UTC, 0: none.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_LIVE_H
#define DAEMON_MESSAGES_PAYLOAD_LIVE_H

#include "report.h"

struct live_report {
	const struct conf *conf;
	/* of each channel of a pollutant, and behind them of each auxiliary one */
	const struct sample *newest; /* on the station axis; quality 0: none yet */
	const enum why *busy;        /* what its sensor is busy with */
	int64_t station_ms;          /* now, on the station axis */

	const char *station, *clock; /* its id; "trusted", "waiting", ... */
	int64_t since_ms;            /* since when it runs */
	int64_t clock_until_ms;      /* it waits for its clock no longer than that */
	bool connected;              /* to the broker */
	int64_t broker_since_ms;     /* since when it is, or is not */
	const char *broker_why;      /* why not; NULL */
	bool is_volatile;            /* what is committed is in memory alone */
	int64_t waiting, lost;       /* transactions that wait for the disk, and those lost */
	int64_t bad_rows;
	const struct platform_report *platforms; /* as in conf */
};

/* Heap, NULL: no memory. */
char *payload_live(const struct live_report *report);

#endif
