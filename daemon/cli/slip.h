/* SPDX-License-Identifier: MIT */
/*
 * The warning release slip (预警信息发布单, plan 4.2) as text: what the station knows is filled in;
 * names of people and the times at which they act stay empty.
 */
#ifndef DAEMON_CLI_SLIP_H
#define DAEMON_CLI_SLIP_H

#include <stdio.h>

#include "conf.h"
#include "report.h"

#define SLIP_RECEIPTS_MAX 100 /* the newest are shown */

struct slip_receipt {
	char unit[COMMAND_TEXT_MAX], person[COMMAND_TEXT_MAX];
	enum receipt_outcome outcome;
	int64_t time_ms;
	int32_t done_pct; /* RECEIPT_UNSAID */
	int64_t cut_gpd;  /* RECEIPT_UNSAID */
	char note[COMMAND_TEXT_MAX];
};

struct slip {
	const struct conf *conf;
	/* what it is about: the newest change of the advice or of a directive */
	struct event change;
	const struct timetable_entry *directive; /* of a change about a directive */
	const struct word_details *details;      /* the same; NULL: not known */
	const char *lifted_area;                 /* of a lift: the area lifted; NULL: not known */
	struct evidence evidence;                /* of the advice */
	const struct release *release; /* the slip that was released last, for its number */
	int64_t hour;                  /* of the newest daily AQI that is known, 0: none */
	int32_t daily_aqi;
	pollutant_set primary;
	int n_receipts; /* since the change */
	const struct slip_receipt *receipts;
};

void slip_print(FILE *out, const struct slip *slip, bool zh);

#endif
