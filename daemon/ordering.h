/* SPDX-License-Identifier: MIT */
/*
 * Orders to the sources of the reduction list, step by step: a few outbox rows at a time, each step
 * one transaction whose cursor is stored with them. So 5,000 orders never block the station, a kill
 * loses and repeats none, and no more than ORDERING_BACKLOG_MAX rows wait before the next step.
 *
 * While the database is in memory, for want of a disk, nothing is ordered or withdrawn. Decides
 * nothing: whose level it is, is told to it.
 */
#ifndef DAEMON_ORDERING_H
#define DAEMON_ORDERING_H

#include "conf.h"
#include "orders.h"
#include "payload.h"
#include "report.h"

#define ORDERING_STEP 50         /* rows of one step */
#define ORDERING_BACKLOG_MAX 500 /* rows waiting in the outbox: then nothing is added */
#define ORDERING_PAUSE_MS 250    /* between two steps */
#define ORDERING_LOOK_MS 5000    /* between two looks whether withdrawals were delivered */

/*
 * What the orders should say now: under the directive in force, or (by_advice) under the station's
 * advice where there is none. Its number, phase and cursor are not set.
 */
struct order_run ordering_wanted(const struct advice_report *report, int64_t list, bool by_advice);

/* What a step came to. */
struct ordering_result {
	int64_t pause_ms; /* when the next step makes sense; 0: when something changes */
	int rows;         /* how many the outbox got */
};

/*
 * One step towards what is wanted, in a transaction of its own; *run is the stored run and is
 * brought up to date. A store error, -ENOMEM: nothing has changed.
 */
int ordering_step(struct store *store, const struct payload_head *time,
		  const struct order_run *wanted, struct order_run *run,
		  struct ordering_result *ret);

#endif
