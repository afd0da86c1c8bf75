/* SPDX-License-Identifier: MIT */
/*
 * Orders -> the JSON of order/<source id>. Pure but for memory; never carries what identifies a
 * person.
 *
 * Each function returns a heap string that the caller frees, or NULL without memory.
 */
#ifndef DAEMON_MESSAGES_PAYLOAD_ORDER_H
#define DAEMON_MESSAGES_PAYLOAD_ORDER_H

#include "orders.h"
#include "payload.h"

/* What a source that gets an order (rules/order.h) has to do under a run whose level is not
 * LEVEL_NONE; `binding` is what binds at present, and counts under a run that does. */
char *payload_order(const struct payload_head *head, const struct order_run *run,
		    const struct binding_report *binding, const struct source *source);

/* That it has nothing to do any more; the run is the one that says so. */
char *payload_order_withdrawn(const struct payload_head *head, const struct order_run *run,
			      const char *id);

#endif
