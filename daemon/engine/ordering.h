/* SPDX-License-Identifier: MIT */
/*
 * Orders to the sources of the reduction list, step by step: a few outbox rows at a time, each step
 * one transaction whose cursor is stored with them. So 5,000 orders never block the station, a kill
 * loses and repeats none, and no more than ORDERING_BACKLOG_MAX rows wait before the next step.
 *
 * While the database is in memory, for want of a disk, nothing is ordered or withdrawn. Decides
 * nothing: whose level it is, is told to it.
 */
#ifndef DAEMON_ENGINE_ORDERING_H
#define DAEMON_ENGINE_ORDERING_H

#include "conf.h"
#include "orders.h"
#include "payload.h"
#include "report.h"

#define ORDERING_STEP 50         /* rows of one step */
#define ORDERING_LOOKED 200      /* sources looked at in one step: not each gets an order */
#define ORDERING_BACKLOG_MAX 500 /* rows waiting in the outbox: then nothing is added */
#define ORDERING_PAUSE_MS 250    /* between two steps */
#define ORDERING_LOOK_MS 5000    /* between two looks whether withdrawals were delivered */

/*
 * What the orders should say now: under the directive that binds, or (by_advice) under the
 * station's advice where none does. Its number, phase and cursor are not set.
 */
struct ordering_wanted {
	struct order_run run;
	struct binding_report binding; /* of a run that is under a directive */
};
struct ordering_wanted ordering_wanted(const struct advice_report *report,
				       const struct binding_report *binding, int64_t list,
				       bool by_advice);

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
		  const struct ordering_wanted *wanted, struct order_run *run,
		  struct ordering_result *ret);

#endif
